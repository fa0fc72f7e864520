/**
 * Promise 3, careful: the ruleset in a real kernel stops and lets through exactly what the evaluator says, packet by packet, and by the
 * rule it names. Walls and packets come from chance; most packets are aimed at the edge of a rule.
 *
 * No difference is worth only what the packets can see: five errors, planted in what the evaluator is told, must each show in every run. A
 * capture that lost a frame looks like a wall that stopped it, so a run with any loss is void and made again. Needs root, and ip, nft,
 * tcpdump and tcpreplay from Debian. AUSCULT_WALL_CASES=100000 makes as many on each hook; AUSCULT_WALL_SEED chooses others.
 */
import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite, test } from "node:test";
import { findProgram } from "../link/sandbox.ts";
import type { CompiledPolicy, CompiledSet, Decision } from "../model/policy.ts";
import { GROUND } from "../model/policy.ts";
import { judgePacket, setsOf } from "../policies/evaluate.ts";
import type { Wall } from "../policies/exporters/exporter.ts";
import { TABLE } from "../policies/exporters/nftables-names.ts";
import { nftablesBridge, nftablesStateless, type NftablesForm } from "../policies/exporters/nftables.ts";
import { textOf, valueOf, type Addresses } from "../policies/ranges.ts";
import { Random } from "../simulation/random.ts";
import { aimedFrame, type AimedFrame } from "../testing/aimed-frames.ts";
import { Crossing, type Hook } from "../testing/crossing.ts";
import { pick, randomPolicy, wallAround } from "../testing/random-wall.ts";

const missing = ["ip", "nft", "tcpdump", "tcpreplay"].filter((program) => findProgram(program) === undefined);
const skip =
  process.getuid?.() !== 0
    ? "needs root: NOBODY HELD THE WALL AGAINST A KERNEL"
    : missing.length > 0
      ? `needs ${missing.join(", ")}: NOBODY HELD THE WALL AGAINST A KERNEL`
      : false;
if (skip !== false) process.stderr.write(`${skip}\n`);

const CASES = Number(process.env["AUSCULT_WALL_CASES"] ?? 20_000);
const SEED = Number(process.env["AUSCULT_WALL_SEED"] ?? 4);
const FRAMES_A_WALL = 1_000;
/** A machine that is busy with other things loses frames: each time slower, and at last it says so. */
const TRIES = 4;
const FRAMES_PER_SECOND = 40_000;

interface Tally {
  cases: number;
  readonly outcomes: Record<Decision["outcome"] | "not IP", number>;
  /** Frames that did, or did not, come out against what was said. */
  readonly verdicts: string[];
  /** Rules that decided more or less often than was said. */
  readonly counters: string[];
  /** Frames that come out of no wall at all, by kind: the kernel's own doing, and no cases. */
  readonly kernel: Map<string, number>;
  /** How often each planted error showed. */
  readonly found: Map<string, { verdicts: number; counters: number }>;
}

suite("a wall in a kernel", { skip }, () => {
  for (const [hook, form] of [
    ["bridge", nftablesBridge],
    ["routed", nftablesStateless],
  ] as const)
    test(`on a ${hook} hook it stops what the evaluator says, by the rule it names`, async () => {
      const tally = await withoutLoss(hook, form, SEED, CASES);
      assert.deepEqual(tally.verdicts, [], `seed ${SEED}`);
      assert.deepEqual(tally.counters, [], `seed ${SEED}`);
      const { allowed, ground, denied } = tally.outcomes;
      process.stderr.write(
        `${hook}: ${tally.cases} packets through ${CASES / FRAMES_A_WALL} walls, seed ${SEED}: 0 verdicts and 0 counters differ, no frame lost\n` +
          `  ${Object.entries(tally.outcomes)
            .map(([outcome, count]) => `${count} ${outcome}`)
            .join(", ")}\n` +
          `  left out, since the kernel itself stops them: ${[...tally.kernel].map(([kind, count]) => `${count} ${kind}`).join(", ") || "none"}\n` +
          `  planted errors, verdicts and counters that differ by them: ${[...tally.found].map(([name, it]) => `${name} ${it.verdicts} and ${it.counters}`).join(", ")}\n`,
      );
      for (const [name, { verdicts, counters }] of tally.found) assert.ok(verdicts + counters > 0, `planted and not found: ${name}`);
      assert.equal(tally.found.size, PLANTED.length);
      assert.ok(3 * (allowed + ground) >= tally.cases, "at least a third is to be let through by a rule");
      assert.ok(denied > tally.cases / 10, "a wall that denies little proves little");
    });
});

type Judge = (policy: CompiledPolicy, frame: AimedFrame) => Decision | null;

const judge: Judge = (policy, { packet }) => (packet === null ? null : judgePacket(policy, packet));

/** What the evaluator would say if it had been written wrongly: by telling it of another policy, or of another packet. */
const PLANTED: readonly (readonly [name: string, judge: Judge])[] = [
  ["port bound off by one", (policy, frame) => judge(withPortsBeyond(policy), frame)],
  ["address bound off by one", (policy, frame) => judge(withAddressesBeyond(policy), frame)],
  [
    "ports read in a later fragment",
    (policy, { packet, portsBehind, ...frame }) =>
      judge(policy, {
        ...frame,
        portsBehind,
        packet: packet !== null && packet.fragmentOffset > 0 ? { ...packet, ports: portsBehind, fragmentOffset: 0 } : packet,
      }),
  ],
  [
    "last rule wins",
    (policy, frame) => {
      const decision = judge({ ...policy, rules: policy.rules.toReversed() }, frame);
      return decision?.outcome === "allowed" ? { ...decision, rule: policy.rules.length - 1 - decision.rule } : decision;
    },
  ],
  [
    "SYN-ACK taken for SYN",
    (policy, { packet, ...frame }) =>
      judge(policy, { ...frame, packet: packet !== null && packet.tcpFlags === SYN_ACK ? { ...packet, tcpFlags: SYN } : packet }),
  ],
];
const SYN = 2;
const SYN_ACK = 18;

/** One policy is asked of a thousand packets. */
function remembered(change: (policy: CompiledPolicy) => CompiledPolicy): (policy: CompiledPolicy) => CompiledPolicy {
  const known = new WeakMap<CompiledPolicy, CompiledPolicy>();
  return (policy) => {
    const changed = known.get(policy) ?? change(policy);
    known.set(policy, changed);
    return changed;
  };
}

const withPortsBeyond = remembered((policy) => ({
  ...policy,
  rules: policy.rules.map((rule) => ({
    ...rule,
    service: { ...rule.service, ports: rule.service.ports.map(({ from, to }) => ({ from, to: to + 1 })) },
  })),
}));

const withAddressesBeyond = remembered((policy) => ({
  ...policy,
  sets: policy.sets.map((set) =>
    set.builtIn
      ? set
      : {
          ...set,
          ipv4: set.ipv4.map(({ first, last }) => ({ first, last: textOf(valueOf(last) + 1n, 4) })),
          ipv6: set.ipv6.map(({ first, last }) => ({ first, last: textOf(valueOf(last) + 1n, 6) })),
        },
  ),
}));

async function withoutLoss(hook: Hook, form: NftablesForm, seed: number, cases: number): Promise<Tally> {
  for (let tries = 0; tries < TRIES; tries++) {
    const folder = mkdtempSync(join(tmpdir(), "auscult-wall-"));
    chmodSync(folder, 0o755);
    const crossing = new Crossing(hook, folder, { framesPerSecond: FRAMES_PER_SECOND >> tries });
    try {
      await crossing.listen();
      const tally = await compared(crossing, form, new Random(seed), cases);
      const lost = await crossing.lost();
      if (lost === 0) return tally;
      process.stderr.write(`${lost} frames were lost by the capture: the run is void and made again, slower\n`);
    } finally {
      await crossing.close();
      rmSync(folder, { recursive: true });
    }
  }
  throw new Error(`expected a run without a frame lost, got none in ${TRIES}`);
}

async function compared(crossing: Crossing, form: NftablesForm, random: Random, cases: number): Promise<Tally> {
  const tally: Tally = {
    cases: 0,
    outcomes: { allowed: 0, ground: 0, "not governed": 0, denied: 0, "not IP": 0 },
    verdicts: [],
    counters: [],
    kernel: new Map(),
    found: new Map(PLANTED.map(([name]) => [name, { verdicts: 0, counters: 0 }])),
  };
  for (let done = 0; done < cases; done += FRAMES_A_WALL) {
    const policy = randomPolicy(random);
    const wall = wallAround(policy, pick(random, ["drop", "drop", "drop", "mixed", "log"] as const), random);
    const frames = Array.from({ length: FRAMES_A_WALL }, (_, at) => aimedFrame(random, policy, crossing.hook, done + at));
    // What comes out of no wall at all is a router's own doing.
    const isBridge = crossing.hook === "bridge";
    if (!isBridge) crossing.load(form.rollback(wall));
    const passing = isBridge ? undefined : await crossing.pass(frames.map((it) => it.bytes));
    const isStopped = ({ number }: AimedFrame) => passing?.has(number) === false;
    const cases = frames.filter((it) => !isStopped(it));
    for (const frame of frames.filter(isStopped)) tally.kernel.set(unlike(frame), (tally.kernel.get(unlike(frame)) ?? 0) + 1);

    crossing.load(form.write(wall));
    const arrived = await crossing.pass(cases.map((it) => it.bytes));
    const counters = crossing.counters(form.family, TABLE);

    tally.cases += cases.length;
    const said = predicted(wall, cases, isBridge, judge);
    for (const outcome of said.outcomes) tally.outcomes[outcome]++;
    const wrong = differing(said, cases, arrived, counters);
    for (const at of wrong.verdicts) tally.verdicts.push(told(wall, cases[at]!, said.passes[at]!));
    tally.counters.push(...wrong.counters.map((it) => `${it}\n${form.write(wall)}`));
    for (const [name, planted] of PLANTED) {
      const { verdicts, counters: counts } = differing(predicted(wall, cases, isBridge, planted), cases, arrived, counters);
      const found = tally.found.get(name)!;
      found.verdicts += verdicts.length;
      found.counters += counts.length;
    }
    assert.ok(tally.verdicts.length < 20 && tally.counters.length < 5, [...tally.verdicts, ...tally.counters].join("\n"));
  }
  return tally;
}

interface Predicted {
  /** By the place of the frame. */
  readonly passes: readonly boolean[];
  readonly outcomes: readonly (Decision["outcome"] | "not IP")[];
  readonly counters: ReadonlyMap<string, number>;
}

function predicted(wall: Wall, frames: readonly AimedFrame[], isBridge: boolean, judge: Judge): Predicted {
  // The sentinel is not IP on a bridge.
  const counters = new Map(isBridge ? [["not IP: passes by", 1]] : []);
  const count = (name: string) => counters.set(name, (counters.get(name) ?? 0) + 1);
  // Where a denied packet's ends stand, asked of sets as the evaluator knows them.
  const standing: CompiledPolicy = { name: "", rules: [], sets: [asSet(wall.enforced), asSet(wall.spared)] };
  const outcomes: (Decision["outcome"] | "not IP")[] = [];
  const passes = frames.map((frame) => {
    const decision = judge(wall.policy, frame);
    outcomes.push(decision?.outcome ?? "not IP");
    if (decision === null) {
      count(frame.kind === "ARP" ? "ARP" : "not IP: passes by");
      return true;
    }
    if (decision.outcome === "ground") count(`ground: ${GROUND[decision.ground]!.name}`);
    if (decision.outcome === "allowed") count(`rule ${decision.rule + 1}${decision.answer ? " answers" : ""}`);
    if (decision.outcome !== "denied") return true;
    const { sender, receiver } = frame.packet!;
    const ends = [...setsOf(standing, sender), ...setsOf(standing, receiver)];
    for (const [address, words] of [
      [sender, "denied from"],
      [receiver, "denied to"],
    ] as const)
      for (const place of setsOf(wall.policy, address))
        if (wall.policy.sets[place]!.governs) count(`${words} ${wall.policy.sets[place]!.group}`);
    const isSpared = ends.includes(1);
    const isDropped = !isSpared && ends.includes(0);
    count(isSpared ? "denied, spared" : isDropped ? "denied" : "denied, monitored");
    return !isDropped;
  });
  return { passes, outcomes, counters };
}

function differing(
  said: Predicted,
  frames: readonly AimedFrame[],
  arrived: ReadonlySet<number>,
  counters: ReadonlyMap<string, number>,
): { readonly verdicts: readonly number[]; readonly counters: readonly string[] } {
  const names = new Set([...said.counters.keys(), ...counters.keys()]);
  return {
    verdicts: [...frames.keys()].filter((at) => said.passes[at] !== arrived.has(frames[at]!.number)),
    counters: [...names].flatMap((name) => {
      const [here, there] = [said.counters.get(name) ?? 0, counters.get(name) ?? 0];
      return here === there ? [] : [`${name}: ${here} said, ${there} counted`];
    }),
  };
}

/** Routers forward nothing to or from a group without being told how. */
function unlike({ kind, packet }: AimedFrame): string {
  const isGroup = (address: string) => address.startsWith("2") || address.startsWith("ff");
  return packet !== null && (isGroup(packet.sender) || isGroup(packet.receiver)) ? "of a group" : kind;
}

function asSet({ ipv4, ipv6 }: Addresses): CompiledSet {
  return { group: "", ward: null, builtIn: false, governs: true, lifeSupporting: false, macs: [], ipv4, ipv6 };
}

function told({ policy, ...wall }: Wall, { kind, packet, number }: AimedFrame, passes: boolean): string {
  return `${number} ${kind}: expected ${passes ? "to pass" : "to be stopped"}: ${JSON.stringify({ packet, wall, policy })}`;
}
