/** `auscult policy`, as a person or a script would call it. */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { run } from "../testing/command.ts";
import { DAY, END, Recording } from "../testing/recording.ts";

/** Ten days of four pumps that report to their server; one of them was reached by a stranger on the last day. */
function ward(t: TestContext) {
  const recording = new Recording(t);
  recording.run("ward.pcap", {}, { first: END - 9 * DAY });
  const server = recording.endpoint("00:00:00:00:00:01", "10.0.0.1");
  recording.device([server], { name: "PUMPSRV", kind: "pump server", lifeCritical: "clinical IT" });
  const stranger = recording.endpoint("00:00:00:00:00:02", "10.0.0.2");
  recording.device([stranger], { name: "LAPTOP" });
  for (let number = 1; number <= 4; number++) {
    const pump = recording.endpoint(`00:00:00:00:01:0${number}`, `10.0.1.${number}`);
    recording.device([pump], { name: `PUMP-${number}`, kind: "infusion pump", lifeCritical: "therapy" });
    recording.conversation({ client: pump, server, port: 443, protocol: "tls", days: [0b11_1111_1111, 0] });
    if (number === 1) recording.conversation({ client: stranger, server: pump, port: 23, protocol: "telnet", days: [1, 0] });
  }
  const data = dirname(recording.path);
  mkdirSync(join(data, "recordings"));
  for (const end of ["", "-wal", "-shm"]) renameSync(recording.path + end, join(data, "recordings", `ward.db${end}`));
  const file = (name: string, text: string) => {
    writeFileSync(join(data, name), text);
    return join(data, name);
  };
  return { data, file, auscult: (...args: readonly string[]) => run("--data", data, "policy", ...args) };
}

test("learned, checked, and checked again: the same bytes, and what would be blocked by name", async (t) => {
  const { auscult, file } = ward(t);
  const learned = await auscult("learn");
  assert.equal(learned.code, 0, learned.stderr);
  assert.equal(
    learned.stdout,
    `policy: ward
groups:
  infusion pump:
    select: kind = "infusion pump"
  pump server:
    select: kind = "pump server"
rules:
  - allow: infusion pump → pump server
    service: tcp 80
    because: "fetch a new drug library: expected, not heard yet (NIST SP 1800-8B: the pump server hands out drug libraries; ports U: web services on their usual ones, makers differ)"
    origin: expected
  - allow: infusion pump → pump server
    service: tcp 443
    because: "fetch a new drug library: 4 of 4 did, on 10 of 10 days"
    origin: learned
`,
  );
  assert.match(learned.stderr, /^all\t4\t100\.00 %\t100\.00 %\t8\t2$/m);
  assert.match(
    learned.stderr,
    /^1 of 2 rules open 100 % of what is allowed and was not heard\. .*\n.*\ninfusion pump → pump server tcp 80\t4\t0$/m,
  );
  assert.match(learned.stderr, /^not known → infusion pump\ttcp 23\ttelnet\t1\t1\t.*\twhat the client is is not known\tLAPTOP → PUMP-1$/m);

  const policy = file("ward.yaml", learned.stdout);
  const checked = await auscult("check", policy);
  assert.equal(checked.code, 1);
  assert.match(checked.stdout, /^ward against ward: would block$/m);
  assert.match(checked.stdout, /^ {2}therapy: tcp 23 \(telnet\)$/m);
  assert.match(checked.stdout, /^ {4}LAPTOP \(d2\) → PUMP-1 \(d3\)$/m);
  assert.match(checked.stdout, /^kept\t4\t40$/m);
  assert.match(checked.stdout, /^keep the right time\tinfusion pump, pump server → whoever serves it\tudp 123\twould block\t/m);
  for (const hash of ["policy", "recording", "membership", "knowledge", "program"]) assert.match(checked.stdout, new RegExp(`^${hash} [0-9a-f]{32}$`, "m")); // prettier-ignore
  assert.equal((await auscult("check", policy)).stdout, checked.stdout);
  const before = await auscult("check", policy, "--to", new Date(END / 1000 - 86_400_000).toISOString().slice(0, 10), "--json");
  const { answer, conversations } = JSON.parse(before.stdout) as { answer: { verdict: string }; conversations: unknown[] };
  assert.deepEqual([before.code, answer.verdict, conversations.length], [0, "kept", 4]);
});

test("only some kinds are judged where only they are asked for", async (t) => {
  const { auscult } = ward(t);
  const { stdout } = await auscult("learn", "--only", "infusion pump", "--name", "Pumps");
  assert.match(stdout, /^policy: Pumps$/m);
  assert.match(stdout, / {2}pump server:\n {4}select: kind = "pump server"\n {4}governs: false\n/);
  const wrong = await auscult("learn", "--only", "infusion pumps");
  assert.deepEqual([wrong.code, wrong.stderr], [2, 'auscult: --only: expected a kind such as "infusion pump", got "infusion pumps"\n']);
});

test("shown with its members, written as it should be, and every slip with line and column", async (t) => {
  const { auscult, file } = ward(t);
  const path = file("p.yaml", "policy: P\nrules: [{service: tcp 443, allow: pumps->outside, because: x}]\ngroups: {pumps: {select: kind = \"infusion pump\"}}\n"); // prettier-ignore
  const shown = await auscult("show", path);
  assert.match(shown.stdout, /^pumps\t4\t0\tyes\tdraft\tkind = "infusion pump"$/m);
  assert.match(shown.stdout, /^1\tpumps → outside tcp 443\tsaid\tx$/m);
  const { stdout } = await auscult("show", path, "--format");
  assert.equal((await auscult("show", path, "--write")).code, 0);
  assert.equal(readFileSync(path, "utf8"), stdout);
  const wrong = await auscult("check", file("wrong.yaml", "policy: P\ngroups:\n  pumps: { select: knd = pump }\n"));
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /wrong\.yaml:3:20: expected a field .*\(did you mean kind\?\)$/m);
  assert.equal((await auscult("check", join(path, "none.yaml"))).code, 2);
  assert.equal((await auscult("check", path, "--from", "yesterday")).code, 2);
  const backwards = await auscult("check", path, "--from", "2026-02-01", "--to", "2026-01-01");
  assert.deepEqual([backwards.code, backwards.stderr], [2, 'auscult: --to: expected 2026-02-01 or a later day, got "2026-01-01"\n']);
});

test("compared with a narrower one, what newly breaks is named, and what is closed is counted", async (t) => {
  const { auscult, file } = ward(t);
  const wide = file("wide.yaml", "policy: W\ngroups:\n  pumps: { select: kind = \"infusion pump\" }\nrules:\n  - { allow: pumps → anyone, service: tcp 443, because: x }\n"); // prettier-ignore
  const narrow = file("narrow.yaml", "policy: N\ngroups:\n  pumps: { select: kind = \"infusion pump\" }\n  one: { select: name = LAPTOP }\nrules:\n  - { allow: pumps → one, service: tcp 443, because: x }\n"); // prettier-ignore
  const { code, stdout } = await auscult("compare", wide, narrow);
  assert.equal(code, 1);
  assert.match(stdout, /^Newly blocked, 4 conversations$/m);
  assert.match(stdout, /^therapy\tPUMP-1 → PUMPSRV\ttcp 443\t/m);
  // Four pumps to each other and to the server; to the laptop they still may. The laptop is governed now too: to the server and back.
  assert.match(
    stdout,
    /^Closed, whether heard or not: 18 triples of device, peer and port\n.*\n16\t1\tpumps → anyone tcp 443\n2\t\tnot governed$/m,
  );
  assert.equal((await auscult("compare", wide, wide)).code, 0);
});

test("as if another server stood there, and whether it is us", async (t) => {
  const { auscult, file } = ward(t);
  const policy = file("p.yaml", "policy: P\ngroups:\n  pumps: { select: kind = \"infusion pump\", states: { everywhere: enforced } }\n  server: { select: name = PUMPSRV, governs: false }\nrules:\n  - { allow: pumps → server, service: tcp 443, because: x }\n"); // prettier-ignore
  const moved = await auscult("check", policy, "--as-if", "PUMPSRV → LAPTOP");
  assert.equal(moved.code, 1);
  assert.match(moved.stdout, /PUMP-1 \(d3\) → LAPTOP \(d2\)/);
  const wrong = await auscult("check", policy, "--as-if", "PUMPSRV");
  assert.deepEqual([wrong.code, wrong.stderr], [2, 'auscult: --as-if: expected two devices with → (or ->) between them, got "PUMPSRV"\n']);
  const why = await auscult("why", "PUMP-2", "--policy", policy);
  assert.deepEqual([why.code, why.stdout.split("\n")[0]], [0, "No: whatever PUMP-2 was heard to try, a rule allows, and 1 of 1 of its usual conversations were heard since."]); // prettier-ignore
  assert.equal((await auscult("why", "nobody", "--policy", policy)).code, 2);
});

test("its history says who, when, why and which lines; a change is taken back, and any text written again", async (t) => {
  const { data, file, auscult } = ward(t);
  const { stdout: learned } = await auscult("learn");
  mkdirSync(join(data, "policies"));
  file("policies/pumps.yaml", learned);
  assert.match((await auscult("history", "pumps")).stdout, /^1 {2}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}changed in the file; by whom is not known\n {4}line 1\n {2}\+ policy: ward\n {2}\+ groups:\n {2}\+ {3}infusion pump:\n/); // prettier-ignore
  file("policies/pumps.yaml", learned.replace("service: tcp 443", "service: tcp 443-444"));
  const { stdout: second } = await auscult("history", "pumps.yaml", "--limit", "1");
  assert.deepEqual(second.split("\n").filter((line) => /^ {2}[-+]/.test(line)), ["  -     service: tcp 443", "  +     service: tcp 443-444"]); // prettier-ignore
  const silent = await auscult("history", "pumps", "--undo", "2");
  assert.deepEqual([silent.code, silent.stderr], [2, "auscult: --reason: expected why, got nothing\n"]);
  const undone = await auscult("history", "pumps", "--undo", "2", "--reason", "only one port", "--who", "bo ek");
  assert.deepEqual([undone.code, undone.stderr], [0, "Change 2 of pumps is taken back by change 3. Both stay written.\n"]);
  assert.equal(readFileSync(join(data, "policies", "pumps.yaml"), "utf8"), learned);
  assert.match((await auscult("history", "pumps", "--limit", "1")).stdout, /^3 {2}\S+ \S+ {2}change 2 taken back by bo ek \(not verified\): only one port\n/); // prettier-ignore
  assert.match((await auscult("history", "pumps", "--text", "2")).stdout, /service: tcp 443-444\n/);
  const restored = await auscult("history", "pumps", "--restore", "2", "--reason", "both after all");
  assert.deepEqual([restored.code, restored.stderr], [0, "pumps is as it was after change 2, by change 4. All of it stays written.\n"]);
  const { changes } = JSON.parse((await auscult("history", "pumps", "--json", "--limit", "0")).stdout) as { changes: { what: string; of: number | null }[] };
  assert.deepEqual(changes.map(({ what, of }) => [what, of]), [["written as it was", 2], ["taken back", 2], ["found", null], ["found", null]]); // prettier-ignore
  const wrong = await auscult("history", "nurses");
  assert.deepEqual([wrong.code, wrong.stderr], [2, 'auscult: expected a policy of the data directory (pumps), got "nurses"\n']);
}); // prettier-ignore
