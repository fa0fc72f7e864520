/** What was heard and what was not: sums over runs and inputs, and the sentences beside them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { END, HOUR, MINUTE, Recording } from "../../testing/recording.ts";
import { Store } from "../reader.ts";
import { coverageOf } from "./coverage.ts";

test("an empty recording heard nothing, of nobody", (t) => {
  assert.deepEqual(covered(new Recording(t)), {
    recording: "ward",
    frames: 0,
    bytes: 0,
    malformed: 0,
    gaps: 0,
    duplicates: 0,
    drops: 0,
    from: null,
    to: null,
    devices: 0,
    conversations: 0,
    inputs: [],
    limits: {},
    unheard: {},
    notes: [],
  });
});

test("runs add up; counts with names by their names, in the order of letters", (t) => {
  const recording = new Recording(t);
  recording.run(
    "a.pcap",
    { malformed: { dns: 2, ipv4: 1 }, unheard: { macsec: 5 }, limits: { hosts: 1 } },
    { frames: 10, bytes: 900, gaps: 1, duplicates: 2, drops: 3, first: END - 3 * HOUR, last: END - 2 * HOUR },
  );
  recording.run(
    "b.pcap",
    { malformed: { dns: 4 }, unheard: { esp: 1, macsec: 5 }, limits: { flows: 9, hosts: 1 } },
    { frames: 20, bytes: 100, gaps: 10, duplicates: 20, drops: 30, first: END - HOUR, last: END },
  );
  const a = recording.endpoint(null, "10.0.0.1");
  const group = recording.endpoint(null, "224.0.0.1");
  recording.conversation({ client: a, server: group, port: 5353 });
  recording.conversation({ client: a, server: group, port: 5355 });
  recording.device([a]);
  recording.device([group], { standing: "group" });
  const { inputs, ...sums } = covered(recording);
  assert.deepEqual(sums, {
    recording: "ward",
    frames: 30,
    bytes: 1_000,
    malformed: 7,
    gaps: 11,
    duplicates: 22,
    drops: 33,
    from: END - 3 * HOUR,
    to: END,
    devices: 1,
    conversations: 2,
    limits: { flows: 9, hosts: 2 },
    unheard: { esp: 1, macsec: 10 },
    notes: [],
  });
  assert.deepEqual(
    inputs.map((it) => [it.name, it.frames, it.from, it.to, it.state]),
    [
      ["a.pcap", 10, END - 3 * HOUR, END - 2 * HOUR, "whole"],
      ["b.pcap", 20, END - HOUR, END, "whole"],
    ],
  );
});

test("an interface is one input however often listening began; its state is the latest", (t) => {
  const recording = new Recording(t);
  const live = { live: 1, frames: 1_000 };
  recording.run("eth1", {}, { ...live, state: "ended", first: END - 5 * HOUR, last: END - 4 * HOUR });
  recording.run("eth2", {}, { ...live, state: "ended", first: END - 5 * HOUR, last: END - 4 * HOUR });
  recording.run("eth1", {}, { ...live, state: "listening", first: END - HOUR, last: END });
  assert.deepEqual(
    covered(recording).inputs.map((it) => [it.name, it.live, it.frames, it.from, it.to, it.state]),
    [
      ["eth1", true, 2_000, END - 5 * HOUR, END, "listening"],
      ["eth2", true, 1_000, END - 5 * HOUR, END - 4 * HOUR, "ended"],
    ],
  );
});

test("a mirror is judged by the time in which somebody listened, with what the whole recording tells", (t) => {
  const recording = new Recording(t);
  const counts = { broadcast: 10, multicast: 10, flowsTwoWay: 50, flowsOneWay: 0, vlans: { "20": 900 } };
  const row = { live: 1, state: "listening", frames: 450 };
  recording.run("eth1", counts, { ...row, first: END - HOUR, last: END - HOUR + 20e6 });
  recording.run("eth1", counts, { ...row, first: END - 20e6, last: END });
  assert.equal(verdictOf(recording), null, "40 s, with an hour in between");
  recording.run("eth1", counts, { ...row, first: END - MINUTE, last: END - 30e6 });
  assert.equal(verdictOf(recording), "nothingClinical");
  const ct = recording.endpoint(null, "10.0.0.1");
  recording.device([ct], { kind: "CT", lifeCritical: "diagnostic" });
  assert.equal(verdictOf(recording), "noDhcp");
  recording.claim(ct, "hostname", "ct1", "dhcp");
  assert.equal(verdictOf(recording), "good");
});

test("a device that is probably clinical is, and one whose kind is not known is not", (t) => {
  const recording = new Recording(t);
  recording.run("eth1", { flowsTwoWay: 50 }, { frames: 5_000, last: END });
  recording.device([recording.endpoint(null, "10.0.0.1")], { lifeCritical: "life-supporting" });
  assert.equal(verdictOf(recording), "nothingClinical");
  recording.device([recording.endpoint(null, "10.0.0.2")], { lifeCritical: "therapy", kind: ["Infusion pump", 6] });
  assert.equal(verdictOf(recording), "noDhcp");
});

test("a word that only clinical machines say is enough, whoever it is of", (t) => {
  const recording = new Recording(t);
  recording.run("eth1", { flowsTwoWay: 50 }, { frames: 5_000, last: END });
  recording.claim(recording.endpoint(null, "10.0.0.1"), "hl7Application", "ADT@MAIN", "hl7");
  assert.equal(verdictOf(recording), "noDhcp");
});

test("notes tell what was written down, what was half-read, what never came and what overlaps", (t) => {
  const recording = new Recording(t);
  const of = (from: number, to: number) => ({ first: END - from * MINUTE, last: END - to * MINUTE });
  recording.run("a.pcap", {}, { ...of(50, 40), state: "half-read", trouble: "it ends within record 12, at byte 1,928" });
  recording.run("b.pcap", {}, { ...of(45, 30), state: "half-read", trouble: "the sensor ended in it" });
  recording.run("c.pcap", {}, { ...of(30, 20), missing: 2, sequence: 8 });
  recording.note("b.pcap", "b.pcap is half-read: the sensor ended in it (SIGKILL)");
  assert.deepEqual(covered(recording).notes, [
    "b.pcap is half-read: the sensor ended in it (SIGKILL)",
    "a.pcap is half-read: it ends within record 12, at byte 1,928. What was read before it is kept.",
    "2 of 10 batches of c.pcap never came: what was heard in them is missing.",
    "a.pcap and b.pcap overlap in time: what was captured in both counts twice.",
  ]);
});

test("of many overlaps a few are named", (t) => {
  const recording = new Recording(t);
  for (let at = 0; at < 10; at++) recording.run(`ring-${at}.pcap`, {}, { first: END - HOUR, last: END });
  assert.deepEqual(covered(recording).notes.slice(-2), [
    "ring-0.pcap and ring-5.pcap overlap in time: what was captured in both counts twice.",
    "4 of 10 files more overlap in time.",
  ]);
});

function covered(recording: Recording) {
  const store = new Store(recording.path);
  try {
    return coverageOf(store, "ward");
  } finally {
    store.close();
  }
}

function verdictOf(recording: Recording): string | null {
  return covered(recording).inputs[0]!.verdict?.kind ?? null;
}

test("what could only be taken in part is told with how much of it", (t) => {
  const recording = new Recording(t);
  const counts = { timeBackwards: 3, unheard: { linkType: 1_000 }, malformed: { tooDeep: 2 } };
  recording.run("a.pcap", counts, { frames: 1_000, first: END - HOUR, last: END });
  assert.deepEqual(covered(recording).notes, [
    "3 of 1,000 frames of a.pcap were stamped earlier than one before them: they count as heard at the latest time.",
    "1,000 of 1,000 frames of a.pcap came over a kind of link that is not read: expected Ethernet, IP, loopback, Linux cooked, 802.11 or PPP.",
    "2 of 1,000 frames of a.pcap lay in more tunnels than are followed: what is deepest in them was not heard.",
  ]);
});

test("a capture with nothing in it overlaps with none", (t) => {
  const recording = new Recording(t);
  recording.run("a.pcap", {}, { frames: 10, first: END - HOUR, last: END });
  recording.run("b.pcap", {}, { frames: 0, first: END - HOUR, last: END - HOUR });
  assert.deepEqual(covered(recording).notes, []);
});
