/** Machines are told of in the order they came, wherever a batch ends: the core numbers them as they come. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Protocol } from "../model/protocol.ts";
import { arp, ethernet, tcpFrame, udpFrame } from "../testing/frames.ts";
import { Ear } from "../testing/hear.ts";

/** A gateway that speaks for machines behind it: "serial,serial". */
const gateway: Protocol = {
  name: "gateway",
  title: "Gateway",
  over: [{ udp: [6000] }],
  recognize: () => true,
  read: (message, report, { sender }) => {
    for (const serial of Buffer.from(message).toString().split(",")) report.observe({ gateway: sender, serial }, "model", "pump");
    report.observe(sender, "model", "gateway");
  },
};

/** Addresses as a core meets them, each once. `held`: all in one batch at the end. */
function told(held: boolean): { readonly order: readonly string[]; readonly batches: number } {
  const ear = new Ear({ protocols: [gateway], every: 0.7, held: () => held });
  // Machines that come late are talked to by those that were first, so that rows name them in another order than they came.
  for (let i = 0; i < 300; i++) {
    const toIp = `10.0.1.${(i * 7) % 250}`;
    ear.frame(udpFrame({ from: 6000, to: 7000 + (i % 5), fromIp: `10.0.0.${i % 90}`, toIp }, Buffer.from(`S${i},S${(i * 5) % 77}`)));
  }
  const batches = ear.end();
  const names = batches.flatMap(({ addresses }) => addresses.map(([, mac, ip, child]) => `${mac} ${ip} ${child}`));
  return { order: [...new Set(names)], batches: batches.length };
}

test("hosts and the machines behind them are told in the order of arrival, in one batch or in many", () => {
  const [whole, parts] = [told(true), told(false)];
  assert.ok(whole.batches === 1 && parts.batches > 10, `${whole.batches}, ${parts.batches}`);
  assert.ok(whole.order.length > 600, String(whole.order.length));
  assert.deepEqual(parts.order, whole.order);
});

test("signals of a busy second go at once and alone; what else it says waits", () => {
  const ear = new Ear({ every: 0.0002 });
  // Two seconds of six thousand senders that were never heard, whom nobody answers: more than a batch holds.
  for (let i = 0; i < 12_000; i++)
    ear.frame(tcpFrame({ from: 9, to: 9, flags: "S", fromIp: `10.1.${i >> 8}.${i & 255}`, toIp: "10.0.0.1" }));
  const batches = ear.end();
  const alone = batches.filter(({ signals, frames }) => signals.length > 0 && frames.frames === 0);
  assert.ok(alone.length > 0, "signals that did not wait");
  for (const { observations, conversations } of alone) assert.deepEqual([observations, conversations], [[], []]);
  assert.equal(
    batches.reduce((sum, { frames }) => sum + frames.frames, 0),
    12_000,
  );
  const names = batches.flatMap(({ addresses }) => addresses.map(([, mac, ip, child]) => `${mac} ${ip} ${child}`));
  assert.equal(new Set(names.filter((name) => name.includes("10.1."))).size, 12_000);
});

test("live, a refused connection is told within a second or two; of a file it waits for the batch to end", () => {
  const [fromIp, toIp] = ["10.0.0.1", "10.0.0.2"];
  const asks = (from: number, sequence: number) => tcpFrame({ from, to: 80, flags: "S", sequence, fromIp, toIp });
  const goesOn = (count: number) => Array.from({ length: count }, () => tcpFrame({ from: 2_000, to: 80, flags: "A", fromIp, toIp }));
  // Answered before, so that it is no news that it is asked; four seconds later refused.
  const answered = [asks(2_000, 0), tcpFrame({ from: 80, to: 2_000, flags: "SA", acknowledgment: 1, fromIp: toIp, toIp: fromIp })];
  const refused = [asks(3_000, 7), tcpFrame({ from: 80, to: 3_000, flags: "RA", acknowledgment: 8, fromIp: toIp, toIp: fromIp })];
  const secondsUntilTold = (live: boolean) => {
    const ear = new Ear({ every: 0.5, live });
    for (const it of [...answered, ...goesOn(5), ...refused, ...goesOn(40)]) ear.frame(it);
    const batches = ear.end();
    const told = batches.find(({ conversations: rows }) => rows.some((row) => row[11] > 0))!;
    return (told.to - batches[0]!.from) / 1e6 - 4;
  };
  assert.ok(secondsUntilTold(true) <= 2, String(secondsUntilTold(true)));
  assert.ok(secondsUntilTold(false) >= 5, String(secondsUntilTold(false)));
});

test("live, whoever arrives or comes back is told at once, sooner than others; of a file all wait for the batch to end", () => {
  const arrivals = (live: boolean) => {
    const ear = new Ear({ every: 0.5, live });
    const from = (last: number, count: number) => {
      for (let i = 0; i < count; i++) ear.frame(udpFrame({ from: 9, to: 9, fromIp: `10.1.0.${last}`, toIp: "10.0.0.1" }));
    };
    from(1, 60);
    from(2, 130);
    from(1, 60);
    return ear.end().flatMap(({ to, addresses }) => addresses.flatMap(([, , ip, , frames, , first]) => (ip?.startsWith("10.1.") && frames > 0 ? [{ ip, first, late: to - first }] : []))); // prettier-ignore
  };
  const firstOf = (all: ReturnType<typeof arrivals>, ip: string, nth: number) => all.filter((it) => it.ip === ip && (nth === 0 || it.first > all[0]!.first + 60e6))[0]!.late; // prettier-ignore
  for (const [ip, nth] of [["10.1.0.1", 0], ["10.1.0.2", 0], ["10.1.0.1", 1]] as const) assert.ok(firstOf(arrivals(true), ip, nth) <= 1e6, `${ip} ${nth}`); // prettier-ignore
  assert.ok(firstOf(arrivals(false), "10.1.0.1", 0) > 8e6);
});

test("live, who arrived with the last packet before a silence is told in it, and so is an address given to somebody; nobody else", () => {
  const [mac, server] = ["00:09:fb:00:00:07", "00:09:fb:00:00:01"];
  const to = "ff:ff:ff:ff:ff:ff";
  const says = (ip: string) => ethernet({ type: 0x0806, from: mac, to }, arp(1, [mac, ip], ["00:00:00:00:00:00", "10.0.0.1"]));
  const answers = ethernet({ type: 0x0806, from: server, to: mac }, arp(2, [server, "10.0.0.1"], [mac, "10.0.0.7"]));
  const toldAfter = (live: boolean, frames: readonly Uint8Array[]) => {
    const ear = new Ear({ every: 0.001, live });
    for (const it of frames) ear.frame(it);
    ear.pause();
    const before = ear.batches.length;
    return { before, again: (frame: Uint8Array) => (ear.frame(frame), ear.pause(), ear.batches.slice(before)) };
  };
  assert.equal(toldAfter(false, [says("10.0.0.7")]).before, 0, "of a file nobody waits");
  const live = toldAfter(true, [says("10.0.0.7"), answers]);
  assert.equal(live.before, 1);
  assert.deepEqual(live.again(says("10.0.0.7")), [], "it is there already");
  assert.deepEqual(live.again(says("10.0.0.8")).flatMap(({ addresses }) => addresses.flatMap(([, , ip]) => ip ?? [])).filter((it) => it === "10.0.0.8"), ["10.0.0.8"]); // prettier-ignore
});
