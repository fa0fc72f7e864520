/** What is wrong, and what to do today. */
import { Option, type Command } from "commander";
import { SEVERITIES } from "../model/finding.ts";
import { ANSWERS, WEAKNESS_KINDS } from "../model/weakness.ts";
import { json, limit, reason, recording, settingsOf, who } from "./options.ts";

export function addRisk(program: Command): void {
  const settings = settingsOf(program);
  program
    .command("today")
    .description("what needs someone today, in at most seven sentences, and the work that fits the team's week")
    .option("--hours <n>", "say how many hours a week the team has for it, from now on")
    .addOption(who())
    .addOption(recording())
    .addOption(json())
    .addHelpText(
      "after",
      "\nPatients first. Of the hours 80 % are planned at most; what an item takes away is in points of risk (auscult risk).\n\nExamples:\n  auscult today\n  auscult today --hours 6\n  auscult today --json",
    )
    .action(async (options: object) => (await import("../commands/today.ts")).today(settings(options)));
  program
    .command("risk")
    .description("devices by their risk to patient, device and network, 0 to 100; one with every point and what each step would take away")
    .argument("[device]", "its id, or a name, an address or a serial that no other has")
    .addOption(new Option("--band <band>", "only these: critical from 85, high from 60, medium from 30").choices(SEVERITIES))
    .addOption(limit("devices", 20))
    .addOption(recording())
    .addOption(json())
    .addHelpText(
      "after",
      "\nEach point names its rule and its source; the weights with their reasons are in src/knowledge/risk-points.tsv.\n\nExamples:\n  auscult risk\n  auscult risk --band critical --limit 0\n  auscult risk d12\n  auscult risk d12 --json | node scripts/recompute-risk.ts",
    )
    .action(async (device: string | undefined, options: object) => (await import("../commands/risk.ts")).risk(device, settings(options)));
  program
    .command("vulnerabilities")
    .description("what is wrong with devices as they stand: by weakness, with how many are affected or possibly so; one with its devices")
    .argument("[name]", "one weakness, with its devices, what to do and how traffic shows that it is done")
    .option("--device <id>", "only of this device")
    .addOption(new Option("--kind <kind>", "only of this kind").choices(WEAKNESS_KINDS))
    .addOption(new Option("--severity <severity>", "only as severe or more").choices(SEVERITIES))
    .addOption(new Option("--answer <answer>", "only what devices are surely, or possibly, affected by").choices(ANSWERS))
    .option("--dismissed", "with what people dismissed")
    .addOption(new Option("--fail-on <severity>", "exit code 1 where one listed is as severe or more").choices(SEVERITIES))
    .option("--confirm", "with a name and --device: you have looked, it is so")
    .option("--dismiss", "with a name and --device: you have looked, it is not so, or is taken care of")
    .option("--model", "what is said is of all devices of its maker and model")
    .option("--undo", "with a name and --device: take back what was said of it")
    .addOption(reason())
    .addOption(who())
    .addOption(recording())
    .addOption(json())
    .addHelpText(
      "after",
      `
Nothing is ever asked of a device: docs/weaknesses.md says what each can and cannot see.

Examples:
  auscult vulnerabilities                                  all, the worst first
  auscult vulnerabilities --severity high --fail-on high   for scripts
  auscult vulnerabilities telnet-answers                   one, with its devices
  auscult vulnerabilities --device d12 --json
  auscult vulnerabilities telnet-answers --device d12 --dismiss --reason 'behind its own firewall, change 4711'
  auscult vulnerabilities telnet-answers --device d12 --model --confirm --reason 'the maker says so'
  auscult vulnerabilities telnet-answers --device d12 --undo --reason 'wrong device'`,
    )
    .action(async (name: string | undefined, options: object) =>
      (await import("../commands/vulnerabilities.ts")).vulnerabilities(name, settings(options)),
    );
}
