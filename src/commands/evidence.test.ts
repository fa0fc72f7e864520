import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Core } from "../core.ts";
import { ourRegistry } from "../knowledge/prefixes.ts";
import { siteRegistryStamp, useSiteRegistry } from "../knowledge/registry.ts";
import { readerOf } from "../link/recordings.ts";
import { NoRecording } from "../model/store.ts";
import { evidence } from "./evidence.ts";
import { CommandError } from "./terminal.ts";

test("files are read into the recording that is named; what is wrong is one line, and nothing is read then", async (t) => {
  const data = mkdtempSync(join(tmpdir(), "auscult-evidence-"));
  t.after(() => rmSync(data, { recursive: true }));
  const file = (name: string, text: string) => {
    writeFileSync(join(data, name), text);
    return join(data, name);
  };
  const leases = file("dnsmasq.leases", "0 00:09:fb:12:34:56 10.9.8.7 pump-7 *\n");
  await assert.rejects(evidence([leases], { data }), NoRecording);

  const path = join(data, "recordings", "ward.db");
  mkdirSync(join(path, ".."));
  new Core({ path, site: "main", ownRanges: [] }).close();
  const refused = (paths: readonly string[], words: RegExp, at?: string) =>
    assert.rejects(
      evidence(paths, { data, ...(at === undefined ? {} : { at }) }),
      (error) => error instanceof CommandError && error.exit === 2 && words.test(error.message),
    );
  await refused([leases, file("letter.txt", "Dear all,\n")], /letter\.txt: expected .*, got a file of none of these forms$/);
  await refused([join(data, "nowhere.txt")], /nowhere\.txt: expected a file that can be read, got no such file or folder$/);
  await refused([leases], /^--at: expected a date like .*, got "yesterday"$/, "yesterday");

  mkdirSync(join(data, "knowledge"));
  writeFileSync(join(data, "knowledge", "registry.bin"), ourRegistry());
  t.after(() => useSiteRegistry(null));
  await evidence([leases], { data, recording: "ward", at: "2026-11-23 08:00" });
  assert.notEqual(siteRegistryStamp(), "", "a registry of the site's serves, as wherever else the recording is written");
  const reader = await readerOf(path);
  t.after(() => reader.close());
  const { rows } = await reader.devices({ filter: "", sort: "ip", descending: false, offset: 0, limit: 9 });
  assert.deepEqual(rows.map(({ name, ips }) => [name, ips]), [["pump-7", ["10.9.8.7"]]]); // prettier-ignore
  const detail = await reader.device(rows[0]!.id);
  assert.deepEqual(detail!.evidence.filter(({ attribute }) => attribute === "names").map(({ first }) => first), [Date.UTC(2026, 10, 23, 8) * 1_000]); // prettier-ignore
});
