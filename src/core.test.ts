import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import * as fc from "fast-check";
import { Core } from "./core.ts";
import type { Batch } from "./model/batch.ts";
import { dialogue } from "./testing/dialogue.ts";
import { arp, ethernet, udpFrame } from "./testing/frames.ts";
import { hear } from "./testing/hear.ts";
import { assertProperty } from "./testing/property.ts";
import { DiskRefused } from "./store/writing.ts";
import { someBatches } from "./testing/some-batches.ts";

const text = (value: string) => new Uint8Array(Buffer.from(value, "latin1"));

/** A small ward: 20 clients of one server, each known by ARP, over more than one batch. */
function ward(): readonly Batch[] {
  const frames: Uint8Array[] = [];
  for (let i = 1; i <= 20; i++) {
    const mac = `00:09:fb:00:00:${i.toString(16).padStart(2, "0")}`;
    frames.push(
      ethernet({ type: 0x0806, from: mac, to: "ff:ff:ff:ff:ff:ff" }, arp(1, [mac, `10.0.0.${i}`], ["00:00:00:00:00:00", "10.0.0.200"])),
    );
    frames.push(
      ...dialogue({ client: `10.0.0.${i}`, server: "10.0.0.200", port: 80 }, [
        ["client", text("GET / HTTP/1.1\r\nHost: ward\r\n\r\n")],
        ["server", text("HTTP/1.1 200 OK\r\nServer: nginx/1.18.0\r\nContent-Length: 0\r\n\r\n")],
      ]),
    );
  }
  return hear(frames, { every: 0.15 });
}

function recording(work: (path: string) => void): void {
  const directory = mkdtempSync(join(tmpdir(), "auscult-core-"));
  try {
    work(join(directory, "ward.db"));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const open = (path: string) => new Core({ path, site: "main", ownRanges: [] });

function devices(path: string): unknown[] {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    return database.prepare("SELECT * FROM device ORDER BY id").all();
  } finally {
    database.close();
  }
}

/** Of a batch the same on another day. */
function onDay(batch: Batch, days: number, run: string): Batch {
  const by = days * 86_400_000_000;
  const at = (row: readonly unknown[], ...places: readonly number[]) => row.map((it, place) => (places.includes(place) ? (it as number) + by : it)); // prettier-ignore
  return { ...batch, run, sequence: days + 1, from: batch.from + by, to: batch.to + by, addresses: batch.addresses.map((row) => at(row, 6, 7)), observations: [], conversations: [], signals: [] } as unknown as Batch; // prettier-ignore
}

test("of what is heard live each day is summed when it ends, of a file each week and its end; a day begun again takes its place", () => {
  const [batch] = ward();
  const summed = (run: string, days: readonly number[], settles: number) => {
    let at: readonly number[] = [];
    recording((path) => {
      const sumsOfDay = () => [{ part: "all", name: "", devices: 20, patient: 1, device: 2, network: 3, high: 4, exposed: 5, affected: 6, possible: 7, unsupported: 8 }] as const; // prettier-ignore
      const core = new Core({ path, site: "main", ownRanges: [], sumsOfDay });
      for (const day of days) core.take(onDay(batch!, day, run));
      for (let times = 0; times < settles; times++) core.settle();
      core.close();
      const store = new DatabaseSync(path, { readOnly: true });
      at = store.prepare("SELECT at FROM daily ORDER BY at").all().map((row) => Math.floor(((row["at"] as number) - batch!.from) / 86_400_000_000)); // prettier-ignore
      store.close();
    });
    return at;
  };
  assert.deepEqual(summed("live-1", [0, 1, 2, 3, 5], 2), [1, 2, 3, 5], "of a recording shorter than a day none");
  assert.deepEqual(summed("file-1", [0, 1, 2, 7, 8, 13, 14, 15, 16], 1), [7, 14, 16]);
  assert.deepEqual(summed("live-1", [0], 1), []);
});

test("a batch that begins a day is held though there is no room for the sums of the day before", () => {
  const [batch] = ward();
  recording((path) => {
    const sumsOfDay = () => {
      throw new DiskRefused("no room");
    };
    const core = new Core({ path, site: "main", ownRanges: [], sumsOfDay });
    const days = [0, 1, 2, 3].map((day) => onDay(batch!, day, "live-1"));
    for (const it of days) assert.ok(core.take(it));
    core.flush();
    assert.deepEqual(
      days.map(({ sequence }) => core.markOf("live-1")!.sequence >= sequence),
      [true, true, true, true],
    );
    core.close();
  });
});

test("devices are the same however often they were worked out on the way, and however often the writer was started again", () => {
  const batches = ward();
  assert.ok(batches.length >= 3);
  let wanted: unknown[] = [];
  recording((path) => {
    const core = open(path);
    for (const batch of batches) core.take(batch);
    core.settle();
    core.close();
    wanted = devices(path);
    assert.ok(wanted.length >= 21);
  });
  recording((path) => {
    for (const batch of batches) {
      const core = open(path);
      core.take(batch);
      core.flush();
      core.close();
    }
    const core = open(path);
    core.settle();
    core.close();
    assert.deepEqual(devices(path), wanted);
  });
});

function derived(path: string): unknown[] {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    return [...devices(path), ...database.prepare("SELECT * FROM device_endpoint ORDER BY endpoint").all()];
  } finally {
    database.close();
  }
}

test("whatever was worked out on the way, in the end devices are as if worked out from all that was heard", () => {
  const onTheWay = fc.array(fc.constantFrom("flush", "work", "settle", "restart", "nothing"), { minLength: 8, maxLength: 8 });
  assertProperty(
    fc.property(someBatches, onTheWay, (batches, steps) => {
      let wanted: unknown[] = [];
      recording((path) => {
        const core = open(path);
        for (const it of batches) core.take(it);
        core.settle();
        core.close();
        wanted = derived(path);
      });
      recording((path) => {
        let core = open(path);
        for (const [place, it] of batches.entries()) {
          core.take(it);
          const step = steps[place];
          if (step === "settle") core.settle();
          else if (step !== "nothing") core.flush();
          if (step === "work") core.work(Number.POSITIVE_INFINITY);
          if (step !== "restart") continue;
          core.close();
          core = open(path);
        }
        core.settle();
        core.close();
        assert.deepEqual(derived(path), wanted);
      });
    }),
    { numRuns: 25 },
  );
});

test("what was derived may be thrown away", () => {
  recording((path) => {
    let core = open(path);
    for (const batch of ward()) core.take(batch);
    core.settle();
    core.close();
    const before = devices(path);
    const database = new DatabaseSync(path);
    database.exec("DELETE FROM device; DELETE FROM device_endpoint; DELETE FROM about WHERE key = 'derived'");
    database.close();
    core = open(path);
    core.settle();
    core.close();
    assert.deepEqual(devices(path), before);
  });
});

test("who calls a group talks to those who answer: a group is nobody's peer, whenever it turns out to be one", () => {
  const calls = Array.from({ length: 4 }, (_, i) =>
    udpFrame({ fromIp: "10.0.0.1", toIp: ["224.0.0.251", "239.255.255.250"][i % 2]!, from: 5353, to: 5353 }, text("hello there")),
  );
  const batches = [...ward(), ...hear(calls).map((batch) => ({ ...batch, run: "calls" }))];
  recording((path) => {
    const core = open(path);
    for (const batch of batches) {
      core.take(batch);
      core.settle();
    }
    core.close();
    const found = devices(path) as { standing: string; ips: string; peers: number }[];
    assert.equal(found.filter((it) => it.standing === "group" && it.ips !== "[]").length, 2);
    assert.equal(found.find((it) => it.ips.includes('"10.0.0.1"'))?.peers, 1);
  });
});

test("devices are worked out anew when we know something else, or when something else is the site's own", () => {
  recording((path) => {
    const standing = (ownRanges: readonly string[]) => {
      const core = new Core({ path, site: "main", ownRanges });
      core.settle();
      core.close();
      return new Set((devices(path) as { standing: string; ips: string }[]).filter((it) => it.ips !== "[]").map((it) => it.standing));
    };
    const core = open(path);
    for (const it of ward()) core.take(it);
    core.flush();
    core.close();
    assert.deepEqual(standing([]), new Set(["device"]));
    assert.deepEqual(standing(["192.168.0.0/16"]), new Set(["outside"]));
    assert.deepEqual(standing([]), new Set(["device"]));
  });
});

test("a person's word wins, is found again after a restart by the strongest key, and can be taken back", () => {
  recording((path) => {
    const kindOf = () =>
      (devices(path) as { macs: string; kind: string | null; said: string }[]).find((it) => it.macs.includes("00:09:fb:00:00:07"))!;
    let core = open(path);
    for (const batch of ward()) core.take(batch);
    core.settle();
    const { id } = (devices(path) as { id: number; macs: string }[]).find((it) => it.macs.includes("00:09:fb:00:00:07"))!;
    const before = kindOf().kind;
    core.say({ who: "lind", reason: "label on the device", device: `d${id}`, attribute: "kind", value: "infusion pump" }, 1);
    assert.deepEqual([kindOf().kind, JSON.parse(kindOf().said)], ["infusion pump", { kind: "lind" }]);
    core.close();

    core = open(path);
    core.settle();
    assert.equal(kindOf().kind, "infusion pump");
    core.undo(1, "lind", "wrong device", 2);
    assert.equal(kindOf().kind, before);
    assert.throws(() => core.undo(1, "lind", "again", 3), /taken back already/);
    assert.throws(() => core.undo(9, "lind", "no such change", 3), /expected the number of a change, got 9/);
    core.close();
  });
});

test("what was under way when the last writer ended is said, and its batches count once", () => {
  recording((path) => {
    const batches = ward();
    const first = open(path);
    first.take(batches[0]!);
    first.flush();
    first.close();
    const core = open(path);
    assert.deepEqual(core.interrupted, ["test.pcap"]);
    assert.equal(core.stored("run"), 1);
    assert.equal(core.take(batches[0]!), false);
    assert.equal(core.take(batches[1]!), true);
    core.close();
  });
});

test("who wears another address live is worked out with the flush that tells of it; of a file in its turn", () => {
  const [mac, to] = ["00:09:fb:00:00:07", "ff:ff:ff:ff:ff:ff"];
  const says = (ip: string) => ethernet({ type: 0x0806, from: mac, to }, arp(1, [mac, ip], ["00:00:00:00:00:00", "10.0.0.1"]));
  for (const [run, wanted] of [
    ["live-1", ["10.0.0.7", "10.0.0.9"]],
    ["file", ["10.0.0.7"]],
  ] as const)
    recording((path) => {
      const [first, second] = [["10.0.0.7"], ["10.0.0.9"]].map((ips) => hear(ips.map(says))[0]!);
      const core = open(path);
      core.take({ ...first!, run });
      core.settle();
      core.take({ ...second!, run, sequence: 2 });
      assert.equal(core.isLive, run === "live-1");
      core.flush();
      core.workOutArrived(Number.POSITIVE_INFINITY);
      assert.equal(core.isLive, false);
      core.close();
      const [device] = devices(path) as readonly { readonly ips: string }[];
      assert.deepEqual(JSON.parse(device!.ips), wanted, run);
    });
});
