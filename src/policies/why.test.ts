/** Is it us? From each source there is, and from none. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { COUNTERS_SCHEMA, type Denied, type WallCounts } from "../model/wall.ts";
import { replayed, type MachineSketch, type TalkSketch } from "../testing/replayed.ts";
import { denyLogIn } from "./deny-log/index.ts";
import { policyIn } from "./file.ts";
import { membershipOf } from "./membership.ts";
import { ONLY_HEARD, why, type AtHand } from "./why.ts";

const DAY_US = 86_400_000_000;
const MACHINES: readonly MachineSketch[] = [
  { name: "PUMP-1", kind: "infusion pump", care: "therapy", ward: "ICU 1" },
  { name: "PUMP-2", kind: "infusion pump", care: "therapy", ward: "Ward 3" },
  { name: "SRV-1", kind: "pump server" },
  { name: "VENT", kind: "infusion pump", care: "life-supporting", ward: "ICU 1" },
  { name: "PRN", kind: "printer" },
];
const [PUMP_1, PUMP_2, , VENT, PRN] = [1, 2, 3, 4, 5];
const TALKS: readonly (string | TalkSketch)[] = ["PUMP-1 → SRV-1 tcp 443: 1-9", "PUMP-2 → SRV-1 tcp 443: 1-8"];
const ENFORCED = ", states: { ICU 1: enforced, everywhere: monitor }";
const RULES = "  - { allow: pumps → first, service: tcp 443, because: tested }";

interface AskedFor {
  readonly states?: string;
  readonly rules?: string;
  readonly talks?: readonly (string | TalkSketch)[];
  readonly tried?: readonly string[];
  readonly device?: number;
  readonly days?: number;
  /** What was heard later than a sketch can say. */
  readonly answeredAgain?: boolean;
  readonly atHand?: (to: number) => Partial<AtHand>;
}

function asked({ states = ENFORCED, rules = RULES, talks = TALKS, tried = [], device = PUMP_1, days = 1, answeredAgain = false, atHand = () => ({}) }: AskedFor) {
  const sketched = replayed(9, MACHINES, talks, tried);
  const replay = answeredAgain ? { ...sketched, conversations: sketched.conversations.map((it) => ({ ...it, answeredLast: it.last + 1 })) } : sketched;
  const text = `policy: P\ngroups:\n  pumps: { select: kind = "infusion pump"${states} }\n  first: { select: name = SRV-1, governs: false }\nrules:\n${rules}\n`;
  const policy = policyIn(text, "t");
  return why(policy, membershipOf(policy, replay), replay, replay.machines[device - 1]!, replay.to - days * DAY_US, { ...ONLY_HEARD, ...atHand(replay.to) });
} // prettier-ignore

/** Of a wall that stands since long, read as the recording ended. */
function counted(stopped: readonly Partial<Denied>[], more: Partial<WallCounts> = {}) {
  return (to: number): Partial<AtHand> => ({
    counts: {
      schema: COUNTERS_SCHEMA, on: "bridge", policy: "P", mark: "m", at: to, since: to - 9 * DAY_US, waits: false, rules: [], denied: [],
      totals: { stopped: 0, watched: 0, spared: 0, opened: 0 }, watched: [], full: false, openings: [],
      stopped: stopped.map((it) => ({ client: "10.0.0.1", server: "10.0.0.3", transport: "tcp", port: 80, packets: 3, last: to - 1e6, ...it })),
      ...more,
    },
  });
} // prettier-ignore

test("only heard: an enforced policy stops what no rule allows, probably; whose policy only watches, or is a draft, is not stopped", () => {
  const tried = ["PUMP-1 → PRN tcp 9100: 9", "PUMP-1 → SRV-1 tcp 443: 9"];
  const yes = asked({ tried });
  assert.equal(yes.sentence, "Yes, probably: PUMP-1 tried tcp 9100 to PRN at 12:00:00 UTC, nobody answered; no rule allows anything between the two, and 1 of 1 of its usual conversations were heard since."); // prettier-ignore
  assert.deepEqual([yes.answer, yes.state, yes.stopped.length, yes.stopped[0]!.from], ["yes", "enforced", 1, "evaluator"]);
  assert.match(asked({ tried, states: ", states: { Ward 3: enforced, everywhere: monitor }" }).sentence, /^No: nothing of ours stops PUMP-1, since the policy only watches where it stands;/);
  assert.match(asked({ tried, states: "" }).sentence, /the policy is a draft where it stands/);
  assert.match(asked({ device: PRN }).sentence, /^No: nothing of ours stops PRN, since the policy is not about it/);
  assert.equal(asked({ tried: ["PUMP-1 → PRN tcp 9100: 3"] }).answer, "no");
  assert.match(asked({ device: PUMP_2, states: ", states: { everywhere: enforced }", days: 0.2 }).sentence, /^Cannot tell: .* none of its 1 usual conversations/);
}); // prettier-ignore

test("whom nobody governs is stopped where the other end is enforced, and nothing of a life-supporting device is", () => {
  assert.equal(asked({ device: PRN, tried: ["PRN → PUMP-1 tcp 22: 9"] }).answer, "yes");
  assert.equal(asked({ device: PRN, tried: ["PRN → PUMP-2 tcp 22: 9"] }).answer, "no");
  assert.equal(asked({ device: PRN, tried: ["PRN → VENT tcp 22: 9"] }).answer, "no");
  assert.deepEqual(asked({ device: VENT, tried: ["VENT → PRN tcp 22: 9"] }).stopped, []);
});

test("our counters: yes with the rule that is nearly right, and the lines that would allow it", () => {
  const yes = asked({ atHand: counted([{}]) });
  assert.equal(yes.sentence, "Yes: our wall stopped PUMP-1 → SRV-1 tcp 80, last at 23:59:58 UTC; between the two rule 1 (pumps → first tcp 443) allows only that, and 1 of 1 of its usual conversations were heard since."); // prettier-ignore
  assert.match(yes.stopped[0]!.edit, /allow: pumps → first, service: tcp 80/);
  const near = (rules: string, denied: Partial<Denied> = {}) => asked({ rules, atHand: counted([denied]) }).stopped[0]!.near;
  assert.match(near("  - { allow: first → pumps, service: tcp 80, because: x }"), /^rule 1 \(first → pumps tcp 80\) allows it only the other way round$/);
  assert.match(near("  - { allow: pumps → first, service: tcp 80, because: x, until: 2026-01-01 }"), /^rule 1 \(.*\) allowed it until 2026-01-01$/);
  assert.match(near(RULES, { port: 443 }), /^rule 1 \(.*\) allows it: what stands is not this text, or has other members$/);
  assert.equal(near(RULES, { server: "10.9.9.9" }), "no rule allows anything between the two");
  assert.equal(asked({ atHand: counted([{ client: "10.9.9.9", server: "10.0.0.1", transport: "icmp", port: null }]) }).stopped[0]!.client, "10.9.9.9");
}); // prettier-ignore

test("our counters: what they do not hold our wall did not stop, whatever the evaluator says; too old or too full they do not say so", () => {
  const tried = ["PUMP-1 → PRN tcp 9100: 9"];
  assert.match(asked({ tried, atHand: counted([]) }).sentence, /^No: our wall stopped nothing to or from PUMP-1 since 23:59:59 UTC/);
  assert.match(asked({ tried, atHand: counted([{ client: "10.0.0.2" }]) }).sentence, /^No:/, "another's");
  assert.match(asked({ tried, atHand: (to) => counted([{ last: to - 2 * DAY_US }])(to) }).sentence, /^No:/, "long ago");
  assert.match(asked({ atHand: counted([], { full: true }) }).sentence, /^Cannot tell: our wall stopped so many/);
  assert.match(asked({ tried, atHand: counted([], { full: true }) }).sentence, /^Yes, probably/);
  const old = asked({ tried, atHand: (to) => counted([], { at: to - 2 * DAY_US })(to) });
  assert.match(old.sentence, /^Yes, probably/);
  assert.match(old.sources.join("\n"), /counters were read at .*, before that: they are not used/);
  assert.match(asked({ atHand: (to) => counted([], { since: to - 1e6, policy: "Q", waits: true })(to) }).sources.join("\n"), /remembers from .*\n.*"Q", not "P".*\n.*waits to be confirmed/);
}); // prettier-ignore

test("a server that refuses or does not answer what a rule allows is the reason, with whether it answers others", () => {
  const refused: TalkSketch = { talk: "PUMP-1 → SRV-1 tcp 443: 9", answered: 0, refused: 4 };
  const no = asked({ talks: [refused, "PUMP-2 → SRV-1 tcp 443: 1-8"], atHand: counted([]) });
  assert.match(no.sentence, /^No: our wall stopped nothing .*; SRV-1 itself refused tcp 443 from PUMP-1 at 12:00:00 UTC, which rule 1 allows, and nobody else was heard answered by it/);
  assert.match(asked({ talks: [refused, "PUMP-2 → SRV-1 tcp 443: 1-9"] }).sentence, /^No: whatever PUMP-1 was heard to try, a rule allows; .* it answers others/);
  assert.match(asked({ talks: ["PUMP-1 → SRV-1 tcp 443: 1-8"], tried: ["PUMP-1 → SRV-1 tcp 443: 9"], atHand: counted([]) }).sentence, /SRV-1 did not answer tcp 443 from PUMP-1/);
  assert.deepEqual(asked({ talks: [refused, "PUMP-2 → SRV-1 tcp 443: 1-8"], days: 0.2 }).reasons, [], "long ago");
  assert.equal(asked({ talks: [refused] }).reasons.length, 1);
  assert.deepEqual(asked({ talks: [refused], answeredAgain: true }).reasons, [], "answered since");
  assert.deepEqual(asked({ talks: [{ talk: "PUMP-1 → PRN tcp 9100: 9", answered: 0, refused: 4 }] }).reasons, [], "no rule allows it");
}); // prettier-ignore

test("the equipment's log: by its rule, and of our own wall only where something is dropped", () => {
  const log = (line: string) => (to: number): Partial<AtHand> => ({ log: denyLogIn(`${new Date(to / 1_000 - 60_000).toISOString()} ${line}`, { written: to, offsetMinutes: 0 }) });
  const cisco = "%SEC-6-IPACCESSLOGP: list PUMPS denied tcp 10.0.0.1(1234) -> 10.0.0.3(80), 2 packets";
  const yes = asked({ atHand: log(cisco) });
  assert.match(yes.sentence, /^Yes: the equipment's log says it stopped PUMP-1 → SRV-1 tcp 80, last at 23:58:59 UTC, by "PUMPS"; between the two rule 1 /);
  assert.match(yes.sources.join("\n"), /The log has 1 lines of Cisco/);
  assert.equal(asked({ atHand: log(cisco), states: "" }).answer, "yes", "equipment knows no states of ours");
  const own = "auscult denied IN=p OUT=q SRC=10.0.0.1 DST=10.0.0.3 PROTO=TCP SPT=1 DPT=80 SYN";
  assert.equal(asked({ atHand: log(own) }).answer, "yes");
  assert.equal(asked({ atHand: log(own), states: "" }).answer, "no");
  const both = asked({ atHand: (to) => ({ ...log(cisco)(to), ...counted([{}])(to) }) });
  assert.deepEqual(both.stopped.map(({ from }) => from), ["counters"], "the surest says it");
}); // prettier-ignore

test("where nothing was heard within the time, that its usual work goes on is not said", () => {
  const now = asked({ days: -1, atHand: (to) => counted([], { at: to + 2 * DAY_US })(to) });
  assert.match(now.sentence, /^No: .*; whether its usual work goes on is not known: nothing was heard after 23:59:59 UTC\.$/);
  assert.match(asked({ days: -1 }).sentence, /^Cannot tell: nothing was heard since/);
});
