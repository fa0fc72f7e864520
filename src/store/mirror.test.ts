/** A good mirror, each bad one made from it by one change, and the borders between them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { mirrorVerdict, type MirrorCounts } from "./mirror.ts";

/** A minute of a ward: a fifth of its frames to groups, a few connections one-sided as other paths make them, nothing lost. */
const GOOD: MirrorCounts = {
  name: "eth1",
  live: true,
  seconds: 60,
  frames: 10_000,
  drops: 0,
  duplicates: 20,
  cut: 0,
  broadcast: 1_200,
  multicast: 800,
  flowsTwoWay: 190,
  flowsOneWay: 10,
  unheard: {},
  vlans: { "0": 400, "20": 9_000, "7": 600 },
  clinical: true,
  dhcp: true,
};

test("a good mirror is called good", () => {
  assert.deepEqual(mirrorVerdict(GOOD), { kind: "good", words: "Both directions are copied, once and whole.", cure: "" });
  assert.equal(kind({ live: false }), "good");
});

for (const [name, change, words, cure] of [
  [
    "onlyBroadcasts",
    { frames: 300, broadcast: 180, multicast: 110, flowsTwoWay: 0, flowsOneWay: 0, clinical: false },
    "Only what goes to groups is copied: 290 of 300 frames. What devices say to each other is not heard.",
    "monitor session 1 source interface Gi1/0/1 both",
  ],
  [
    "oneDirection",
    { flowsTwoWay: 10, flowsOneWay: 190 },
    "Only one direction is copied of 190 of 200 connections: without the answers, services and systems stay unknown.",
    "monitor session 1 source interface Gi1/0/1 both",
  ],
  [
    "doubled",
    { frames: 20_000, duplicates: 8_000 },
    "8,000 of 20,000 frames came twice. Each counts once, but the port carries half of what it could.",
    "monitor session 1 source vlan 20 rx",
  ],
  [
    "cutShort",
    { cut: 4_000 },
    "4,000 of 10,000 frames came cut short: names and versions in what was cut are lost.",
    "no monitor session 1 truncate",
  ],
  [
    "tunnelled",
    { unheard: { esp: 5_000, capwapDtls: 2_000 }, flowsTwoWay: 3, flowsOneWay: 0, clinical: false },
    "Most of it goes through encrypted tunnels: 7,000 of 10,000 frames. Who speaks in them is not heard: copy a port behind the tunnel's end.",
    "monitor session 1 source interface Gi1/0/1 both",
  ],
  [
    "encrypted",
    { unheard: { macsec: 8_000 }, flowsTwoWay: 0, flowsOneWay: 0, clinical: false },
    "Most of it is encrypted on the link: 8,000 of 10,000 frames. Copy it inside the switch or controller, where it is in the clear.",
    "monitor session 1 source vlan 20 rx",
  ],
  [
    "dropping",
    { drops: 400 },
    "400 of 10,400 frames were dropped before they could be heard: what rests on counting or on silence is weaker.",
    "ethtool -G eth1 rx 4096",
  ],
  [
    "noDhcp",
    { dhcp: false },
    "No DHCP was heard, in which devices give their names when they ask for an address: add the port towards its server.",
    "monitor session 1 source interface Gi1/0/48 both",
  ],
  [
    "nothingClinical",
    { clinical: false },
    "Nothing clinical was heard on VLAN 7, 20: add the VLAN in which bedside or imaging devices stand.",
    "monitor session 1 source vlan 30 both",
  ],
  ["silent", { frames: 3 }, "Almost nothing comes from this port: 3 frames in 60 s.", "monitor session 1 destination interface Gi1/0/24"],
] as const)
  test(`a mirror that is ${name} is called so, with the line that cures it`, () =>
    assert.deepEqual(mirrorVerdict({ ...GOOD, ...change }), { kind: name, words, cure }));

test("before it was listened to for 50 seconds a mirror is judged by what is plain already, and waited for otherwise", () => {
  assert.equal(kind({ seconds: 3, frames: 1_999 }), null);
  assert.equal(kind({ seconds: 3, frames: 2_000, broadcast: 1_900 }), "good", "connections both ways stand beside a storm");
  assert.equal(kind({ seconds: 3, frames: 2_000, broadcast: 1_900, flowsTwoWay: 0, flowsOneWay: 0 }), "onlyBroadcasts");
  assert.equal(kind({ seconds: 3, flowsTwoWay: 0, flowsOneWay: 6 }), "oneDirection");
  assert.equal(kind({ seconds: 3 }), "good");
  assert.equal(kind({ seconds: 49, dhcp: false }), null, "a lease is renewed now and then");
  assert.equal(kind({ seconds: 50, dhcp: false }), "noDhcp");
  assert.equal(kind({ frames: 20, broadcast: 20, multicast: 0, flowsTwoWay: 0, flowsOneWay: 0 }), "onlyBroadcasts");
  assert.equal(kind({ frames: 19, broadcast: 19, multicast: 0, flowsTwoWay: 0, flowsOneWay: 0 }), null);
  assert.equal(kind({ seconds: 0, frames: 0, broadcast: 0, multicast: 0 }), null);
});

test("a port is silent below ten frames a minute, and a short file never", () => {
  assert.equal(kind({ frames: 9 }), "silent");
  assert.equal(kind({ frames: 99, seconds: 600 }), "silent");
  assert.equal(kind({ frames: 0, broadcast: 0, multicast: 0 }), "silent");
  assert.notEqual(kind({ frames: 100, seconds: 600 }), "silent");
  assert.notEqual(kind({ frames: 9, live: false }), "silent");
});

test("each border holds on both of its sides", () => {
  const quiet = { flowsTwoWay: 4, flowsOneWay: 0 };
  assert.equal(kind({ ...quiet, broadcast: 9_000, multicast: 0 }), "onlyBroadcasts");
  assert.equal(kind({ ...quiet, broadcast: 8_999, multicast: 0 }), "good");
  assert.equal(kind({ flowsTwoWay: 5, flowsOneWay: 0, broadcast: 9_000, multicast: 0 }), "good");
  assert.equal(kind({ flowsTwoWay: 80, flowsOneWay: 20 }), "oneDirection");
  assert.equal(kind({ flowsTwoWay: 81, flowsOneWay: 20 }), "good");
  assert.equal(kind({ flowsTwoWay: 1, flowsOneWay: 4 }), "good", "four connections are too few to tell");
  assert.equal(kind({ flowsTwoWay: 0, flowsOneWay: 1 }), "oneDirection", "questions over UDP without one answer");
  assert.equal(kind({ flowsTwoWay: 0, flowsOneWay: 0 }), "good", "a network without IP has no connections");
  assert.equal(
    kind({ flowsTwoWay: 0, flowsOneWay: 1, frames: 199, broadcast: 100, multicast: 0, duplicates: 0 }),
    "good",
    "99 frames between devices are too few to tell",
  );
  assert.equal(kind({ unheard: { esp: 4_000 } }), "tunnelled");
  assert.equal(kind({ unheard: { esp: 3_999 } }), "good");
  assert.equal(kind({ unheard: { wifiProtected: 2_500, esp: 1_500 } }), "encrypted");
  assert.equal(kind({ cut: 500 }), "cutShort");
  assert.equal(kind({ cut: 499 }), "good");
  assert.equal(kind({ drops: 11 }), "dropping");
  assert.equal(kind({ drops: 10 }), "good");
  assert.equal(kind({ duplicates: 1_000 }), "doubled");
  assert.equal(kind({ duplicates: 999 }), "good");
});

test("of several troubles the one that takes most of the hearing is named", () => {
  const all: Partial<MirrorCounts>[] = [
    { frames: 5 },
    { broadcast: 9_900, multicast: 0, flowsTwoWay: 0, flowsOneWay: 0 },
    { unheard: { esp: 9_000 } },
    { flowsOneWay: 190, flowsTwoWay: 10 },
    { cut: 4_000 },
    { drops: 400 },
    { duplicates: 4_000 },
    { clinical: false },
    { dhcp: false },
  ];
  const order = ["silent", "onlyBroadcasts", "tunnelled", "oneDirection", "cutShort", "dropping", "doubled", "nothingClinical", "noDhcp"];
  assert.deepEqual(
    all.map((_, at) => kind(Object.assign({}, ...all.slice(at).toReversed()) as Partial<MirrorCounts>)),
    order,
  );
});

test("a file's cure is the line that captures it anew", () => {
  assert.equal(mirrorVerdict({ ...GOOD, live: false, cut: 4_000 })?.cure, "tcpdump -i eth1 -s 0 -w ward.pcap");
  assert.equal(mirrorVerdict({ ...GOOD, live: false, drops: 400 })?.cure, "dumpcap -i eth1 -B 64 -w ward.pcapng");
});

function kind(change: Partial<MirrorCounts>): string | null {
  return mirrorVerdict({ ...GOOD, ...change })?.kind ?? null;
}
