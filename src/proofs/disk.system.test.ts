/** A disk that becomes full at any point, from the first page on: it is said, and with room nothing is missing or counted twice. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { sampleFrames, writeCapture } from "../testing/captures.ts";
import { run, start } from "../testing/command.ts";

const folder = mkdtempSync(join(tmpdir(), "auscult-disks-"));
const file = join(folder, "ward.pcap");
const mounted: string[] = [];
after(() => {
  for (const disk of mounted) execFileSync("umount", [disk]);
  rmSync(folder, { recursive: true });
});

/** A page of memory is the least a disk can grow by. */
const KILOBYTES = [4, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768];
const FULL = /The disk takes nothing more/;

suite("a disk of a few kilobytes", { skip: process.getuid?.() !== 0 && "needs root: NO DISK WAS FILLED" }, () => {
  let whole = "";
  let full = 0;
  before(async () => {
    writeCapture(file, sampleFrames(142, 25));
    whole = (await run("--data", join(folder, "elsewhere"), "open", file, "--exit", "--json")).stdout;
    assert.ok(whole.length > 100_000, `${whole.length} bytes`);
  });

  for (const kilobytes of KILOBYTES)
    test(`${kilobytes} kB`, async () => {
      const data = join(folder, String(kilobytes));
      mkdirSync(data);
      execFileSync("mount", ["-t", "tmpfs", "-o", `size=${kilobytes}k`, "tmpfs", data]);
      mounted.push(data);
      const program = start(["--data", data, "open", file, "--exit", "--json"]);
      program.child.stdin.end();
      const isFull = await Promise.race([program.said(FULL).then(() => true), program.ended.then(() => false)]);
      if (isFull) full++;
      execFileSync("mount", ["-o", "remount,size=64m", data]);
      let { code, stdout, stderr } = await program.ended;
      if (!isFull && code !== 0) {
        // Too small to begin at all: said in a line, and the next time there is room.
        assert.ok(code === 3 || code === 5, `${code}: ${stderr}`);
        assert.match(stderr, /^auscult: .*got (a full disk|an error of the disk)/m);
        ({ code, stdout, stderr } = await run("--data", data, "open", file, "--exit", "--json"));
      }
      assert.equal(code, 0, stderr);
      assert.ok(stdout === whole, "the inventory is another one");
    });

  test("and some of them became full on the way", () => assert.ok(full >= 3, String(full)));
});
