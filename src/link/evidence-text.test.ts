import assert from "node:assert/strict";
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { isJson, linesOf, objectsOf, type Piece } from "./evidence-text.ts";

function pieces(bytes: string | Uint8Array, of: (fd: number) => Iterable<Piece> = linesOf): string[] {
  return withFile(bytes, (fd) => [...of(fd)].map(({ line, text }) => `${line}: ${text ?? "too long"}`));
}

function withFile<T>(bytes: string | Uint8Array, work: (fd: number) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "auscult-text-"));
  const path = join(folder, "list.csv");
  writeFileSync(path, bytes);
  const fd = openSync(path, "r");
  try {
    return work(fd);
  } finally {
    closeSync(fd);
    rmSync(folder, { recursive: true });
  }
}

const TEXT = "Gerät,Zimmer\r\nPumpe 7,„Süd“\r\n";
const LINES = ["1: Gerät,Zimmer", "2: Pumpe 7,„Süd“"];

test("lines in UTF-8 with and without a mark, in UTF-16 of both orders with and without, and in Windows-1252", () => {
  const utf16 = Buffer.from(TEXT, "utf16le");
  assert.deepEqual(pieces(TEXT), LINES);
  assert.deepEqual(pieces(`\ufeff${TEXT}`), LINES);
  assert.deepEqual(pieces(Buffer.from(`\ufeff${TEXT}`, "utf16le")), LINES);
  assert.deepEqual(pieces(utf16), LINES);
  assert.deepEqual(pieces(Buffer.from(`\ufeff${TEXT}`, "utf16le").swap16()), LINES);
  assert.deepEqual(pieces(Buffer.from([...Buffer.from("Ger\xe4t,Zimmer\r\nPumpe 7,", "latin1"), 0x84, 0x53, 0xfc, 0x64, 0x93])), LINES);
});

test("a line that never ends is told and left, and the next one is read", () => {
  const long = "x".repeat(200_000);
  assert.deepEqual(pieces(`a\n${long}\nb\n`), ["1: a", "2: too long", "3: b"]);
  assert.deepEqual(pieces(`a\n${long}`), ["1: a", "2: too long"]);
});

test("a line that lies on the border of two chunks is whole", () => {
  const [long, short] = ["x".repeat(16_000), "x".repeat(1_527)];
  const read = pieces(`${`${long}\n`.repeat(4)}${short}\nGerät 7\nb`);
  assert.deepEqual(read.slice(4), [`5: ${short}`, "6: Gerät 7", "7: b"]);
});

test("objects of a list of JSON: all on one line, over many, with brackets in their words, in lists within lists", () => {
  const leases = [{ "ip-address": "10.0.0.1", "user-context": { note: 'a "}" in it ä' } }, { "ip-address": "10.0.0.2" }];
  const answer = [{ arguments: { leases }, result: 0, text: "2 IPv4 lease(s) found." }];
  assert.deepEqual(
    pieces(JSON.stringify(answer), objectsOf),
    leases.map((it) => `1: ${JSON.stringify(it)}`),
  );
  const written = pieces(JSON.stringify(answer, null, 2), objectsOf).map((it) => it.replace(/\s+/g, " "));
  assert.deepEqual(written.map((it) => it.split(":")[0]), ["5", "11"]); // prettier-ignore
  assert.equal(withFile(`  \n${JSON.stringify(answer)}`, isJson), true);
  assert.equal(withFile("lease 10.0.0.1 {", isJson), false);
});

test("an object without an end, and one that is too long, are told and left", () => {
  assert.deepEqual(pieces('[{"a": 1}, {"b": ', objectsOf), ['1: {"a": 1}', '1: {"b": ']);
  assert.deepEqual(pieces(`[{"a": "${"x".repeat(100_000)}"}, {"b": 2}]`, objectsOf), ["1: too long", '1: {"b": 2}']);
});
