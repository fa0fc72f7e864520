/** Recordings: made up, copied, brought back, and the papers that belong to models in them. */
import { Option, type Command } from "commander";
import { positive, reason, recording, settingsOf, who, wholeNumber } from "./options.ts";

export function addRecordings(program: Command): void {
  const settings = settingsOf(program);
  program
    .command("simulate")
    .description("write a sample hospital: real bytes of real protocols, and the truth beside them")
    .requiredOption("--out <file>", "the capture to write (.pcap); the truth goes beside it as .json")
    .option("--seed <n>", "the same seed gives the same bytes", wholeNumber("--seed"), 1)
    .option("--minutes <n>", "how long; of each day, where there are several", positive("--minutes"))
    .option("--days <n>", "so many mornings, with what comes weekly and monthly, strays, and who means harm", wholeNumber("--days"))
    .option("--size <n>", "how many devices, about", positive("--size"))
    .option(
      "--weaknesses",
      "plant known weaknesses, each beside a clean twin, and say in the truth where; what others tell of them goes beside it",
    )
    .option("--force", "write over files that are there")
    .addHelpText(
      "after",
      "\nExamples:\n  auscult simulate --out ward.pcap && auscult open ward.pcap\n  auscult simulate --out month.pcap --days 30 --seed 7\n  auscult simulate --out weak.pcap --weaknesses",
    )
    .action(async (options: object) => (await import("../commands/simulate.ts")).simulate(settings(options)));
  program
    .command("backup")
    .description("copy a recording with the policies and walls beside it, checked, also while it is being written")
    .argument("<file>")
    .addOption(recording())
    .addHelpText("after", "\nExamples:\n  auscult backup ward.backup\n  auscult backup /media/usb/main.backup --recording main")
    .action(async (file: string, options: object) => (await import("../commands/backup.ts")).backup(file, settings(options)));
  program
    .command("restore")
    .description("put a backup back, checked before anything is replaced")
    .argument("<file>")
    .addOption(new Option("--recording <name>", "what it is called then (as when it was copied unless said)"))
    .option("--replace", "replace a recording that is there")
    .option("--policies", "its policies and walls in place of those here, which are kept beside (policies.before, wall.before)")
    .addHelpText(
      "after",
      "\nExamples:\n  auscult restore ward.backup\n  auscult restore ward.backup --recording ward-before    beside the one that is there\n  auscult restore ward.backup --replace",
    )
    .action(async (file: string, options: object) => (await import("../commands/restore.ts")).restore(file, settings(options)));
  program
    .command("attach")
    .description("attach what a maker writes of a model to it: its SBOM (CycloneDX 1.4 to 1.7, JSON) or its MDS2 form (2019, XLSX or CSV)")
    .argument("<file>")
    .option("--device <id>", "a device of that model, such as d12; it is attached to all of them")
    .addOption(recording())
    .addOption(who())
    .addOption(reason())
    .addHelpText(
      "after",
      "\nParts that an SBOM names are held against advisories, against what CISA knows to be exploited and against what the maker itself says of\nthem. The last one of a model counts. It is written into the chain of changes.\n\nExamples:\n  auscult attach pump-sbom.json --device d12 --reason 'from the maker, ticket 4711'\n  auscult changes --undo 7 --reason 'of another version'",
    )
    .action(async (file: string, options: object) => (await import("../commands/attach.ts")).attach(file, settings(options)));
}
