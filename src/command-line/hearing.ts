/** What is heard: captures read, interfaces listened to, and what others wrote down. */
import type { Command } from "commander";
import { json, noOpen, positive, recording, settingsOf } from "./options.ts";

export function addHearing(program: Command): void {
  const settings = settingsOf(program);
  program
    .command("start", { hidden: true })
    .description("what `npm start` does: the page, where one chooses what to listen to; or the captures and interfaces given")
    .argument("[files...]")
    .option("--listen <interface...>", "listen on these interfaces")
    .addOption(noOpen())
    .action(async (files: string[], options: object) => (await import("../commands/start.ts")).start(files, settings(options)));
  program
    .command("open")
    .description("read captures (pcap, pcapng, gzip or zstd of either, a folder, - for standard input) and serve the page")
    .argument("<files...>")
    .option("--exit", "end after the files instead of serving the page")
    .option("--into <site>", "add to this site's recording instead of one named after the files")
    .addOption(json())
    .addOption(noOpen())
    .addHelpText(
      "after",
      "\nExamples:\n  auscult open ward.pcapng\n  auscult open captures/ --exit --json > inventory.json\n  zcat ward.pcap.gz | auscult open - --exit",
    )
    .action(async (files: string[], options: object) => (await import("../commands/open.ts")).open(files, settings(options)));
  program
    .command("listen")
    .description("listen on mirror ports and serve the page, until stopped")
    .argument("<interfaces...>")
    .option("--seconds <n>", "end after this long", positive("--seconds"))
    .option("--exit", "with --seconds: print the devices and end")
    .addOption(json())
    .addOption(noOpen())
    .addHelpText("after", "\nExamples:\n  auscult listen eth1\n  auscult listen eth1 eth2 --seconds 60 --exit")
    .action(async (interfaces: string[], options: object) => (await import("../commands/listen.ts")).listen(interfaces, settings(options)));
  program
    .command("evidence")
    .description(
      "read what others wrote down into a recording: leases, tables of switches, ARP tables, lists of clients, networks and ports, logs of Suricata and Zeek",
    )
    .argument("<files...>")
    .option("--at <date>", "when the files were written (as the file system says unless said), universal time")
    .addOption(recording())
    .addOption(json())
    .addHelpText(
      "after",
      "\nEach form is told by what stands in the file (docs/evidence.md). Read captures first: whose names may be told shows in them.\n\nExamples:\n  auscult evidence /var/lib/dhcp/dhcpd.leases ward-3.txt\n  auscult evidence leases.csv --recording main --at '2026-11-23 08:00'\n  auscult evidence eve.json notice.log conn.log  alerts become evidence of what was found here",
    )
    .action(async (files: string[], options: object) => (await import("../commands/evidence.ts")).evidence(files, settings(options)));
}
