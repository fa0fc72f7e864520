/** What Auscult knows and can read, and whether it is well. */
import { Option, type Command } from "commander";
import { json, names, settingsOf } from "./options.ts";
import { DATABASE, databaseUrl } from "./store.ts";

export function addKnowledge(program: Command): void {
  const settings = settingsOf(program);
  program
    .command("update")
    .description(
      "bring what Auscult knows up to date, from where it is published or from a folder: MAC prefixes, advisories, KEV, EPSS, NVD, ends of support, recalls",
    )
    .option("--from <folder>", "a folder with files as they are published, in any folders within")
    .option("--back", "go back to what served before, or to what Auscult brought along")
    .option("--preview", "take nothing: list which weaknesses, risks, recalls and makers of a recording would be another")
    .addOption(new Option("--recording <name>", "with --preview: the recording (the latest unless said)"))
    .option("--json", "as JSON")
    .addHelpText(
      "after",
      `
This is the only command that asks the Internet for anything, and only when you give it.

What is taken, told by what stands in it:
  oui.csv, mam.csv and oui36.csv   the IEEE's MAC prefixes; used from the next start on
  advisories and VEX, CSAF 2.0     CISA's and makers', one file each, named as the standard says; index.txt beside them says they are all
  KEV, JSON or CSV                 what CISA knows to be exploited
  EPSS, CSV or .csv.gz             how likely FIRST holds it that something is exploited
  endoflife.date, JSON             /api/v1/products/full, or one object by product
  NVD, JSON 2.0                    how severe it holds a vulnerability, where the advisory does not say
  openFDA, JSON                    recalls of devices that are not closed: device/enforcement and device/recall
  a table of your own, CSV         until when makers support models: Manufacturer, Model, End of support; Source if you like, as a CMMS exports it
All but the first are used from the next question on. A file with FILE.sha512 or FILE.sha256 beside it must be what that says. One with
FILE.asc is checked with gpgv against the publishers' public keys in knowledge/keys of the data directory; without a key there it is
taken, and it is said that its signature was not checked. What is cut short, has lost much, is older than what serves, of the future or broken is kept out and said, a line
each with its place; what is good is taken all the same, and what served before stays.

Exit codes: 0 all was taken or nothing was newer, 2 something of a folder was kept out, 3 something could not be fetched or was kept out,
5 this machine's clock stands before what Auscult brought along.

Examples:
  auscult update
  auscult update --from /media/usb/feeds --preview
  auscult update --from /media/usb/feeds`,
    )
    .action(async (options: object) => (await import("../commands/update.ts")).update(settings(options)));
  program
    .command("doctor")
    .description(
      "what holds on this machine: rights, confinement, mirrors, recordings, the chain of changes, whoever is told of findings; and at a broker",
    )
    .option("--broker <addresses>", "look at this broker too, such as tls://broker.example:4222")
    .option("--sites <names>", "and at what stands there for these sites, commas between", names)
    .option("--credentials <file>", "setup.json, as auscult broker configure wrote it")
    .option("--sign-on", "and ask the provider of single sign-on for its discovery document")
    .option("--database <url>", `also ${DATABASE}; whether it was set back to an older copy since the last time`, databaseUrl)
    .addOption(json())
    .addHelpText(
      "after",
      "\nExit codes: 0 all holds, 1 something is wrong.\n\nExamples:\n  auscult doctor\n  auscult doctor --json > doctor.json",
    )
    .action(async (options: object) => (await import("../commands/doctor.ts")).doctor(settings(options)));
  program
    .command("protocols")
    .description("every protocol Auscult reads, and what it takes from it")
    .addOption(json())
    .addHelpText("after", "\nExamples:\n  auscult protocols\n  auscult protocols | grep -i hl7")
    .action(async (options: object) => (await import("../commands/protocols.ts")).protocolsCommand(settings(options)));
  program
    .command("limits")
    .description("the pharmacy's hard limits, which orders to pumps are compared with")
    .argument("[file]", "what the pharmacy exports: a table with titles")
    .option("--column <name=title...>", "which column holds drug, kind, most or unit, where its title says it otherwise")
    .option("--apply", "compare with these from the next start on")
    .addOption(json())
    .addHelpText(
      "after",
      "\nWithout --apply nothing is written: it is listed what was read, and which lines are refused. Drug codes stay the site's own.\n\nExamples:\n  auscult limits library.csv --column 'most=Hard limit (max)'\n  auscult limits library.csv --apply\n  auscult limits                                    those that serve",
    )
    .action(async (file: string | undefined, options: object) => (await import("../commands/limits.ts")).limits(file, settings(options)));
  const tolerances = program
    .command("tolerances")
    .description("what devices and segments are held to bear in one second: by Auscult's table, and by the site's own")
    .addOption(json())
    .addHelpText(
      "after",
      '\nThe site\'s own stand in knowledge/hazards.json in the data directory and are used at the next start: of what it names in place of ours.\n\nExamples:\n  auscult tolerances\n  auscult tolerances check hazards.json   exit 2 where something is refused\n\nhazards.json, alarm null where much must last to count:\n  {"echo": {"warn": 20, "seconds": 3, "alarm": 100, "why": "measured by clinical engineering, 2026-03"}}',
    )
    .action(async (options: object) => (await import("../commands/tolerances.ts")).tolerances(settings(options)));
  tolerances
    .command("check <file>")
    .description("read a file of tolerances and say what is wrong with it, by line and column")
    .addHelpText("after", "\nExample:\n  auscult tolerances check hazards.json && cp hazards.json ~/.local/share/auscult/knowledge/")
    .action(async (file: string) => (await import("../commands/tolerances.ts")).checkTolerancesFile(file));

  const families = program
    .command("families")
    .description("what each model is: the families Auscult knows, and those of the site's own")
    .addOption(json())
    .addHelpText(
      "after",
      "\nThe site's own stand in knowledge/families.tsv in the data directory (docs/families.md) and are used at the next start.\n\nExamples:\n  auscult families | grep -i dräger\n  auscult families check families.tsv   exit 2 where a line is refused",
    )
    .action(async (options: object) => (await import("../commands/families.ts")).families(settings(options)));
  families
    .command("check")
    .description("read a file of families and say what is wrong with it, line by line")
    .argument("<file>")
    .addHelpText("after", "\nExample:\n  auscult families check families.tsv && cp families.tsv ~/.local/share/auscult/knowledge/")
    .action(async (file: string) => (await import("../commands/families.ts")).checkFamiliesFile(file));
}
