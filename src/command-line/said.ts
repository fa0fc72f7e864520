/** What people say: whom to call, what is planned, what was said and is taken back. */
import type { Command } from "commander";
import { json, reason, recording, settingsOf, who, wholeNumber } from "./options.ts";

export function addSaid(program: Command): void {
  const settings = settingsOf(program);
  program
    .command("contacts")
    .description("whom to call about a finding, by ward, kind, maker and hour; with a CSV file, those from now on")
    .argument("[file]", "columns ward, kind, maker, hours, who, call; an empty one fits all")
    .addOption(json())
    .addHelpText("after", "\nExamples:\n  auscult contacts\n  auscult contacts on-call.csv")
    .action(async (file: string | undefined, options: object) =>
      (await import("../commands/contacts.ts")).contacts(file, settings(options)),
    );
  program
    .command("planned")
    .description("work that was announced: findings all of which lie inside of it ask nobody to act; with a file, that from now on")
    .argument("[file]", "CSV with the columns what, by, where, kind, from, to, who; or a calendar (ICS)")
    .addOption(json())
    .addHelpText(
      "after",
      `
by and where are networks, addresses, names, places or kinds of device, semicolons between; one of them may be empty: anybody. kind is of
findings (docs/detectors.md), hazard unless said, never clinical. Times are universal unless they say another. Of an event of a calendar the
summary is what, the location where, the organizer who; lines such as "by: 10.9.9.9" or "kind: scan" in its description say the rest.
Another source, another target, a moment before or after, or another kind is not covered.

Examples:
  auscult planned
  auscult planned work.csv      what,by,where,kind,from,to,who
                                yearly scan,10.9.9.9,10.20.0.0/16,scan,2026-11-28 22:00,2026-11-29 06:00,network team
  auscult planned work.ics`,
    )
    .action(async (file: string | undefined, options: object) => (await import("../commands/planned.ts")).planned(file, settings(options)));
  program
    .command("changes")
    .description("what people said, newest first, with what fits no device now and waits")
    .option("--undo <change>", "take this one back", wholeNumber("--undo"))
    .addOption(reason())
    .addOption(who())
    .addOption(recording())
    .addOption(json())
    .addHelpText("after", "\nExamples:\n  auscult changes\n  auscult changes --undo 7 --reason 'wrong bed'")
    .action(async (options: object) => (await import("../commands/changes.ts")).changes(settings(options)));
}
