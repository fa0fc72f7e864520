import assert from "node:assert/strict";
import { test } from "node:test";
import { FIRST_AT } from "../testing/frames.ts";
import { heardAt } from "../testing/hear.ts";
import type { Machine } from "../testing/lan.ts";
import { PumpWard } from "../testing/pumps.ts";
import { foundLines } from "../testing/watched.ts";
import { pumpStranger } from "./pump-stranger.ts";
import { pumpsInARow } from "./pumps-in-a-row.ts";
import { pumpDiffers } from "./pump-differs.ts";

const MINUTE = 60_000_000;
const OTHER: Machine = { mac: "02:00:5e:20:00:09", ip: "10.20.0.9" };

/** A ward after 25 orders by its record system. */
function ward(): { readonly ward: PumpWard; readonly now: number } {
  const it = new PumpWard();
  for (let i = 0; i < 25; i++) it.order(FIRST_AT + i * 5 * MINUTE, { pump: `P${i % 6}`, rate: 5 });
  return { ward: it, now: FIRST_AT + 130 * MINUTE };
}

test("an order by a machine that never sent one is found; by the record system it is not, nor to another pump of its gateway", () => {
  const { ward: it, now } = ward();
  it.order(now, { pump: "NEW7", rate: 5 });
  assert.deepEqual(foundLines(heardAt(it.frames), [pumpStranger]), []);
  it.order(now + MINUTE, { pump: "P1", rate: 5 }, OTHER);
  assert.deepEqual(foundLines(heardAt(it.frames), [pumpStranger]), [
    "pump-stranger critical P1 by 10.20.0.9: programmed by 10.20.0.9, which sent none of the 26 orders heard before",
  ]);
});

test("a record system that failed over is called by the gateway, and so is no stranger", () => {
  const { ward: it, now } = ward();
  it.report(now, "P1", 5, { to: OTHER });
  it.order(now + MINUTE, { pump: "P1", rate: 5 }, OTHER);
  const conversed = (client: string, server: string) => client === "10.20.0.2" && server === "10.20.0.9";
  const known = {
    conversedSince: (client: { ip: string | null }, server: { ip: string | null }) => (conversed(client.ip!, server.ip!) ? now : null),
  };
  assert.deepEqual(foundLines(heardAt(it.frames), [pumpStranger], known), []);
});

test("an order that reaches past the gateway is found, though the record system sent it", () => {
  const { ward: it, now } = ward();
  it.order(now, { pump: "P1", rate: 5 }, it.record, OTHER);
  assert.deepEqual(foundLines(heardAt(it.frames), [pumpStranger]), [
    "pump-stranger critical P1 by 10.20.0.9: programmed at 10.20.0.9, where no pump was programmed before, in 25 orders heard",
  ]);
});

test("five pumps within a minute by who is new since today are found; a patient's six by the record system are not", () => {
  const { ward: it, now } = ward();
  const day = 24 * 60 * MINUTE;
  for (let i = 0; i < 6; i++) it.order(now + 2 * day + i * 1_000_000, { pump: `P${i}`, rate: 5 });
  assert.deepEqual(foundLines(heardAt(it.frames), [pumpsInARow]), []);
  for (let i = 0; i < 5; i++) it.order(now + 3 * day + i * 10_000_000, { pump: `P${i}`, rate: 5 }, OTHER);
  assert.deepEqual(foundLines(heardAt(it.frames), [pumpsInARow]), [
    "pumps-in-a-row critical 10.20.0.9 by P0, P1, P2, P3, P4: 5 pumps programmed within 40 s; the most before was 4 in a minute",
  ]);
});

test("a pump that reports ten times what it was told is found; one that somebody set by hand is not", () => {
  const told = (hand: boolean) => {
    const { ward: it, now } = ward();
    it.order(now, { pump: "P1", rate: 5 });
    it.report(now + MINUTE, "P1", 5, { event: "MDC_EVT_PUMP_DELIV_START" });
    if (hand) it.report(now + 2 * MINUTE, "P1", 50, { event: "MDC_EVT_PUMP_DELIV_STOP" });
    for (let i = 3; i < 6; i++) it.report(now + i * MINUTE, "P1", 50);
    return foundLines(heardAt(it.frames), [pumpDiffers]);
  };
  assert.deepEqual(told(true), []);
  assert.deepEqual(told(false), ["pump-differs high P1 by 10.20.0.2: set to 10 times what was ordered, with no hand on it told of"]);
});
