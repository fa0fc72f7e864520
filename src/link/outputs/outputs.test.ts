/** Outputs against real receivers on this computer: what arrives, what is signed, what is escaped, and what becomes of it while they are down. */
import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { createServer as createTcp, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer as createTls } from "node:tls";
import { after, test, type TestContext } from "node:test";
import { makeCertificate } from "../../accounts/certificate.ts";
import type { Finding } from "../../model/finding.ts";
import { NOT_AN_ALARM } from "../../model/finding-words.ts";
import { DatabaseSync } from "node:sqlite";
import { Outbox } from "../../store/outbox.ts";
import { cef } from "./cef.ts";
import { ecs } from "./ecs.ts";
import { file } from "./file.ts";
import type { Told } from "./output.ts";
import { Sending } from "./sending.ts";
import { syslog } from "./syslog.ts";
import { signatureOf, webhook } from "./webhook.ts";

const SECRET = "correct horse battery staple";
const folder = mkdtempSync(join(tmpdir(), "auscult-outputs-"));
after(() => rmSync(folder, { recursive: true }));
let files = 0;

const party = (ip: string, name = ip) => ({ device: "d1", name, ip, mac: null, kind: "infusion pump", maker: null, location: "ICU 3", lifeCritical: "therapy" }); // prettier-ignore
function finding(number: number, more: Partial<Finding> = {}): Finding {
  return {
    id: String(number).padStart(16, "0"), detector: "log-in-guessing", title: "Passwords are tried", family: "threat", severity: "high", harms: ["device"],
    remedy: "Look at it.", technique: ["T1110 Brute Force"], about: party("10.0.0.9"), others: [party("10.0.0.1")], othersBeyond: 0,
    first: 1_700_000_000_000_000 + number, last: 1_700_000_001_000_000 + number, count: 12, summary: "12 log-ins refused", because: [], witnesses: 0,
    before: null, standing: { state: "new", said: null, lapsed: null }, planned: null, hides: null, ...more,
  }; // prettier-ignore
}
const told = (number: number, more?: Partial<Finding>): Told => ({ finding: finding(number, more), site: "main" });

/** What a device calls itself is whatever it likes. */
const HOSTILE = 'x|y=z\\ \u001b[31m\n<134>1 forged CEF:0|Evil| "quoted"\u2028';

test("CEF: heads and values are escaped, on one line, and no name becomes a field", () => {
  const line = cef(told(1, { about: party("10.0.0.9", HOSTILE), title: "a|b\\c" }));
  assert.doesNotMatch(line, /\p{Cc}/u);
  const [head, extension] = [
    line.split(/(?<!\\)\|/).slice(0, 7),
    line
      .split(/(?<!\\)\|/)
      .slice(7)
      .join("|"),
  ];
  assert.deepEqual(head.slice(0, 3).concat(head.slice(4)), ["CEF:0", "Auscult", "Auscult", "log-in-guessing", "a\\|b\\\\c", "8"]);
  assert.match(extension, /cs1=x\|y\\=z\\\\ /);
  const keys = [...extension.matchAll(/(?:^| )([A-Za-z0-9]+)(?<!\\)=/g)].map(([, key]) => key);
  assert.deepEqual(keys, [
    "externalId",
    "start",
    "end",
    "cnt",
    "cat",
    "msg",
    ...[1, 2, 3, 4, 5, 6].flatMap((it) => [`cs${it}Label`, `cs${it}`]),
  ]);
  assert.ok(line.endsWith(`cs6=${NOT_AN_ALARM}`));
});

test("ECS: what it is, whom it is of, and that it is no alarm", () => {
  const document = JSON.parse(JSON.stringify(ecs({ ...told(1), test: true }))) as Record<string, Record<string, unknown>> & {
    message: string;
  };
  assert.equal(document["@timestamp"], "2023-11-14T22:13:21.000Z");
  assert.deepEqual(document["related"], { ip: ["10.0.0.9", "10.0.0.1"] });
  assert.deepEqual(document["threat"], { technique: [{ id: ["T1110"], name: ["Brute Force"] }] });
  assert.match(document.message, /^TEST: Passwords are tried: 12 log-ins refused\. Auscult is not a medical device and not an alarm/);
});

const SYSLOG = /^<83>1 2023-11-14T22:13:21\.\d{3}Z \S+ auscult \d+ finding \[auscult@32473 delivery="d-1"\] \uFEFFCEF:0\|Auscult\|/;

test("syslog over UDP is one datagram", async (context) => {
  const socket = createSocket("udp4");
  context.after(() => socket.close());
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  const heard = once(socket, "message");
  await syslog({ transport: "udp", host: "127.0.0.1", port: socket.address().port }).send("d-1", told(1));
  assert.match(String((await heard)[0]), SYSLOG);
});

test("a datagram ends with a whole character", async (context) => {
  const socket = createSocket("udp4");
  context.after(() => socket.close());
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  for (const ahead of ["", "x"]) {
    const heard = once(socket, "message");
    const long = told(1);
    const finding = { ...long.finding, remedy: `${ahead}${"ü".repeat(3_000)}` };
    await syslog({ transport: "udp", host: "127.0.0.1", port: socket.address().port }).send("d-1", { ...long, finding });
    const message = (await heard)[0] as Buffer;
    assert.ok(message.length > 2_000 && message.length <= 2_048, `${message.length} bytes`);
    assert.doesNotMatch(message.toString(), /\uFFFD/);
  }
});

test("syslog over TCP and TLS has its length before it; a certificate nobody trusts is refused, and nothing is sent", async (context) => {
  const { certificate, key } = makeCertificate(["localhost", "127.0.0.1"], Date.now());
  const heard: string[] = [];
  const take = (socket: NodeJS.ReadableStream) => {
    socket.setEncoding("utf8").on("data", (text: string) => heard.push(text));
    socket.on("error", () => undefined);
  };
  const plain = createTcp(take).listen(0, "127.0.0.1");
  const secure = createTls({ cert: certificate, key }, take).listen(0, "127.0.0.1");
  secure.on("tlsClientError", () => undefined);
  context.after(() => [plain, secure].map((it) => it.close()));
  await Promise.all([once(plain, "listening"), once(secure, "listening")]);
  const portOf = (server: { address(): unknown }) => (server.address() as AddressInfo).port;
  await syslog({ transport: "tcp", host: "127.0.0.1", port: portOf(plain) }).send("d-1", told(1));
  for (const host of ["localhost", "127.0.0.1"])
    await syslog({ transport: "tls", host, port: portOf(secure), ca: certificate }).send("d-1", told(1));
  await assert.rejects(syslog({ transport: "tls", host: "localhost", port: portOf(secure) }).send("d-1", told(2)), /certificate/i);
  while (heard.length < 3) await new Promise((resolve) => setTimeout(resolve, 10));
  for (const text of heard) {
    const [, length, message = ""] = /^(\d+) ([^]*)$/.exec(text)!;
    assert.equal(Buffer.byteLength(message), Number(length));
    assert.match(message, SYSLOG);
  }
  assert.equal(heard.length, 3);
});

test("a file gets a line of JSON each", async () => {
  const path = join(folder, "findings.ndjson");
  for (const number of [1, 2]) await file(path).send("d", told(number));
  assert.deepEqual(readFileSync(path, "utf8").trim().split("\n").map((line) => (JSON.parse(line) as { event: { id: string } }).event.id), [finding(1).id, finding(2).id]); // prettier-ignore
});

/** A receiver that keeps what it took once, as its id says, and answers as it is told. */
class Receiver {
  readonly requests: { readonly id: string; readonly finding: string }[] = [];
  readonly taken: string[] = [];
  answer: (request: number) => number | null = () => 200;
  readonly #server: Server;
  private constructor(server: Server) {
    this.#server = server;
  }
  static async start(context: TestContext): Promise<Receiver> {
    const server = createServer();
    const it = new Receiver(server);
    server.on("request", (request, response) => {
      let body = "";
      request.setEncoding("utf8").on("data", (text: string) => (body += text));
      request.on("end", () => {
        const { "webhook-id": id, "webhook-timestamp": at, "webhook-signature": signature } = request.headers as Record<string, string>;
        assert.equal(signature, `v1,${signatureOf(SECRET, id!, at!, body)}`);
        it.requests.push({ id: id!, finding: (JSON.parse(body) as { event: { id: string } }).event.id });
        const status = it.answer(it.requests.length);
        if (status === null) return void request.socket.destroy();
        if (status === 200) it.taken.push(it.requests.at(-1)!.finding);
        response.writeHead(status, { location: "http://127.0.0.1:1/elsewhere" }).end("x".repeat(100));
      });
    });
    server.listen(0, "127.0.0.1");
    context.after(() => new Promise((resolve) => server.close(resolve)));
    await once(server, "listening");
    return it;
  }
  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hook`;
  }
}

/** In an hour and a bit, three every half minute. */
const FINDINGS = 124 * 3;

/** One hour and more, told by hand. */
class Clock {
  at = Date.UTC(2026, 10, 27);
  readonly now = () => this.at;
}

function sendingTo(receiver: Receiver, clock: Clock, path = join(folder, `${files++}.db`)) {
  const outbox = new Outbox(path);
  const said: string[] = [];
  const outputs = [webhook({ address: receiver.address, secret: SECRET, now: clock.now })];
  const sending = new Sending({ outbox, outputs, site: "main", severity: "medium", log: (text) => said.push(text), now: clock.now });
  return { sending, outbox, said, path };
}

test("each new finding once, once more when it grows more severe; what is known, minor or dealt with is not told", async (context) => {
  const receiver = await Receiver.start(context);
  const { sending, outbox } = sendingTo(receiver, new Clock());
  const acknowledged = { standing: { ...finding(4).standing, state: "acknowledged" as const } };
  for (const _ of [1, 2]) {
    sending.offer("main", [finding(2), finding(1), finding(3, { severity: "low" }), finding(4, acknowledged)]);
    await sending.run();
  }
  assert.deepEqual(receiver.taken, [finding(1).id, finding(2).id]);
  sending.offer("main", [finding(1, { severity: "critical" }), finding(2)]);
  await sending.run();
  assert.deepEqual(receiver.taken, [finding(1).id, finding(2).id, finding(1).id]);
  assert.deepEqual(outbox.standing(), [{ output: "webhook", state: "sent", count: 3 }]);
  await sending.close();
});

test("how it goes with an output: what waits since when, what was sent last, what was refused and why, also of an outbox from before", async (context) => {
  const receiver = await Receiver.start(context);
  const clock = new Clock();
  const began = clock.at;
  const { sending, outbox, path } = sendingTo(receiver, clock);
  assert.deepEqual(outbox.of("webhook"), { waiting: 0, since: null, sent: 0, lastSent: null, dead: 0, lastRefusal: null });
  receiver.answer = () => 503;
  sending.offer("main", [finding(1), finding(2)]);
  await sending.run();
  const { lastRefusal, ...standing } = outbox.of("webhook");
  assert.deepEqual(standing, { waiting: 2, since: began, sent: 0, lastSent: null, dead: 0 });
  assert.equal(lastRefusal?.at, began);
  assert.match(lastRefusal.why, /503/);
  clock.at += 60_000;
  receiver.answer = () => 200;
  await sending.run();
  assert.deepEqual(outbox.of("webhook"), { waiting: 0, since: null, sent: 2, lastSent: clock.at, dead: 0, lastRefusal });
  assert.deepEqual(outbox.of("mail nobody@example.org").sent, 0);
  await sending.close();

  // As the version before wrote it.
  const old = new DatabaseSync(path);
  old.exec("ALTER TABLE delivery DROP COLUMN answered; ALTER TABLE delivery DROP COLUMN refused; ALTER TABLE delivery DROP COLUMN refusal; PRAGMA user_version = 1"); // prettier-ignore
  old.close();
  const again = new Outbox(path);
  assert.deepEqual(again.of("webhook"), { waiting: 0, since: null, sent: 2, lastSent: null, dead: 0, lastRefusal: null });
  again.close();
});

for (const [name, status] of [
  ["answers 500", 500],
  ["hangs up", null],
  ["sends elsewhere", 302],
] as const)
  test(`a receiver that ${name} for an hour: nothing is lost, nothing taken twice, few asked in vain, and after a restart it goes on`, async (context) => {
    const receiver = await Receiver.start(context);
    const clock = new Clock();
    const began = clock.at;
    receiver.answer = () => (clock.at < began + 3_600_000 ? status : 200);
    let { sending, outbox, said, path } = sendingTo(receiver, clock);
    // Three findings every half minute.
    for (let second = 0; second < 3_700; second++) {
      clock.at += 1_000;
      if (second % 30 === 0)
        sending.offer(
          "main",
          Array.from({ length: 3 }, (_, number) => finding(second * 10 + number)),
        );
      if (second % 10 === 0) await sending.run();
      if (second === 1_800) {
        assert.equal(said.length, 1, "that it is down is said once");
        await sending.close();
        ({ sending, outbox, said } = sendingTo(receiver, clock, path));
      }
    }
    const inVain = receiver.requests.length - receiver.taken.length;
    assert.ok(inVain < 60, `expected few requests while it was down, got ${inVain}`);
    for (let minute = 0; minute < 15; minute++) {
      clock.at += 60_000;
      await sending.run();
    }
    assert.equal(new Set(receiver.taken).size, FINDINGS);
    assert.equal(receiver.taken.length, FINDINGS, "each once");
    assert.deepEqual(outbox.standing(), [{ output: "webhook", state: "sent", count: FINDINGS }]);
    assert.match(said.join("\n"), /takes no findings: .* They wait.*\n.*takes findings again/s);
    await sending.close();
  });

test("a receiver that takes half a minute to answer, drop by drop: one asked at a time, nothing lost, taken twice or kept in memory", async (context) => {
  const clock = new Clock();
  const taken = new Set<string>();
  let asked = 0;
  let open = 0;
  let most = 0;
  let isSlow = true;
  const server = createTcp((socket) => {
    asked++;
    most = Math.max(most, ++open);
    socket.on("close", () => open--).on("error", () => undefined);
    socket.on("data", (bytes) => {
      const id = /webhook-id: (\S+)/.exec(String(bytes))?.[1];
      if (id !== undefined) taken.add(id);
      if (!isSlow) return socket.end("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
      socket.write("HTTP/1.1 2");
      // It never comes to the end of its first line.
      return context.mock.timers.tick(30_000);
    });
  }).listen(0, "127.0.0.1");
  context.after(() => server.close());
  await once(server, "listening");
  const outbox = new Outbox(join(folder, `${files++}.db`));
  const outputs = [webhook({ address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, secret: SECRET, now: clock.now })];
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const sending = new Sending({ outbox, outputs, site: "main", severity: "medium", log: () => undefined, now: clock.now });
  const begin = process.memoryUsage().rss;
  for (let round = 0; round < 20; round++) {
    sending.offer("main", Array.from({ length: 20 }, (_, number) => finding(round * 20 + number))); // prettier-ignore
    await sending.run();
    clock.at += 30_000;
  }
  assert.ok(asked <= 20 && taken.size === 1, `expected few asked, all for the first, got ${asked} for ${taken.size}`);
  assert.deepEqual(outbox.standing(), [{ output: "webhook", state: "waiting", count: 400 }]);
  isSlow = false;
  for (let minute = 0; minute < 15; minute++) {
    clock.at += 60_000;
    await sending.run();
  }
  // The next one may come before the end of the last is seen here.
  assert.ok(most <= 2, `expected one connection after the other, got ${most} at once`);
  assert.deepEqual([taken.size, outbox.standing()], [400, [{ output: "webhook", state: "sent", count: 400 }]]);
  const grown = (process.memoryUsage().rss - begin) / 1e6;
  assert.ok(grown < 150, `expected memory to stay flat, got ${Math.round(grown)} MB more`);
  await sending.close();
});

test("what was taken though the answer was lost comes again under the same id, so that it counts once", async (context) => {
  const receiver = await Receiver.start(context);
  const clock = new Clock();
  receiver.answer = (request) => (request === 1 ? null : 200);
  const { sending } = sendingTo(receiver, clock);
  sending.offer("main", [finding(1)]);
  await sending.run();
  clock.at += 2_000;
  await sending.run();
  assert.equal(receiver.requests.length, 2);
  assert.equal(new Set(receiver.requests.map(({ id }) => id)).size, 1);
  await sending.close();
});

test("what the receiver does not want, and what was tried for three days, are dead letters and hold up nothing", async (context) => {
  const receiver = await Receiver.start(context);
  const clock = new Clock();
  receiver.answer = (request) => (request === 1 ? 422 : 200);
  const { sending, outbox } = sendingTo(receiver, clock);
  sending.offer("main", [finding(1), finding(2)]);
  await sending.run();
  assert.deepEqual(receiver.taken, [finding(2).id]);
  receiver.answer = () => 500;
  sending.offer("main", [finding(3)]);
  for (let hour = 0; hour < 75; hour++) {
    clock.at += 3_600_000;
    await sending.run();
  }
  assert.deepEqual(outbox.standing(), [
    { output: "webhook", state: "dead", count: 2 },
    { output: "webhook", state: "sent", count: 1 },
  ]);
  await sending.close();
});

test("an outbox whose disk takes nothing holds findings back, says so once, and ends nothing", async (context) => {
  const receiver = await Receiver.start(context);
  const clock = new Clock();
  const { sending, outbox, said, path } = sendingTo(receiver, clock);
  assert.equal(statSync(path).mode & 0o077, 0);
  const full = () => {
    throw new Error("database or disk is full");
  };
  const mocked = (["trying", "nextDue"] as const).map((it) => context.mock.method(outbox, it, full));
  sending.offer("main", [finding(1)]);
  await sending.run();
  clock.at += 60_000;
  await sending.run();
  assert.equal(receiver.requests.length, 0);
  assert.deepEqual(said.map((it) => it.includes("outbox.db: database or disk is full")), [true]); // prettier-ignore
  for (const it of mocked) it.mock.restore();
  clock.at += 60_000;
  await sending.run();
  assert.deepEqual(receiver.taken, [finding(1).id]);
  await sending.close();
});

test("thirty thousand findings at a receiver that is down are bounded: the oldest are dead and counted, memory stays flat", async (context) => {
  const receiver = await Receiver.start(context);
  const clock = new Clock();
  receiver.answer = () => 500;
  const { sending, outbox } = sendingTo(receiver, clock);
  const begin = process.memoryUsage().rss;
  for (let thousand = 0; thousand < 30; thousand++) {
    sending.offer(
      "main",
      Array.from({ length: 1_000 }, (_, number) => finding(thousand * 1_000 + number)),
    );
    await sending.run();
  }
  assert.deepEqual(outbox.standing(), [
    { output: "webhook", state: "dead", count: 10_000 },
    { output: "webhook", state: "waiting", count: 20_000 },
  ]);
  const grown = (process.memoryUsage().rss - begin) / 1e6;
  assert.ok(grown < 150, `expected memory to stay flat, got ${Math.round(grown)} MB more`);
  await sending.close();
});
