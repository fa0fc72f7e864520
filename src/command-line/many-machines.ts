/** One site on several machines: sensors where it is heard, a broker, a core. */
import type { Command } from "commander";
import { names, noOpen, positive, settingsOf, wholeNumber } from "./options.ts";
import { DATABASE, databaseUrl } from "./store.ts";

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
    .option("--sites <names>", "many sites, commas between, shared with other cores of them (those of the credentials unless said)", names)
    .option(
      "--credentials <file>",
      "who it is, as auscult broker configure wrote it; of many sites the folder that holds core-SITE.json of each",
    )
    .option("--database <url>", `keep the site in ${DATABASE} (in a file unless said)`, databaseUrl)
    .option("--replicas <n>", "nodes that keep a copy of each batch, where the stream has to be made again", wholeNumber("--replicas"), 1)
    .addOption(noOpen())
    .addHelpText(
      "after",
      "\nExamples:\n  auscult core --broker tls://broker.example:4222 --credentials core-north.json --no-open\n  auscult core --broker tls://broker.example:4222 --credentials core-north.json --database postgres://core@db.example/hospitals\n  auscult core --broker tls://broker.example:4222 --credentials keys --database postgres://core@db.example/hospitals --no-open",
    )
    .action(async (options: object) => (await import("../commands/core.ts")).core(settings(options)));
  addBroker(program, settings);
}

function addBroker(program: Command, settings: ReturnType<typeof settingsOf>): void {
  const broker = program
    .command("broker")
    .description("prepare the broker (nats-server) that carries batches from sensors to cores")
    .addHelpText(
      "after",
      "\nExamples:\n  auscult broker configure --out keys --nodes broker.example --sensors north/er-1,north/er-2\n  auscult broker setup --broker tls://broker.example:4222 --credentials keys/setup.json --sites north\n  auscult doctor --broker tls://broker.example:4222 --credentials keys/setup.json --sites north",
    );
  broker
    .command("configure")
    .description("write who may come: credentials of sensors and cores, and of them the configuration of each node")
    .requiredOption("--out <dir>", "where they are kept; what is there stays and counts")
    .option("--nodes <hosts>", "how each node is reached, commas between: one, or three for a cluster", names, ["127.0.0.1"])
    .option("--sites <names>", "sites that get a core, commas between", names, [])
    .option("--sensors <names>", "sensors, each SITE/NAME, commas between", names, [])
    .option("--ca <file>", "who signed the nodes' certificates (a single node gets one made)")
    .option("--port <n>", "where nodes listen", wholeNumber("--port"))
    .option("--store <dir>", "where a node keeps what waits", "/var/lib/nats/jetstream")
    .option("--server-version <version>", "of nats-server on the nodes: what 2.10 and newer can be told more", "2.9.10")
    .action(async (options: object) => (await import("../commands/broker.ts")).configure(settings(options)));
  broker
    .command("setup")
    .description("make what stands there: for each site a stream with its consumer, and one for batches that are refused")
    .requiredOption("--broker <addresses>", BROKER)
    .requiredOption("--sites <names>", "which sites, commas between", names)
    .option("--credentials <file>", "setup.json, as auscult broker configure wrote it")
    .option("--replicas <n>", "nodes that keep a copy of each batch: 1, or 3 in a cluster", wholeNumber("--replicas"), 1)
    .action(async (options: object) => (await import("../commands/broker.ts")).setup(settings(options)));
}
