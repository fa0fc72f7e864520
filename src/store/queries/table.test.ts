/** The table of devices: every filter and order, held against a plain reading of the same devices. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";
import * as fc from "fast-check";
import type { DeviceQuery } from "../../model/store.ts";
import { BadQuery } from "../../model/store.ts";
import { assertProperty } from "../../testing/property.ts";
import { DAY, END, HOUR, MINUTE, Recording, SECOND, type DeviceSketch } from "../../testing/recording.ts";
import { Store } from "../reader.ts";
import { PAGE_MAX, DeviceTable } from "./table.ts";

const FILTERS = [
  ["", "pump7 monitor ct printer switch"],
  ["10.20", "pump7 monitor ct"],
  ["icu 10.20", "pump7 monitor"],
  ["icu ventilator", ""],
  ['"ICU bed 10"', "pump7"],
  ['"bed 7 icu"', ""],
  ['""', "pump7 monitor ct printer switch"],
  ["kind = CT", "ct"],
  ["kind != ct", "pump7 monitor printer switch"],
  ["not kind = ct", "pump7 monitor printer switch"],
  ["kind ~ pump or kind ~ monitor", "pump7 monitor"],
  ["kind = unknown", "switch"],
  ["kind = not known and standing = outside", "outside"],
  ['maker = "Maker A, Inc."', "pump7 printer"],
  ["kind in (ct, unknown)", "ct switch"],
  ["name ~ ü", "ct"],
  ["sure = known", "pump7 monitor ct"],
  ["sure = probably", "printer"],
  ["sure = unknown", "switch"],
  ["care = therapy", "pump7 monitor"],
  ["care = other", "printer"],
  ["care = unknown", "switch"],
  ["standing = outside", "outside"],
  ["standing in (device, outside, carrier)", "pump7 monitor ct printer switch outside"],
  ["standing = group", "group"],
  ["standing in (group, carrier)", "switch group"],
  ["standing != device", "switch outside group"],
  ["ip = 10.20.0.7", "pump7"],
  ["ip in 10.20.0.0/24", "pump7 monitor"],
  ["ip in 10.20.0.0/23", "pump7 monitor ct"],
  ["ip in 0.0.0.0/0", "pump7 monitor ct printer"],
  ["ip in ::/0", "pump7 printer"],
  ["ip in fe80::/10", "pump7 printer"],
  ["ip = fe80::209:fbff:fe12:3456", "pump7"],
  ["ip in (fe80::/64, 10.20.1.0/24)", "pump7 ct printer"],
  ["ip = unknown", "switch"],
  ["ip ~ .0.7", "pump7"],
  ["mac = 00:09:fb", "pump7 monitor"],
  ["mac = 00:09:fb:12:34:56", "pump7"],
  ["mac = 09:fb", ""],
  ["mac ~ 09:fb", "pump7 monitor"],
  ["mac = unknown", ""],
  ["0009fb123456", "pump7"],
  ["123456789012", "switch"],
  ["0009.fb12.3456", "pump7"],
  ["last < 5m", "pump7 monitor switch"],
  ["last <= 5m", "pump7 monitor ct switch"],
  ["last > 1h", "printer"],
  ["first < 7d", "pump7"],
  ["first < 2026-11-01", "ct"],
  ["first >= 2026-11-01 and first < 2026-11-20", "monitor printer switch"],
  ["peers > 3", "monitor ct"],
  ["bytes >= 5k", "monitor"],
  ["services = 0 and frames < 11", "pump7 printer switch"],
  ["id = d3", "ct"],
  ["id in (d1, d3)", "pump7 ct"],
  ['os ~ "\'; DROP TABLE device; --"', ""],
  ["location ~ %", ""],
  ["location ~ _", ""],
] as const;

test("a filter matches the devices that are meant", (t) => {
  const all = hospital(t);
  for (const [filter, matching] of FILTERS)
    assert.equal(
      page(all, { filter })
        .rows.map((row) => row.name.replace("Büro-", ""))
        .join(" "),
      matching,
      filter,
    );
});

test("where nobody has the value that is asked for, the nearest one is offered in its place", (t) => {
  const all = hospital(t);
  for (const [filter, instead] of [
    ["kind = pmp", 'kind ~ "pump"'],
    ["kind = pump", 'kind ~ "pump"'],
    ["KIND = priter and icu", 'kind = "Printer" and icu'],
    ['maker = "Maker C" or kind = pmp', 'maker = "maker b" or kind = pmp'],
    ["kind = zeppelin", undefined],
    ["zeppelin", undefined],
    ["kind = ct and icu", undefined],
  ] as const)
    assert.equal(page(all, { filter }).instead, instead, filter);
});

const ORDERS = [
  ["id", "d1 d2 d3 d4 d5", "d5 d4 d3 d2 d1"],
  ["name", "d3 d2 d4 d1 d5", "d5 d1 d4 d2 d3"],
  ["kind", "d3 d1 d2 d4 d5", "d4 d2 d1 d3 d5"],
  ["maker", "d1 d4 d2 d3 d5", "d2 d1 d4 d3 d5"],
  ["sure", "d1 d2 d3 d4 d5", "d5 d4 d1 d2 d3"],
  ["care", "d1 d2 d3 d4 d5", "d4 d3 d1 d2 d5"],
  ["ip", "d2 d1 d3 d4 d5", "d4 d3 d1 d2 d5"],
  ["location", "d2 d1 d3 d4 d5", "d1 d2 d3 d4 d5"],
  ["last", "d4 d3 d1 d2 d5", "d1 d2 d5 d3 d4"],
  ["first", "d3 d2 d4 d5 d1", "d1 d4 d5 d2 d3"],
  ["bytes", "d1 d3 d4 d5 d2", "d2 d1 d3 d4 d5"],
] as const;

test("in every order equal ones stand by id, and what is not known is last either way", (t) => {
  const all = hospital(t);
  for (const [sort, up, down] of ORDERS) {
    assert.equal(ids(page(all, { sort })), up, sort);
    assert.equal(ids(page(all, { sort, descending: true })), down, `${sort}, descending`);
  }
});

test("an order found before anybody asks is the one that is found when somebody does", (t) => {
  const it = hospital(t);
  const asked = ["name", "kind", "location", "ip", "care", "last"].map((sort) => ids(page(it, { sort })));
  const prepared = { ...it, table: loaded(it.store) };
  assert.ok([...prepared.table.prepare()].length > 5, "in steps");
  assert.deepEqual(
    ["name", "kind", "location", "ip", "care", "last"].map((sort) => ids(page(prepared, { sort }))),
    asked,
  );
  assert.deepEqual(page(it, { sort: "name", limit: 0 }).matching, page(it, {}).matching, "who only counts is told the same");
});

test("pages follow each other, and past the end there is nothing", (t) => {
  const table = hospital(t);
  assert.equal(ids(page(table, { offset: 0, limit: 4 })), "d1 d2 d3 d4");
  assert.equal(ids(page(table, { offset: 4, limit: 4 })), "d5");
  assert.equal(ids(page(table, { offset: 40, limit: 4 })), "");
  const { total, matching, rows } = page(table, { filter: "icu", limit: 0 });
  assert.deepEqual([total, matching, rows.length], [5, 2, 0]);
  const outside = page(table, { filter: "standing = outside" });
  assert.deepEqual([outside.total, outside.matching], [6, 1], "who is asked for besides is one more of the whole");
});

test("facets count what matches, most often first; what is not known has no value", (t) => {
  const { table } = hospital(t);
  assert.deepEqual(table.facets("", ["kind", "sure"]), [
    {
      field: "kind",
      values: [
        { value: "", count: 1 },
        { value: "CT", count: 1 },
        { value: "Infusion pump", count: 1 },
        { value: "Patient monitor", count: 1 },
        { value: "Printer", count: 1 },
      ],
    },
    {
      field: "sure",
      values: [
        { value: "known", count: 3 },
        { value: "probably", count: 1 },
        { value: "unknown", count: 1 },
      ],
    },
  ]);
  assert.deepEqual(table.facets("icu", ["care"]), [{ field: "care", values: [{ value: "therapy", count: 2 }] }]);
});

test("a question that cannot be answered says what was expected", (t) => {
  const { table, store } = hospital(t);
  const wrong = (query: Partial<DeviceQuery>, message: RegExp) =>
    assert.throws(() => table.page(store, { ...ALL, ...query }), (error) => error instanceof BadQuery && message.test(error.message)); // prettier-ignore
  wrong({ sort: "mac" }, /^expected a field to sort by \(name, kind, .*\), got "mac"$/);
  wrong({ sort: "nmae" }, /got "nmae"$/);
  wrong({ limit: PAGE_MAX + 1 }, /^expected at most 1000 rows at once, got 1001$/);
  wrong({ filter: "kind = (" }, /^expected a value, got "\("$/);
  assert.throws(() => table.facets("", ["name"]), /^BadQuery|expected a field to count \(care, kind, .*\), got "name"/);
  assert.throws(() => table.facets("", ["__proto__"]), BadQuery);
});

test("any filter of any shape matches what a plain reading of the same devices says", (t) => {
  const { table, store } = hospital(t);
  const devices = table.page(store, { ...ALL, filter: "standing in (device, outside, group, carrier)" }).rows;
  const leaf = fc.constantFrom<readonly [string, (it: (typeof devices)[number]) => boolean]>(
    ["kind = ct", (it) => it.kind?.value === "CT"],
    ["maker ~ a", (it) => it.maker?.value.toLowerCase().includes("a") ?? false],
    ["os = unknown", (it) => it.os === null],
    ["sure = known", (it) => (it.kind?.lead ?? 0) >= 20],
    ["care in (therapy, other)", (it) => it.lifeCritical === "therapy" || (it.lifeCritical === "other" && it.kind !== null)],
    ["care = unknown", (it) => it.lifeCritical === "other" && it.kind === null],
    ["ip in 10.0.0.0/8", (it) => it.ips.some((ip) => ip.startsWith("10."))],
    ["mac = 00:09:fb", (it) => it.macs.some((mac) => mac.startsWith("00:09:fb"))],
    ["last < 5m", (it) => it.last > END - 5 * MINUTE],
    ["peers >= 4", (it) => it.peers >= 4],
    ['"icu"', (it) => it.location?.value.includes("ICU") ?? false],
    ["standing = group", (it) => it.standing === "group"],
  );
  type Case = readonly [text: string, matches: (it: (typeof devices)[number]) => boolean];
  const { filter } = fc.letrec<{ filter: Case }>((tie) => ({
    filter: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      leaf,
      tie("filter").map(([text, matches]): Case => [`not (${text})`, (it) => !matches(it)]),
      fc.tuple(tie("filter"), tie("filter")).map(([[a, isA], [b, isB]]): Case => [`(${a}) and (${b})`, (it) => isA(it) && isB(it)]),
      fc.tuple(tie("filter"), tie("filter")).map(([[a, isA], [b, isB]]): Case => [`(${a}) or (${b})`, (it) => isA(it) || isB(it)]),
    ),
  }));
  assertProperty(
    fc.property(filter, fc.constantFrom("id", "name", "ip", "last"), fc.boolean(), ([text, matches], sort, descending) => {
      const groups = text.includes("standing");
      const expected = devices
        .filter((it) => matches(it) && (groups || (it.standing !== "group" && it.standing !== "outside")))
        .map((it) => it.id);
      const { rows, matching } = table.page(store, { ...ALL, filter: text, sort, descending });
      assert.deepEqual([matching, rows.map((row) => row.id).sort()], [expected.length, expected.sort()]);
    }),
    { numRuns: 300 },
  );
});

test("rows come as they are now, and who is a device no more is left out", (t) => {
  const { table, store, recording } = hospital(t);
  recording.sql("DELETE FROM device WHERE id = 2; UPDATE device SET name = 'pump8' WHERE id = 1");
  const { matching, rows } = table.page(store, { ...ALL, filter: "icu" });
  assert.deepEqual([matching, rows.map((row) => row.name)], [2, ["pump8"]]);
});

test("a zero in a text moves no row", (t) => {
  const { recording, store } = hospital(t);
  recording.sql("UPDATE device SET words = 'pump' || char(0) || '7' WHERE id = 1");
  const table = loaded(store);
  assert.equal(ids(table.page(store, { ...ALL, filter: "monitor" })), "d2");
  assert.equal(ids(table.page(store, { ...ALL, filter: "mac = 00:00:0c" })), "d4 d5");
  assert.equal(ids(table.page(store, { ...ALL, filter: '"pump 7"' })), "d1");
  assert.equal(ids(table.page(store, { ...ALL, filter: '"pump\0" or \0' })), "");
});

interface Hospital {
  readonly recording: Recording;
  readonly store: Store;
  readonly table: DeviceTable;
}

function hospital(t: TestContext): Hospital {
  const recording = new Recording(t);
  recording.run("week.pcap", {}, { first: END - 30 * DAY, last: END });
  const pump = recording.endpoint("00:09:fb:12:34:56", "10.20.0.7");
  const device = (mac: string | null, ip: string | null, it: DeviceSketch) => recording.device([recording.endpoint(mac, ip)], it);
  const month = END - 10 * DAY;
  device("00:09:fb:00:00:01", "10.20.0.2", {
    name: "monitor", kind: ["Patient monitor", 31], maker: "maker b", location: "ICU bed 2", lifeCritical: "therapy", os: "QNX",
    first: month - SECOND, peers: 4, bytes: 5_000, services: 1,
  }); // prettier-ignore
  device("00:50:56:00:00:01", "10.20.1.3", {
    name: "Büro-ct", kind: "CT", lifeCritical: "diagnostic", first: END - 25 * DAY, last: END - 5 * MINUTE, peers: 12, frames: 20, os: "Windows 7",
  }); // prettier-ignore
  device("00:00:0c:00:00:09", "fe80::1", {
    name: "printer",
    kind: ["Printer", 12],
    maker: "Maker A, Inc.",
    last: END - 2 * HOUR,
    first: month,
  });
  recording.sql(`UPDATE device SET ips = '["172.16.0.9","fe80::1"]' WHERE name = 'printer'`);
  device("00:00:0c:00:00:0a", null, { name: "switch", serial: "123456789012", standing: "carrier", first: month });
  device(null, "93.184.216.34", { name: "outside", standing: "outside", first: month });
  device("01:00:5e:00:00:fb", "224.0.0.251", { name: "group", standing: "group", first: month });
  recording.device([pump, recording.endpoint("00:09:fb:12:34:56", "fe80::209:fbff:fe12:3456")], {
    name: "pump7", kind: "Infusion pump", maker: "Maker A, Inc.", location: "ICU bed 10", lifeCritical: "therapy",
    first: END - HOUR, last: END, frames: 10,
  }); // prettier-ignore
  const store = new Store(recording.path);
  t.after(() => store.close());
  return { recording, store, table: loaded(store) };
}

function loaded(store: Store): DeviceTable {
  const load = DeviceTable.load(store);
  let step = load.next();
  while (step.done !== true) step = load.next();
  return step.value;
}

const ALL: DeviceQuery = { filter: "", sort: "id", descending: false, offset: 0, limit: 100 };

function page({ table, store }: Hospital, query: Partial<DeviceQuery>) {
  return table.page(store, { ...ALL, ...query });
}

function ids({ rows }: { readonly rows: readonly { readonly id: string }[] }): string {
  return rows.map((row) => row.id).join(" ");
}
