/** What changed between two texts, and a change taken back from a text that went on. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { assertProperty } from "../testing/property.ts";
import { changedParts, withoutChange } from "./changed-lines.ts";

const MARKS = { same: " ", gone: "-", new: "+" };

/** As a person reads it. */
function told(before: string, after: string): string[] {
  return changedParts(before, after).flatMap((part) => [
    `${part.before} ${part.after}`,
    ...part.lines.map(({ mark, text }) => `${MARKS[mark]}${text}`),
  ]);
}
const lines = (text: string) => `${text.split("").join("\n")}\n`;

test("lines that changed stand with two around them, and near ones in one part", () => {
  assert.deepEqual(told(lines("abcdefgh"), lines("abcXefgh")), ["2 2", " b", " c", "-d", "+X", " e", " f"]);
  assert.deepEqual(told(lines("abcdefgh"), lines("XabcdefghY")), ["1 1", "+X", " a", " b", "7 8", " g", " h", "+Y"]);
  assert.deepEqual(told(lines("abcde"), lines("Xbcd")), ["1 1", "-a", "+X", " b", " c", " d", "-e"]);
  assert.deepEqual(told(lines("ab"), lines("ab")), []);
});

test("a text that was not there before, one that is no more, and a last line without its end", () => {
  assert.deepEqual(told("", lines("ab")), ["1 1", "+a", "+b"]);
  assert.deepEqual(told(lines("ab"), ""), ["1 1", "-a", "-b"]);
  assert.deepEqual(told("a\nb\n", "a\nb"), ["1 1", " a", " b", "-"]);
});

test("what is told leads from one text to the other, and no shorter way is left", () => {
  const text = fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 12 }).map((it) => it.map((line) => `${line}\n`).join(""));
  const holds = fc.property(text, text, (before, after) => {
    const parts = changedParts(before, after);
    assert.deepEqual(patched(before, parts, "gone", "new"), after.split("\n"), "forth");
    assert.deepEqual(patched(after, parts, "new", "gone"), before.split("\n"), "back");
    const changed = parts.flatMap((it) => it.lines).filter(({ mark }) => mark !== "same").length;
    assert.equal(changed, shortest(before.split("\n"), after.split("\n")));
  });
  assertProperty(holds, { numRuns: 1_000 });
});

test("a change is taken back, and what came before and after it in the text stays", () => {
  assert.equal(withoutChange(lines("XbcdYfg"), lines("abcdefg"), lines("abcdYfg")), lines("Xbcdefg"));
  assert.equal(withoutChange(lines("abcdYfgZ"), lines("abcdefg"), lines("abcdYfg")), lines("abcdefgZ"));
  assert.equal(withoutChange(lines("abcQdYfg"), lines("abcdefg"), lines("abcdYfg")), lines("abcQdefg"));
});

test("one whose lines were changed since, or that is taken back already, is refused", () => {
  assert.equal(withoutChange(lines("abcdZfg"), lines("abcdefg"), lines("abcdYfg")), null);
  assert.equal(withoutChange(lines("abcdYZfg"), lines("abcdefg"), lines("abcdYfg")), null, "touching: which comes first nobody can say");
  assert.equal(withoutChange(lines("abcdefg"), lines("abcdefg"), lines("abcdYfg")), null);
});

test("two texts of 60,000 other lines each are told as one written anew, in a moment", () => {
  const text = (word: string) => Array.from({ length: 60_000 }, (_, at) => `${word} ${at}\n`).join("");
  const start = performance.now();
  const [part] = changedParts(`head\n${text("a")}tail\n`, `head\n${text("b")}tail\n`);
  assert.ok(performance.now() - start < 5_000);
  assert.equal(part!.lines.length, 120_002);
});

function patched(text: string, parts: ReturnType<typeof changedParts>, out: "gone" | "new", put: "gone" | "new"): string[] {
  const left = text.split("\n");
  let shift = 0;
  for (const part of parts) {
    let at = (out === "gone" ? part.before : part.after) - 1 + shift;
    for (const { mark, text: line } of part.lines) {
      if (mark === put) left.splice(at, 0, line);
      else assert.equal(left[at], line);
      if (mark === out) left.splice(at, 1);
      else at++;
      shift += mark === put ? 1 : mark === out ? -1 : 0;
    }
  }
  return left;
}

/** Lines that differ at least: both lengths without twice the longest common row. */
function shortest(a: readonly string[], b: readonly string[]): number {
  let row = Array.from<number>({ length: b.length + 1 }).fill(0);
  for (const one of a) {
    const next = [0];
    for (const [at, other] of b.entries()) next.push(one === other ? row[at]! + 1 : Math.max(row[at + 1]!, next[at]!));
    row = next;
  }
  return a.length + b.length - 2 * row.at(-1)!;
}
