import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { assertProperty } from "../testing/property.ts";
import { begins, compareRuns, isFiner, runsOf } from "./version-order.ts";

const order = (a: string, b: string) => compareRuns(runsOf(a), runsOf(b));

test("what comes before what", () => {
  const rising = [
    ["9.5", "9.33"], ["1.2", "1.10"], ["12.1.2", "12.1.3"], ["v3.0.3", "3.0.4"], ["B.06.17", "B.06.18"], ["B.12", "C.00.04"], ["M", "N"],
    ["2.4A", "2.4B"], ["4.20", "4.20 SR1"], ["1.8.4", "1.8.4 Service Pack 01"], ["2.0 beta", "2.0"], ["2.0-rc1", "2.0"], ["2025.2_Build_8153", "2025.2_Build_8154"],
    ["012U000039", "012U000040"], ["D15", "D25"], ["CMS7.820.075.08", "CMS7.820.120.01"], ["1.0.1", "1.0.1f"],
  ] as const; // prettier-ignore
  for (const [a, b] of rising) {
    assert.equal(order(a, b), -1, `${a} before ${b}`);
    assert.equal(order(b, a), 1, `${b} after ${a}`);
  }
});

test("the same by other names", () => {
  for (const [a, b] of [
    ["v1.2", "1.2.0"],
    ["R4.1L1", "4.1.L1"],
    ["Version 3.06", "3.6"],
    ["SW 1.0", "1.0"],
    ["1.8.4 SP1", "1.8.4 Service Pack 01"],
    ["J.3", "j.03"],
  ] as const)
    // prettier-ignore
    assert.equal(order(a, b), 0, `${a} is ${b}`);
});

test("what cannot be compared", () => {
  for (const [a, b] of [
    ["U61", "L81"],
    ["012U000061", "012L000061"],
    ["A.07.107", "S4 A.07.107"],
    ["HD23", "SV23.0"],
    ["F.0", "5.0"],
    ["2.1.foo", "2.1.bar"],
    ["1.0 gold", "1.0"],
  ] as const) {
    // prettier-ignore
    assert.equal(order(a, b), null, `${a} and ${b}`);
    assert.equal(order(b, a), null, `${b} and ${a}`);
  }
});

test("a finer name of a version", () => {
  assert.ok(isFiner(runsOf("9.7.1"), runsOf("9.7")));
  assert.ok(!isFiner(runsOf("9.7.0"), runsOf("9.7")));
  assert.ok(!isFiner(runsOf("9.71"), runsOf("9.7")));
  assert.ok(begins(runsOf("N.01.02"), runsOf("N")));
});

const version = fc.array(fc.oneof(fc.nat(99).map(String), fc.constantFrom("a", "b", "U", "sp", "beta", "build", "BN")), { minLength: 1, maxLength: 6 }).chain((parts) => fc.constantFrom(".", "-", " ", "").map((by) => parts.join(by))); // prettier-ignore
const sign = (it: number | null) => (it === null ? null : Math.sign(it));

test("order is antisymmetric, and everything is itself", () => {
  assertProperty(fc.property(version, version, (a, b) => sign(order(a, b)) === sign(order(b, a) === null ? null : -order(b, a)! || 0)));
  assertProperty(fc.property(version, (a) => order(a, a) === 0));
});

test("of numbers alone it is the order of their parts, in every chain", () => {
  const numbers = fc.array(fc.nat(9), { minLength: 1, maxLength: 5 });
  assertProperty(
    fc.property(numbers, numbers, numbers, (a, b, c) => {
      const [ab, bc, ac] = [order(a.join("."), b.join(".")), order(b.join("."), c.join(".")), order(a.join("."), c.join("."))];
      return ab === null || bc === null || ab > 0 || bc > 0 || (ac !== null && ac <= 0);
    }),
  );
});

test("hostile text is bounded and read at once", () => {
  const began = performance.now();
  for (const text of ["9".repeat(1e6), "a1".repeat(5e5), "v".repeat(1e6), "sp ".repeat(3e5), "\u0000".repeat(1e6)]) assert.ok(runsOf(text).length <= 32);
  assert.ok(performance.now() - began < 1_000);
}); // prettier-ignore
