import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { readSettings } from "./config.ts";
import { findProgram } from "./link/sandbox.ts";
import { CaptureUnavailable } from "./link/tcpdump.ts";
import { openReaderThread } from "./link/reader-thread.ts";
import type { SessionState } from "./api/session.ts";
import { findCaptures } from "./link/files.ts";
import { LocalSession, type SessionOptions } from "./session.ts";
import { arp, ethernet, FIRST_AT, IP_A, pcapFile, udpFrame } from "./testing/frames.ts";

const folder = mkdtempSync(join(tmpdir(), "auscult-session-"));
const open: LocalSession[] = [];
after(async () => {
  for (const session of open) await session.close();
  rmSync(folder, { recursive: true });
});

let sessions = 0;
function session(data = join(folder, `data-${++sessions}`), options: Pick<SessionOptions, "sending"> = {}): LocalSession {
  const it = new LocalSession({
    dataDirectory: data,
    settings: readSettings(data, {}),
    log: () => undefined,
    openReader: openReaderThread,
    ...options,
  });
  open.push(it);
  return it;
}

function capture(path: string, count: number): string {
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(
    path,
    pcapFile(Array.from({ length: count }, (_, i) => ({ bytes: udpFrame({ from: 5000, to: 6000 }), at: FIRST_AT + i * 1e6 }))),
  );
  return path;
}

/** With "ward" shown, and "lab" beside it, from the first test on. */
const shown = session();

test("what is read is shown, told as it comes, and found again among the recordings", async () => {
  const it = shown;
  const told: SessionState[] = [];
  it.subscribe(() => told.push(it.state()));
  assert.deepEqual([it.recording(), it.state().recording], [null, null]);
  await it.openFiles([capture(join(folder, "ward.pcap"), 40)]);
  assert.equal(it.state().reading?.file, "ward.pcap");
  assert.deepEqual((await it.finished())?.stopped, false);
  assert.deepEqual([it.state().recording, it.state().reading], ["ward", null]);
  assert.equal((await it.recording()!.coverage()).frames, 40);
  const last = told.findIndex((state) => state.recording === "ward" && state.reading === null);
  assert.equal(told[last]?.devices, (await it.recording()!.coverage()).devices, "what is told when reading has ended counts every device");
  assert.ok(it.state().revision > 1, "the recording is told to be another more than once");
  assert.ok(
    told.slice(0, last).every((state) => state.recording === null || state.reading !== null),
    "nothing is told to be over before it is",
  );

  await it.openFiles([capture(join(folder, "lab.pcap"), 5)]);
  await it.finished();
  assert.deepEqual((await it.recordings()).map((recording) => recording.name).toSorted(), ["lab", "ward"]);
  await it.openRecording("ward");
  assert.equal((await it.recording()!.coverage()).frames, 40);
});

test("a word needs a recording", async () => {
  const said = session().say({ who: "lind", reason: "seen", device: "d1", attribute: "location", value: "Ward 4" });
  await assert.rejects(said, /expected an open recording/);
});

test("a word is kept, shown and taken back, with who and why", async () => {
  const it = shown;
  const { rows } = await it.recording()!.devices({ filter: `ip = ${IP_A}`, sort: "name", descending: false, offset: 0, limit: 1 });
  const device = rows[0]!.id;
  await it.say({ who: "lind", reason: "seen on the ward", device, attribute: "location", value: "Ward 4" });
  assert.deepEqual((await it.recording()!.device(device))?.location?.saidBy, "lind");
  const [change] = await it.recording()!.changes(0, 1);
  await it.undo(change!.number, "berg", "it was moved");
  assert.equal((await it.recording()!.device(device))?.location, null);
});

test("a path that leads to no capture is told, and what was shown stays", async () => {
  const it = shown;
  await assert.rejects(
    it.openFiles([join(folder, "nowhere.pcap")]),
    /^Error: nowhere\.pcap: expected a file or a folder, found none of this name$/,
  );
  await assert.rejects(it.openRecording("nowhere"), /expected a recording, one of ward, lab, got "nowhere"/);
  assert.equal(it.state().recording, "ward");
});

test("what was uploaded is gone when it is read, and what was never read is gone after a day", async () => {
  const data = join(folder, "uploads");
  const [fresh, old] = ["fresh", "old"].map((name) => capture(join(data, "uploads", name, "ward.pcap"), 3)) as [string, string];
  const yesterday = Date.now() / 1000 - 25 * 3_600;
  utimesSync(join(data, "uploads", "old"), yesterday, yesterday);
  const it = session(data);
  assert.deepEqual([existsSync(old), existsSync(fresh)], [false, true]);
  await it.openFiles([fresh]);
  await it.finished();
  assert.equal(existsSync(fresh), false);
  assert.equal((await it.recording()!.coverage()).frames, 3);
  assert.equal(existsSync(capture(join(folder, "own.pcap"), 3)), true);
  await it.openFiles([join(folder, "own.pcap")]);
  await it.finished();
  assert.ok(existsSync(join(folder, "own.pcap")), "a person's own file is never taken away");
});

test("captures that are not read after all are closed, and what was uploaded of them is gone", async () => {
  const it = session();
  const uploaded = (name: string) => capture(join(it.dataDirectory, "uploads", name, "ward.pcap"), 3);
  const descriptors = () => readdirSync("/proc/self/fd").length;
  const [kept, text] = [uploaded("kept"), join(it.dataDirectory, "uploads", "text", "words.pcap")];
  const before = descriptors();
  // A file stands where the folder of recordings would be.
  writeFileSync(join(it.dataDirectory, "recordings"), "");
  await assert.rejects(it.openFiles([kept]), /expected a data directory that can be written/);
  mkdirSync(join(text, ".."));
  writeFileSync(text, "no capture");
  await assert.rejects(it.openFiles([text]), /words\.pcap: expected a capture/);
  rmSync(join(it.dataDirectory, "recordings"));
  assert.deepEqual([existsSync(kept), existsSync(text), descriptors()], [false, false, before]);
  await it.openFiles([uploaded("again")]);
  await it.finished();
  assert.equal((await it.recording()!.coverage()).frames, 3);
});

test("what others wrote down is read into what is open; where nothing is, that is said, and what is neither is named as before", async () => {
  const it = session();
  const leases = (name: string) => {
    const path = join(it.dataDirectory, "uploads", name, "dnsmasq.leases");
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, "0 00:09:fb:12:34:56 10.9.8.7 pump-7 *\n");
    return path;
  };
  await assert.rejects(it.openFiles([leases("early")]), /dnsmasq\.leases: expected an open recording .*: open a capture first/);
  await it.openFiles([join(folder, "ward.pcap")]);
  await it.finished();
  const path = leases("now");
  await it.openFiles([path]);
  assert.equal(existsSync(path), false);
  assert.match(it.state().notes.join(), /dnsmasq\.leases, of .*: entries read: 1/);
  const { rows } = await it.recording()!.devices({ filter: "10.9.8.7", sort: "ip", descending: false, offset: 0, limit: 9 });
  assert.deepEqual(rows.map(({ name, macs }) => [name, macs]), [["pump-7", ["00:09:fb:12:34:56"]]]); // prettier-ignore
});

test("a recording that another session writes can be looked at, and says where words go", async () => {
  const first = session();
  await first.openFiles([join(folder, "ward.pcap")]);
  await first.finished();
  first.tellAddress("http://127.0.0.1:4180");
  const second = session(first.dataDirectory);
  await second.openRecording("ward");
  assert.equal((await second.recording()!.coverage()).frames, 40);
  assert.match(second.state().notes.join(), /another Auscult writes it: http:\/\/127\.0\.0\.1:4180/);
  await assert.rejects(second.say({ who: "lind", reason: "seen", device: "d1", attribute: "location", value: "Ward 4" }), /said there/);
});

test("one file after the other: opening another ends the first in order", async () => {
  const it = session();
  const first = it.openFiles([capture(join(folder, "long.pcap"), 20_000)]);
  const second = it.openFiles([join(folder, "ward.pcap")]);
  await Promise.all([first, second]);
  await it.finished();
  assert.equal(it.state().recording, "ward");
  await it.openFiles([join(folder, "long.pcap")]);
  await it.finished();
  assert.equal((await it.recording()!.coverage()).frames, 20_000);
});

test("a file cut short is half-read as long as its recording is shown, and what was said of it goes when another opens", async () => {
  const it = session();
  const cut = capture(join(folder, "cut.pcap"), 20);
  truncateSync(cut, statSync(cut).size - 10);
  await it.openFiles([cut]);
  assert.equal(it.state().hearing.kind, "reading");
  await it.finished();
  assert.equal(it.state().hearing.kind, "halfRead");
  assert.match(it.state().notes.join(), /cut\.pcap is half-read/);
  await it.openFiles([join(folder, "ward.pcap")]);
  await it.finished();
  assert.deepEqual([it.state().hearing.kind, it.state().notes], ["whole", []]);
});

test("what was asked for and not begun when the program ends is not begun any more", async () => {
  const it = session();
  const opening = it.openFiles([join(folder, "ward.pcap")]);
  await it.close();
  await assert.rejects(opening, /Auscult is ending/);
  assert.equal(it.state().recording, null);
});

test(
  "an interface that cannot be listened to ends none that is",
  { skip: process.getuid?.() !== 0 || findProgram("tcpdump") === undefined },
  async () => {
    const it = session();
    const listenedTo = () => it.state().listening.map(({ name }) => name);
    await it.listen(["lo"]);
    await assert.rejects(it.listen(["eth99"]), CaptureUnavailable);
    assert.deepEqual(listenedTo(), ["lo"]);
    await it.stop();
    await assert.rejects(it.listen(["eth99"]), CaptureUnavailable);
    assert.deepEqual(listenedTo(), []);
  },
);

test("findings of the site's own recording are offered to who is told of them; those of what is only looked at are not", async () => {
  const offered: string[] = [];
  let isClosed = false;
  const sending = {
    severity: "medium" as const,
    offer: (recording: string, findings: readonly { readonly detector: string }[]) =>
      void offered.push(...findings.map(({ detector }) => `${recording}: ${detector}`)),
    close: async () => void (isClosed = true),
  };
  const frame = ethernet(
    { type: 0x0806, from: "00:09:fb:00:00:01", to: "ff:ff:ff:ff:ff:ff" },
    arp(1, ["00:09:fb:00:00:01", "10.0.0.1"], ["00:00:00:00:00:00", "10.0.0.200"]),
  );
  const path = join(folder, "storm.pcap");
  // Six seconds of 1,000 a second, and one frame after them.
  writeFileSync(path, pcapFile(Array.from({ length: 6_001 }, (_, i) => ({ bytes: frame, at: FIRST_AT + i * 1e3 }))));
  const it = session(join(folder, `data-${++sessions}`), { sending });
  await it.openFiles([path]);
  await it.finished();
  assert.equal((await it.recording()!.findings({ states: ["new"], offset: 0, limit: 9 })).rows[0]?.detector, "segment-storm");
  assert.deepEqual(offered, [], "it was opened to be looked at");
  await it.read(await findCaptures([path]), { recording: "main", site: "main" });
  await it.finished();
  assert.deepEqual([...new Set(offered)], ["main: segment-storm"]);
  await it.close();
  assert.equal(isClosed, true);
});
