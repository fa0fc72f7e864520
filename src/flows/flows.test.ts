import assert from "node:assert/strict";
import { test } from "node:test";
import type { Batch } from "../model/batch.ts";
import { dialogue, type Said } from "../testing/dialogue.ts";
import { arp, ethernet, ipv4, MAC_A, MAC_B, tcp, tcpFrame, udp, udpFrame } from "../testing/frames.ts";
import { attempts, conversations, Ear, hear, observations, total } from "../testing/hear.ts";
import { hex } from "../testing/notes.ts";

/** Within a frame: IPv4 without options in Ethernet. */
const SOURCE_ADDRESS = 26;
const TARGET_ADDRESS = 30;
const SOURCE_PORT = 34;

const text = (value: string) => new Uint8Array(Buffer.from(value, "latin1"));
const GET = text("GET / HTTP/1.1\r\nHost: pacs.example\r\nUser-Agent: Viewer/2.1\r\n\r\n");
const OK = text("HTTP/1.1 200 OK\r\nServer: nginx/1.18.0\r\nContent-Length: 2\r\n\r\nhi");
const ACK = text(`\x0bMSH|^~\\&|ENGINE|WARD|MONITOR|ICU|20260101120000||ACK^R01|7|P|2.6\rMSA|AA|7\r\x1c\r`);
const MESSAGE = text(
  `\x0bMSH|^~\\&|MONITOR|ICU|ENGINE|WARD|20260101120000||ORU^R01^ORU_R01|7|P|2.6\rPID|||ZZ4711||ZZTEST^ALPHA\rOBX|1|NM|149530^PULS^MDC||72\r\x1c\r`,
);

test("a handshake says who serves, the payload says which protocol, on any port", () => {
  const frames = dialogue({ client: "10.0.0.1", server: "10.0.0.2", port: 9123 }, [
    ["client", GET],
    ["server", OK],
  ]);
  const batches = hear(frames);
  assert.deepEqual(conversations(batches), ["10.0.0.1 → 10.0.0.2 tcp 9123 http [GET] 5/3 answered 1 refused 0 by handshake"]);
  assert.ok(observations(batches).includes("10.0.0.2 serverBanner: nginx/1.18.0, http"));
});

test("a stream heard from its middle is read all the same, and who serves is told by who says what", () => {
  const frames = dialogue({ client: "10.0.0.1", server: "10.0.0.2", clientPort: 40_000, port: 50_123 }, [
    ["client", GET],
    ["server", OK],
  ]).slice(3);
  assert.deepEqual(conversations(hear(frames)), ["10.0.0.1 → 10.0.0.2 tcp 50123 http [GET] 3/2 answered 0 refused 0 by protocol"]);
});

test("a message cut anywhere, sent twice or out of order, is the same message", () => {
  const said: Said[] = [
    ["client", MESSAGE],
    ["server", ACK],
  ];
  const whole = observations(hear(dialogue({ port: 6661, client: "10.1.0.0", server: "10.2.0.0" }, said)));
  assert.ok(
    whole.some((line) => line.includes("hl7Application: MONITOR@ICU")),
    whole.join("\n"),
  );
  // Each way between two machines of its own, all of them in one hearing.
  const ways: string[] = [];
  const frames: Uint8Array[] = [];
  for (let cut = 1; cut < MESSAGE.length; cut++)
    for (const way of ["in two", "swapped", "twice"]) {
      const number = ways.push(`${way}, cut at ${cut}`);
      const place = `${number >>> 8}.${number & 255}`;
      const parts = dialogue({ port: 6661, client: `10.1.${place}`, server: `10.2.${place}` }, [
        ["client", MESSAGE.subarray(0, cut)],
        ["client", MESSAGE.subarray(cut)],
        ["server", ACK],
      ]);
      if (way === "swapped") [parts[3], parts[4]] = [parts[4]!, parts[3]!];
      if (way === "twice") parts.splice(5, 0, parts[3]!);
      frames.push(...parts);
    }
  const heard = Map.groupBy(observations(hear(frames)), (line) => /10\.[12]\.(\d+\.\d+)/.exec(line)![1]);
  for (const [index, way] of ways.entries()) {
    const place = `${(index + 1) >>> 8}.${(index + 1) & 255}`;
    const lines = heard.get(place)?.map((line) => line.replaceAll(/(?<=10\.[12])\.\d+\.\d+/g, ".0.0"));
    assert.deepEqual(lines?.toSorted(), whole.toSorted(), way);
  }
});

test("after a hole reading goes on where a message surely begins, and the hole is counted", () => {
  const frames = dialogue({ port: 6661 }, [
    ["client", MESSAGE],
    ["client", MESSAGE.subarray(0, 40)],
    ["client", MESSAGE.subarray(40)],
    ["server", ACK],
    ["client", MESSAGE],
    ["server", ACK],
  ]);
  frames.splice(4, 1);
  const batches = hear(frames);
  assert.equal(
    total(batches, ({ loss }) => loss.gaps),
    1,
  );
  assert.deepEqual(
    observations(batches).filter((line) => line.includes("hl7Application: MONITOR") && !line.includes("said by")),
    ["192.0.2.7 hl7Application: MONITOR@ICU, hl7 ×2"],
  );
});

test("what waits behind a hole is read when the other side says it has everything", () => {
  const frames = dialogue({ port: 6661 }, [
    ["client", MESSAGE],
    ["client", MESSAGE],
    ["client", text(new TextDecoder().decode(MESSAGE).replace("MONITOR|ICU", "PUMP|WARD"))],
  ]);
  // The handshake is three frames; after the messages the client says good-bye, and the server's frames say what it has.
  const [second, acknowledgments] = [4, [7, 8]];
  const pump = (kept: readonly Uint8Array[]) => observations(hear(kept)).some((line) => line.includes("hl7Application: PUMP"));
  const without = frames.filter((_, at) => at !== second && !acknowledgments.includes(at));
  assert.equal(pump(without), false, "nobody says that it came");
  const acknowledged = tcpFrame({ from: 6661, to: 49_152, fromIp: "192.0.2.66", toIp: "192.0.2.7", sequence: 5_001, acknowledgment: 1_001 + 3 * MESSAGE.length - 2, flags: "A" }); // prettier-ignore
  assert.equal(pump([...without, acknowledged]), true);
});

test("a device that lost its power speaks again from the same port, and is read again", () => {
  const before = dialogue({ port: 6661, end: "silence" }, [
    ["client", MESSAGE],
    ["server", ACK],
  ]);
  for (const sequences of [
    [900, 800],
    [1_500, 5_500],
    [3_000_000_000, 9_000],
    [1_000, 70_000],
  ] as const) {
    const again = dialogue({ port: 6661, sequences }, [
      ["client", text(new TextDecoder().decode(MESSAGE).replace("MONITOR|ICU", "PUMP|WARD"))],
      ["server", ACK],
    ]);
    const heard = hear([...before, ...again], { every: 0.02 });
    assert.ok(
      observations(heard).some((line) => line.includes("hl7Application: PUMP@WARD")),
      sequences.join(),
    );
    assert.equal(
      total(heard, (batch) => batch.conversations.reduce((sum, row) => sum + row[10], 0)),
      2,
    );
  }
});

test("who was answered once and then is not has one attempt more, and no second conversation", () => {
  const port = 6661;
  const syn = tcpFrame({ from: 49_152, to: port, flags: "S", sequence: 77_000, fromIp: "192.0.2.7", toIp: "192.0.2.66" });
  const heard = hear([...dialogue({ port }, [["client", MESSAGE]]), syn]);
  assert.deepEqual(conversations(heard), ["192.0.2.7 → 192.0.2.66 tcp 6661 hl7 [ORU^R01] 5/2 answered 1 refused 0 by handshake"]);
  assert.deepEqual(attempts(heard), ["192.0.2.7 → 192.0.2.66 tcp 6661 ×1"]);
});

test("what only the client says makes no service of its protocol", () => {
  const spoken = (frames: readonly Uint8Array[]) => hear(frames).flatMap(({ conversations: rows }) => rows.map((row) => [row[4], row[10], row[16]])); // prettier-ignore
  assert.deepEqual(spoken(dialogue({ port: 6661 }, [["client", MESSAGE], ["server", ACK]])), [["hl7", 1, 1]]); // prettier-ignore
  assert.deepEqual(spoken(dialogue({ port: 6661 }, [["client", MESSAGE]])), [["hl7", 1, 0]]);
  assert.deepEqual(spoken(dialogue({ port: 6661 }, [["client", MESSAGE], ["server", OK]])), [["hl7", 1, 0]]); // prettier-ignore
  // An answer too short to know a protocol by is one all the same, of what was asked in it.
  const ping = text("*1\r\n$4\r\nPING\r\n");
  assert.deepEqual(spoken(dialogue({ port: 6661 }, [["client", ping], ["server", text("+PONG\r\n")]])), [["redis", 1, 1]]); // prettier-ignore
  assert.deepEqual(spoken(dialogue({ port: 6661 }, [["client", ping], ["server", OK]])), [["redis", 1, 0]]); // prettier-ignore
});

test("a forged beginning does not deafen us to the connection under way", () => {
  const frames = dialogue(
    { port: 6661, end: "silence" },
    Array.from({ length: 12 }, (): Said => ["client", MESSAGE]),
  );
  const forged = tcpFrame({ from: 49_152, to: 6661, flags: "S", sequence: 0x7000_0000, fromIp: "192.0.2.7", toIp: "192.0.2.66" });
  const whole = observations(hear(frames));
  const heard = observations(hear([...frames.slice(0, 3), forged, ...frames.slice(3)]));
  assert.ok(
    whole.some((line) => line.includes("hl7Application")) && heard.some((line) => line.includes("hl7Application")),
    heard.join("\n"),
  );
});

test("clocks that were never set begin at 0, and are told in batches all the same", () => {
  const ear = new Ear({ flowsMax: 200_000 });
  const question = hex`4711 0100 0001 0000 0000 0000 04 70616373 05 6c6f63616c 00 0001 0001`;
  const frame = udpFrame({ from: 0, to: 53, fromIp: "10.0.0.0", toIp: "10.0.1.1" }, question);
  const fields = new DataView(frame.buffer, frame.byteOffset);
  for (let i = 0; i < 140_000; i++) {
    fields.setUint8(SOURCE_ADDRESS + 3, 1 + Math.floor(i / 60_000));
    fields.setUint16(SOURCE_PORT, 1_024 + (i % 60_000));
    ear.heard(frame, 0, frame.length, frame.length, 0, 1);
  }
  assert.ok(ear.batches.length >= 1 && ear.batches[0]!.from === 0, String(ear.batches.length));
});

test("while nobody takes what we tell, what is held of attempts has its limit, and the rest is counted", () => {
  const ear = new Ear({ every: 0.000_05, held: () => true });
  const first = tcpFrame({ from: 40_000, to: 445, flags: "S", fromIp: "10.0.0.1", toIp: "10.0.0.0" });
  const fields = new DataView(first.buffer, first.byteOffset);
  for (let i = 0; i < 300_000; i++) {
    fields.setUint32(TARGET_ADDRESS, 0x0a00_0000 | i);
    ear.frame(first);
  }
  ear.wait(60);
  const batches = ear.end();
  const told = total(batches, (batch) => batch.attempts.length);
  const { attempts: refused = 0, unanswered = 0 } = batches[0]!.loss.limits;
  assert.ok(told <= 262_144 && told + refused + unanswered <= 300_000, `${told} told, ${refused} refused, ${unanswered} let go`);
});

test("attempts nobody answered are no conversations; refused ones are, and say so", () => {
  const batches = hear([
    ...[22, 23, 80].map((to) => tcpFrame({ from: 40_000 + to, to, flags: "S" })),
    tcpFrame({ from: 45_000, to: 443, flags: "S" }),
    tcpFrame({ from: 443, to: 45_000, flags: "RA", fromIp: "10.0.0.2", toIp: "10.0.0.1" }),
  ]);
  assert.deepEqual(attempts(batches), ["10.0.0.1 → 10.0.0.2 tcp 22,23,80 ×3"]);
  assert.deepEqual(conversations(batches), ["10.0.0.1 → 10.0.0.2 tcp 443 ? [] 1/1 answered 0 refused 1 by handshake"]);
});

test("a client's own acknowledgment proves the handshake on a mirror that hears one direction only, and is no answer", () => {
  const frames = dialogue({ client: "10.0.0.1", server: "10.0.0.2", port: 80 }, [
    ["client", GET],
    ["server", OK],
  ]).filter((frame) => frame[29] === 1);
  const batches = hear(frames);
  assert.deepEqual(conversations(batches), ["10.0.0.1 → 10.0.0.2 tcp 80 http [GET] 5/0 answered 0 refused 0 by handshake"]);
  assert.deepEqual([total(batches, ({ frames: it }) => it.flowsOneWay), total(batches, ({ frames: it }) => it.flowsTwoWay)], [1, 0]);
});

test("the same packet heard twice counts once, and a routed copy names the other hop's machines", () => {
  const packet = (from: string, to: string, ttl: number, id: number) =>
    ethernet({ type: 0x0800, from, to }, ipv4({ protocol: 6, ttl, id }, tcp({ from: 40_000, to: 80, flags: "S", sequence: 5 })));
  const batches = hear([
    packet(MAC_A, MAC_B, 64, 7),
    packet(MAC_A, MAC_B, 64, 7),
    packet("02:00:00:00:00:0c", "02:00:00:00:00:0d", 63, 7),
    packet(MAC_A, MAC_B, 64, 8),
  ]);
  const { frames } = batches[0]!;
  assert.deepEqual([frames.frames, frames.duplicates, frames.routedCopies], [4, 1, 1]);
  const macs = new Set(batches.flatMap(({ addresses }) => addresses.map((it) => it[1])));
  assert.ok(macs.has("02:00:00:00:00:0c") && macs.has("02:00:00:00:00:0d"));
});

test("the group a switch put a machine into is said of that machine, once a batch", () => {
  // Version 1, length 1, one option: type 1 of length 0, tag 4711 (Cisco TrustSec).
  const inside = ipv4({ protocol: 17 }, udp({ from: 5_000, to: 5_001 }, text("hello")));
  const tagged = ethernet({ type: 0x8909, from: MAC_A, to: MAC_B }, Buffer.concat([hex`01 01 0001 1267 0800`, inside]));
  const lines = observations(hear([tagged, tagged], { every: 0.1 }));
  assert.deepEqual(
    lines.filter((line) => line.includes("securityTag")),
    ["10.0.0.1 securityTag: 4711, ethernet ×2"],
  );
});

test("an address is bound to the MAC that claims it, and said by nobody else", () => {
  const frame = ethernet(
    { type: 0x0806, from: MAC_A, to: "ff:ff:ff:ff:ff:ff" },
    arp(1, [MAC_A, "10.0.0.1"], ["00:00:00:00:00:00", "10.0.0.2"]),
  );
  assert.deepEqual(observations(hear([frame])), ["10.0.0.1 address: 10.0.0.1, arp"]);
});

test("a name is withheld as pattern and hash until its machine shows that it serves", () => {
  const request = hex`
    0101 0600 00000001 0000 0000 ${"00".repeat(16)} 02000000000a 0000 ${"00".repeat(200)} 63825363 35 01 01 0c 09 4a616e65732d506164 ff`;
  const dhcp = udpFrame({ from: 68, to: 67, fromIp: "0.0.0.0", toIp: "255.255.255.255" }, request);
  const before = observations(hear([dhcp]));
  assert.ok(before.includes(`${MAC_A} namePattern: aaaaa-aaa, dhcp`), before.join("\n"));
  assert.ok(!JSON.stringify(before).includes("Janes"));

  const serving = dialogue({ client: "10.0.0.2", server: "10.0.0.1", port: 80 }, [["client", GET]]).map((frame) => {
    const own = Uint8Array.from(frame);
    // The server's frames carry the MAC that asked by DHCP.
    own.set(frame[29] === 1 ? hex`02000000000b 02000000000a` : hex`02000000000a 02000000000b`);
    return own;
  });
  const after = observations(hear([dhcp, ...serving]));
  assert.ok(after.includes(`${MAC_A} hostname: Janes-Pad, dhcp`), after.join("\n"));
});

test("what one flow agrees on is filed under that protocol", () => {
  const control = dialogue({ client: "10.0.0.1", server: "10.0.0.2", port: 21 }, [
    ["server", text("220 ProFTPD ready\r\n")],
    ["client", text("PASV\r\n")],
    ["server", text("227 Entering Passive Mode (10,0,0,2,156,64)\r\n")],
  ]);
  const data = dialogue({ client: "10.0.0.1", server: "10.0.0.2", clientPort: 40_001, port: 40_000 }, [["server", text("some file")]]);
  const lines = conversations(hear([...control.slice(0, -3), ...data]));
  assert.ok(
    lines.some((line) => line.startsWith("10.0.0.1 → 10.0.0.2 tcp 40000 ftp-data")),
    lines.join("\n"),
  );
});

test("who sends to another address on its very own card is marked, a machine that looks for itself is not", () => {
  const frame = (from: string, to: string, target = MAC_A) =>
    ethernet(
      { type: 0x0800, from: MAC_A, to: target },
      ipv4({ protocol: 17, from, to, ttl: 128 }, udp({ from: 4000, to: 4000 }, text("hello"))),
    );
  const bits = (...frames: Uint8Array[]) =>
    hear(frames).flatMap(({ addresses }) =>
      addresses.flatMap(([, , ip, , sent, , , , ttls]) => (ip !== null && sent > 0 ? [`${ip} ${ttls}`] : [])),
    );
  assert.deepEqual(bits(frame("10.0.0.1", "10.0.0.2")), ["10.0.0.1 68"]);
  assert.deepEqual(bits(frame("10.0.0.1", "10.0.0.2", MAC_B)), ["10.0.0.1 4"]);
  assert.deepEqual(bits(frame("10.0.0.1", "10.0.0.1")), ["10.0.0.1 4"]);
});

test("what flows to a group is a conversation with the group", () => {
  const frames = [udpFrame({ from: 5353, to: 5353, toIp: "224.0.0.251" }, hex`0000 8400 0000 0000 0000 0000`)];
  assert.match(conversations(hear(frames))[0]!, /^10\.0\.0\.1 → 224\.0\.0\.251 udp 5353/);
});

test("frames of a network left out are counted and never parsed", () => {
  const frames = dialogue({ client: "10.9.0.1", server: "10.0.0.2", port: 80 }, [["client", GET]]);
  const batches = hear(frames, { leftOut: ["10.9.0.0/16"] });
  assert.equal(
    total(batches, (it) => it.frames.frames),
    frames.length,
  );
  assert.deepEqual([conversations(batches), observations(batches)], [[], []]);
  assert.equal(batches[0]!.loss.limits["leftOut"], frames.length);
});

test("batches close on packet time, and those stored already are worked out and not sent", () => {
  const talk = (ear: Ear) => {
    for (let i = 0; i < 30; i++) {
      ear.frame(udpFrame({ from: 40_000 + i, to: 9_999 }, text(`beat ${i}`)));
      ear.wait(2);
    }
    return ear.end();
  };
  const all = talk(new Ear());
  assert.deepEqual(
    all.map((it) => it.sequence),
    all.map((_, index) => index + 1),
  );
  assert.ok(all.length >= 6 && all.every((it) => it.to - it.from <= 12e6));
  assert.deepEqual(
    all.map((it) => it.end === true),
    all.map((_, index) => index === all.length - 1),
  );
  const rest = talk(new Ear({ skipTo: 3 }));
  assert.deepEqual(rest, all.slice(3));
});

test("no batch is larger than what a broker takes, however much came in one second", () => {
  const ear = new Ear({ every: 0.000001, flowsMax: 100_000 });
  for (let i = 0; i < 10_000; i++) ear.frame(udpFrame({ from: 1 + i, to: 53, fromIp: `10.1.${i >> 8}.${i & 255}` }, text("x")));
  const batches = ear.end();
  assert.equal(
    total(batches, (it) => it.frames.frames),
    10_000,
  );
  for (const it of batches) {
    assert.ok(JSON.stringify(it).length <= 1_000_000);
    const places = it.addresses.length;
    for (const row of it.conversations) assert.ok(row[0] < places && row[1] < places);
  }
  assert.equal(
    total(batches, (it) => it.conversations.reduce((sum, row) => sum + row[6], 0)),
    10_000,
  );
});

test("first packets nobody answers never push out an established flow", () => {
  const ear = new Ear({ flowsMax: 1_000, every: 0.00001 });
  const known = dialogue({ client: "10.0.0.1", server: "10.0.0.2", port: 6661 }, [["client", MESSAGE]]);
  const later = dialogue({ client: "10.0.0.1", server: "10.0.0.2", port: 6661 }, [
    ["client", MESSAGE],
    ["client", MESSAGE],
  ]).slice(4, 5);
  for (const frame of known.slice(0, 4)) ear.frame(frame);
  for (let i = 0; i < 5_000; i++) ear.frame(tcpFrame({ from: 1_024 + i, to: 80, flags: "S", fromIp: `172.16.${i >> 8}.${i & 255}` }));
  for (const frame of later) ear.frame(frame);
  const batches = ear.end();
  assert.ok(total(batches, ({ loss }) => loss.limits["unanswered"] ?? 0) > 3_000);
  assert.equal(
    total(batches, ({ loss }) => loss.limits["flows"] ?? 0),
    0,
  );
  const messages = observations(batches).filter((line) => line.includes("hl7Application: MONITOR"));
  assert.match(messages.join(" "), /×2/);
});

test("a parser of ours that throws costs its own flow and nothing else", () => {
  const broken = { name: "broken", title: "Broken", over: [{ tcp: [] }], recognize: () => true, read: () => assert.fail("planted") };
  const ear = new Ear({ protocols: [broken] });
  for (const frame of dialogue({ client: "10.0.0.1", server: "10.0.0.2", port: 80 }, [["client", GET]])) ear.frame(frame);
  const batches: readonly Batch[] = ear.end();
  assert.equal(ear.defects.length, 1);
  assert.equal(
    total(batches, ({ loss }) => loss.limits["defects"] ?? 0),
    1,
  );
  assert.match(conversations(batches)[0]!, /tcp 80 broken .* answered 1/);
});
