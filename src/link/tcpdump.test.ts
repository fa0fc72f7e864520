import assert from "node:assert/strict";
import { chmodSync, createWriteStream, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { captureMissing, countersIn, startCapture, type CaptureCounters, type CaptureTrouble } from "./tcpdump.ts";

const folder = mkdtempSync(join(tmpdir(), "auscult-tcpdump-"));
const path = process.env["PATH"];
after(() => {
  process.env["PATH"] = path;
  rmSync(folder, { recursive: true });
});

test("tcpdump's counters are read as it prints them while running, on one line", () => {
  assert.deepEqual(
    countersIn("tcpdump: listening on eth1\n1023 packets captured, 1030 packets received by filter, 7 packets dropped by kernel\n"),
    { captured: 1023, received: 1030, droppedByKernel: 7, droppedByInterface: 0 },
  );
});

test("and at its end, on several", () => {
  const text = "5 packets captured\n6 packets received by filter\n0 packets dropped by kernel\n3 packets dropped by interface\n";
  assert.deepEqual(countersIn(text), { captured: 5, received: 6, droppedByKernel: 0, droppedByInterface: 3 });
});

test("half a report is no report", () => {
  assert.equal(countersIn("5 packets captured, 6 packets rec"), null);
});

test("a missing right is named with the one line that grants it to tcpdump alone", async () => {
  const { trouble } = await run('echo "tcpdump: eth1: You don\'t have permission to perform this capture on that device" >&2; exit 1');
  assert.equal(trouble?.kind, "permission");
  assert.equal(trouble.cure, `sudo setcap cap_net_raw,cap_net_admin+eip ${join(folder, "tcpdump")}`);
  assert.deepEqual((await captureMissing())?.cure, trouble.cure);
});

test("an interface that is not there, one that goes away and a program that breaks are told apart", async () => {
  assert.equal((await run('echo "tcpdump: eth9: No such device exists" >&2; exit 1')).trouble?.kind, "gone");
  const away = await run(`echo "tcpdump: listening on eth1, link-type EN10MB" >&2; sleep 0.1
    echo "tcpdump: pcap_loop: The interface disappeared" >&2
    echo "9 packets captured" >&2; echo "12 packets received by filter" >&2; echo "2 packets dropped by kernel" >&2; exit 1`);
  assert.deepEqual([away.listened, away.trouble?.kind, away.trouble?.cure], [true, "gone", "sudo ip link set eth1 up"]);
  // Two of the twelve were dropped, and one was still in the kernel's buffer when it ended.
  assert.deepEqual(away.counters, [
    { captured: 9, received: 12, droppedByKernel: 2, droppedByInterface: 0 },
    { captured: 9, received: 12, droppedByKernel: 3, droppedByInterface: 0 },
  ]);
  assert.match((await run("echo 'tcpdump: no memory' >&2; exit 3")).trouble!.words, /ended \(exit 3\): tcpdump: no memory$/);
});

/** With a program in tcpdump's place that does as told. */
async function run(script: string): Promise<{ listened: boolean; counters: CaptureCounters[]; trouble: CaptureTrouble | undefined }> {
  const file = join(folder, "tcpdump");
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  process.env["PATH"] = `${folder}:/usr/bin:/bin`;
  let listened = false;
  const counters: CaptureCounters[] = [];
  const { promise, resolve } = Promise.withResolvers<CaptureTrouble | undefined>();
  const pipe = createWriteStream("", { fd: openSync("/dev/null", "w") });
  startCapture("eth1", pipe, { listening: () => (listened = true), counters: (it) => counters.push(it), ended: resolve });
  return { trouble: await promise, listened, counters };
}
