/** `auscult policy export`, as a person or a script would call it. */
import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test, type TestContext } from "node:test";
import { run } from "../testing/command.ts";
import { DAY, END, Recording } from "../testing/recording.ts";
import { exported, EXPORTERS } from "../exporting.ts";
import { replayFrom } from "../replaying.ts";
import { policyFrom } from "./policy.ts";

function ward(t: TestContext) {
  const recording = new Recording(t);
  recording.run("ward.pcap", {}, { first: END - 9 * DAY });
  const server = recording.endpoint("00:00:00:00:00:01", "10.0.0.1");
  recording.device([server], { name: "PUMPSRV", kind: "pump server", lifeCritical: "clinical IT" });
  const pump = recording.endpoint("00:00:00:00:01:01", "10.0.1.1");
  recording.device([pump], { name: "PUMP [1](x)", kind: "infusion pump", lifeCritical: "therapy" });
  recording.conversation({ client: pump, server, port: 443, protocol: "tls", days: [0b11_1111_1111, 0] });
  recording.conversation({ client: pump, server, port: 21, protocol: "ftp", days: [1, 0] });
  const data = dirname(recording.path);
  mkdirSync(join(data, "recordings"));
  for (const end of ["", "-wal", "-shm"]) renameSync(recording.path + end, join(data, "recordings", `ward.db${end}`));
  const policy = (more = "") => {
    writeFileSync(join(data, "p.yaml"), `policy: Pumps\ngroups:\n  pumps: { select: kind = "infusion pump" }\n  servers: { select: kind = "pump server", governs: false }\nrules:\n  - { allow: pumps → servers, service: tcp 443, because: reports }\n${more}`); // prettier-ignore
    return join(data, "p.yaml");
  };
  return {
    policy,
    recording: join(data, "recordings", "ward.db"),
    auscult: (...args: readonly string[]) => run("--data", data, "policy", "export", ...args),
  };
}

test("for each target there is a text, what takes it back, and a page; the same bytes each time", async (t) => {
  const { policy, recording, auscult } = ward(t);
  const file = policy();
  const of = (to: string) => exported(policyFrom(file), replayFrom(recording), [], to, "drop");
  for (const to of EXPORTERS) {
    const { text, rollback, change, blocked, hashes } = of(to);
    assert.match(text, /10\.0\.1\.1/, to);
    assert.equal(blocked, 1);
    assert.match(hashes.membership, /^[0-9a-f]{32}$/);
    assert.deepEqual(of(to), { ...of(to), text, rollback, change, hashes }, to);
    assert.notEqual(rollback, text, to);
  }
  const { code, stdout, stderr } = await auscult(file, "--to", "csv");
  assert.deepEqual([code, stdout], [0, of("csv").text]);
  assert.match(stderr, /1 conversation of those heard would be blocked/);
  assert.match(stderr, /^membership [0-9a-f]{32}$/m);
  assert.equal((await auscult(file, "--to", "csv", "--rollback")).stdout, of("csv").rollback);
});

test("the page says what, whom, what was replayed, what was not heard and how to go back", async (t) => {
  const { policy, auscult } = ward(t);
  const { code, stdout } = await auscult(policy("tests:\n  - every pumps reaches servers on tcp 443\n"), "--to", "cisco-dacl", "--change");
  assert.equal(code, 0);
  assert.match(stdout, /^- pumps → servers tcp 443: reports \(said\)$/m);
  assert.match(stdout, /^- \*\*pumps\*\*: 1 devices \(therapy\) in ward not known$/m);
  assert.match(stdout, /^- would block: PUMP \\\[1\\\]\(x\) → PUMPSRV tcp 21 \(therapy\)/m);
  assert.match(stdout, /udp 123: keep the right time/);
  assert.match(stdout, /^- holds: every pumps reaches servers on tcp 443$/m);
  assert.match(stdout, /^! AUSCULT-PUMPS-V4$/m);
  assert.match(stdout, /what is sent to it passes by/);
});

test("lists that a firewall fetches are files of their own, and what fails touches none", async (t) => {
  const { policy, recording, auscult } = ward(t);
  const folder = join(dirname(recording), "lists");
  const file = policy();
  const { code, stdout, stderr } = await auscult(file, "--to", "edl", "--into", folder);
  assert.deepEqual([code, stdout], [0, ""]);
  assert.deepEqual(readdirSync(folder).toSorted(), ["auscult-enforced.txt", "auscult-pumps.txt", "auscult-rules.csv", "auscult-servers.txt"]);
  assert.equal(readFileSync(join(folder, "auscult-pumps.txt"), "utf8"), "10.0.1.1\n");
  assert.match(stderr, /auscult-pumps\.txt: 1 line$/m);
  // Draft: nobody is judged, and the lists stay as they were.
  const none = await auscult(file, "--to", "edl", "--denied", "as-it-says", "--into", folder);
  assert.equal(none.code, 2);
  assert.equal(readFileSync(join(folder, "auscult-pumps.txt"), "utf8"), "10.0.1.1\n");
  writeFileSync(join(folder, "auscult-gone.txt"), "10.9.9.9\n");
  assert.match((await auscult(file, "--to", "edl", "--into", folder)).stderr, /auscult-gone\.txt is none of these and stays as it was/);
  const one = await auscult(file, "--to", "csv", "--into", folder);
  assert.deepEqual([one.code, one.stdout], [2, ""]);
  assert.match(one.stderr, /--into: expected a target of several files, got "csv"/);
  const nowhere = await auscult(file, "--to", "edl", "--into", join(folder, "auscult-gone.txt"));
  assert.equal(nowhere.code, 2);
  assert.match(nowhere.stderr, /--into: expected a folder that can be written to/);
  const never = await auscult(file, "--to", "edl", "--into", "/proc/nobody/lists");
  assert.equal(never.code, 2);
  assert.match(never.stderr, /--into: expected a folder that can be written to/);
}); // prettier-ignore

test("nothing is written where a test of the policy fails, where nobody is governed, or for a target nobody knows", async (t) => {
  const { policy, auscult } = ward(t);
  const failing = await auscult(policy("tests:\n  - no pumps reaches servers\n"), "--to", "csv");
  assert.deepEqual([failing.code, failing.stdout], [2, ""]);
  assert.match(failing.stderr, /no pumps reaches servers/);
  const draft = await auscult(policy(), "--to", "nftables-bridge", "--denied", "as-it-says");
  assert.deepEqual([draft.code, draft.stdout], [2, ""]);
  assert.match(draft.stderr, /expected a group that governs and has members with addresses/);
  const unknown = await auscult(policy(), "--to", "cisco");
  assert.deepEqual([unknown.code, unknown.stdout], [2, ""]);
  assert.match(unknown.stderr, /expected one of nftables-bridge, .*, csv, got "cisco"/);
});

test("what is only to be logged drops nothing", async (t) => {
  const { policy, auscult } = ward(t);
  const { stdout } = await auscult(policy(), "--to", "nftables-bridge", "--denied", "log");
  assert.doesNotMatch(stdout, /\bdrop\b/);
  assert.match((await auscult(policy(), "--to", "nftables-bridge")).stdout, /counter drop comment "denied"/);
});

test("lists are made to fit in so many entries, and where one cannot nothing is written", async (t) => {
  const { policy, auscult } = ward(t);
  const file = policy("  - { allow: pumps → servers, service: tcp 8000, because: orders }\n");
  const whole = await auscult(file, "--to", "cisco-dacl");
  const fits = await auscult(file, "--to", "cisco-dacl", "--budget", "9");
  assert.equal(fits.stdout, whole.stdout);
  assert.match(fits.stderr, /AUSCULT-PUMPS-V4: 9 entries, as plain counts; nothing is merged\./);
  const fewer = await auscult(file, "--to", "cisco-dacl", "--budget", "8");
  assert.match(fewer.stdout, /^permit tcp any host 10\.0\.0\.1 range 443 8000$/m);
  assert.match(fewer.stderr, /AUSCULT-PUMPS-V4: 9 entries before, 8 after/);
  assert.match((await auscult(file, "--to", "cisco-dacl", "--budget", "8", "--change")).stdout, /^## Merged to fit$/m);
  const none = await auscult(file, "--to", "cisco-dacl", "--budget", "7");
  assert.deepEqual([none.code, none.stdout], [2, ""]);
  assert.match(none.stderr, /AUSCULT-PUMPS-V4: expected a list that fits in 7 entries, 8 is the least on plain: 7 are written besides/);
  // A Nexus writes the range out: as many entries as it has prefixes.
  const prefixes = await auscult(file, "--to", "cisco-dacl", "--budget", "8", "--counts", "Cisco Nexus 9000");
  assert.deepEqual([prefixes.code, prefixes.stdout], [2, ""]);
  for (const [words, ...args] of [
    [/--budget: expected --to cisco-dacl, cisco-ios or trustsec, got "csv"/, "--to", "csv", "--budget", "64"],
    [/expected lists of at most 2 entries, as plain counts; Auscult_[0-9a-f]{12} \(.+ → .+\) has \d+/, "--to", "trustsec", "--budget", "2"],
    [/--counts: expected one of "plain", /, "--to", "cisco-dacl", "--budget", "64", "--counts", "a switch"],
    [/--budget: expected at most 64, which is what Extreme/, "--to", "cisco-dacl", "--budget", "65", "--counts", "Extreme Switch Engine 32, dynamic"],
  ] as const) {
    const wrong = await auscult(file, ...args);
    assert.deepEqual([wrong.code, wrong.stdout], [2, ""]);
    assert.match(wrong.stderr, words);
  }
}); // prettier-ignore

test("--help names every target there is", async () => {
  const { stdout } = await run("policy", "export", "--help");
  assert.ok(stdout.replaceAll(/\s+/g, " ").includes(EXPORTERS.join(", ")), stdout);
});
