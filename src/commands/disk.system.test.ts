/** A disk that is full, and its cure: a file system of a few hundred kilobytes. Needs root. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, suite, test } from "node:test";
import { simulate } from "../simulation/index.ts";
import { run, start } from "../testing/command.ts";

suite("a full disk", { skip: process.getuid?.() !== 0 && "needs root: NO DISK WAS FILLED" }, () => {
  const folder = mkdtempSync(join(tmpdir(), "auscult-disk-"));
  const capture = join(folder, "hospital.pcap");
  writeFileSync(capture, Buffer.concat([...simulate({ seed: 1 }).capture]));
  const disks: string[] = [];
  after(() => {
    for (const disk of disks) execFileSync("umount", [disk]);
    rmSync(folder, { recursive: true });
  });

  function smallDisk(name: string): { readonly data: string; readonly grow: () => void } {
    const data = join(folder, name);
    mkdirSync(data);
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=300k", "tmpfs", data]);
    disks.push(data);
    return { data, grow: () => void execFileSync("mount", ["-o", "remount,size=20m", data]) };
  }

  test("it is said, a command that ends by itself ends with exit 3, and the next time nothing is missing or counted twice", async () => {
    const { data, grow } = smallDisk("one");
    const full = await run("--data", data, "open", capture, "--exit");
    assert.equal(full.code, 3, full.stderr);
    assert.match(
      full.stderr,
      /^auscult: The disk takes nothing more \(.*\): what is heard waits until there is room; what was stored is kept\.$/m,
    );
    grow();
    const again = await run("--data", data, "open", capture, "--exit", "--json");
    const elsewhere = await run("--data", join(folder, "elsewhere"), "open", capture, "--exit", "--json");
    assert.equal(again.code, 0);
    assert.equal(again.stdout, elsewhere.stdout);
  });

  test("with room again it goes on by itself, and nothing is lost", async () => {
    const { data, grow } = smallDisk("two");
    const { child, said, ended } = start(["--data", data, "open", capture, "--exit", "--json"]);
    child.stdin.end();
    await said(/The disk takes nothing more/);
    grow();
    const { code, stdout } = await ended;
    assert.equal(code, 0);
    assert.equal(stdout, (await run("--data", join(folder, "elsewhere"), "open", capture, "--exit", "--json")).stdout);
  });
});
