import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../simulation/random.ts";
import { CHANCE, forecast, MONTHS_MIN, studentBelow } from "./forecast.ts";

/** Made-up fleets with known growth: devices are bought in lots of one to eight, and one in twenty is retired each year. */
const FLEETS: Readonly<Record<string, (year: number) => number>> = {
  "12 % a year": () => 0.12,
  "20 % a year": () => 0.2,
  "from 8 % rising by 4 points a year": (year) => 0.08 + 0.04 * year,
};
const RETIRED = 0.05;
const SEEDS = 100;

test("of made-up fleets with known growth the interval holds the truth as often as it says", () => {
  const shares: number[] = [];
  for (const [name, growth] of Object.entries(FLEETS))
    for (const [months, ahead] of [
      [24, 6],
      [24, 18],
      [36, 18],
    ] as const) {
      let held = 0;
      for (let seed = 1; seed <= SEEDS; seed++) {
        const counts = fleet(new Random(seed * 7919 + months), 400, months + ahead, growth);
        const last = forecast(counts.slice(0, months), ahead)!.at(-1)!;
        if (counts.at(-1)! >= last.low && counts.at(-1)! <= last.high) held += 1;
      }
      shares.push(held / SEEDS);
      // Of 100 draws at 0.8, fewer than 66 come once in a thousand: an interval that says 0.8 and holds less lulls.
      assert.ok(held >= 66, `${name}, ${months} months, ${ahead} ahead: ${held} of ${SEEDS}, said ${CHANCE}`);
    }
  // Steady fleets are held more often than one whose growth grows; all together as said, and not by saying nothing.
  const all = shares.reduce((sum, it) => sum + it, 0) / shares.length;
  assert.ok(Math.abs(all - CHANCE) < 0.06, `${shares.join(" ")}: ${all}, said ${CHANCE}`);
});

test("an interval is no wider than it must be: a steady fleet's is a fraction of a wild one's", () => {
  const width = (counts: readonly number[]) => {
    const { low, high, likely } = forecast(counts, 12)!.at(-1)!;
    return (high - low) / likely;
  };
  const steady = Array.from({ length: 24 }, (_, month) => Math.round(1000 * 1.015 ** month));
  const wild = steady.map((count, month) => Math.round(count * (month % 2 === 0 ? 1.1 : 0.9)));
  assert.ok(width(steady) < width(wild) / 3, `${width(steady)} against ${width(wild)}`);
  const { likely } = forecast(steady, 12)!.at(-1)!;
  assert.ok(Math.abs(likely / (1000 * 1.015 ** 35) - 1) < 0.03, `${likely}`);
});

test("a short history, or one with a month of none, gives no forecast", () => {
  assert.equal(forecast([10, 11, 12, 13, 14, 15, 16], 6), null);
  assert.equal(forecast([10, 11, 12, 0, 14, 15, 16, 17], 6), null);
  assert.equal(
    forecast(
      Array.from({ length: MONTHS_MIN }, () => 10),
      6,
    )!.length,
    6,
  );
});

test("Student's t is what tables have", () => {
  for (const [t, freedom, share] of [
    [12.706, 1, 0.975],
    [4.303, 2, 0.975],
    [2.571, 5, 0.975],
    [1.812, 10, 0.95],
    [-1.812, 10, 0.05],
    [0, 7, 0.5],
  ] as const)
    assert.ok(Math.abs(studentBelow(t, freedom) - share) < 1e-4, `${t} with ${freedom}`);
});

function fleet(random: Random, start: number, months: number, growth: (year: number) => number): number[] {
  const counts = [start];
  for (let month = 1; month < months; month++) {
    const count = counts.at(-1)!;
    const bought = (count * (Math.log1p(growth(month / 12)) + RETIRED)) / 12;
    let more = 0;
    for (let lot = poisson(random, bought / 4.5); lot > 0; lot--) more += 1 + random.below(8);
    counts.push(count + more - poisson(random, (count * RETIRED) / 12));
  }
  return counts;
}

/** Knuth's way: small means only. */
function poisson(random: Random, mean: number): number {
  const end = Math.exp(-mean);
  let drawn = -1;
  for (let product = 1; product > end; drawn++) product *= random.next();
  return Math.max(0, drawn);
}
