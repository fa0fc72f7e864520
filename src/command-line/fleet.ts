/** The fleet as a whole: reports, who comes and goes, recalls. */
import { Option, type Command } from "commander";
import { REPORTS_FOR } from "../model/report.ts";
import { GROWTH_BY } from "../model/lifecycle.ts";
import { json, positive, recording, settingsOf, who, wholeNumber } from "./options.ts";

export function addFleet(program: Command): void {
  const settings = settingsOf(program);
  program
    .command("report")
    .description("a recording for one reader, as one HTML file that prints well, or its tables as CSV")
    .addOption(new Option("--for <reader>", "whom it is for").choices(REPORTS_FOR).default("biomed"))
    .option("--out <file>", "write it to this file instead of standard output")
    .option("--csv", "the tables as CSV instead of HTML")
    .option("--days <n>", "only findings heard in the recording's last so many days", positive("--days"))
    .option("--sample <n>", "draw so many devices and show each from claim to what was heard", positive("--sample"))
    .addOption(new Option("--seed <n>", "the same seed draws the same devices").argParser(wholeNumber("--seed")).default(1))
    .option("--force", "write over a file that is there")
    .addOption(recording())
    .addHelpText(
      "after",
      "\nExamples:\n  auscult report --out biomed.html\n  auscult report --for auditor --sample 25 --seed 7 --out audit.html\n  auscult report --for security --days 30 --csv > security.csv",
    )
    .action(async (options: object) => (await import("../commands/report.ts")).report(settings(options)));
  program
    .command("lifecycle")
    .description("how the fleet grows and how it goes on; what came, went quiet, moved or stands idle; versions on their way")
    .addOption(new Option("--by <what>", "counted by").choices(GROWTH_BY).default("kind"))
    .option("--hours <n>", "what one device takes of the team in a year", positive("--hours"))
    .addOption(recording())
    .addOption(json())
    .addHelpText("after", "\nExamples:\n  auscult lifecycle\n  auscult lifecycle --by location\n  auscult lifecycle --hours 2.5")
    .action(async (options: object) => (await import("../commands/lifecycle.ts")).lifecycle(settings(options)));
  program
    .command("recall")
    .description("which devices a maker's recall means: heard, nobody can tell, and of the hospital's own list those never heard")
    .option("--maker <name>", "of this maker")
    .option("--model <name>", "of this model")
    .option("--serials <list>", "with these serial numbers, or from..to: SN0100..SN0150,SN0200")
    .option("--software <version>", "with this version of its software")
    .option("--udi <udi>", "with this UDI, or its device identifier (GS1 01)")
    .option("--lot <lot>", "of this lot (GS1 10)")
    .option("--list <file>", "the hospital's own list, as for auscult list")
    .option("--published", "list the recalls of openFDA, as auscult update brought them, that name a model heard here")
    .option("--keep <title>", "keep it under this title as a list to tick off: auscult recalls")
    .addOption(who())
    .addOption(recording())
    .addOption(json())
    .addHelpText(
      "after",
      "\nExamples:\n  auscult recall --maker 'B. Braun' --model Space --serials 10500..10799 --list assets.csv --keep 'Space, hose of 2026'\n  auscult recall --udi 00844588003288 --lot AB12\n  auscult recall --published",
    )
    .action(async (options: object) => (await import("../commands/recall.ts")).recall(settings(options)));
  program
    .command("recalls")
    .description("recalls that are searched for: what is found, by whom, and what is left; ticked off here or on the page")
    .argument("[number]", "one of them", wholeNumber("number"))
    .option("--found <entries...>", "tick these off: d12, or row:14 of the hospital's list")
    .option("--not-meant <entries...>", "somebody looked, and the recall does not mean these")
    .option("--take-back <entries...>", "what was ticked of these; both stay written")
    .option("--note <text>", "written beside it")
    .option("--print", "the list as HTML to print, with a box for each that is left, instead of a table")
    .option("--csv", "the list as CSV")
    .addOption(who())
    .addOption(json())
    .addHelpText(
      "after",
      "\nExamples:\n  auscult recalls\n  auscult recalls 1 --print > to-find.html\n  auscult recalls 1 --found d12 row:14 --note 'hose changed'\n  auscult recalls 1 --take-back d12",
    )
    .action(async (number: number | undefined, options: object) =>
      (await import("../commands/recalls.ts")).recalls(number, settings(options)),
    );
}
