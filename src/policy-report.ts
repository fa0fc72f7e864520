/** A policy, given or learned, replayed against a recording and told as the pages show it. */
import type { Replay } from "./model/replay.ts";
import type { PolicyQuestion, PolicyReport } from "./model/policy-report.ts";
import { check } from "./policies/check.ts";
import { compile } from "./policies/compile.ts";
import { policyIn } from "./policies/file.ts";
import { learn } from "./policies/learn.ts";
import { measure } from "./policies/measure.ts";
import { membershipOf } from "./policies/membership.ts";
import { reported } from "./policies/report.ts";
import { policyText } from "./policies/text.ts";
import { expectations, hashesOf, replayFrom } from "./replaying.ts";

/** Throws WrongPolicy where the text is none, an Error for people where the recording cannot be read. */
export function policyReport(path: string, question: PolicyQuestion): PolicyReport {
  return reportOf(replayFrom(path), question);
}

export function reportOf(replay: Replay, { text, file, only, ownRanges }: PolicyQuestion): PolicyReport {
  const known = expectations();
  const learned = text === null ? learn(replay, known, file, only) : null;
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
