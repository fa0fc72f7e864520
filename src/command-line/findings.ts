/** What was seen to happen. */
import { Option, type Command } from "commander";
import { FAMILIES, FINDING_STATES, FINDING_VERDICTS, SEVERITIES } from "../model/finding.ts";
import { json, reason, recording, settingsOf, who } from "./options.ts";

export function addFindings(program: Command): void {
  const settings = settingsOf(program);
  program
    .command("findings")
    .description("what happened that should not: what, to whom, how we know; the most severe first; one by its id")
    .argument("[id]", "one finding, with its evidence and what to do; test: a made-up one to the outputs of the settings")
    .addOption(new Option("--to <output>", "with test: to which").choices(["syslog", "webhook", "file", "mail", "all"]))
    .addOption(new Option("--state <state>", "only these (new and acknowledged unless said)").choices([...FINDING_STATES, "all"]))
    .addOption(new Option("--severity <severity>", "only as severe or more").choices(SEVERITIES))
    .addOption(new Option("--family <family>", "only of this family").choices(FAMILIES))
    .option("--device <id>", "only of this device, on either side")
    .addOption(new Option("--fail-on <severity>", "exit code 1 where one listed is as severe or more").choices(SEVERITIES))
    .option("--frames <file>", "with an id: write the frames it rests on to this file, as pcapng")
    .option("--acknowledge", "with an id: you have this")
    .option("--explain", "with an id: it is known why, until a day; needs --until and --owner")
    .option("--until <day>", "the last day an explanation covers, such as 2026-12-01 (UTC)")
    .option("--owner <name>", "who answers for what is explained")
    .addOption(new Option("--close <verdict>", "with an id: it is done with").choices(FINDING_VERDICTS))
    .option("--reopen", "with an id: it is not done with")
    .option("--undo", "with an id: take back what was said of it last")
    .addOption(reason())
    .addOption(who())
    .addOption(recording())
    .addOption(json())
    .addHelpText(
      "after",
      `
What is said of a finding covers what it was by then: more severe, gone on after it was closed, or gone on beyond the day, it is new again.
At most ten ask somebody at one time, what endangers a patient first; the others wait, are counted, and follow as those are taken
(askedAtOnce, shifts and askedRoles in docs/settings.md).

Examples:
  auscult findings                                  new ones and those somebody has
  auscult findings --json --fail-on high            for scripts: docs/findings.schema.json
  auscult findings 5f1d3a7790c2be14                 one, with its evidence
  auscult findings 5f1d3a7790c2be14 --frames it.pcapng
  auscult findings 5f1d3a7790c2be14 --acknowledge --reason 'looking at it'
  auscult findings 5f1d3a7790c2be14 --explain --until 2026-12-01 --owner Kim --reason 'password is being changed'
  auscult findings 5f1d3a7790c2be14 --close innocent --reason 'old script, stopped'
  auscult findings 5f1d3a7790c2be14 --undo --reason 'wrong finding'
  auscult findings test --to all                    does it arrive where the settings say
  AUSCULT_OUTPUT_MAIL=smtp://mail.example:587 AUSCULT_OUTPUT_MAIL_FROM=auscult@hospital.example \\
    AUSCULT_OUTPUT_MAIL_TO=biomed@hospital.example auscult findings test --to mail`,
    )
    .action(async (id: string | undefined, options: object) =>
      id === "test"
        ? (await import("../commands/findings-test.ts")).findingsTest(settings(options))
        : (await import("../commands/findings.ts")).findings(id, settings(options)),
    );
}
