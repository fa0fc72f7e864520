/** What a maker declares beside what was heard: three answers, each with what it rests on. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { ourDisclosures } from "../knowledge/disclosures.ts";
import { loadKnowledge } from "../knowledge/index.ts";
import {
  DISCLOSED_PEERS,
  type AttachedToModel,
  type DisclosedFlow,
  type DisclosureReport,
  type ModelDisclosure,
} from "../model/disclosure.ts";
import type { Mds2 } from "../model/paper.ts";
import { protocols } from "../protocols/index.ts";
import { assertProperty } from "../testing/property.ts";
import { replayed, type MachineSketch, type TalkSketch } from "../testing/replayed.ts";
import { compareDisclosed, disclosedModels } from "./disclosed.ts";
import { serviceIn } from "./service.ts";

const { kinds, makers } = loadKnowledge();

const flow = (more: Partial<DisclosedFlow>): DisclosedFlow => ({
  opens: "device", peers: ["pump server"], transport: "tcp", ports: "443", fixed: true, protocol: null, purpose: "report", need: "required",
  document: "Manual 1", page: "12", day: "2025", ...more,
}); // prettier-ignore
const said = (flows: readonly DisclosedFlow[], more: Partial<ModelDisclosure> = {}): ModelDisclosure => ({ maker: "Corvane", models: ["M50"], whole: "all", flows, mds2: null, attached: false, ...more }); // prettier-ignore

const WARD: readonly MachineSketch[] = [
  { name: "P1", kind: "infusion pump", model: "Corvane|M50" },
  { name: "P2", kind: "infusion pump", model: "Corvane|M50" },
  { name: "P3", kind: "infusion pump", model: "probably Corvane|M50" },
  { name: "OTHER", kind: "infusion pump", model: "Corvane|M51" },
  { name: "SRV", kind: "pump server" },
  { name: "MAYBE", kind: "probably pump server" },
  { name: "WS", kind: "workstation" },
  { name: "FAR", standing: "outside", ip: "203.0.113.9" },
  { name: "GROUP", standing: "group", ip: "224.0.0.251" },
];

function compared(disclosure: ModelDisclosure, talks: readonly (string | TalkSketch)[], days = 14): DisclosureReport {
  const replay = replayed(days, WARD, [...talks, `WS → OTHER tcp 1: 1-${days}`]);
  const [model] = disclosedModels(replay.machines, [disclosure], []);
  return compareDisclosed(model!, replay, kinds);
}
const asked = (rows: DisclosureReport["notDeclared"]) => rows.map(({ opens, peer, service, devices, days, because }) => `${opens} ${peer} ${service}: ${devices} on ${days}${because === "" ? "" : `, ${because}`}`); // prettier-ignore
const declared = ({ declared: rows }: DisclosureReport) => rows.map(({ answer, devices, others, days }) => `${answer}: ${devices} with ${others} on ${days}`); // prettier-ignore

test("a flow is heard, or not heard yet, and what is heard besides is a question; of another model nothing is said", () => {
  const report = compared(said([flow({}), flow({ ports: "80" })]), ["P1 → SRV tcp 443: 1,2", "P2 → SRV tcp 443: 2,3", "P2 → WS tcp 22: 5", "WS → P1 tcp 23: 6-8", "P3 → WS tcp 99: 1", "OTHER → WS tcp 98: 1"]); // prettier-ignore
  assert.deepEqual([report.devices, report.probable, report.model, report.window.days], [2, 1, "Corvane M50", 14]);
  assert.deepEqual(declared(report), ["heard: 2 with 1 on 3", "not heard yet: 0 with 0 on 0"]);
  assert.deepEqual(asked(report.notDeclared), ["peer workstation tcp 23: 1 on 3", "device workstation tcp 22: 1 on 1"]);
  assert.deepEqual(asked(report.cannotTell), []);
  assert.deepEqual(report.counts, { declared: 2, notDeclared: 2, cannotTell: 0, ground: 0, refused: 0 });
  assert.deepEqual(report.documents, ["Manual 1, page 12"]);
});

test("the direction, the transport, the port, the kind and the protocol must all be as declared", () => {
  const one = (talk: string | TalkSketch) => compared(said([flow({ protocol: "hl7" })]), [talk]).counts.declared;
  assert.equal(one("P1 → SRV tcp 443: 1"), 1);
  assert.equal(one({ talk: "P1 → SRV tcp 443: 1", protocol: "hl7" }), 1);
  for (const other of ["SRV → P1 tcp 443: 1", "P1 → SRV udp 443: 1", "P1 → SRV tcp 444: 1", "P1 → WS tcp 443: 1"])
    assert.equal(one(other), 0, other);
  assert.equal(one({ talk: "P1 → SRV tcp 443: 1", protocol: "http" }), 0);
});

test("who the other end is: a kind with all under it, the hospital's own, outside, a group, anyone", () => {
  const with_ = (peers: readonly string[], talk: string) => compared(said([flow({ peers, transport: "udp", ports: "99" })]), [talk]).counts.declared; // prettier-ignore
  const TALKS = { SRV: "P1 → SRV udp 99: 1", FAR: "P1 → FAR udp 99: 1", GROUP: "P1 → GROUP udp 99: 1" };
  const heard = (peers: readonly string[]) => Object.values(TALKS).map((talk) => with_(peers, talk)).join(""); // prettier-ignore
  assert.equal(heard(["clinical system"]), "100");
  assert.equal(heard(["inside"]), "100");
  assert.equal(heard(["outside"]), "010");
  assert.equal(heard(["multicast"]), "001");
  assert.equal(heard(["broadcast"]), "000");
  assert.equal(heard(["anyone"]), "111");
  assert.equal(heard(["image archive", "outside"]), "010");
});

test("nobody can tell where the other end is only probably known, a port is the site's, none is named, or a beginning was not heard", () => {
  const flows = [flow({}), flow({ ports: "104", fixed: false, protocol: "dicom", peers: ["inside"], purpose: "images" }), flow({ ports: null, transport: "udp", peers: ["workstation"], purpose: "update" })]; // prettier-ignore
  const one = (talk: string | TalkSketch) => {
    const { notDeclared, cannotTell, counts } = compared(said(flows), [talk]);
    return counts.declared > 0 ? "declared" : [...asked(notDeclared), ...cannotTell.map(({ unclear }) => unclear)].join();
  };
  assert.equal(one("P1 → MAYBE tcp 443: 1"), "recording");
  assert.equal(one("P1 → MAYBE tcp 442: 1"), "recording", "what is spoken there is not known, so it may be the port of images");
  assert.equal(one({ talk: "P1 → WS tcp 11112: 1", protocol: "dicom" }), "declared");
  assert.equal(one({ talk: "P1 → WS tcp 11112: 1", protocol: "http" }), "device workstation tcp 11112: 1 on 1");
  assert.equal(one("P1 → WS udp 5000: 1"), "document");
  assert.equal(one("P1 → SRV udp 5000: 1"), "device pump server udp 5000: 1 on 1");
  assert.equal(one({ talk: "P1 → SRV udp 5000: 1", side: "guessed" }), "recording");
  assert.equal(one({ talk: "P1 → GROUP udp 5000: 1", side: "guessed" }), "device multicast udp 5000: 1 on 1", "a group sends nothing");
});

test("what stands in no line is a question only where the document lists all of that direction", () => {
  const talks = ["P1 → WS tcp 22: 1", "WS → P1 tcp 23: 1"];
  const counts = (whole: ModelDisclosure["whole"]) => {
    const { notDeclared, cannotTell } = compared(said([flow({})], { whole }), talks);
    return [notDeclared.map(({ opens }) => opens).join(" "), cannotTell.map(({ opens }) => opens).join(" ")];
  };
  assert.deepEqual(counts("all"), ["device peer", ""]);
  assert.deepEqual(counts("opened by it"), ["device", "peer"]);
  assert.deepEqual(counts("opened to it"), ["peer", "device"]);
  assert.deepEqual(counts("part"), ["", "device peer"]);
});

test("how addresses are got is nobody's question, unless it is declared; what a device refuses is no work of its", () => {
  const talks = ["P1 → SRV udp 67: 1", { talk: "WS → P1 tcp 23: 1", answered: 0, refused: 4 }, { talk: "P1 → WS tcp 23: 1", answered: 0, refused: 4 }]; // prettier-ignore
  assert.deepEqual(compared(said([flow({})]), talks).counts, { declared: 0, notDeclared: 1, cannotTell: 0, ground: 1, refused: 1 });
  assert.equal(compared(said([flow({ transport: "udp", ports: "67" })]), talks).counts.declared, 1);
});

test("silence says nothing where the window is short", () => {
  assert.deepEqual(declared(compared(said([flow({})]), ["P1 → WS tcp 22: 1"], 6)), ["cannot tell: 0 with 0 on 0"]);
  const { declared: rows, doubts } = compared(said([flow({})]), ["P1 → SRV tcp 443: 1"], 6);
  assert.deepEqual([rows[0]?.answer, doubts.length], ["heard", 1]);
});

const form = (...answers: readonly (readonly [string, "yes" | "no"])[]): Mds2 => ({ kind: "mds2", day: "2024-02-01", answers: answers.map(([id, answer]) => ({ id, question: `${id}?`, answer, words: "" })) }); // prettier-ignore

test("an MDS2 form that says no makes a question, one that says yes leaves it open, and both are shown beside what was heard", () => {
  const talks = ["P1 → FAR tcp 443: 1", "P2 → SRV tcp 443: 1"];
  const no = compared(said([flow({})], { mds2: form(["CONN-3", "yes"], ["CONN-4", "no"]) }), talks);
  assert.deepEqual(asked(no.notDeclared), ["device outside tcp 443: 1 on 1, MDS2 of 2024-02-01, CONN-4: no"]);
  assert.deepEqual(no.stated, [
    { id: "CONN-3", question: "CONN-3?", answer: "yes", heard: 1 },
    { id: "CONN-4", question: "CONN-4?", answer: "no", heard: 1 },
  ]);
  assert.deepEqual(no.documents, ["Manual 1, page 12", "MDS2 of 2024-02-01"]);
  const yes = compared(said([flow({})], { mds2: form(["CONN-4", "yes"]) }), talks);
  assert.deepEqual([yes.notDeclared, yes.cannotTell.map(({ unclear }) => unclear)], [[], ["document"]]);
  assert.deepEqual(asked(compared(said([flow({})]), talks).notDeclared), ["device outside tcp 443: 1 on 1"]);
  // A form alone: what it does not deny is open.
  const alone = compared(said([], { whole: "part", mds2: form(["CONN-4", "no"]) }), talks);
  assert.deepEqual(
    [asked(alone.notDeclared).length, alone.cannotTell.map(({ because }) => because)],
    [1, ["the MDS2 form names no ports"]],
  );
});

test("what a person attached is of just that model and goes before ours; a form beside ours is joined with it", () => {
  const { machines } = replayed(1, WARD, ["P1 → SRV tcp 1: 1"]);
  const ours = [said([flow({})], { models: ["M5*"] })];
  const of = (attached: readonly AttachedToModel[]) => disclosedModels(machines, ours, attached).map(({ disclosure, members, models }) => [models.join(), members.length, disclosure.flows.length, disclosure.mds2 !== null, disclosure.attached]); // prettier-ignore
  assert.deepEqual(of([]), [["M50,M51", 3, 1, false, false]]);
  const table = { kind: "disclosure", day: "2025", whole: "all", flows: [flow({}), flow({})] } as const;
  assert.deepEqual(of([{ maker: "Corvane", model: "M50", disclosure: table, mds2: null }]), [["M50", 2, 2, false, true], ["M51", 1, 1, false, false]]); // prettier-ignore
  assert.deepEqual(of([{ maker: "Corvane", model: "M51", disclosure: null, mds2: form() }]), [["M50", 2, 1, false, false], ["M51", 1, 1, true, false]]); // prettier-ignore
  assert.deepEqual(of([{ maker: "Another", model: "M50", disclosure: table, mds2: null }]).length, 1);
});

test("our own table is of makers and kinds we know, in ports and protocols we can read", () => {
  for (const { maker, models, whole, flows } of ourDisclosures()) {
    assert.equal(makers.called(maker).name, maker);
    assert.ok(models.every((it) => it !== ""));
    for (const it of flows) {
      assert.ok(
        it.peers.every((peer) => kinds.has(peer) || (DISCLOSED_PEERS as readonly string[]).includes(peer)),
        it.peers.join(),
      );
      if (it.ports !== null) serviceIn(`${it.transport} ${it.ports}`);
      assert.ok(it.protocol === null || protocols.some(({ name }) => name === it.protocol), String(it.protocol));
      assert.ok(
        [it.purpose, it.document, it.page].every((text) => text !== ""),
        `${models.join()} ${whole}`,
      );
    }
  }
});

const anyFlow = fc.record({
  opens: fc.constantFrom<DisclosedFlow["opens"]>("device", "peer"),
  peers: fc.subarray(["pump server", "workstation", "inside", "outside", "multicast", "anyone"], { minLength: 1, maxLength: 2 }),
  transport: fc.constantFrom<DisclosedFlow["transport"]>("tcp", "udp"),
  ports: fc.constantFrom("1", "2-3", "67", null),
  fixed: fc.boolean(),
  protocol: fc.constantFrom("hl7", null),
});
const anyTalk = fc.record({
  ends: fc.tuple(fc.constantFrom(...WARD.map(({ name }) => name)), fc.constantFrom(...WARD.map(({ name }) => name))).filter(([a, b]) => a !== b),
  transport: fc.constantFrom("tcp", "udp", "icmp"),
  port: fc.constantFrom(1, 2, 3, 4, 67),
  protocol: fc.constantFrom("hl7", "http", undefined),
  side: fc.constantFrom<TalkSketch["side"][]>("handshake", "guessed"),
  answered: fc.constantFrom(0, 2),
}); // prettier-ignore

test("each conversation of a model's devices has just one answer, and the rows add up to it", () => {
  const property = fc.property(fc.array(anyFlow, { maxLength: 4 }), fc.constantFrom<ModelDisclosure["whole"][]>("all", "part", "opened by it", "opened to it"), fc.constantFrom(null, form(["CONN-4", "no"], ["CONN-3", "yes"]), form(["CONN-4", "yes"])), fc.uniqueArray(anyTalk, { maxLength: 20, selector: ({ ends, transport, port }) => `${ends.join()} ${transport} ${port}` }), (flows, whole, mds2, talks) => {
    const report = compared(
      said(flows.map((it) => flow(it)), { whole, mds2 }),
      talks.map(({ ends, transport, port, protocol, side, answered }) => ({ talk: `${ends.join(" → ")} ${transport} ${port}: 1`, ...(protocol === undefined ? {} : { protocol }), side: side!, answered, refused: answered === 0 ? 3 : 0 })),
    );
    const took = talks.filter(({ ends }) => ends.some((it) => it === "P1" || it === "P2")).length;
    const { counts } = report;
    assert.equal(counts.declared + counts.notDeclared + counts.cannotTell + counts.ground + counts.refused, took);
    const sum = (rows: readonly { readonly conversations: number }[]) => rows.reduce((all, it) => all + it.conversations, 0);
    assert.deepEqual([sum(report.declared), sum(report.notDeclared), sum(report.cannotTell)], [counts.declared, counts.notDeclared, counts.cannotTell]);
    assert.ok(report.cannotTell.every(({ because, unclear }) => because !== "" && unclear !== null));
    assert.ok(report.notDeclared.every(({ unclear }) => unclear === null));
  });
  assertProperty(property, { numRuns: 500 });
}); // prettier-ignore
