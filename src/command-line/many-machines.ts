/** One site on several machines: sensors where it is heard, a broker, a core. */
import type { Command } from "commander";
import { DATABASE } from "./store.ts";
import { noOpen, positive, settingsOf, wholeNumber } from "./options.ts";

const BROKER = "addresses of the broker, commas between: tls://broker.example:4222; nats:// on this computer alone";

export function addManyMachines(program: Command): void {
  const settings = settingsOf(program);
  program
    .command("sensor")
    .description("listen or read captures for a core elsewhere; what it hears waits on disk until that core has it")
    .argument("[files...]")
    .option("-i, --interface <names...>", "listen on these interfaces")
    .option("--site <name>", "the site it hears (of the credentials unless said)")
    .option("--name <name>", "what it is called there (of the credentials unless said)")
    .requiredOption("--broker <addresses>", BROKER)
    .option("--credentials <file>", "who it is, as auscult broker configure wrote it")
    .option("--spool <dir>", "where batches wait (spool in the data directory unless said)")
    .option(
      "--spool-max <bytes>",
      "at most so many; then the oldest of a live input goes and is counted as loss",
      positive("--spool-max"),
      10e9,
    )
    .addHelpText(
      "after",
      "\nExamples:\n  auscult sensor -i eth1 --broker tls://broker.example:4222 --credentials er-1.json\n  auscult sensor night.pcap --site north --name er-1 --broker nats://127.0.0.1:4222",
    )
    .action(async (files: string[], options: object) => (await import("../commands/sensor.ts")).sensor(files, settings(options)));
  program
    .command("core")
    .description("serve the page of a site whose sensors are elsewhere, and keep its recording")
    .requiredOption("--broker <addresses>", BROKER)
    .option("--site <name>", "which site (of the credentials unless said, then the setting)")
    .option("--credentials <file>", "who it is, as auscult broker configure wrote it")
    .option("--database <url>", `keep the site in ${DATABASE} (in a file unless said)`)
    .option("--replicas <n>", "nodes that keep a copy of each batch, where the stream has to be made again", wholeNumber("--replicas"), 1)
    .addOption(noOpen())
    .addHelpText(
      "after",
      "\nExamples:\n  auscult core --broker tls://broker.example:4222 --credentials core-north.json --no-open\n  auscult core --broker tls://broker.example:4222 --credentials core-north.json --database postgres://core@db.example/hospitals",
    )
    .action(async (options: object) => (await import("../commands/core.ts")).core(settings(options)));
}
