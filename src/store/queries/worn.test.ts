import assert from "node:assert/strict";
import { test } from "node:test";
import { DAY, END, HOUR, MINUTE, Recording } from "../../testing/recording.ts";
import { Store } from "../reader.ts";
import { wornBy } from "./worn.ts";

type Wear = readonly [device: 1 | 2, ip: string | null, first: number, last: number, more?: Readonly<Record<string, string | number>>];

/** "10.0.0.7 0..60", of each device: minutes before the end. */
function worn(t: { readonly after: (work: () => void) => void }, ...wears: readonly Wear[]): Readonly<Record<string, readonly string[]>> {
  const recording = new Recording(t);
  recording.run("ward.pcap");
  const endpoints = wears.map(([device, ip, first, last, more], at) => [device, recording.endpoint(`00:09:fb:00:0${device}:0${at}`, ip, { first: END - first, last: END - last, ...more })] as const); // prettier-ignore
  for (const own of Map.groupBy(endpoints, ([device]) => device).values()) recording.device(own.map(([, endpoint]) => endpoint));
  const store = new Store(recording.path);
  t.after(() => store.close());
  const ids = new Map(endpoints.map(([device, endpoint]) => [`d${store.get<{ device: number }>("SELECT device FROM device_endpoint WHERE endpoint = ?", endpoint)!.device}`, device])); // prettier-ignore
  return Object.fromEntries([...wornBy(store, [...ids.keys()])].map(([id, all]) => [ids.get(id)!, all.map(({ ip, since, last }) => `${ip} ${(END - (since ?? 0)) / MINUTE}..${(END - (last ?? 0)) / MINUTE}`)])); // prettier-ignore
}

test("where it was heard, the latest first, since when; several cards of one at one address are one", (t) => {
  assert.deepEqual(
    worn(t, [1, "10.0.0.7", 2 * HOUR, HOUR], [1, "fd00::7", HOUR, 0], [1, "10.0.0.7", 3 * HOUR, 2 * HOUR], [2, "10.0.0.8", HOUR, 0]),
    { 1: ["fd00::7 60..0", "10.0.0.7 180..60"], 2: ["10.0.0.8 60..0"] },
  );
});

test("an address that another device took is not carried on", (t) => {
  assert.deepEqual(worn(t, [1, "10.0.0.7", 3 * DAY, 2 * DAY], [2, "10.0.0.7", DAY, 0]), { 2: ["10.0.0.7 1440..0"] });
});

test("of two that used it at the same time both keep it; who was heard there an hour later holds it alone", (t) => {
  assert.deepEqual(worn(t, [1, "10.0.0.7", 3 * HOUR, 20 * MINUTE], [2, "10.0.0.7", 2 * HOUR, 0]), { 1: ["10.0.0.7 180..20"], 2: ["10.0.0.7 120..0"] }); // prettier-ignore
});

test("longer ago than that it is the other's, though their times overlap", (t) => {
  assert.deepEqual(worn(t, [1, "10.0.0.7", 5 * HOUR, 2 * HOUR], [2, "10.0.0.7", 4 * HOUR, 0]), { 2: ["10.0.0.7 240..0"] });
});

test("what was only written down, what is none, and a gateway's are no address of it", (t) => {
  assert.deepEqual(worn(t, [1, "10.0.0.7", HOUR, 0, { frames: 0 }], [1, "0.0.0.0", HOUR, 0], [1, "10.0.0.1", HOUR, 0, { child: "PUMP-7" }], [1, null, HOUR, 0]), {}); // prettier-ignore
});
