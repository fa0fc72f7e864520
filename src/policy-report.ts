/** A policy, given or learned, replayed against a recording and told as the pages show it. */
import type { Replay } from "./model/replay.ts";
import { disclosedFrom } from "./disclosing.ts";
import { heldFrom } from "./holding.ts";
import { exported } from "./exporting.ts";
import type {
  CompareQuestion,
  CompareReport,
  ExportQuestion,
  PolicyExport,
  PolicyQuestion,
  PolicyReport,
  ReachReport,
  WhyQuestion,
  WhyReport,
} from "./model/policy-report.ts";
import type { Policy } from "./model/policy.ts";
import { machinesCalled } from "./policies/called.ts";
import { check, windowOf } from "./policies/check.ts";
import { compare } from "./policies/compare.ts";
import { comparedRows } from "./policies/compared-rows.ts";
import { compile } from "./policies/compile.ts";
import { denyForms, denyLogIn } from "./policies/deny-log/index.ts";
import { policyIn } from "./policies/file.ts";
import { learn, type Beside } from "./policies/learn.ts";
import { measure } from "./policies/measure.ts";
import { membershipOf } from "./policies/membership.ts";
import { WormReach, type Cut } from "./policies/reach.ts";
import { reported } from "./policies/report.ts";
import { policyText, ruleText } from "./policies/text.ts";
import { why } from "./policies/why.ts";
import { expectations, hashesOf, replayFrom } from "./replaying.ts";

/** Throws WrongPolicy where the text is none, an Error for people where the recording cannot be read. */
export function policyReport(path: string, question: PolicyQuestion): PolicyReport {
  const replay = replayFrom(path);
  return reportOf(replay, question, question.text === null ? { disclosed: disclosedFrom(path, replay), held: heldFrom(path, replay) } : {});
}

/** As above. */
export function reachReport(path: string, question: PolicyQuestion): ReachReport {
  const replay = replayFrom(path);
  return reachOf(replay, policyIn(question.text ?? "", question.file), question.ownRanges);
}

/** As above, of either text. */
export function compareReport(path: string, question: CompareQuestion): CompareReport {
  return compareOf(replayFrom(path), question);
}

export function compareOf(replay: Replay, { before, after, ownRanges }: CompareQuestion): CompareReport {
  const [first, second] = [before, after].map(({ text, file }) => {
    const policy = policyIn(text, file);
    return { policy, membership: membershipOf(policy, replay, ownRanges) };
  });
  const { from, to, days } = windowOf(replay);
  return { window: { from, to, days }, ...comparedRows(compare(first!, second!, replay, expectations())) };
}

/** Throws NotExportable too, with what stands in the way. */
export function exportReport(path: string, question: ExportQuestion): PolicyExport {
  return exportOf(replayFrom(path), question);
}

/** Throws an Error for people where no device, or more than one, is called so, and where the log is none. */
export function whyReport(path: string, question: WhyQuestion): WhyReport {
  return whyOf(replayFrom(path), question);
}

export function whyOf(replay: Replay, { text, file, ownRanges, device, minutes, counts, log }: WhyQuestion): WhyReport {
  const policy = policyIn(text ?? "", file);
  const [machine, ...more] = machinesCalled(replay.machines, device);
  if (machine === undefined) throw new Error(`expected a device by its id, its name or an address, found none for "${device}"`);
  if (more.length > 0) throw new Error(`"${device}" fits ${more.length + 1} devices: ${[machine, ...more].slice(0, 5).map((it) => `${it.device.id} (${it.device.name})`).join(", ")}`);
  const read = log === null ? null : denyLogIn(log.text, log);
  if (read?.lines === 0) throw new Error(`expected lines of ${denyForms.map(({ title }) => title).join(", ")}; got none`);
  const told = why(policy, membershipOf(policy, replay, ownRanges), replay, machine, replay.to - minutes * 60e6, {
    counts,
    countsFrom: counts === null ? "" : `Our wall's counters were read at ${new Date(counts.at / 1_000).toISOString().slice(0, 19).replace("T", " ")} UTC.`,
    log: read,
  });
  return { ...told, device: { id: machine.device.id, name: machine.device.name } };
} // prettier-ignore

export function exportOf(replay: Replay, { text, file, ownRanges, to, denied }: ExportQuestion): PolicyExport {
  const { exporter, ...it } = exported(policyIn(text ?? "", file), replay, ownRanges, to, denied);
  return { title: exporter.title, extension: exporter.extension, text: it.text, files: it.files, rollback: it.rollback, change: it.change };
}

/** `only`: not from each group, but from these machines, by their numbers. */
export function reachOf(
  replay: Replay,
  policy: Policy,
  ownRanges: readonly string[],
  only?: { readonly from: string; readonly sources: readonly number[] },
): ReachReport {
  const { machines, conversations } = replay;
  const membership = membershipOf(policy, replay, ownRanges);
  const reach = new WormReach(compile(policy, membership, machines), machines, conversations);
  const numberOf = new Map(machines.map((it) => [it.device.id, it.number]));
  const groups = membership.groups.map(({ group, members }) => ({ from: group, sources: members.map((it) => numberOf.get(it.device)!) }));
  const rules = policy.rules.map(ruleText);
  const words = ({ what }: Cut) =>
    "rule" in what
      ? `without rule ${what.rule + 1}: ${rules[what.rule]!}`
      : `${what.group} ${what.way === "in" ? "opened to by nobody" : "opening nothing"}`;
  const counted = reach.cuts();
  return {
    // A group of addresses outside, or of multicast, holds nothing a worm could be in.
    from: (only === undefined ? groups : [only])
      .map(({ from, sources }) => ({ from, own: sources.filter((it) => reach.isPrey(it)) }))
      .filter(({ own }) => only !== undefined || own.length > 0)
      .map(({ from, own }) => ({ from, began: own.length, ...reach.from(own) })),
    lifeSupporting: machines.filter(({ device }) => device.lifeCritical === "life-supporting").length,
    pairs: counted?.pairs ?? null,
    cuts: counted?.cuts.map((it) => ({ what: words(it), fewer: it.fewer })) ?? null,
  };
}

/** `beside`: for a policy that is learned. */
export function reportOf(replay: Replay, { text, file, only, ownRanges }: PolicyQuestion, beside: Omit<Beside, "only"> = {}): PolicyReport {
  const known = expectations();
  const learned = text === null ? learn(replay, known, file, { ...beside, only }) : null;
  const policy = learned === null ? policyIn(text!, file) : learned.policy;
  const membership = membershipOf(policy, replay, ownRanges);
  const checked = check(policy, membership, replay, known);
  const measured = measure(compile(policy, membership, replay.machines), replay.machines, learned?.asked ?? replay.conversations);
  const { from, to, days, onceIn } = checked.window;
  const judged = (["kept", "would block", "cannot tell"] as const).reduce((sum, it) => sum + checked.counts[it].conversations, 0);
  return {
    name: policy.name,
    text: text ?? policyText(policy),
    window: { from, to, days, onceIn },
    answer: checked.answer,
    counts: checked.counts,
    coverage: judged === 0 ? null : checked.counts.kept.conversations / judged,
    overPermission: measured.kept === 0 ? null : Math.round((measured.allowed / measured.kept) * 100) / 100,
    ...reported(policy, membership, checked),
    notHeard: checked.notHeard,
    waiting: checked.waiting,
    tests: checked.tests,
    notLearned: (learned?.notLearned ?? []).map(({ client, server, service, why, pairs, days: on, last, who }) => ({ client, server, service, why, pairs, days: on, last, who })),
    hashes: { ...hashesOf(policy, membership, replay) },
  };
} // prettier-ignore
