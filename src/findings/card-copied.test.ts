import assert from "node:assert/strict";
import { test } from "node:test";
import { claims, machine, observed } from "../testing/watched.ts";
import { cardCopied } from "./card-copied.ts";

const DAY = 24 * 3600;
const PUMP = machine(7);
const found = (...asked: readonly (readonly [day: number, vendorClass: string])[]) =>
  claims(
    cardCopied,
    asked.map(([day, vendorClass]) => ({ ...observed(day * DAY, PUMP, "vendorClass", vendorClass), protocol: "dhcp" })),
  );

test("a card that asks by another program after days is told; that both ask in turns, too", () => {
  const old = [[0, "udhcp 1.2"], [2, "udhcp 1.2"]] as const; // prettier-ignore
  assert.deepEqual(found(...old, [2.125, "dhcpcd-9.4.1:Linux-6.1"], [2.25, "udhcp 1.2"]), [
    `${2.125 * DAY} s: asks for its address by dhcpcd, after days by udhcp`,
    `${2.25 * DAY} s: asks for its address by dhcpcd, and in turns by udhcp`,
  ]);
});

test("a newer version, a start from the network, and what has gone on for a day are none", () => {
  assert.deepEqual(found([0, "udhcp 1.2"], [2, "udhcp 1.2"], [3, "udhcp 1.36"]), []);
  assert.deepEqual(found([0, "MSFT 5.0"], [2, "MSFT 5.0"], [3, "PXEClient:Arch:00000"], [3.01, "MSFT 5.0"]), []);
  assert.deepEqual(found([0, "udhcp 1.2"], [0.1, "MSFT 5.0"], [2, "udhcp 1.2"], [2.1, "MSFT 5.0"]), [], "both from the first day on");
  assert.equal(
    found([0, "udhcp"], [2, "udhcp"], [2.1, "MSFT 5.0"], [3.2, "MSFT 5.0"], [3.3, "MSFT 5.0"]).length,
    1,
    "another system by now",
  );
  assert.deepEqual(found([0, "udhcp"], [2, "udhcp"], [40, "MSFT 5.0"]), [], "heard a month ago");
});
