/**
 * The wall of a router that keeps state, in a real kernel: of each conversation everything goes through, or nothing, as the evaluator says
 * of whoever opened it. Also of those whose beginning the kernel did not see: then it takes whoever is heard first for the client.
 *
 * Walls and conversations come from chance. Counters are compared as well, and a capture that lost a frame makes a run void. Fragments are
 * left out: a kernel that keeps state puts them together before any rule sees them. Needs root, and ip, nft, tcpdump and tcpreplay from
 * Debian. AUSCULT_WALL_CASES and AUSCULT_WALL_SEED as for wall.system.test.ts.
 */
import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite, test } from "node:test";
import { findProgram } from "../link/sandbox.ts";
import type { CompiledPolicy, Decision, PolicyTransport } from "../model/policy.ts";
import { judgeConversation, judgePacket, setsOf } from "../policies/evaluate.ts";
import { TABLE } from "../policies/exporters/nftables-names.ts";
import { nftablesRouter } from "../policies/exporters/nftables.ts";
import type { Family } from "../policies/ranges.ts";
import { Random } from "../simulation/random.ts";
import { aimedConversation, type AimedConversation, type AimedPacket } from "../testing/aimed-frames.ts";
import { Crossing } from "../testing/crossing.ts";
import { randomPolicy, wallAround } from "../testing/random-wall.ts";

const missing = ["ip", "nft", "tcpdump", "tcpreplay"].filter((program) => findProgram(program) === undefined);
const skip =
  process.getuid?.() !== 0
    ? "needs root: NOBODY HELD THE WALL AGAINST A KERNEL"
    : missing.length > 0
      ? `needs ${missing.join(", ")}: NOBODY HELD THE WALL AGAINST A KERNEL`
      : false;
if (skip !== false) process.stderr.write(`${skip}\n`);

/** Packets, of two to five a conversation. */
const CASES = Number(process.env["AUSCULT_WALL_CASES"] ?? 10_000);
const SEED = Number(process.env["AUSCULT_WALL_SEED"] ?? 4);
const CONVERSATIONS_A_WALL = 300;
const TRIES = 4;
const FRAMES_PER_SECOND = 40_000;

suite("a wall in a kernel that keeps state", { skip }, () => {
  test("of each conversation it lets all through or nothing, by the rule the evaluator names", async () => {
    const tally = await withoutLoss();
    assert.deepEqual(tally.wrong, [], `seed ${SEED}`);
    const { allowed, denied } = tally.outcomes;
    process.stderr.write(
      `by state: ${tally.packets} packets of ${tally.conversations} conversations, seed ${SEED}: 0 verdicts and 0 counters differ, no frame lost\n` +
        `  ${Object.entries(tally.outcomes)
          .map(([outcome, count]) => `${count} ${outcome}`)
          .join(", ")}; ${tally.reversed} heard from the middle on, the server first\n` +
        `  planted errors, verdicts and counters that differ by them: ${[...tally.found].map(([name, count]) => `${name} ${count}`).join(", ")}\n`,
    );
    for (const [name, count] of tally.found) assert.ok(count > 0, `planted and not found: ${name}`);
    assert.equal(tally.found.size, PLANTED.length);
    assert.ok(3 * allowed >= tally.packets, "at least a third is to be let through by a rule");
    assert.ok(denied > tally.packets / 10 && tally.reversed > 0);
  });
});

interface Tally {
  packets: number;
  conversations: number;
  reversed: number;
  readonly outcomes: Record<Decision["outcome"], number>;
  readonly wrong: string[];
  readonly found: Map<string, number>;
}

/** What is asked of the evaluator: a conversation as it was opened. */
type Judge = (policy: CompiledPolicy, family: Family, opened: Opened) => Decision;
interface Opened {
  readonly client: string;
  readonly server: string;
  readonly transport: PolicyTransport;
  readonly port: number;
}

const judge: Judge = (policy, family, { client, server, ...it }) =>
  judgeConversation(policy, { family, client: setsOf(policy, client), server: setsOf(policy, server), ...it });

const PLANTED: readonly (readonly [string, Judge])[] = [
  [
    "the server may open as well",
    (policy, family, it) => {
      const decision = judge(policy, family, it);
      return decision.outcome === "denied" ? judge(policy, family, { ...it, client: it.server, server: it.client }) : decision;
    },
  ],
  [
    "port bound off by one",
    (policy, family, it) =>
      judge(
        {
          ...policy,
          rules: policy.rules.map((rule) => ({
            ...rule,
            service: { ...rule.service, ports: rule.service.ports.map(({ from, to }) => ({ from, to: to + 1 })) },
          })),
        },
        family,
        it,
      ),
  ],
];

async function withoutLoss(): Promise<Tally> {
  for (let tries = 0; tries < TRIES; tries++) {
    const folder = mkdtempSync(join(tmpdir(), "auscult-wall-"));
    chmodSync(folder, 0o755);
    const crossing = new Crossing("routed", folder, { framesPerSecond: FRAMES_PER_SECOND >> tries });
    try {
      await crossing.listen();
      const tally = await compared(crossing, new Random(SEED));
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

async function compared(crossing: Crossing, random: Random): Promise<Tally> {
  const tally: Tally = {
    packets: 0,
    conversations: 0,
    reversed: 0,
    outcomes: { allowed: 0, ground: 0, "not governed": 0, denied: 0 },
    wrong: [],
    found: new Map(PLANTED.map(([name]) => [name, 0])),
  };
  const once = new Set<string>();
  while (tally.packets < CASES) {
    const policy = randomPolicy(random);
    const wall = wallAround(policy, "drop", random);
    // No two conversations of a run have the same client's port, so the kernel remembers nothing of one that another could be taken for.
    // What has no ports is told apart by its ends alone: it is heard once in a run.
    const all = Array.from({ length: CONVERSATIONS_A_WALL }, (_, at) =>
      aimedConversation(random, policy, tally.conversations + at, tally.packets + at * 5),
    );
    const conversations = all.filter(({ transport, client, server, port }) => {
      const key = [...[client, server].toSorted(), port].join(" ");
      return transport !== "ip" || (!once.has(key) && once.add(key));
    });
    crossing.load(nftablesRouter.write(wall));
    if (tally.conversations === 0) crossing.firewall.type("sysctl -qw net.netfilter.nf_conntrack_checksum=0");
    const arrived = await crossing.pass(conversations.flatMap(({ packets }) => packets.map((it) => it.bytes)));
    const counters = crossing.counters("inet", TABLE);

    const said = predicted(policy, conversations, judge);
    for (const outcome of said.outcomes) tally.outcomes[outcome]++;
    const wrong = differing(said, arrived, counters);
    tally.wrong.push(...wrong.map((it) => `${it}\n${JSON.stringify(policy)}\n${nftablesRouter.write(wall)}`));
    for (const [name, planted] of PLANTED)
      tally.found.set(name, tally.found.get(name)! + differing(predicted(policy, conversations, planted), arrived, counters).length);
    assert.ok(tally.wrong.length < 5, tally.wrong.join("\n"));
    tally.packets += CONVERSATIONS_A_WALL * 5;
    tally.conversations += all.length;
    tally.reversed += conversations.filter(({ packets }) => packets[0]!.isServers).length;
  }
  return { ...tally, packets: Object.values(tally.outcomes).reduce((sum, it) => sum + it, 0) };
}

interface Predicted {
  readonly passing: ReadonlyMap<number, boolean>;
  readonly outcomes: readonly Decision["outcome"][];
  readonly counters: ReadonlyMap<string, number>;
}

function predicted(policy: CompiledPolicy, conversations: readonly AimedConversation[], judge: Judge): Predicted {
  const counters = new Map<string, number>();
  const count = (name: string) => counters.set(name, (counters.get(name) ?? 0) + 1);
  const passing = new Map<number, boolean>();
  const outcomes: Decision["outcome"][] = [];
  for (const conversation of conversations) {
    // What the kernel knows of it: who opened it, from the first packet that was let through.
    let opened: Opened | undefined;
    for (const packet of conversation.packets) {
      const decision = packet.judged !== null ? judgePacket(policy, packet.judged) : byState(packet, opened);
      if (decision.outcome !== "denied") opened ??= openedBy(conversation, packet);
      outcomes.push(decision.outcome);
      passing.set(packet.number, decision.outcome !== "denied");
      if (decision.outcome === "allowed") count(`rule ${decision.rule + 1}${decision.answer ? " answers" : ""}`);
      if (decision.outcome === "ground") throw new Error("expected no conversation of the ground");
      if (decision.outcome !== "denied") continue;
      count("denied");
      const [sender, receiver] = packet.isServers ? [conversation.server, conversation.client] : [conversation.client, conversation.server];
      for (const [address, words] of [
        [sender, "denied from"],
        [receiver, "denied to"],
      ] as const)
        for (const place of setsOf(policy, address)) if (policy.sets[place]!.governs) count(`${words} ${policy.sets[place]!.group}`);
    }

    function byState(packet: AimedPacket, known: Opened | undefined): Decision {
      const it = known ?? openedBy(conversation, packet);
      const decision = judge(policy, conversation.family, it);
      // An answer to nothing opens nothing, and belongs to nothing.
      return known === undefined && packet.isAnswer && decision.outcome === "allowed" ? { outcome: "denied" } : decision;
    }
  }
  return { passing, outcomes, counters };
}

function openedBy({ client, server, transport, port, clientPort }: AimedConversation, { isServers }: AimedPacket): Opened {
  if (!isServers) return { client, server, transport, port };
  return { client: server, server: client, transport, port: transport === "ip" ? port : clientPort };
}

function differing(said: Predicted, arrived: ReadonlySet<number>, counters: ReadonlyMap<string, number>): readonly string[] {
  const names = new Set([...said.counters.keys(), ...counters.keys()]);
  return [
    ...[...said.passing]
      .filter(([number, passes]) => passes !== arrived.has(number))
      .map(([number, passes]) => `packet ${number}: expected ${passes ? "to pass" : "to be stopped"}`),
    ...[...names].flatMap((name) => {
      const [here, there] = [said.counters.get(name) ?? 0, counters.get(name) ?? 0];
      return here === there ? [] : [`${name}: ${here} said, ${there} counted`];
    }),
  ];
}
