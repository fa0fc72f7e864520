import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { closeSync, linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, test } from "node:test";
import { FIRST_AT, pcapFile, pcapngFile, udpFrame } from "../testing/frames.ts";
import { findCaptures, type FoundCaptures } from "./files.ts";

const folder = mkdtempSync(join(tmpdir(), "auscult-files-"));
after(() => rmSync(folder, { recursive: true }));

const frame = udpFrame({ from: 1, to: 2 });
const at = (seconds: number) => pcapFile([{ bytes: frame, at: FIRST_AT + seconds * 1e6 }]);

async function found(...paths: readonly string[]): Promise<FoundCaptures> {
  const all = await findCaptures(paths);
  for (const file of all.files) if (file.path !== "-") closeSync(file.fd);
  return all;
}

test("the captures of a folder come in the order of their first frames, and what is none is named with what it is", async () => {
  const ring = join(folder, "ring");
  mkdirSync(join(ring, "older"), { recursive: true });
  writeFileSync(join(ring, "a.pcap"), at(20));
  writeFileSync(join(ring, "b.pcapng"), pcapngFile([{ bytes: frame, at: FIRST_AT + 10e6 }]));
  writeFileSync(join(ring, "c.pcap"), at(0));
  writeFileSync(join(ring, "notes.pcap"), "the pumps of ward 4\n");
  writeFileSync(join(ring, "empty.pcap"), "");
  writeFileSync(join(ring, ".DS_Store"), "of the file system's own");
  const { files, notRead } = await found(ring);
  assert.deepEqual(
    files.map((it) => it.name),
    ["c.pcap", "b.pcapng", "a.pcap"],
  );
  assert.deepEqual(
    notRead.map((it) => `${basename(it.path)}: ${it.words}`),
    [
      "older: expected a file in this folder, got a folder: it is read where it is named itself",
      "empty.pcap: expected a capture (pcap or pcapng), got nothing: it is empty",
      'notes.pcap: expected a capture (pcap or pcapng), got text beginning "the pumps of ward 4"',
    ],
  );
});

test("the same bytes under two names count once, and which is which is said", async () => {
  const [one, two, three] = ["one.pcap", "two.pcap", "three.pcap"].map((name) => join(folder, name)) as [string, string, string];
  writeFileSync(one, at(1));
  linkSync(one, two);
  symlinkSync(one, three);
  const { files, repeated, notRead } = await found(three, two, one, one);
  assert.deepEqual([files.length, notRead], [1, []]);
  assert.deepEqual(repeated, [
    { path: two, as: three },
    { path: one, as: three },
  ]);
});

test("a path that leads nowhere, a folder without files and a link to nothing are each said", async () => {
  const nothing = join(folder, "nothing");
  mkdirSync(join(nothing, "inner"), { recursive: true });
  const lost = join(folder, "lost");
  mkdirSync(lost);
  symlinkSync(join(folder, "not there"), join(lost, "link.pcap"));
  const { files, notRead } = await found(join(folder, "no.pcap"), nothing, lost);
  assert.equal(files.length, 0);
  assert.deepEqual(
    notRead.map((it) => it.words),
    [
      "expected a file or a folder, found none of this name",
      "expected a file in this folder, got a folder: it is read where it is named itself",
      "expected captures in this folder, found no file",
      "expected a file or a folder, found none of this name",
    ],
  );
});

test("standard input is taken as it is: nobody knows its length, its beginning or whether it came before", async () => {
  const { files } = await found("-");
  assert.deepEqual(
    files.map((it) => [it.name, it.fd, it.size, it.known, it.firstAt]),
    [["standard input", 0, 0, false, null]],
  );
  assert.notEqual(files[0]!.run, (await found("-")).files[0]!.run);
});

test("a pipe that lies in a folder is left alone and named", { skip: process.platform === "win32" }, async () => {
  const inside = join(folder, "with-a-pipe");
  mkdirSync(inside);
  execFileSync("mkfifo", [join(inside, "fifo")]);
  writeFileSync(join(inside, "a.pcap"), at(0));
  const { files, notRead } = await found(inside);
  assert.deepEqual([files.map((it) => it.name), notRead.map((it) => basename(it.path))], [["a.pcap"], ["fifo"]]);
});
