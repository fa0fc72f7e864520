/** Mail against a real server over sockets: what arrives and how it reads, what gathers, and what becomes of it while the server misbehaves. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test, type TestContext } from "node:test";
import { makeCertificate } from "../../accounts/certificate.ts";
import { readSettings, WrongSettings } from "../../config.ts";
import type { Finding, Severity } from "../../model/finding.ts";
import { NOT_AN_ALARM } from "../../model/finding-words.ts";
import { Outbox } from "../../store/outbox.ts";
import { headerOf, MailServer, type Mail } from "../../testing/mail-server.ts";
import { outputsOf } from "./index.ts";
import { mail, type MailOptions } from "./mail.ts";
import { letterOf } from "./mail-text.ts";
import { Unwanted, type Told } from "./output.ts";
import { Sending } from "./sending.ts";

const certificate = makeCertificate(["localhost", "127.0.0.1"], Date.now());
const folder = mkdtempSync(join(tmpdir(), "auscult-mail-"));
after(() => rmSync(folder, { recursive: true }));
let files = 0;

const MINUTE = 60_000;
const TO = "biomed@hospital.example";
const party = (ip: string, name = ip, location: string | null = "ICU 3") => ({ device: "d1", name, ip, mac: null, kind: "infusion pump", maker: null, location, lifeCritical: "therapy" }); // prettier-ignore
function finding(number: number, more: Partial<Finding> = {}): Finding {
  return {
    id: String(number).padStart(16, "0"), detector: "log-in-guessing", title: "Passwords are tried", family: "threat", severity: "high", harms: ["device"],
    remedy: "Look at the machine that tries.", technique: ["T1110 Brute Force"], about: party("10.0.0.9"), others: [party("10.0.0.1")], othersBeyond: 0,
    first: 1_700_000_000_000_000 + number, last: 1_700_000_001_000_000 + number, count: 12, summary: "12 log-ins refused",
    because: [{ at: 1_700_000_000_000_000, text: "refused at once" }], witnesses: 0,
    before: null, standing: { state: "new", said: null, lapsed: null }, planned: null, hides: null, ...more,
  }; // prettier-ignore
}
const told = (number: number, more?: Partial<Finding>): Told => ({ finding: finding(number, more), site: "main" });
const nobody = { page: "", callsFor: () => ({ contacts: [], missing: "ICU 3" }) };

function optionsFor({ port }: MailServer, more: Partial<MailOptions> = {}): MailOptions {
  return { host: "127.0.0.1", port, tls: "upgrade", from: "auscult@hospital.example", to: TO, severity: "medium", restMs: 10 * MINUTE, ca: certificate.certificate, ...nobody, ...more }; // prettier-ignore
}
const start = (context: TestContext) => MailServer.start(context, { certificate });
const send = (server: MailServer, more?: Partial<MailOptions>, it = told(1)) => mail(optionsFor(server, more)).send("d-1", it);

/** Quoted-printable taken back. */
function textOf({ raw }: Mail): string {
  const body = raw.slice(raw.indexOf("\r\n\r\n") + 4).replaceAll("=\r\n", "");
  const bytes = body.replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString("utf8").replaceAll("\r\n", "\n");
}
/** Encoded words (RFC 2047) taken back. */
function subjectOf({ raw }: Mail): string {
  const words = headerOf(raw, "Subject").replace(/\?=\s+=\?/g, "?==?");
  return words.replace(/=\?UTF-8\?([BQ])\?([^?]*)\?=/gi, (_, how: string, text: string) =>
    how.toUpperCase() === "B" ? Buffer.from(text, "base64").toString() : Buffer.from(text.replaceAll("_", " ").replace(/=([0-9A-F]{2})/g, (__, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))), "latin1").toString()); // prettier-ignore
}

test("a mail says what happened, why it matters, what to do first for the patient, whom to call and where it is shown", () => {
  const contact = { ward: "ICU 3", kind: "", maker: "", hours: "", who: "Kim, biomed", call: "4711" };
  const { subject, text } = letterOf([told(1, { about: party("10.0.0.9", "pump-7") })], {
    page: "https://auscult.example/",
    callsFor: () => ({ contacts: [contact], missing: null }),
  });
  assert.equal(subject, "Auscult: high, ICU 3: Passwords are tried");
  const [before = "", losses = "", behind = ""] = text.split(
    /(?<= {2}1\. )If this infusion pump leaves the network: (.*)\. Whether it may is the ward's decision\./,
  );
  assert.match(losses, /infuses on/);
  assert.equal(
    `${before}…${behind}`,
    `Passwords are tried (high, threat)

What happened
  12 log-ins refused
  About: pump-7 (10.0.0.9), infusion pump, ICU 3
  Others: 10.0.0.1, infusion pump, ICU 3
  When: 2023-11-14 22:13 to 2023-11-14 22:13 UTC, 12 counted, site main
  Heard 2023-11-14 22:13 UTC: refused at once

Why it matters
  It is what somebody does who wants in, or takes what is not theirs. What it is about treats a patient, so it counts one step higher here than elsewhere.
  It may harm the device.
  ATT&CK: T1110 Brute Force

What to do
  1. …
  2. Look at the machine that tries.
  3. Call Kim, biomed, 4711

Evidence: https://auscult.example/findings/0000000000000001

${NOT_AN_ALARM}
`,
  );
});

test("where nobody is written down nobody is guessed, and where no page is known no link is made", () => {
  const { text } = letterOf([told(1)], nobody);
  assert.match(text, /3\. No contact for ICU 3: add one \(auscult contacts FILE\)/);
  assert.match(text, /Evidence: auscult findings 0000000000000001\n/);
  assert.doesNotMatch(text, /https?:/);
  const made = letterOf([{ ...told(1), test: true }], { ...nobody, page: "https://auscult.example" });
  assert.match(made.text, /Evidence: https:\/\/auscult\.example\/findings\n/, "one that was made up is shown nowhere");
});

test("what a device calls itself is no header, no line, no link and no mail of its own; letters of all languages arrive", async (context) => {
  const server = await start(context);
  const hostile =
    "Pümpe 点滴\r\nBcc: all@evil.example\r\n\r\n.\r\nMAIL FROM:<x> \u202Egnp\u001b[31m http://evil.example www.evil.example <b>";
  const long = "Süd ".repeat(200);
  await send(
    server,
    {},
    told(1, { about: party("10.0.0.9", hostile, `ICU 3\r\nX-Forged: ü\n${long}`), summary: `${hostile} ${long.repeat(9)}` }),
  );
  const [taken] = server.taken as [Mail];
  assert.deepEqual([server.taken.length, taken.to, headerOf(taken.raw, "Bcc"), headerOf(taken.raw, "X-Forged")], [1, [`<${TO}>`], "", ""]);
  assert.deepEqual(server.said.filter((it) => it.startsWith("MAIL")), ["MAIL FROM:<auscult@hospital.example>"]); // prettier-ignore
  const subject = subjectOf(taken);
  assert.match(subject, /^Auscult: high, ICU 3··X-Forged: ü·Süd Süd/);
  assert.ok(subject.length <= 150, `expected a subject of at most 150 characters, got ${subject.length}`);
  const text = textOf(taken);
  assert.match(text, /About: Pümpe 点滴··Bcc: all@evil\.example····\.··MAIL FROM:<x> ·gnp·\[31m http\[:\]\/\/evil\.example www\[\.\]evil/);
  assert.doesNotMatch(text, /:\/\/|www\.|\u202E|[^\P{Cc}\n]/u);
  assert.ok(text.length < 6_000, `expected a mail that is bounded, got ${text.length} characters`);
  assert.equal(headerOf(taken.raw, "Auto-Submitted"), "auto-generated");
  assert.equal(headerOf(taken.raw, "Importance"), "", "it is not critical");
});

test("of several the most severe stands first and in full, others in a line, the rest are counted; a critical one is urgent", async (context) => {
  const server = await start(context);
  const many = Array.from({ length: 1_000 }, (_, at) =>
    told(at, { severity: at === 500 ? "critical" : at % 2 === 0 ? "high" : "medium", about: party(`10.0.${at >> 8}.${at & 255}`, undefined, at === 500 ? "OR 1" : "ICU 3") })); // prettier-ignore
  assert.equal(await mail(optionsFor(server)).together!.send("d-1", many), "answered 250 2.0.0 taken");
  const [taken] = server.taken as [Mail];
  assert.equal(subjectOf(taken), "Auscult: 1,000 findings, the worst critical, OR 1 and one other place");
  assert.equal(headerOf(taken.raw, "Importance"), "High");
  const lines = textOf(taken).split("\n");
  assert.equal(lines[0], "1,000 findings, the most severe first:");
  assert.equal(lines[2], "  critical  Passwords are tried: 10.0.1.244, OR 1");
  assert.equal(lines.filter((line) => /^ {2}(critical|high|medium) /.test(line)).length, 50);
  assert.ok(lines.includes("  and 950 more: 450 high, 500 medium"));
  assert.equal(lines.filter((line) => line === "What to do").length, 3);
  assert.ok(lines.includes("The others in full: auscult findings"));
});

test("STARTTLS and TLS from the start, with a log-in; nothing goes to a server whose certificate does not hold, or that offers no TLS or no log-in", async (context) => {
  const logIn = { user: "auscult", password: "pass word ü" };
  const upgraded = await MailServer.start(context, { certificate, logIn });
  const direct = await MailServer.start(context, { certificate, logIn, fromTheStart: true });
  const plain = await MailServer.start(context, {});
  const login = { user: logIn.user, password: logIn.password };
  assert.equal(await send(upgraded, { login }), "answered 250 2.0.0 taken");
  assert.equal(await send(direct, { login, tls: "start" }), "answered 250 2.0.0 taken");
  assert.deepEqual([...upgraded.taken, ...direct.taken].map(({ user, encrypted }) => [user, encrypted]), [["auscult", true], ["auscult", true]]); // prettier-ignore
  const { ca: _, ...untrusting } = optionsFor(upgraded, { login });
  await assert.rejects(mail(untrusting).send("d-2", told(2)), /certificate/);
  await assert.rejects(send(upgraded, { tls: "start" }), /expected TLS from the start at this port, got none/);
  const elsewhere = makeCertificate(["elsewhere.example"], Date.now());
  const wrongName = await MailServer.start(context, { certificate: elsewhere });
  await assert.rejects(send(wrongName, { ca: elsewhere.certificate }), /altname|Hostname/i);
  plain.answer = (step) => (step === "STARTTLS" ? "454 not now" : undefined);
  await assert.rejects(send(plain), /STARTTLS/);
  await assert.rejects(send(await start(context), { login }), (error) => !(error instanceof Unwanted), "it offers no log-in");
  await assert.rejects(send(upgraded, { login: { ...login, password: "old" } }), (error: Error) => !(error instanceof Unwanted) && /535/.test(error.message)); // prettier-ignore
  assert.deepEqual([upgraded.taken.length, wrongName.taken.length, plain.taken.length], [1, 0, 0]);
  assert.deepEqual(plain.said.filter((it) => /^(AUTH|MAIL)/.test(it)), []); // prettier-ignore
  assert.equal(await send(plain, { tls: "off" }), "answered 250 2.0.0 taken", "the settings say in the clear");
});

for (const [what, step, answer, more, expected] of [
  ["hangs up at once", "greeting", "hang up", {}, /closed/],
  ["never greets", "greeting", "say nothing", { silenceMs: 200 }, /Greeting never received|took too long to answer/],
  ["asks to come again", "RCPT", "450 4.2.0 greylisted", {}, /450 4\.2\.0 greylisted/],
  ["is full", "DATA", "452 4.3.1 no room", {}, /452/],
  ["wants a log-in", "MAIL", "530 5.7.0 log in first", {}, /530/],
  ["says it serves nobody", "greeting", "554 5.3.2 no service", {}, /554/],
  ["never ends a line", "greeting", `220 ${"x".repeat(1_000_000)}`, {}, /exceeds maximum/],
  ["never ends an answer", "EHLO", "250-more\r\n".repeat(10_000), {}, /exceeds maximum/],
  ["speaks another protocol", "greeting", "HTTP/1.1 400 \u001b[31m", {}, /HTTP\/1\.1 400 ·\[31m$/],
] as const)
  test(`a mail server that ${what} is asked again later, and nothing counts as sent`, async (context) => {
    const server = await start(context);
    server.answer = (it) => (it === step ? answer : undefined);
    await assert.rejects(send(server, more), (error: Error) => {
      assert.match(error.message, expected);
      assert.ok(error.message.length < 300 && !/\p{Cc}/u.test(error.message), error.message);
      assert.ok(!(error instanceof Unwanted) && !error.message.includes("may have been taken"));
      return true;
    });
    assert.equal(server.taken.length, 0);
  });

for (const [step, answer] of [
  ["MAIL", "550 5.7.1 not you"],
  ["RCPT", "550 5.1.1 no such mailbox"],
  ["message", "554 5.6.0 looks like spam"],
] as const)
  // prettier-ignore
  test(`${answer} is refused for good`, async (context) => {
    const server = await start(context);
    server.answer = (it) => (it === step ? answer : undefined);
    await assert.rejects(send(server), (error) => error instanceof Unwanted && error.message.includes(answer));
  });

test("a server that hangs up, falls silent or answers drop by drop after the mail may have taken it, which is said", async (context) => {
  const server = await start(context);
  for (const [answer, more] of [
    ["hang up", {}],
    ["say nothing", { silenceMs: 200 }],
    ["say nothing", { wholeMs: 300 }],
  ] as const) {
    // prettier-ignore
    server.answer = (it) => (it === "message" ? answer : undefined);
    await assert.rejects(send(server, more), /may have been taken all the same, so it goes again under the same Message-ID$/);
  }
});

class Clock {
  at = Date.UTC(2026, 10, 27);
  readonly now = () => this.at;
}

function sendingTo(
  server: MailServer,
  clock: Clock,
  { path = join(folder, `${files++}.db`), to = [TO] }: { path?: string; to?: readonly string[] } = {},
) {
  // prettier-ignore
  const outbox = new Outbox(path);
  const said: string[] = [];
  const outputs = to.map((it) => mail(optionsFor(server, { to: it })));
  const sending = new Sending({ outbox, outputs, site: "main", severity: "low", log: (text) => said.push(text), now: clock.now });
  const offer = async (...findings: readonly Finding[]) => {
    sending.offer("main", findings);
    await sending.run();
  };
  return { sending, outbox, said, path, offer, mails: outputs };
}
const countIn = (it: Mail) => Number(/^Auscult: ([\d,]+) findings/.exec(subjectOf(it))?.[1]?.replace(",", "") ?? 1);

test("a storm is a few mails: what comes within ten minutes of one goes together in the next, unless it is more severe", async (context) => {
  const server = await start(context);
  const clock = new Clock();
  const { sending, outbox, offer } = sendingTo(server, clock);
  await offer(finding(1), finding(2, { severity: "low" }));
  assert.deepEqual(server.taken.map(countIn), [1], "the first at once, the minor one never");
  // Two hundred in an hour, none more severe.
  for (let number = 10; number < 210; number++) {
    clock.at += 18_000;
    await offer(finding(number, { severity: number % 2 === 0 ? "high" : "medium" }));
  }
  assert.ok(server.taken.length <= 7, `expected at most a mail every ten minutes, got ${server.taken.length}`);
  const before = server.taken.length;
  clock.at += 1_000;
  await offer(finding(5_000, { severity: "critical" }));
  assert.equal(server.taken.length, before + 1, "a more severe one does not wait");
  await offer(finding(5_001, { severity: "critical" }));
  assert.equal(server.taken.length, before + 1, "one that is no more severe than that does");
  clock.at += 10 * MINUTE;
  await sending.run();
  assert.equal(
    server.taken.map(countIn).reduce((sum, it) => sum + it),
    203,
  );
  assert.deepEqual(outbox.standing(), [{ output: `mail ${TO}`, state: "sent", count: 203 }]);
  await sending.close();
});

for (const [what, answer] of [
  ["answers 451", "451 4.3.0 later"],
  ["hangs up", "hang up"],
] as const)
  // prettier-ignore
  test(`a server that ${what} for an hour: nothing lost, each finding taken once, few asked in vain, said once, also over a restart`, async (context) => {
    const server = await start(context);
    const clock = new Clock();
    const began = clock.at;
    server.answer = (step) => (step === "MAIL" && clock.at < began + 60 * MINUTE ? answer : undefined);
    let it = sendingTo(server, clock);
    for (let minute = 0; minute < 120; minute++) {
      clock.at += MINUTE;
      await it.offer(...[0, 1, 2].map((number) => finding(minute * 10 + number)));
      if (minute !== 30) continue;
      assert.deepEqual(it.said.map((text) => text.replace(/: .*/, "")), [`mail (${TO} by 127.0.0.1:${server.port}) takes no findings`]); // prettier-ignore
      await it.sending.close();
      it = sendingTo(server, clock, { path: it.path });
    }
    clock.at += 10 * MINUTE;
    await it.sending.run();
    assert.deepEqual(it.outbox.standing(), [{ output: `mail ${TO}`, state: "sent", count: 360 }]);
    assert.equal(server.taken.map(countIn).reduce((sum, count) => sum + count), 360);
    assert.equal(new Set(server.taken.map(({ id }) => id)).size, server.taken.length);
    const inVain = server.connections - server.taken.length;
    assert.ok(inVain < 40, `expected few asked in vain, got ${inVain}`);
    await it.sending.close();
  });

test("a mail whose answer was lost goes again with the same findings under the same Message-ID, whatever came since, also over a restart", async (context) => {
  const server = await start(context);
  const clock = new Clock();
  const asked: string[] = [];
  server.answer = (step, time) => (step === "message" && time <= 2 ? "hang up" : undefined);
  let it = sendingTo(server, clock);
  const ids = () => it.said.filter((text) => text.includes("may have been taken"));
  await it.offer(finding(1), finding(2));
  asked.push(...ids());
  clock.at += 1_000;
  await it.offer(finding(3));
  await it.sending.close();
  it = sendingTo(server, clock, { path: it.path });
  clock.at += 60 * MINUTE;
  await it.sending.run();
  clock.at += 60 * MINUTE;
  await it.sending.run();
  assert.equal(asked.length, 1);
  const [first] = server.handedOver as [Mail];
  assert.deepEqual(server.handedOver.map(countIn), [2, 2, 2, 1]);
  assert.deepEqual(server.handedOver.slice(1, 3).map(({ id }) => id), [first.id, first.id]); // prettier-ignore
  assert.notEqual(server.handedOver[3]!.id, first.id);
  assert.deepEqual(it.outbox.standing(), [{ output: `mail ${TO}`, state: "sent", count: 3 }]);
  await it.sending.close();
});

test("ended by force while a mail is under way, it goes again with the same findings under the same Message-ID", async (context) => {
  const server = await start(context);
  const clock = new Clock();
  server.answer = (step, time) => (step === "message" && time === 1 ? "say nothing" : undefined);
  const ended = sendingTo(server, clock);
  const underWay = ended.offer(finding(1), finding(2));
  while (server.handedOver.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  const it = sendingTo(server, clock, { path: ended.path });
  await it.offer(finding(3));
  clock.at += 10 * MINUTE;
  await it.sending.run();
  const [before] = server.handedOver as [Mail];
  assert.deepEqual(server.handedOver.map(countIn), [2, 1, 2]);
  assert.equal(server.handedOver[2]!.id, before.id);
  await it.sending.close();
  ended.mails[0]!.close();
  await underWay;
  await ended.sending.close();
});

test("a mailbox that is gone holds up no other: what was for it is dead, said once, and to be read", async (context) => {
  const server = await start(context);
  const clock = new Clock();
  const gone = "gone@hospital.example";
  server.answer = (step) => (step === "RCPT" && server.said.at(-1)!.includes(gone) ? "550 5.1.1 no such mailbox" : undefined);
  const { sending, outbox, said, offer } = sendingTo(server, clock, { to: [gone, TO] });
  await offer(finding(1));
  clock.at += 11 * MINUTE;
  await offer(finding(2));
  assert.deepEqual(server.taken.map(({ to }) => to), [[`<${TO}>`], [`<${TO}>`]]); // prettier-ignore
  assert.deepEqual(outbox.standing(), [
    { output: `mail ${TO}`, state: "sent", count: 2 },
    { output: `mail ${gone}`, state: "dead", count: 2 },
  ]);
  assert.equal(said.length, 1);
  assert.match(said[0]!, /^mail \(gone@.*\) did not take a finding: .*550 5\.1\.1 no such mailbox\. It is kept in outbox\.db/);
  await sending.close();
});

test("a mail server that says nothing holds up no other output, and the end of Auscult no longer than it must", async (context) => {
  const server = await start(context);
  server.answer = (step) => (step === "message" ? "say nothing" : undefined);
  const outbox = new Outbox(join(folder, `${files++}.db`));
  const written: string[] = [];
  const file = { name: "file", where: "a list", send: async (id: string) => String(written.push(id)), close: () => undefined };
  const it = mail(optionsFor(server));
  const said: string[] = [];
  const sending = new Sending({ outbox, outputs: [it, file], site: "main", severity: "low", log: (text) => said.push(text) });
  sending.offer("main", [finding(1)]);
  while (server.handedOver.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  sending.offer("main", [finding(2)]);
  while (written.length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
  it.close();
  await sending.close();
  assert.match(said[0]!, /given up, since Auscult ended; it may have been taken all the same/);
});

test("each output is told of what is as severe as it asks for, and nobody of what none asks for", async (context) => {
  const server = await start(context);
  const outbox = new Outbox(join(folder, `${files++}.db`));
  const written: Severity[] = [];
  const file = { name: "file", where: "a list", send: async (_: string, it: Told) => String(written.push(it.finding.severity)), close: () => undefined }; // prettier-ignore
  const sending = new Sending({ outbox, outputs: [mail(optionsFor(server, { severity: "high" })), file], site: "main", severity: "medium", log: () => undefined }); // prettier-ignore
  assert.equal(sending.severity, "medium");
  sending.offer("main", [finding(1), finding(2, { severity: "medium" }), finding(3, { severity: "low" })]);
  await sending.run();
  assert.deepEqual([server.taken.map(countIn), written], [[1], ["high", "medium"]]);
  await sending.close();
});

test("settings of mail that do not go together say what was expected, and never show the password", () => {
  const password = join(folder, "password");
  writeFileSync(password, "hunter two\n");
  const good = { AUSCULT_OUTPUT_MAIL: "smtp://mail.example:587", AUSCULT_OUTPUT_MAIL_TO: "a@x.example, b@x.example,a@x.example", AUSCULT_OUTPUT_MAIL_FROM: "c@x.example" }; // prettier-ignore
  const outputs = (more: Record<string, string>) => outputsOf(folder, readSettings(folder, { ...good, ...more }));
  assert.deepEqual(outputs({}).map(({ name, queue, where, severity, together }) => [name, queue, where, severity, together?.restMs]), [
    ["mail", "mail a@x.example", "a@x.example by mail.example:587", "high", 10 * MINUTE],
    ["mail", "mail b@x.example", "b@x.example by mail.example:587", "high", 10 * MINUTE],
  ]); // prettier-ignore
  const logIn = { AUSCULT_OUTPUT_MAIL_USER: "auscult", AUSCULT_OUTPUT_MAIL_PASSWORD: password };
  assert.equal(outputs(logIn).length, 2);
  for (const [more, expected] of [
    [{ AUSCULT_OUTPUT_MAIL: "mail.example" }, /AUSCULT_OUTPUT_MAIL: expected an address such as smtp:\/\/mail\.example:587, got "mail\.example"/],
    [{ AUSCULT_OUTPUT_MAIL: "smtp://kim:secret@mail.example:25" }, /got "smtp:\/\/…@mail\.example:25"$/],
    [{ AUSCULT_OUTPUT_MAIL_TO: "" }, /outputMailTo: expected the mailboxes/],
    [{ AUSCULT_OUTPUT_MAIL_TO: "Kim <kim@x.example>" }, /expected a mailbox such as biomed@hospital\.example, got "Kim"/],
    [{ AUSCULT_OUTPUT_MAIL_TO: Array.from({ length: 21 }, (_, at) => `a${at}@x.example`).join() }, /at most 20 mailboxes, got 21/],
    [{ AUSCULT_OUTPUT_MAIL_FROM: "" }, /outputMailFrom: expected the mailbox/],
    [{ AUSCULT_OUTPUT_MAIL_FROM: "a@x.example\nBcc: b@x.example" }, /expected a mailbox/],
    [{ AUSCULT_OUTPUT_MAIL_TLS: "maybe" }, /expected required or off, got "maybe"/],
    [{ AUSCULT_OUTPUT_MAIL: "smtps://mail.example:465", AUSCULT_OUTPUT_MAIL_TLS: "off" }, /outputMailTls: expected required/],
    [{ ...logIn, AUSCULT_OUTPUT_MAIL_TLS: "off" }, /outputMailTls: expected required where outputMailUser logs in, got off/],
    [{ AUSCULT_OUTPUT_MAIL_USER: "auscult" }, /outputMailPassword: expected a file/],
    [{ AUSCULT_OUTPUT_MAIL_PASSWORD: password }, /outputMailUser: expected the name/],
    [{ ...logIn, AUSCULT_OUTPUT_MAIL_PASSWORD: join(folder, "none") }, /outputMailPassword: expected a file that can be read/],
  ] as const)
    assert.throws(() => outputs(more), (error) => error instanceof WrongSettings && expected.test(error.message) && !error.message.includes("hunter")); // prettier-ignore
});
