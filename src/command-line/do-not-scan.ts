/** Who is not to be scanned. */
import { Option, type Command } from "commander";
import { DO_NOT_SCAN_STATES } from "../model/do-not-scan.ts";
import { json, reason, recording, settingsOf, who } from "./options.ts";

export function addDoNotScan(program: Command): void {
  const settings = settingsOf(program);
  const doNotScan = program
    .command("do-not-scan")
    .description("devices that no scanner should ask, with why and until when: listed, added, taken off, exported for scanners")
    .addHelpText(
      "after",
      `
On it is who keeps a patient alive or treats him, whom a published weakness lets packets stop, who is used on patients with a system past
its support, and who fell silent when it was scanned. A line ends some days after its device was last heard at its address (the setting
doNotScanDays); an address that another device took is on no line. Nothing is sent to a scanner: it is a file that you give it.

Examples:
  auscult do-not-scan list
  auscult do-not-scan export --to nmap --out exclude.txt && nmap -sn 10.20.0.0/16 --excludefile exclude.txt
  auscult do-not-scan add d12 --reason 'rebooted when it was scanned in May, says its maker' --until 2027-05-31
  auscult do-not-scan add 10.20.30.0/24 --reason 'the catheter laboratory, until it is moved'
  auscult do-not-scan remove d31 --reason 'a demonstrator, on no patient'
  auscult do-not-scan undo d31 --reason 'it went back to the ward'`,
    );
  doNotScan
    .command("list", { isDefault: true })
    .description("its lines: who, at which addresses, why, whence, last confirmed and until when")
    .addOption(new Option("--state <state>", "only these").choices(DO_NOT_SCAN_STATES))
    .addOption(recording())
    .addOption(json())
    .addHelpText("after", "\nExamples:\n  auscult do-not-scan list\n  auscult do-not-scan list --state ended --json")
    .action(async (options: object) => (await import("../commands/do-not-scan.ts")).doNotScanList(settings(options)));
  doNotScan
    .command("export")
    .description("the list as a scanner takes it, on standard output; what it cannot hold, and how it is taken in, is said beside it")
    .requiredOption("--to <scanner>", "nmap, nessus, tenable, qualys, rapid7, csv or json")
    .option("--out <file>", "into this file, whole or not at all: where nothing can be exported the one before stays")
    .option("--allow-empty", "write a list of nobody where nobody is on it; refused otherwise, since a scanner then asks everybody")
    .addOption(recording())
    .addHelpText(
      "after",
      "\nExamples:\n  auscult do-not-scan export --to nmap --out exclude.txt\n  auscult do-not-scan export --to nessus --out auscult.rules\n  auscult do-not-scan export --to rapid7 | curl -u USER -X PUT -H 'Content-Type: application/json' -d @- https://CONSOLE:3780/api/3/sites/7/excluded_targets",
    )
    .action(async (options: object) => (await import("../commands/do-not-scan.ts")).doNotScanExport(settings(options)));
  doNotScan
  .command("add")
  .description("put a device, an address or a network on it, or confirm that it still belongs there")
  .argument("<device>", "a device by its id or what finds it; else an address, or a network such as 10.20.30.0/24")
  .option("--until <day>", "the last day it holds, such as 2026-12-01; as the setting doNotScanDays says unless named")
  .addOption(reason())
  .addOption(who())
  .addOption(recording())
  .addHelpText("after", "\nExamples:\n  auscult do-not-scan add d12 --reason 'rebooted when it was scanned in May' --until 2027-05-31\n  auscult do-not-scan add 10.20.30.0/24 --reason 'the catheter laboratory'") // prettier-ignore
  .action(async (device: string, options: object) => (await import("../commands/do-not-scan.ts")).doNotScanSay(device, "list", settings(options))); // prettier-ignore
  doNotScan
  .command("remove")
  .description("say that a device, an address or a network may be scanned, whatever else speaks for it")
  .argument("<device>", "as for add")
  .addOption(reason())
  .addOption(who())
  .addOption(recording())
  .addHelpText("after", "\nExamples:\n  auscult do-not-scan remove d31 --reason 'a demonstrator, on no patient'")
  .action(async (device: string, options: object) => (await import("../commands/do-not-scan.ts")).doNotScanSay(device, "take off", settings(options))); // prettier-ignore
  doNotScan
    .command("undo")
    .description("take back what was said last of a line")
    .argument("<device>", "as for add")
    .addOption(reason())
    .addOption(who())
    .addOption(recording())
    .addHelpText("after", "\nExamples:\n  auscult do-not-scan undo d31 --reason 'it went back to the ward'")
    .action(async (device: string, options: object) =>
      (await import("../commands/do-not-scan.ts")).doNotScanUndo(device, settings(options)),
    );
}
