/** Devices, and the hospital's own list of them. */
import { Option, type Command } from "commander";
import { json, reason, recording, settingsOf, who, wholeNumber } from "./options.ts";

export function addDevices(program: Command): void {
  const settings = settingsOf(program);
  program
    .command("devices")
    .description("the devices of a recording")
    .option("--filter <text>", "words search; field op value filters: kind = printer and last < 5m", "")
    .option("--sort <field>", "care, name, kind, maker, location, ip, first, last; a leading - turns it round", "care")
    .option("--limit <n>", "at most so many rows; 0: all", wholeNumber("--limit"), 0)
    .addOption(recording())
    .addOption(json().conflicts(["csv", "fhir"]))
    .option("--csv", "a table for a spreadsheet; edited, `auscult list` reads it again")
    .addOption(new Option("--fhir [version]", "FHIR Device resources in a Bundle (R4 unless said)").choices(["R4", "R5"]).conflicts("csv"))
    .addHelpText(
      "after",
      "\nExamples:\n  auscult devices --filter 'kind ~ pump'\n  auscult devices --filter 'ip in 10.20.0.0/16 and not maker = Philips' | wc -l",
    )
    .action(async (options: object) => (await import("../commands/devices.ts")).devices(settings(options)));
  program
    .command("device")
    .description("one device: what it is, how we know, who it talks to")
    .argument("<device>", "its id, or a name, an address or a serial that no other has")
    .option("--merge <device>", "say that this other device and it are one machine")
    .option("--split <addresses...>", "say that these of its addresses are another machine")
    .addOption(reason())
    .addOption(who())
    .addOption(recording())
    .addOption(json())
    .addHelpText(
      "after",
      "\nWhat was heard stays as it is: the same addresses, divided otherwise, until it is taken back (auscult changes --undo).\n\nExamples:\n  auscult device 10.20.0.7\n  auscult device d12 --merge d31 --reason 'one cart, seen on ward 4'\n  auscult device d12 --split 10.20.0.9 --reason 'the second bed'",
    )
    .action(async (id: string, options: object) => (await import("../commands/device.ts")).device(id, settings(options)));
  program
    .command("list")
    .description(
      "the hospital's own list (CMMS export, spreadsheet as CSV) held against what was heard; nothing is written without --apply",
    )
    .argument("<file>", "CSV with commas, semicolons or tabs, in UTF-8, UTF-16 or Windows-1252; or a table of ours that was edited")
    .option("--column <field=title...>", "which column is what, where its title does not say: serial='Ser. Nr', owner= for none")
    .option("--match <row=device...>", "what a person knows: row 12 is device d7, 12= is none of those heard")
    .option("--apply", "say what the list says, all or none, as one change")
    .addOption(reason())
    .addOption(who())
    .addOption(recording())
    .addOption(json())
    .addHelpText(
      "after",
      "\nExamples:\n  auscult list assets.csv\n  auscult list assets.csv --column 'serial=Fabr. Nr' --match 12=d7 --apply --reason 'CMMS of 27 November'",
    )
    .action(async (file: string, options: object) => (await import("../commands/list.ts")).list(file, settings(options)));
}
