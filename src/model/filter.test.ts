/** The filter language: what it reads, and what it says of what it cannot read. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { BadQuery } from "./store.ts";
import { assertProperty } from "../testing/property.ts";
import { FIELD_NAMES, parseFilter } from "./filter.ts";
import type { Filter } from "./filter.ts";

const CASES = 1_000;

test("nothing asks for all", () => {
  for (const text of ["", "  ", "\t\n"]) assert.equal(parseFilter(text), null);
});

for (const [text, meaning] of [
  ["pump", "pump"],
  ["ICU Pump", "icu & pump"],
  ['"icu pump"', "icu pump"],
  ["icu and pump or ct", "(icu & pump) | ct"],
  ["icu (pump or ct)", "icu & (pump | ct)"],
  ["NOT pump AND ct", "!pump & ct"],
  ["not not pump", "!!pump"],
  ["kind = CT", "kind is ct"],
  ["Kind=CT", "kind is ct"],
  ['kind = "Infusion Pump"', "kind is infusion pump"],
  ["kind != CT", "!kind is ct"],
  ["maker ~ phil", "maker has phil"],
  ["kind = unknown", "kind is "],
  ["kind = not known", "kind is "],
  ['kind = ""', "kind is "],
  ["kind != not known", "!kind is "],
  ["sure = unknown", "sure is unknown"],
  ["kind in CT, MR", "kind is ct,mr"],
  ["kind in (CT, unknown) icu", "kind is ct, & icu"],
  ["kind not in (CT)", "!kind is ct"],
  ['care = "clinical IT"', "care is clinical it"],
  ["ip = 10.20.0.7", "ip in 10.20.0.7/32"],
  ["ip in 10.20.0.0/16, fe80::/10", "ip in 10.20.0.0/16,fe80::/10"],
  ["ip = unknown", "ip in none"],
  ["ip ~ .7.", "ip has .7."],
  ["mac = 00-09-FB", "mac begins 00:09:fb"],
  ["mac = 0009.fb12.3456", "mac begins 00:09:fb:12:34:56"],
  ["mac in (00:09:fb:, 005056)", "mac begins 00:09:fb,00:50:56"],
  ["0009.FB12.3456", "0009.fb12.3456 | 00:09:fb:12:34:56"],
  ["00:09:FB:12:34:56", "00:09:fb:12:34:56"],
  ["123456789012", "123456789012 | 12:34:56:78:90:12"],
  ["123456", "123456"],
  ["last < 5m", "last < end-300000000"],
  ["first >= 1.5d", "first >= end-129600000000"],
  ["first > 2026-11-20", "first > 1795132800000000"],
  ["first <= 2026-11-20T06:30", "first <= 1795156200000000"],
  ["peers > 10", "peers > 10"],
  ["bytes >= 1.5MB", "bytes >= 1500000"],
  ["services = 0", "services = 0"],
  ["services in 1, 2", "services = 1 | services = 2"],
  ["id = d12", "id is d12"],
  ["standing = group", "standing is group"],
] as const)
  test(`${text}: ${meaning}`, () => assert.equal(said(parseFilter(text)!), meaning));

for (const [text, column, message, suggestion] of [
  ["vendor = Philips", 1, /^expected a field \(name, kind, .*\), got "vendor"$/, "maker"],
  ["icu and knd = CT", 9, /got "knd"/, "kind"],
  ["where = ICU", 1, /got "where"$/, "location"],
  ["address = 10.0.0.1", 1, /got "address"$/, "ip"],
  ["heard < 5m", 1, /got "heard"$/, "last"],
  ["icu and talks to > 3", 9, /^expected a field, got "talks to"$/, "peers"],
  ["What it is = CT", 1, /^expected a field, got "what it is"$/, "kind"],
  ["last heard at ~ bed", 1, /^expected a field, got "last heard at"$/, "location"],
  ["qqq = 1", 1, /got "qqq"/, undefined],
  ["kind =", 7, /^expected a value, got the end$/, undefined],
  ["kind = )", 8, /^expected a value, got "\)"$/, undefined],
  ["and pump", 1, /^expected a word or a field, got "and"$/, undefined],
  ["pump or", 8, /^expected a word or a field, got the end$/, undefined],
  ["(pump", 6, /^expected "\)", got the end$/, undefined],
  ["pump)", 5, /^expected "and", "or" or the end, got "\)"$/, undefined],
  ["= CT", 1, /^expected a word or a field, got "="$/, undefined],
  ["kind = CT, MR", 10, /^expected "and", "or" or the end, got ","$/, undefined],
  ["kind in (CT, MR", 16, /^expected "," or "\)", got the end$/, undefined],
  ['kind = "CT', 11, /^expected a closing quote, got the end$/, undefined],
  ["pump ! ct", 6, /^expected "!=", got "!"$/, "!="],
  ["kind > CT", 6, /^expected =, !=, ~, in after "kind", got ">"$/, "="],
  ["last = 5m", 6, /^expected <, <=, >, >= after "last", got "="$/, "<"],
  ["last in 5m", 6, /got "in"$/, "<"],
  ["last < 5", 8, /^expected an age such as 5m, 12h or 7d, or a date such as 2026-11-20, got "5"$/, undefined],
  ["last < 2026-13-45", 8, /got "2026-13-45"$/, undefined],
  ["peers ~ 5", 7, /after "peers", got "~"$/, "="],
  ["peers > many", 9, /^expected a number such as 10 or 5M, got "many"$/, undefined],
  ["ip = 10.20.0", 6, /^expected an address or a network such as 10\.20\.0\.0\/16 or fe80::\/10, got "10\.20\.0"$/, undefined],
  ["ip in 10.0.0.0/33", 7, /got "10\.0\.0\.0\/33"$/, undefined],
  ["mac = pump", 7, /^expected a network card's address or how it begins, such as 00:09:fb, got "pump"$/, undefined],
  ["care = life-suporting", 8, /^expected life-supporting, therapy, .*, got "life-suporting"$/, "life-supporting"],
  ["care = clinicalIT", 8, /got "clinicalit"$/, '"clinical IT"'],
  ["sure = knwon", 8, /^expected known, probably, unknown, got "knwon"$/, "known"],
  ["a ".repeat(101), 201, /^expected at most 100 words and tests, got more$/, undefined],
  [`${"(".repeat(60)}a${")".repeat(60)}`, 51, /^expected at most 50 parentheses within each other, got more$/, undefined],
] as const)
  test(`what cannot be read is told with its place: ${text.slice(0, 40)}`, () => {
    assert.throws(
      () => parseFilter(text),
      (error: unknown) => {
        assert.ok(error instanceof BadQuery, String(error));
        assert.match(error.message, message);
        assert.equal(error.column, column);
        assert.equal(error.suggestion, suggestion);
        return true;
      },
    );
  });

test("whatever is typed is a filter or a BadQuery with a place in it", () => {
  const pieces = [
    ...FIELD_NAMES,
    "and",
    "or",
    "not",
    "in",
    "known",
    "=",
    "!=",
    "~",
    "<",
    "<=",
    ">",
    ">=",
    "(",
    ")",
    ",",
    '"',
    '"a b"',
    "!",
    "5m",
  ];
  const soup = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string()), { maxLength: 30 }).map((parts) => parts.join(" "));
  assertProperty(
    fc.property(fc.oneof(fc.string({ unit: "binary", maxLength: 80 }), soup), (text) => {
      try {
        parseFilter(text);
      } catch (error) {
        assert.ok(error instanceof BadQuery, String(error));
        assert.ok(error.column !== undefined && error.column >= 1 && error.column <= text.length + 1, `column ${error.column}`);
      }
    }),
    { numRuns: CASES },
  );
});

test("a long filter is read in the time of its length", () => {
  const began = process.threadCpuUsage();
  parseFilter(`${" ".repeat(100_000)}a`);
  parseFilter(`"${"a ".repeat(100_000)}"`);
  assert.throws(() => parseFilter("a ".repeat(100_000)), BadQuery);
  assert.throws(() => parseFilter(`"${"\\".repeat(100_000)}`), BadQuery);
  assert.throws(() => parseFilter("(".repeat(100_000)), BadQuery);
  assert.throws(() => parseFilter("not ".repeat(100_000)), BadQuery);
  assert.ok(process.threadCpuUsage(began).user < 1_000_000);
});

/** A filter as a line: every part of it, in a form of its own. */
function said(filter: Filter): string {
  switch (filter.kind) {
    case "and":
    case "or":
      return filter.parts.map((part) => (part.kind === "and" || part.kind === "or" ? `(${said(part)})` : said(part))).join(filter.kind === "and" ? " & " : " | "); // prettier-ignore
    case "not":
      return `!${said(filter.part)}`;
    case "word":
      return filter.text;
    case "is":
      return `${filter.field} is ${filter.values.join(",")}`;
    case "contains":
      return `${filter.field} has ${filter.text}`;
    case "network":
      return `ip in ${filter.networks.map((it) => (it === null ? "none" : `${address(it.words, it.family)}/${it.bits}`)).join(",")}`;
    case "card":
      return `mac begins ${filter.starts.join(",")}`;
    case "number":
      return `${filter.field} ${filter.op} ${filter.value}`;
    case "time":
      return `${filter.field} ${filter.op} ${filter.from === "end" ? "end-" : ""}${filter.value}`;
  }
}

function address(words: readonly number[], family: 4 | 6): string {
  const bytes = words.flatMap((word) => [word >>> 24, (word >>> 16) & 255, (word >>> 8) & 255, word & 255]);
  return family === 4 ? bytes.slice(12).join(".") : `${((bytes[0]! << 8) | bytes[1]!).toString(16)}::`;
}
