/** Who stays, who is gone and who waits, as machines move after a policy was put up. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Policy } from "../model/policy.ts";
import type { Machine, Worn } from "../model/replay.ts";
import { replayed, type MachineSketch } from "../testing/replayed.ts";
import { policyIn } from "./file.ts";
import { begun, cardsOf, follow, type Followed } from "./following.ts";
import { membershipOf } from "./membership.ts";

const MINUTE = 60_000_000;
const PUMP = { name: "PUMP", kind: "infusion pump", ip: "10.0.0.1", mac: "00:12:21:00:00:01" } as const;
const SERVER = { name: "SERVER", kind: "pump server", ip: "10.0.0.9", mac: "00:12:21:00:00:09" } as const;
const LAPTOP = { name: "LAPTOP", kind: "workstation", ip: "10.0.0.50", mac: "00:50:56:00:00:50" } as const;
const ROUTER = { name: "ROUTER", kind: "router", ip: "10.0.0.254", mac: "00:50:56:00:00:fe", standing: "carrier" } as const;
const CAST: readonly MachineSketch[] = [PUMP, SERVER, LAPTOP, ROUTER];

const policy = (newcomers: "hold" | "admit") =>
  policyIn(
    `policy: P\ngroups:\n  pumps: { select: 'kind = "infusion pump"', newcomers: ${newcomers}, states: { everywhere: enforced } }\n  server: { select: 'kind = "pump server"', governs: false }\nrules:\n  - { allow: pumps → server, service: tcp 443, because: work, origin: said }\n`,
    "p",
  );

const HELD = policy("hold");
const { machines, to } = replayed(1, CAST, []);
const start = begun(membershipOf(HELD, { ...replayed(1, CAST, []) }), machines);

/** What of it is worn from now on as well, newest first. */
function wearing(name: string, ...more: readonly Partial<Worn>[]): Machine[] {
  return machines.map((it) => (it.device.name === name ? { ...it, worn: [...more.map((row) => ({ mac: it.device.macs[0]!, ip: null, first: to, last: to + MINUTE, ...row })), ...it.worn] } : it)); // prettier-ignore
}

function after(now: readonly Machine[], { of = HELD, from = start, vouched = true }: { readonly of?: Policy; readonly from?: Followed; readonly vouched?: boolean } = {}) {
  const { followed, happenings } = follow(of, from, now, to + MINUTE, () => vouched);
  const ips = followed.membership.groups[0]!.members.flatMap(({ endpoints }) => endpoints.flatMap(({ ipv4 }) => ipv4));
  return { followed, ips, told: happenings.map(({ what, words }) => `${what}: ${words}`) };
} // prettier-ignore

test("where nothing changed nothing is told, and nobody is another", () => {
  const { followed, told } = after(machines);
  assert.deepEqual(told, []);
  assert.deepEqual(followed, start);
});

test("a member at another address keeps its place, and the address it left until another card wears it", () => {
  const moved = wearing("PUMP", { ip: "10.0.0.77" });
  const { ips, told, followed } = after(moved);
  assert.deepEqual(ips, ["10.0.0.1", "10.0.0.77"]);
  assert.deepEqual(told, ["moved: PUMP (00:12:21:00:00:01) is at 10.0.0.77 now and keeps the rules of pumps"]);
  assert.deepEqual(after(moved, { from: followed }).told, [], "told once");
  assert.deepEqual(cardsOf(followed.membership).filter(({ ip }) => ip === "10.0.0.77"), [{ ip: "10.0.0.77", mac: "00:12:21:00:00:01" }]); // prettier-ignore
});

test("an address it left is gone with whoever wears it, also while it is not known whose card that is", () => {
  const taken = [
    ...wearing("PUMP", { ip: "10.0.0.77" }).filter(({ device }) => device.name === "PUMP"),
    ...wearing("LAPTOP", { ip: "10.0.0.1", last: to + 2 * MINUTE }).filter(({ device }) => device.name !== "PUMP"),
  ];
  const first = after(taken);
  assert.deepEqual(first.ips, ["10.0.0.77"]);
  assert.match(
    first.told[1]!,
    /address taken: 10\.0\.0\.1 was PUMP \(.*\)'s and is worn by LAPTOP \(00:50:56:00:00:50\) now: it left pumps/,
  );
  // Taken for something that carries the pump's packets: a card of nobody we know.
  const carried = wearing("PUMP", { ip: "10.0.0.1", mac: "00:50:56:00:00:51", last: to + 2 * MINUTE }, { ip: "10.0.0.77" });
  assert.deepEqual(after(carried).ips, ["10.0.0.77"]);
  assert.ok(!cardsOf(after(carried).followed.membership).some(({ mac }) => mac === "00:50:56:00:00:51"));
});

test("its own address is not taken from it by whoever puts it into a frame, and a router may carry it", () => {
  const forged = wearing("PUMP", { ip: "10.0.0.1", mac: "00:50:56:00:00:51" });
  const { ips, followed } = after(forged);
  assert.deepEqual(ips, ["10.0.0.1"]);
  assert.deepEqual(cardsOf(followed.membership).filter(({ ip }) => ip === "10.0.0.1"), [{ ip: "10.0.0.1", mac: "00:12:21:00:00:01" }]); // prettier-ignore
  const routed = after(wearing("PUMP", { ip: "10.0.0.1", mac: ROUTER.mac })).followed;
  assert.deepEqual(cardsOf(routed.membership).filter(({ ip }) => ip === "10.0.0.1").map(({ mac }) => mac), [PUMP.mac, ROUTER.mac]); // prettier-ignore
});

test("a newcomer is held unless its group admits and two sources vouch for it; told once", () => {
  const spare = { name: "SPARE", kind: "infusion pump", ip: "10.0.0.2", mac: "00:12:21:00:00:02" };
  const now = replayed(1, [...CAST, spare], []).machines;
  const held = after(now);
  assert.deepEqual(held.ips, ["10.0.0.1"]);
  assert.deepEqual(held.told, ["held: SPARE (00:12:21:00:00:02) would be new in pumps: it waits for a person"]);
  assert.deepEqual(after(now, { from: held.followed }).told, []);
  const admitting = policy("admit");
  assert.deepEqual(after(now, { of: admitting, vouched: false }).told, [
    "held: SPARE (00:12:21:00:00:02) would be new in pumps: what it is rests on one source: it waits for a person",
  ]);
  const admitted = after(now, { of: admitting });
  assert.deepEqual(admitted.ips, ["10.0.0.1", "10.0.0.2"]);
  assert.match(admitted.told.join(), /^admitted: SPARE/);
  assert.deepEqual(after(now, { of: admitting, from: admitted.followed }).told, []);
  const probable = replayed(1, [...CAST, { ...spare, kind: "probably infusion pump" }], []).machines;
  assert.deepEqual(after(probable, { of: admitting }).told, []);
});

test("a changed kind moves nobody, and is told once", () => {
  const now = replayed(1, [{ ...PUMP, kind: "printer" }, SERVER, LAPTOP, ROUTER], []).machines;
  const { ips, told, followed } = after(now);
  assert.deepEqual(ips, ["10.0.0.1"]);
  assert.deepEqual(told, ["changed kind: PUMP (00:12:21:00:00:01) would not match pumps any more: it stays until a person says otherwise"]);
  assert.deepEqual(after(now, { from: followed }).told, []);
});
