/** What people say of which endpoints are one machine: the same endpoints, divided otherwise, found again and taken back to the byte. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import * as fc from "fast-check";
import { Core } from "./core.ts";
import type { Batch } from "./model/batch.ts";
import { arp, ethernet, udpFrame } from "./testing/frames.ts";
import { hear } from "./testing/hear.ts";
import { openReader } from "./reader.ts";
import { assertProperty } from "./testing/property.ts";
import { someBatches } from "./testing/some-batches.ts";

const PUMP = "00:09:fb:00:00:01";
const MONITOR = "00:09:fb:00:00:02";
const WHO = { who: "lind", reason: "seen at the bedside" };

function recording(work: (path: string) => void): void {
  const directory = mkdtempSync(join(tmpdir(), "auscult-saying-"));
  try {
    work(join(directory, "ward.db"));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const open = (path: string) => new Core({ path, site: "main", ownRanges: [] });

function asked<Row>(path: string, sql: string): Row[] {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    return database.prepare(sql).all().map((row) => ({ ...row })) as Row[]; // prettier-ignore
  } finally {
    database.close();
  }
}

/** Everything that follows from what was heard and said, to the byte. */
function derived(path: string): unknown[] {
  return ["device", "device_endpoint", "joined", "divided", "waiting"].flatMap((table) =>
    asked(path, `SELECT * FROM ${table} ORDER BY 1, 2`),
  );
}

/** As `d1: 00:09:… 10.0.0.1`, in order. */
function shown(path: string): string[] {
  return asked<{ id: number; macs: string; ips: string }>(
    path,
    "SELECT id, macs, ips FROM device WHERE standing <> 'group' ORDER BY id",
  ).map(({ id, macs, ips }) => `d${id}: ${[...JSON.parse(macs), ...JSON.parse(ips)].join(" ")}`);
}

function idOf(path: string, address: string): string {
  const found = shown(path).filter((line) => line.split(" ").includes(address));
  assert.equal(found.length, 1, `expected one device with ${address}, got ${shown(path).join("; ")}`);
  return found[0]!.split(":")[0]!;
}

const presents = (mac: string, ip: string) =>
  ethernet({ type: 0x0806, from: mac, to: "ff:ff:ff:ff:ff:ff" }, arp(1, [mac, ip], ["00:00:00:00:00:00", "10.0.0.200"]));

/** Two cards, of which the second has two addresses, and who talks to one of them. */
function ward(): readonly Batch[] {
  return hear([
    presents(PUMP, "10.0.0.1"),
    presents(MONITOR, "10.0.0.2"),
    presents(MONITOR, "10.0.0.3"),
    udpFrame({ fromIp: "10.0.0.9", toIp: "10.0.0.2", from: 5000, to: 5001 }, new Uint8Array(8)),
  ]);
}

function heardWard(work: (path: string, core: () => Core, again: () => void) => void): void {
  recording((path) => {
    let core = open(path);
    for (const it of ward()) core.take(it);
    core.settle();
    const again = () => {
      core.close();
      core = open(path);
      core.settle();
    };
    work(path, () => core, again);
    core.close();
  });
}

test("two devices are one when a person says so: the older number stays, also after a restart; taken back all is as before", () => {
  heardWard((path, core, again) => {
    const before = derived(path);
    const [pump, monitor] = [idOf(path, PUMP), idOf(path, MONITOR)];
    core().merge({ ...WHO, device: monitor, other: pump }, 1);
    const merged = shown(path).find((line) => line.includes(PUMP));
    assert.equal(merged, `${pump}: ${PUMP} ${MONITOR} 10.0.0.1 10.0.0.2 10.0.0.3`);
    assert.ok(!shown(path).some((line) => line.startsWith(`${monitor}:`)));
    core().settle();
    const devices = derived(path);
    again();
    assert.deepEqual(derived(path), devices);
    assert.equal(core().devices, asked(path, "SELECT id FROM device").length);
    core().undo(1, "lind", "wrong bed", 2);
    core().settle();
    assert.deepEqual(derived(path), before);
  });
});

test("a card, or one address of it, is another machine when a person says so; what the card wears later goes with it", () => {
  heardWard((path, core, again) => {
    const before = derived(path);
    const [pump, monitor] = [idOf(path, PUMP), idOf(path, MONITOR)];
    core().split({ ...WHO, device: monitor, addresses: ["10.0.0.3"] }, 1);
    assert.deepEqual(
      shown(path).filter((line) => line.includes(MONITOR)).map((line) => line.split(": ")[1]), // prettier-ignore
      [`${MONITOR} 10.0.0.2`, `${MONITOR} 10.0.0.3`],
    );
    core().merge({ ...WHO, device: pump, other: idOf(path, "10.0.0.3") }, 2);
    assert.match(shown(path)[0]!, /^d\d+: 00:09:fb:00:00:01 00:09:fb:00:00:02 10.0.0.1 10.0.0.3$/);
    core().undo(2, "lind", "wrong bed", 3);
    core().undo(1, "lind", "wrong bed", 4);
    core().settle();
    assert.deepEqual(derived(path), before);

    core().merge({ ...WHO, device: pump, other: monitor }, 5);
    core().split({ ...WHO, device: pump, addresses: [MONITOR.toUpperCase()] }, 6);
    for (const it of hear([presents(MONITOR, "10.0.0.4"), presents(PUMP, "10.0.0.5")])) core().take({ ...it, run: "later" });
    core().settle();
    again();
    assert.deepEqual(shown(path).filter((line) => line.includes(":fb:")), [
      `${pump}: ${PUMP} 10.0.0.1 10.0.0.5`,
      `${monitor}: ${MONITOR} 10.0.0.2 10.0.0.3 10.0.0.4`,
    ]); // prettier-ignore
  });
});

test("what is said wrong is refused in a sentence, and nothing is written", () => {
  heardWard((path, core) => {
    const monitor = idOf(path, MONITOR);
    const split =
      (...addresses: string[]) =>
      () =>
        core().split({ ...WHO, device: monitor, addresses }, 1);
    assert.throws(
      () => core().merge({ ...WHO, device: monitor, other: monitor }, 1),
      /^Error: expected another device than d\d+, got the same$/,
    );
    assert.throws(
      () => core().merge({ ...WHO, device: monitor, other: "d99" }, 1),
      /^Error: expected a device of this recording, got d99$/,
    );
    assert.throws(split("10.0.0.1"), /^Error: expected some of its addresses \(.*10\.0\.0\.2, 10\.0\.0\.3\), got 10\.0\.0\.1$/);
    assert.throws(split(), /, got none$/);
    assert.throws(split("10.0.0.2", "10.0.0.3", MONITOR), /expected some of its addresses, got all: nothing would be left of it$/);
    assert.deepEqual(asked(path, "SELECT number FROM change"), []);
  });
});

test("what fits no device, or several, waits and is listed; when it fits again it holds again", () => {
  heardWard((path, core, again) => {
    const [pump, monitor] = [idOf(path, PUMP), idOf(path, MONITOR)];
    core().merge({ ...WHO, device: pump, other: monitor }, 1);
    core().say({ ...WHO, device: pump, attribute: "kind", value: "infusion pump" }, 2);
    core().undo(1, "lind", "two after all", 3);
    assert.deepEqual(asked(path, "SELECT * FROM waiting"), [{ change: 2, fits: 2 }]);
    assert.deepEqual(asked(path, "SELECT id FROM device WHERE kind = 'infusion pump'"), []);
    core().merge({ ...WHO, device: monitor, other: pump }, 4);
    again();
    assert.deepEqual(asked(path, "SELECT * FROM waiting"), []);
    assert.deepEqual(asked(path, "SELECT id FROM device WHERE kind = 'infusion pump'"), [{ id: Number(pump.slice(1)) }]);
  });
});

/** Two say one serial of one model, the second from behind a router; a third has the same number from another maker. */
function boxes(): readonly Batch[] {
  const [batch] = ward() as [Batch];
  const at = batch.from;
  const says = (address: number, attribute: "serial" | "model", value: string) =>
    [address, attribute, value, "http", -1, at, at, 1] as const;
  return [
    {
      ...batch,
      addresses: [
        [0, PUMP, "10.0.0.1", null, 1, 60, at, at, 2],
        [0, null, "10.1.0.1", null, 1, 60, at, at, 2],
        [0, PUMP, "10.0.0.1", "BED-3", 0, 0, at, at, 0],
        [0, null, "10.2.0.1", null, 1, 60, at, at, 2],
      ],
      observations: [
        says(0, "serial", "QB3X1E9000123"),
        says(0, "model", "DWC-1000"),
        says(1, "serial", "QB3X1E9000123"),
        says(1, "model", "DWC-1000"),
        says(3, "serial", "QB3X1E9000123"),
        says(3, "model", "another maker's"),
        [0, "address", "10.0.0.1", "arp", -1, at, at, 1],
        [2, "model", "IntelliVue X3", "hl7", -1, at, at, 12],
      ],
      conversations: [],
      attempts: [],
      signals: [],
    },
  ];
}

test("why several addresses are one device is written: the key, and who said it; a device that others speak for names whose word it is", async () => {
  const directory = mkdtempSync(join(tmpdir(), "auscult-saying-"));
  const path = join(directory, "ward.db");
  const core = open(path);
  for (const it of boxes()) core.take(it);
  core.settle();
  const reader = await openReader(path);
  const box = await reader.device(idOf(path, PUMP));
  assert.deepEqual(box?.joined, [{ by: "serial", value: "QB3X1E9000123", addresses: ["10.0.0.1", "10.1.0.1"] }]);
  assert.deepEqual(box.apart, [{ serial: "QB3X1E9000123", devices: [idOf(path, "10.2.0.1")] }]);
  assert.deepEqual([box.divided, box.children, box.spokenFor], [[], [], null]);
  const [{ endpoint }] = asked<{ endpoint: number }>(path, "SELECT number AS endpoint FROM endpoint WHERE child IS NOT NULL") as [
    { endpoint: number },
  ];
  const child = await reader.device(`d${endpoint}`);
  assert.deepEqual(child?.spokenFor, { device: box.id, name: box.name, reports: 12 });

  // The second address has a number of its own, which was never a device's: whoever was given it is led to the device.
  const [{ number }] = asked<{ number: number }>(path, "SELECT number FROM endpoint WHERE ip = '10.1.0.1'") as [{ number: number }];
  assert.equal((await reader.device(`d${number}`))?.id, box.id);
  core.split({ ...WHO, device: box.id, addresses: ["10.1.0.1"] }, 1);
  const [one, other] = [await reader.device(box.id), await reader.device(`d${number}`)];
  assert.deepEqual([one?.ips, other?.ips, one?.joined], [["10.0.0.1"], ["10.1.0.1"], []]);
  assert.deepEqual(one?.apart, [], "what keeps them apart is a person's word");
  const divided = { change: 1, what: "split", at: 1, ...WHO, named: "10.1.0.1" };
  assert.deepEqual([one?.divided, other?.divided], [[divided], [divided]]);

  core.say({ ...WHO, device: child.id, attribute: "kind", value: "patient monitor" }, 2);
  core.merge({ ...WHO, device: child.id, other: box.id }, 3);
  assert.deepEqual((await reader.device(child.id))?.kind?.saidBy, "lind");
  assert.deepEqual((await reader.device(child.id))?.children, ["BED-3"]);
  core.split({ ...WHO, device: box.id, addresses: ["BED-3"] }, 4);
  assert.equal((await reader.device(child.id))?.id, child.id);
  assert.deepEqual(
    (await reader.changes(0, 10)).map(({ what, about, value }) => [what, about, value]),
    [
      ["split", "QB3X1E9000123, BED-3, 10.0.0.1", "BED-3"],
      ["merge", "BED-3", `${child.id} and ${box.id}`],
      ["kind", "BED-3", "patient monitor"],
      ["split", "QB3X1E9000123, 10.0.0.1, 10.1.0.1", "10.1.0.1"],
    ],
  );
  core.undo(1, "lind", "one box", 5);
  assert.deepEqual(await reader.waiting(), []);
  await reader.close();
  core.close();
  rmSync(directory, { recursive: true });
});

/** Everything that conversations add up to, by the devices of both ends. */
function sums(path: string): unknown {
  return asked(
    path,
    `SELECT count(*) AS count, sum(packets_to_server) AS packets, sum(bytes_to_server) AS bytes, sum(answered) AS answered
     FROM conversation JOIN device_endpoint AS one ON one.endpoint = client JOIN device_endpoint AS other ON other.endpoint = server
     JOIN device AS begins ON begins.id = one.device JOIN device AS serves ON serves.id = other.device`,
  );
}

/** AUSCULT_RUNS=500 tries longer. */
const RUNS = Number(process.env["AUSCULT_RUNS"] ?? 8);

const steps = fc.array(
  fc.tuple(fc.constantFrom("merge", "split", "merge", "split", "undo", "restart"), fc.nat(20), fc.nat(20), fc.boolean()),
  { minLength: 3, maxLength: 8 },
);

test("whatever people merge, split and take back: sums over conversations stay, each endpoint is of one device, and undone is undone", () => {
  let holds = 0;
  assertProperty(
    fc.property(someBatches, steps, (batches, all) => {
      let untouched: unknown[] = [];
      let wanted: unknown;
      recording((path) => {
        const core = open(path);
        for (const it of batches) core.take(it);
        core.settle();
        core.close();
        untouched = derived(path);
        wanted = sums(path);
      });
      recording((path) => {
        let core = open(path);
        const left = [...batches];
        const said: number[] = [];
        let changes = 0;
        const check = () => {
          assert.deepEqual(left.length === 0 ? sums(path) : wanted, wanted);
          const [{ endpoints }] = asked<{ endpoints: number }>(path, "SELECT count(*) AS endpoints FROM endpoint") as [
            { endpoints: number },
          ];
          const of = asked<{ device: number; id: number | null }>(
            path,
            "SELECT device, id FROM device_endpoint LEFT JOIN device ON id = device",
          );
          assert.equal(of.length, endpoints);
          assert.ok(of.every(({ device, id }) => device === id));
          assert.equal(new Set(of.map(({ id }) => id)).size, asked(path, "SELECT id FROM device").length);
          assert.equal(core.devices, new Set(of.map(({ id }) => id)).size);
        };
        /** Whether it could be said: of few devices there are not always two, or several addresses. */
        const tries = (what: () => void): boolean => {
          try {
            what();
          } catch (error) {
            assert.match((error as Error).message, /^expected (another device|some of its|addresses that|a device that|addresses of one)/);
            return false;
          }
          said.push(++changes);
          return true;
        };
        for (const [step, one, two, undoAtOnce] of all) {
          if (left.length > 0) core.take(left.shift()!);
          core.settle();
          const before = derived(path);
          const devices = asked<{ id: number; macs: string; ips: string }>(path, "SELECT id, macs, ips FROM device ORDER BY id").map(
            ({ id, macs, ips }) => ({ id: `d${id}`, addresses: [...JSON.parse(macs), ...JSON.parse(ips)] as string[] }),
          );
          const several = devices.filter(({ addresses }) => addresses.length > 1);
          const [device, other] = [devices[one % devices.length]!, devices[(one + two + 1) % devices.length]!];
          const wide = several[one % several.length] ?? device;
          const addresses = wide.addresses.filter((_, place) => place === two % wide.addresses.length);
          let isSaid = false;
          if (step === "merge") isSaid = tries(() => core.merge({ ...WHO, device: device.id, other: other.id }, 1));
          if (step === "split") isSaid = tries(() => core.split({ ...WHO, device: wide.id, addresses }, 1));
          if (isSaid) holds++;
          if (isSaid && undoAtOnce) {
            core.undo(said.pop()!, "lind", "wrong", 2);
            changes++;
            core.settle();
            assert.deepEqual(derived(path), before);
          }
          if (step === "undo" && said.length > 0) {
            core.undo(said.splice(one % said.length, 1)[0]!, "lind", "wrong", 2);
            changes++;
          }
          core.settle();
          check();
          if (step !== "restart") continue;
          const then = derived(path);
          core.close();
          core = open(path);
          core.settle();
          assert.deepEqual(derived(path), then);
        }
        for (const it of left.splice(0)) core.take(it);
        core.settle();
        check();
        for (const change of said) core.undo(change, "lind", "all of it", 3);
        core.settle();
        assert.deepEqual(derived(path), untouched);
        core.close();
      });
    }),
    { numRuns: RUNS },
  );
  assert.ok(holds > RUNS / 2, `expected many words that hold, got ${holds}`);
});
