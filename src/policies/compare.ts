/** Two policies against the same recording: what newly breaks, what is newly kept, and what is newly open although nobody was heard there. */
import type { CompiledPolicy, Decision, Membership, Policy } from "../model/policy.ts";
import type { Replay } from "../model/replay.ts";
import { check, type Judged } from "./check.ts";
import { compile, type Compiled } from "./compile.ts";
import { judgeConversation } from "./evaluate.ts";
import type { Expectations } from "./expectations.ts";
import { classesOf, piecesOf } from "./measure.ts";
import { ruleText } from "./text.ts";

export interface Compared {
  /** By the second policy, which the first kept or left alone: as the second judges them. */
  readonly broken: readonly Judged[];
  /** Blocked by the first, and by the second no more. */
  readonly kept: readonly Changed[];
  /** Triples of device, peer and port that only the second lets through, by what lets them through; most first. */
  readonly opened: readonly Opened[];
  /** Triples that only the first let through, by what did. */
  readonly closed: readonly Opened[];
}

export interface Changed {
  readonly before: Judged;
  /** The rule of the second that keeps it, from 1; null: it is governed no more. */
  readonly rule: number | null;
}

export interface Opened {
  /** From 1; null: nothing governs it. */
  readonly rule: number | null;
  readonly text: string;
  readonly triples: number;
}

interface One {
  readonly policy: Policy;
  readonly membership: Membership;
}

export function compare(first: One, second: One, replay: Replay, expectations: Expectations): Compared {
  const [a, b] = [first, second].map((it) => check(it.policy, it.membership, replay, expectations)) as [ReturnType<typeof check>, ReturnType<typeof check>];
  const [before, after] = [a, b].map((it) => new Map(it.conversations.map((judged) => [keyOf(judged), judged]))) as [Map<string, Judged>, Map<string, Judged>];
  const isBlocked = (judged: Judged | undefined) => judged?.verdict === "would block";
  const [one, other] = [first, second].map((it) => compile(it.policy, it.membership, replay.machines)) as [Compiled, Compiled];
  return {
    broken: b.conversations.filter((it) => isBlocked(it) && !isBlocked(before.get(keyOf(it)))),
    kept: a.conversations.filter((it) => isBlocked(it) && !isBlocked(after.get(keyOf(it)))).map((it) => ({ before: it, rule: after.get(keyOf(it))?.rule ?? null })),
    opened: openedBy(one, other, second.policy, replay),
    closed: openedBy(other, one, first.policy, replay),
  };
} // prettier-ignore

function keyOf({ client, server, service }: Judged): string {
  return `${client.device} ${server.device} ${service}`;
}

/** What `after` lets through and `before` does not. Where one governs nothing, its ports are those that any rule of either is about. */
function openedBy(before: Compiled, after: Compiled, policy: Policy, { machines }: Replay): Opened[] {
  const both = (machine: number) => [...before.places(machine), ...after.places(machine).map((place) => place + before.policy.sets.length)];
  const classes = classesOf(both, machines).map(({ members }) => ({ count: members.length, before: before.places(members[0]!), after: after.places(members[0]!) }));
  const rules = [...before.policy.rules, ...after.policy.rules];
  const pieces = [...new Set(rules.map(({ service }) => service.transport))].flatMap((transport) => piecesOf(transport, rules));
  const sums = new Map<number | null, number>();
  for (const client of classes)
    for (const server of classes) {
      const pairs = client.count * (client === server ? server.count - 1 : server.count);
      if (pairs === 0) continue;
      for (const { transport, from: port, width } of pieces) {
        const judged = (policy: CompiledPolicy, which: "before" | "after") => judgeConversation(policy, { family: null, client: client[which], server: server[which], transport, port });
        if (isOpen(judged(before.policy, "before"))) continue;
        const decision = judged(after.policy, "after");
        if (!isOpen(decision)) continue;
        const rule = decision.outcome === "allowed" ? after.policy.rules[decision.rule]!.rule : null;
        sums.set(rule, (sums.get(rule) ?? 0) + pairs * width);
      }
    }
  return [...sums]
    .map(([rule, triples]) => ({ rule: rule === null ? null : rule + 1, text: rule === null ? "not governed" : ruleText(policy.rules[rule]!), triples }))
    .sort((a, b) => b.triples - a.triples || (a.rule ?? 0) - (b.rule ?? 0));
} // prettier-ignore

function isOpen({ outcome }: Decision): boolean {
  return outcome !== "denied";
}
