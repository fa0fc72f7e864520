/** What devices need, and the wall that follows from it. */
import { Option, type Command } from "commander";
import { fromDay, json, limit, positive, recording, settingsOf, toDay, who, wholeNumber } from "./options.ts";

const target = new Option("--to <target>").makeOptionMandatory();

/** Says in `--help` what equipment there is an exporter for: loaded only where it shows. */
export async function nameTargets(): Promise<void> {
  target.description = (await import("../exporting.ts")).EXPORTERS.join(", ");
}

export function addPolicy(program: Command): void {
  const settings = settingsOf(program);
  const policy = program
    .command("policy")
    .description("what devices need, so all they may do: learned, written down, replayed against what was heard")
    .addHelpText(
      "after",
      "\nA policy is a text (docs/policy.md). Only apply, confirm, rollback, open, close and follow change anything, and only on the machine where they are typed.\n\nExamples:\n  auscult policy learn > ward.yaml       the least that covers what was heard\n  auscult policy check ward.yaml         what it would block",
    );
  policy
    .command("learn")
    .description("write the least rules that cover what was heard; what is not learned is listed for a person to decide")
    .option("--name <name>", "what the policy is called (as the recording unless said)")
    .option("--only <kind...>", "judge only devices of these kinds; all others are named as peers")
    .addOption(limit("lines of what is not learned", 50))
    .addOption(fromDay())
    .addOption(toDay())
    .addOption(recording())
    .addOption(json())
    .addHelpText(
      "after",
      "\nExamples:\n  auscult policy learn > hospital.yaml\n  auscult policy learn --only 'infusion pump' 'pump server' --to 2026-01-18 > pumps.yaml",
    )
    .action(async (options: object) => (await import("../commands/policy-learn.ts")).policyLearn(settings(options)));
  policy
    .command("show")
    .description("a policy with its members, as of the end of a recording; or written as it should be")
    .argument("<policy>")
    .option("--format", "the policy's text as it should be written, and nothing else")
    .option("--write", "write it so into the file")
    .addOption(recording())
    .addOption(json())
    .addHelpText("after", "\nExamples:\n  auscult policy show pumps.yaml\n  auscult policy show pumps.yaml --write")
    .action(async (file: string, options: object) => (await import("../commands/policy-show.ts")).policyShow(file, settings(options)));
  policy
    .command("check")
    .description("replay a recording against a policy: what it would block, what nobody can tell, what was not heard yet")
    .argument("<policy>")
    .option("--as-if <A → B>", "only what A was heard in, as if B stood in its place: the fail-over nobody has drilled")
    .addOption(limit("stories", 50))
    .addOption(fromDay())
    .addOption(toDay())
    .addOption(recording())
    .addOption(json())
    .addHelpText(
      "after",
      "\nExit codes: 0 nothing would be blocked, 1 something would be blocked or a test of the policy fails, 2 wrong use.\n\nExamples:\n  auscult policy check pumps.yaml\n  auscult policy check pumps.yaml --from 2026-01-19 --json > report.json",
    )
    .action(async (file: string, options: object) => (await import("../commands/policy-check.ts")).policyCheck(file, settings(options)));
  policy
    .command("compare")
    .description("two policies against the same recording: what newly breaks, what is newly kept, what is newly open")
    .argument("<before>")
    .argument("<after>")
    .addOption(limit("lines of each", 50))
    .addOption(fromDay())
    .addOption(toDay())
    .addOption(recording())
    .addOption(json())
    .addHelpText(
      "after",
      "\nExit codes: 0 nothing is newly blocked, 1 something is, 2 wrong use.\n\nExample:\n  auscult policy compare pumps.yaml pumps-new.yaml",
    )
    .action(async (before: string, after: string, options: object) =>
      (await import("../commands/policy-compare.ts")).policyCompare(before, after, settings(options)),
    );
  policy
    .command("history")
    .description("who changed a policy's text, when, why and how; take a change back, or write it as it once was")
    .argument("<name>", "one of the data directory's policies, which the page writes")
    .option("--text <n>", "its text as it was after that change, and nothing else", wholeNumber("--text"))
    .option("--undo <n>", "take that change back, and leave what came after it", wholeNumber("--undo"))
    .addOption(
      new Option("--restore <n>", "write all of it as it was after that change").argParser(wholeNumber("--restore")).conflicts("undo"),
    )
    .addOption(new Option("--reason <words>", "why, written beside it; needed where something is changed"))
    .addOption(who())
    .addOption(limit("changes", 20))
    .addOption(json())
    .addHelpText(
      "after",
      "\nAn undo is refused where a later change is about the same lines. Whatever is done, all that was ever written stays.\n\nExamples:\n  auscult policy history pumps\n  auscult policy history pumps --undo 7 --reason 'the old server stays until May'\n  auscult policy history pumps --text 6 > pumps-before.yaml",
    )
    .action(async (name: string, options: object) =>
      (await import("../commands/policy-history.ts")).policyHistory(name, settings(options)),
    );
  policy
    .command("why")
    .description("is it us? whether a policy stopped anything to or from a device, and whether its usual work goes on, in one sentence")
    .argument("<device>", "its id, or a name or an address that no other has")
    .requiredOption("--policy <policy>", "the policy that stands")
    .option("--since <age>", "how far back: 15m, 2h, 1d", "15m")
    .option("--counters <file>", "what auscult policy counters --save wrote on the machine that is the firewall")
    .option("--log <file...>", "what equipment wrote of what it denied: nftables, Cisco, FortiGate, Palo Alto")
    .option("--log-zone <zone>", "of clocks of equipment whose lines name no zone", "+00:00")
    .addOption(recording())
    .addOption(json())
    .addHelpText(
      "after",
      "\nWhere a wall was put up on this machine its counters are asked (needs the right to change the firewall), and time is this machine's; else it is\ncounted back from the recording's last moment.\n\nExit codes: 0 it is not, or nobody can tell; 1 it is, perhaps only probably; 2 wrong use.\n\nExamples:\n  sudo auscult policy why 10.20.0.7 --policy pumps.yaml\n  auscult policy why PUMP-07 --policy pumps.yaml --since 1h --log /var/log/switches.log --log-zone +01:00",
    )
    .action(async (device: string, options: object) => (await import("../commands/policy-why.ts")).policyWhy(device, settings(options)));
  policy
    .command("reach")
    .description("how far a worm could come from each group: over what was heard, and under the policy; and what cuts it most")
    .argument("<policy>")
    .option("--start <group or device>", "only from this group, or this device by its number, name or address")
    .addOption(limit("cuts", 10))
    .addOption(fromDay())
    .addOption(toDay())
    .addOption(recording())
    .addOption(json())
    .addHelpText("after", "\nExamples:\n  auscult policy reach pumps.yaml\n  auscult policy reach pumps.yaml --start 10.2.0.17 --json")
    .action(async (file: string, options: object) => (await import("../commands/policy-reach.ts")).policyReach(file, settings(options)));
  /** What it is for stands in its description once the exporters are loaded, which no other command waits for. */
  policy
    .command("export")
    .description("write a policy for the hospital's own equipment; --rollback: what takes it back; --change: one page for those who decide")
    .argument("<policy>")
    .addOption(target)
    .addOption(new Option("--denied <how>", "what becomes of what no rule allows").choices(["drop", "log", "as-it-says"]).default("drop"))
    .option(
      "--budget <n>",
      "entries a list of cisco-dacl, cisco-ios or trustsec may have: lines of the first two are merged, and what that widens is said",
      wholeNumber("--budget"),
    )
    .option("--counts <equipment>", "how the equipment counts entries, by its name in src/knowledge/switches.tsv")
    .option("--widen <who>", "who said that what is life-critical may be widened, where a list does not fit without")
    .addOption(
      new Option("--into <folder>", "where the lists of --to edl go, each a file; none is ever left empty").conflicts([
        "rollback",
        "change",
      ]),
    )
    .option("--rollback", "the text that takes it back, without Auscult")
    .addOption(new Option("--change", "the page in words, as Markdown").conflicts("rollback"))
    .addOption(recording())
    .addHelpText(
      "after",
      "\nThe policy's own tests must hold. Members are those at the end of the recording: export anew when they change.\n\nExamples:\n  auscult policy export pumps.yaml --to cisco-dacl > pumps.txt\n  auscult policy export pumps.yaml --to nftables-bridge --change > change.md\n  auscult policy export pumps.yaml --to edl --into /srv/lists",
    )
    .action(async (file: string, options: object) => (await import("../commands/policy-export.ts")).policyExport(file, settings(options)));
  const on = () =>
    new Option("--on <hook>", "where the rules stand: a bridge of this machine, or this machine as a router").choices(["bridge", "router"]);
  policy
    .command("apply")
    .description("put up the wall on this machine, which is the firewall: it goes back by itself unless it is confirmed")
    .argument("<policy>")
    .addOption(on().makeOptionMandatory())
    .option("--seconds <n>", "so long it stands unless confirmed", positive("--seconds"), 60)
    .option(
      "--cards",
      "on a bridge: an address answers to the rules only from the card it was heard on; where the recording was heard on this bridge",
    )
    .option("--second <account>", "who signs with you where therapy would be enforced: an account that has the safety role")
    .addOption(who())
    .addOption(recording())
    .addHelpText(
      "after",
      "\nAt a terminal only, with the right to change the firewall (nftables). Groups that are drafts are left alone; what no rule allows is counted and\nlogged where the policy says monitor, dropped where it says enforced. Groups with life-supporting devices are never enforced.\n\nExamples:\n  sudo auscult policy apply pumps.yaml --on bridge\n  sudo auscult policy confirm",
    )
    .action(async (file: string, options: object) => (await import("../commands/policy-wall.ts")).policyApply(file, settings(options)));
  policy
    .command("confirm")
    .description("say that all is well: what was put up stays")
    .addOption(on())
    .addHelpText("after", "\nExample:\n  sudo auscult policy confirm")
    .action(async (options: object) => (await import("../commands/policy-wall.ts")).policyConfirm(settings(options)));
  policy
    .command("rollback")
    .description("take back what was put up last: what stood before stands again")
    .addOption(on())
    .addHelpText("after", "\nExample:\n  sudo auscult policy rollback")
    .action(async (options: object) => (await import("../commands/policy-wall.ts")).policyRollback(settings(options)));
  policy
    .command("standing")
    .description("what stands on this machine, what each rule counted, and whether somebody changed it since")
    .addOption(on())
    .addOption(json())
    .addHelpText(
      "after",
      "\nExit codes: 0 it is as it was put up, 1 somebody changed it.\n\nExample:\n  sudo auscult policy standing --json",
    )
    .action(async (options: object) => (await import("../commands/policy-wall.ts")).policyStanding(settings(options)));
  policy
    .command("follow")
    .description(
      "keep the sets of the wall that stands to who wears what now, as the recording is written: members keep their rules, strangers inherit nothing",
    )
    .addOption(on())
    .option("--seconds <n>", "end after this long", positive("--seconds"))
    .addOption(json())
    .addHelpText(
      "after",
      "\nOn the machine that is the firewall, beside auscult listen; with the right to change the firewall (nftables). Only elements of our own sets are\nchanged, never a rule. What happens is on stdout, in followed.log beside the wall's files, and in the audit log where there are accounts.\n\nExample:\n  sudo auscult policy follow",
    )
    .action(async (options: object) => (await import("../commands/policy-follow.ts")).policyFollow(settings(options)));
  policy
    .command("counters")
    .description("what the wall on this machine counted at each rule, and who was stopped; saved, the page shows it beside the rules")
    .argument("<policy>")
    .addOption(on())
    .option("--save [file]", "into a file the page reads: beside the policy unless said")
    .addOption(json())
    .addHelpText("after", "\nExamples:\n  sudo auscult policy counters pumps.yaml\n  sudo auscult policy counters pumps.yaml --save")
    .action(async (file: string, options: object) =>
      (await import("../commands/policy-counters.ts")).policyCounters(file, settings(options)),
    );
  policy
    .command("open")
    .description("open a group of the wall for a stated time: what no rule allows goes on and is remembered; it closes by itself")
    .argument("<group>", "as the policy names it")
    .requiredOption("--for <age>", "so long: 15m, 2h; at most 12h")
    .requiredOption("--reason <text>", "why")
    .option("--as <account>", "who opens it, where there are accounts: one that may, with its password")
    .addOption(on())
    .addOption(who())
    .addHelpText(
      "after",
      "\nThe kernel closes it, also when nothing of Auscult is running then. auscult policy standing says afterwards what used it.\n\nExample:\n  sudo auscult policy open 'infusion pump' --for 15m --reason 'new server, rule to follow' --as anna.lind",
    )
    .action(async (group: string, options: object) => (await import("../commands/policy-open.ts")).policyOpen(group, settings(options)));
  policy
    .command("close")
    .description("close a group that was opened, before its time")
    .argument("<group>")
    .addOption(on())
    .addHelpText("after", "\nExample:\n  sudo auscult policy close 'infusion pump'")
    .action(async (group: string, options: object) => (await import("../commands/policy-open.ts")).policyClose(group, settings(options)));
}
