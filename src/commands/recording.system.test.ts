/** Recordings that are damaged, or that this account may not see: one line that names them, exit 5. */
import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, suite, test } from "node:test";
import { UnusableRecording } from "../model/store.ts";
import { run } from "../testing/command.ts";
import { pcapFile, udpFrame } from "../testing/frames.ts";
import { opened } from "../testing/opened.ts";
import { recordingFor } from "./recording.ts";

const folder = mkdtempSync(join(tmpdir(), "auscult-recording-"));
after(() => rmSync(folder, { recursive: true }));

const capture = join(folder, "ward.pcap");
writeFileSync(capture, pcapFile(Array.from({ length: 5 }, () => udpFrame({ from: 5000, to: 6000 }))));

suite("recordings that cannot be read", () => {
  test("damage that shows when a device is asked for, or a capture is added, is one line that names the file, exit 5", async () => {
    const data = join(folder, "damaged");
    const { path } = await opened(data, capture);
    damage(path, ["conversation", "device"]);
    for (const words of [["device", "d1"], ["device", "d1", "--json"], ["devices"], ["open", capture, "--exit"]]) {
      const { code, stdout, stderr } = await run("--data", data, ...words);
      assert.deepEqual([code, stdout], [5, ""], words.join(" "));
      assert.match(stderr, /^auscult: expected a recording that can be read, got a damaged file: .*ward\.db$/m);
      assert.doesNotMatch(stderr, /defect|^ +at /m);
    }
    const copied = await run("--data", data, "backup", join(folder, "copy.backup"));
    assert.deepEqual([copied.code, copied.stdout], [5, ""]);
    assert.match(copied.stderr, /^auscult: expected a recording that can be read, got a damaged file: .*ward\.db\n$/);
  });

  test("a recording that is no database is named with what came, also by doctor, which goes on; a folder or a lost link is none", async () => {
    const data = join(folder, "text");
    const recordings = join(data, "recordings");
    mkdirSync(join(recordings, "folder.db"), { recursive: true });
    symlinkSync(join(folder, "nowhere"), join(recordings, "link.db"));
    // Doctor asks the site's own for what its mirrors were worth.
    const path = join(recordings, "main.db");
    writeFileSync(path, "no database at all");
    const said = `expected a recording, got a file that is no database: ${path}`;
    for (const words of [["devices"], ["device", "d1"], ["backup", join(folder, "none")], ["open", capture, "--into", "main", "--exit"]]) {
      const { code, stdout, stderr } = await run("--data", data, ...words);
      assert.deepEqual([code, stdout, stderr], [5, "", `auscult: ${said}\n`], words.join(" "));
    }
    const { code, stdout } = await run("--data", data, "doctor", "--json");
    const { findings } = JSON.parse(stdout) as { findings: { about: string; state: string; words: string }[] };
    const wrong = findings.filter((it) => it.about.startsWith("Recording")).map((it) => [it.about, it.state, it.words]);
    assert.deepEqual([code, wrong], [1, [["Recording main", "wrong", said]]]);
  });

  test("a data directory of somebody else, or that is no folder, is not one without recordings", async () => {
    const data = join(folder, "theirs");
    mkdirSync(join(data, "recordings"), { recursive: true });
    chmodSync(data, 0);
    // Root may enter anything, and is somebody else for a moment.
    const root = process.geteuid!() === 0;
    if (root) process.seteuid!(65_534);
    try {
      assert.throws(
        () => recordingFor(data, undefined),
        refusal(/^expected a data directory that can be read, got no permission: .*theirs$/),
      );
    } finally {
      if (root) process.seteuid!(0);
      chmodSync(data, 0o700);
    }
    for (const words of [["devices"], ["device", "d1"], ["backup", join(folder, "none")], ["doctor"], ["open", capture, "--exit"]]) {
      const { code, stdout, stderr } = await run("--data", capture, ...words);
      assert.deepEqual([code, stdout], [5, ""], words.join(" "));
      assert.match(stderr, /^auscult: .*expected .* that can be read, got .*no folder.*\n$/);
    }
    assert.match((await run("--data", data, "devices")).stderr, /no recording in .* yet/);
  });
});

function refusal(words: RegExp): (error: unknown) => boolean {
  return (error) => error instanceof UnusableRecording && words.test(error.message);
}

/** Where these tables begin, with bytes that are no page. */
function damage(path: string, tables: readonly string[]): void {
  const database = new DatabaseSync(path, { readOnly: true });
  const { page_size: size } = database.prepare("PRAGMA page_size").get() as { page_size: number };
  const pages = tables.map(
    (name) => (database.prepare("SELECT rootpage FROM sqlite_schema WHERE name = ?").get(name) as { rootpage: number }).rootpage,
  );
  database.close();
  const bytes = readFileSync(path);
  for (const page of pages) bytes.fill(0xa5, (page - 1) * size, page * size);
  writeFileSync(path, bytes);
}
