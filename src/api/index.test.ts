/** The API as a page meets it: who is let in, what is answered, and whose name stands beside a change. */
import assert from "node:assert/strict";
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { request } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import pino from "pino";
import { protocols } from "../protocols/index.ts";
import { wardDevices, Ward } from "../testing/ward.ts";
import { csvLine } from "../bytes/csv-line.ts";
import { api, serve } from "./index.ts";
import { newToken } from "./token.ts";

const data = mkdtempSync(join(tmpdir(), "auscult-api-"));
after(() => rmSync(data, { recursive: true }));

const TOKEN = newToken("A. Lind");
const HOST = "127.0.0.1:4180";
const PAGE = { host: HOST, cookie: `auscult-4180=${TOKEN}`, origin: `http://${HOST}` };

async function opened(ward = new Ward(data)) {
  const app = await api({ token: TOKEN, session: ward, webRoot: join(data, "no pages") }, () => new Set([HOST, "localhost:4180"]));
  after(() => app.close());
  return { ward, app };
}

test("a host that is not this one by name and port is refused, also one that looks like it", async () => {
  const { app } = await opened();
  for (const host of ["evil.test", "127.0.0.1", "127.0.0.1.evil.test:4180", "127.0.0.1.:4180", "127.0.0.1:4181", ""])
    assert.equal((await app.inject({ url: "/api/session", headers: { ...PAGE, host } })).statusCode, 421, host);
  assert.equal((await app.inject({ url: "/api/session", headers: PAGE })).statusCode, 200);
});

test("a change from a foreign, empty or missing origin is refused; our own is taken", async () => {
  const { app, ward } = await opened();
  const post = (origin: string | undefined) => {
    const { origin: _, ...rest } = PAGE;
    return app.inject({ method: "POST", url: "/api/session/sample", headers: origin === undefined ? rest : { ...rest, origin } });
  };
  for (const origin of ["http://evil.test", "null", undefined, "http://127.0.0.1:4181", `https://${HOST}`, `http://${HOST}.evil.test`])
    assert.equal((await post(origin)).statusCode, 403, String(origin));
  assert.deepEqual(ward.asked, []);
  assert.equal((await post(`http://${HOST}`)).statusCode, 204);
  assert.deepEqual(ward.asked, ["sample"]);
});

test("the token of the printed address becomes a cookie, in an answer that no cache keeps", async () => {
  const { app } = await opened();
  const answer = await app.inject({ url: `/devices?filter=pump&token=${TOKEN}`, headers: { host: HOST } });
  assert.equal(answer.headers["set-cookie"], `auscult-4180=${TOKEN}; Path=/; HttpOnly; SameSite=Strict`);
  assert.equal(answer.headers["cache-control"], "no-store");

  const stale = await app.inject({ url: "/?token=lind-0", headers: { host: HOST } });
  assert.equal(stale.headers["set-cookie"], undefined, "another token lets nobody in: the page itself says so");
  assert.equal((await app.inject({ url: "/api/session", headers: { host: HOST } })).statusCode, 401);
  assert.equal((await app.inject({ url: "/api/session", headers: { ...PAGE, cookie: "auscult-4180=lind-0" } })).statusCode, 401);
  assert.equal(
    (await app.inject({ url: "/%61pi/session", headers: { host: HOST } })).statusCode,
    401,
    "another spelling of the same address",
  );
  assert.equal((await app.inject({ url: `/api/session?token=${TOKEN}`, headers: { host: HOST } })).statusCode, 401, "an address is no key");
});

test("another program sends the token as a header; then no Origin is asked, and a cookie does not stand in for a wrong one", async () => {
  const { app, ward } = await opened();
  const ask = (token: string, rest: object = {}) =>
    app.inject({ method: "POST", url: "/api/session/stop", headers: { host: HOST, authorization: `Bearer ${token}`, ...rest } });
  assert.equal((await ask(TOKEN)).statusCode, 204);
  assert.equal((await ask("lind-0")).statusCode, 401);
  assert.equal((await ask("lind-0", { cookie: PAGE.cookie })).statusCode, 401);
  assert.equal((await ask("")).statusCode, 403, "an empty header is none");
  assert.deepEqual(ward.asked, ["stop"]);
});

test("the token is in no log line, also when requests fail", async () => {
  const lines: string[] = [];
  const logger = pino({ level: "trace" }, { write: (line: string) => void lines.push(line) });
  const ward = new Ward(data);
  const app = await api({ token: TOKEN, session: ward, webRoot: join(data, "no pages"), logger }, () => new Set([HOST]));
  after(() => app.close());
  ward.recording = () => {
    throw new TypeError("a defect");
  };
  const authorization = `Bearer ${TOKEN}`;
  await app.inject({ url: `/?token=${TOKEN}`, headers: { host: HOST } });
  await app.inject({ url: `/api/devices?token=${TOKEN}x`, headers: { host: HOST } });
  await app.inject({ url: "/api/devices", headers: { host: HOST, authorization } });
  await app.inject({ url: "/api/devices", headers: PAGE });
  assert.match(lines.join(""), /a defect/, "the log does say what failed");
  assert.doesNotMatch(lines.join(""), new RegExp(TOKEN.split("-")[1]!));
});

test("whatever is asked, an answer that is no is JSON with a message", async () => {
  const { app } = await opened();
  const json = { ...PAGE, "content-type": "application/json" };
  for (const [method, url, payload, headers, status] of [
    ["GET", "/api/nothing", undefined, PAGE, 404],
    ["GET", "/api/devices/%zz", undefined, PAGE, 400],
    ["GET", "/%ff", undefined, PAGE, 400],
    ["GET", `/api/devices/${"d".repeat(4_000)}`, undefined, PAGE, 414],
    ["POST", "/api/devices/d1/said", "", json, 400],
    ["GET", "/api/devices/12", undefined, PAGE, 400],
    ["GET", "/api/devices?offset=-1", undefined, PAGE, 400],
    ["POST", "/api/devices/d1/said", "{not json", json, 400],
    ["POST", "/api/devices/d1/said", "x".repeat(2_000_000), json, 413],
    ["PUT", "/api/uploads/a.pcap", "<xml/>", { ...PAGE, "content-type": "text/xml" }, 415],
    ["PUT", "/api/uploads/a.pcap", "{}", json, 400],
    ["DELETE", "/api/devices/d1", undefined, PAGE, 404],
    ["GET", "/api/session", undefined, { host: HOST }, 401],
    ["GET", "/api/session", undefined, { ...PAGE, host: "evil.test" }, 421],
  ] as const) {
    const answer = await app.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) });
    assert.equal(answer.statusCode, status, `${method} ${url}`);
    const { message, ...rest } = answer.json() as Record<string, unknown>;
    assert.match(String(message), /^(?:expected|Nothing is at|offset: |id: expected|request: )/, `${method} ${url}`);
    assert.equal("statusCode" in rest || "code" in rest, false, `${method} ${url} is answered in our own words`);
  }
});

test("an address that is none is a plain no, and nothing of it is logged; a failure in a loop fills no disk", async () => {
  const lines: string[] = [];
  const logger = pino({ level: "warn" }, { write: (line: string) => void lines.push(line) });
  const ward = new Ward(data);
  const webRoot = join(data, "pages of a log");
  mkdirSync(webRoot, { recursive: true });
  writeFileSync(join(webRoot, "index.html"), "the page");
  const app = await api({ token: TOKEN, session: ward, webRoot, logger }, () => new Set([HOST]));
  const address = await app.listen({ host: "127.0.0.1", port: 0 });
  after(() => app.close());
  // As it is typed: a client that mends addresses would ask for another.
  const status = (path: string) =>
    new Promise<number | undefined>((resolve, reject) => {
      request({ port: new URL(address).port, host: "127.0.0.1", path, headers: { host: HOST } }, (answer) => {
        answer.resume().on("end", () => resolve(answer.statusCode));
      })
        .on("error", reject)
        .end();
    });
  for (const path of ["//", "/\\", "///", "//?token=x", "/\\evil.test", "//[", "//evil.test/%zz"])
    assert.ok([400, 404].includes((await status(path))!), path);
  assert.equal(await status("/devices"), 200);
  assert.deepEqual(lines, []);

  ward.recording = () => {
    throw new TypeError("a defect");
  };
  for (let count = 0; count < 100; count++) assert.equal((await app.inject({ url: "/api/devices", headers: PAGE })).statusCode, 500);
  assert.equal(lines.length, 60);
});

test("no address reaches a file beside the pages", async () => {
  const webRoot = join(data, "pages");
  mkdirSync(webRoot, { recursive: true });
  writeFileSync(join(webRoot, "index.html"), "the page");
  writeFileSync(join(data, "secret.txt"), "beside the pages");
  const server = await serve({ host: "127.0.0.1", port: 0, token: TOKEN, session: new Ward(data), webRoot });
  after(() => server.close());
  const port = Number(new URL(server.url).port);
  // By hand, because every client tidies the dots away before it asks.
  const ask = (path: string) =>
    new Promise<string>((resolve, reject) => {
      let text = "";
      const socket = connect(port, "127.0.0.1", () =>
        socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`),
      );
      socket.on("data", (chunk: Buffer) => (text += chunk.toString()));
      socket.on("close", () => resolve(text));
      socket.on("error", reject);
    });
  assert.match(await ask("/index.html"), /the page/);
  for (const path of [
    "/../secret.txt",
    "/%2e%2e/secret.txt",
    "/..%2fsecret.txt",
    "/..\\secret.txt",
    "/..%5csecret.txt",
    "/assets/../../secret.txt",
    "//../secret.txt",
  ])
    assert.doesNotMatch(await ask(path), /beside the pages/, path);
});

test("no page of another site may frame, script or style this one", async () => {
  const { app } = await opened();
  const { headers } = await app.inject({ url: "/api/session", headers: PAGE });
  const policy = String(headers["content-security-policy"]);
  assert.match(policy, /default-src 'self'/);
  assert.match(policy, /frame-ancestors 'none'/);
  assert.doesNotMatch(policy, /unsafe/);
  assert.equal(headers["referrer-policy"], "no-referrer");
  assert.equal(headers["x-content-type-options"], "nosniff");
  assert.equal(headers["cross-origin-resource-policy"], "same-origin");
  assert.equal(headers["cache-control"], "no-store");
});

test("a page of devices: filtered, sorted, counted", async () => {
  const { app } = await opened();
  const answer = (
    await app.inject({ url: "/api/devices?filter=kind%20%3D%20%22Infusion%20pump%22&sort=name&limit=1", headers: PAGE })
  ).json();
  assert.deepEqual([answer.total, answer.matching, answer.rows.map((row: { name: string }) => row.name)], [15, 2, ["ICU-04 pump 1"]]);
});

test("a filter that cannot be read says where, and which word was meant", async () => {
  const { app } = await opened();
  const answer = await app.inject({ url: "/api/devices?filter=icu%20and%20kinf%20%3D%20pump", headers: PAGE });
  assert.equal(answer.statusCode, 400);
  assert.deepEqual(answer.json(), { message: 'There is no field "kinf"', column: 9, suggestion: "kind" });
  assert.equal((await app.inject({ url: "/api/devices.csv?filter=kinf%20%3D%20pump", headers: PAGE })).statusCode, 400);
  assert.match((await app.inject({ url: "/api/devices?limit=many", headers: PAGE })).json().message, /^limit: /);
});

test("a device that calls itself a formula stays text in a spreadsheet", async () => {
  const [first] = wardDevices();
  for (const sign of ["=", "+", "-", "@", "\t=", "\r=", "\n=", "  =", "＝", "＋", "－", "＠"])
    assert.match(csvLine([`${sign}1+1`]), /^"?'/, JSON.stringify(sign));
  assert.equal(csvLine(["ICU-07 pump", "a,b", 'the "old" one']), 'ICU-07 pump,"a,b","the ""old"" one"\r\n');
  const { app } = await opened(new Ward(data, [{ ...first!, name: '=HYPERLINK("http://evil.test")' }]));
  const answer = await app.inject({ url: "/api/devices.csv?columns=name,kind,last", headers: PAGE });
  assert.equal(
    answer.body,
    '\uFEFFId,Device,What it is,Last heard\r\nd1,"\'=HYPERLINK(""http://evil.test"")",Infusion pump,2026-11-23T08:31:00.000Z\r\n',
  );
});

test("a person's word is written with the token's name and its reason, and never without one", async () => {
  const { app, ward } = await opened();
  const say = (payload: object, id = "d2") => app.inject({ method: "POST", url: `/api/devices/${id}/said`, headers: PAGE, payload });
  assert.equal((await say({ attribute: "model", value: "V3", reason: "  " })).statusCode, 400);
  assert.equal((await say({ attribute: "color", value: "red", reason: "seen" })).statusCode, 400);
  assert.equal((await say({ attribute: "model", value: "V3", reason: "seen" }, "d99")).statusCode, 404);
  assert.deepEqual(ward.said, []);
  assert.equal((await say({ attribute: "model", value: " V3 ", reason: "label at the bedside" })).statusCode, 204);
  assert.deepEqual(ward.said, [
    { who: "alind (not verified)", device: "d2", attribute: "model", value: "V3", reason: "label at the bedside" },
  ]);

  assert.equal((await app.inject({ method: "POST", url: "/api/changes/1/undo", headers: PAGE, payload: {} })).statusCode, 204);
  assert.deepEqual(ward.asked, ["undo 1 by alind (not verified): taken back on the page"]);
});

test("a merge and a split carry the token's name and their reason; of an old number the device it is now is meant", async () => {
  const { app, ward } = await opened();
  const post = (url: string, payload: object) => app.inject({ method: "POST", url: `/api/devices/${url}`, headers: PAGE, payload });
  assert.equal((await post("d2/merge", { other: "d3", reason: " " })).statusCode, 400);
  assert.equal((await post("d2/merge", { other: "10.0.0.7", reason: "seen" })).statusCode, 400);
  assert.equal((await post("d2/merge", { other: "d99", reason: "seen" })).statusCode, 404);
  assert.equal((await post("d99/split", { addresses: ["10.0.0.7"], reason: "seen" })).statusCode, 404);
  assert.equal((await post("d2/split", { addresses: [], reason: "seen" })).statusCode, 400);
  assert.deepEqual(ward.said, []);
  assert.equal((await post("d3/merge", { other: "d2", reason: " one cart " })).statusCode, 204);
  const answer = (await app.inject({ url: "/api/devices/d3", headers: PAGE })).json();
  assert.deepEqual(
    [answer.id, answer.divided.map(({ who, what, named, reason }: { [part: string]: string }) => [who, what, named, reason])],
    ["d2", [["alind (not verified)", "merge", "d3 and d2", "one cart"]]],
  );
  const [first] = answer.ips;
  assert.equal((await post("d3/split", { addresses: [first], reason: "two carts" })).statusCode, 204);
  assert.deepEqual(
    ward.said.map(({ device, attribute, value }) => [device, attribute, value]),
    [
      ["d3", "merge", "d3 and d2"],
      ["d2", "split", first],
    ],
  );
  ward.waiting = [
    { number: 1, at: 1, who: "alind", what: "kind", about: "10.0.0.7", value: "pump", reason: "seen", undone: false, fits: 2 },
  ];
  assert.deepEqual((await app.inject({ url: "/api/changes/waiting", headers: PAGE })).json(), ward.waiting);
});

test("a care class is one of a few, and no text brings control characters or half characters", async () => {
  const { app, ward } = await opened();
  const json = { ...PAGE, "content-type": "application/json" };
  const said = { attribute: "kind", value: "a pump of our own", reason: "seen" };
  const view = { name: "mine", filter: "pump", sort: "name", descending: false, columns: ["kind"] };
  for (const [method, url, body, words] of [
    [
      "POST",
      "/api/devices/d1/said",
      { ...said, attribute: "lifeCritical", value: "zzz" },
      /^value: expected one of life-supporting, therapy, /,
    ],
    ["POST", "/api/devices/d1/said", { ...said, value: "a\u0000b" }, /^value: expected text on one line, got a control character$/],
    ["POST", "/api/devices/d1/said", { ...said, reason: "a\u001b[31mb" }, /^reason: expected text on one line/],
    ["POST", "/api/devices/d1/said", { ...said, value: "a\ud800" }, /^value: expected whole characters, got half of one/],
    ["POST", "/api/changes/1/undo", { reason: "a\udc00b" }, /^reason: expected whole characters/],
    ["PUT", "/api/views", { ...view, name: "a\nb" }, /^name: expected text on one line/],
    ["PUT", "/api/views", { ...view, columns: ["a\u0085b"] }, /^columns\/0: expected text on one line/],
  ] as const) {
    const answer = await app.inject({ method, url, headers: json, payload: JSON.stringify(body) });
    assert.equal(answer.statusCode, 400, JSON.stringify(body));
    assert.match(answer.json().message, words);
  }
  assert.deepEqual(ward.said, []);
  for (const body of [
    said,
    { ...said, attribute: "lifeCritical", value: "therapy" },
    { ...said, attribute: "lifeCritical", value: null },
    { ...said, value: "Gerät 7 🫀" },
  ])
    assert.equal(
      (await app.inject({ method: "POST", url: "/api/devices/d1/said", headers: json, payload: JSON.stringify(body) })).statusCode,
      204,
    );
  assert.equal(ward.said.length, 4);
});

test("an upload is kept under a harmless name, and only what was uploaded is opened", async () => {
  const { app, ward } = await opened();
  const bytes = Buffer.from("d4c3b2a1", "hex");
  const answer = await app.inject({
    method: "PUT",
    url: `/api/uploads/${encodeURIComponent("../../etc/ward week.pcap")}`,
    headers: { ...PAGE, "content-type": "application/octet-stream" },
    payload: bytes,
  });
  assert.equal(answer.statusCode, 201);
  const { upload } = answer.json() as { upload: string };
  assert.match(upload, /^[0-9a-f]{16}\/ward week\.pcap$/);
  assert.deepEqual(readFileSync(join(data, "uploads", upload)), bytes);

  const open = (name: string) => app.inject({ method: "POST", url: "/api/session/open", headers: PAGE, payload: { uploads: [name] } });
  assert.equal((await open("../../etc/passwd")).statusCode, 400);
  assert.equal((await open(`${upload.slice(0, 17)}..`)).statusCode, 400);
  assert.equal((await open(upload)).statusCode, 204);
  assert.deepEqual(ward.asked, [`open ${join(data, "uploads", upload)}`]);
});

test("an upload is as long as the disk has room, in any letters, one at a time, and leaves nothing behind when it breaks off", async () => {
  const folder = join(data, "uploading");
  const ward = new Ward(folder);
  const server = await serve({ host: "127.0.0.1", port: 0, token: TOKEN, session: ward, webRoot: data });
  after(() => server.close());
  const origin = new URL(server.url).origin;
  const put = (name: string, body: Uint8Array<ArrayBuffer> | ReadableStream) =>
    fetch(`${origin}/api/uploads/${encodeURIComponent(name)}`, {
      method: "PUT",
      headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/octet-stream" },
      body,
      ...(body instanceof ReadableStream ? { duplex: "half" } : {}),
    });

  const name = `${"палата ".repeat(40)}.pcap`;
  const taken = (await (await put(name, new Uint8Array(3_000_000))).json()) as { upload: string };
  assert.match(taken.upload, / палата \.pcap$/);
  assert.equal(readFileSync(join(folder, "uploads", taken.upload)).length, 3_000_000, "more than the limit of other bodies");

  let broken: ReadableStreamDefaultController<Uint8Array> | undefined;
  const slow = put("slow.pcap", new ReadableStream({ start: (it) => (broken = it).enqueue(new Uint8Array(100_000)) }));
  while (readdirSync(join(folder, "uploads")).length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal((await put("second.pcap", new Uint8Array(1))).status, 409);
  broken!.error(new Error("the tab was closed"));
  await assert.rejects(slow);
  while (readdirSync(join(folder, "uploads")).length > 1) await new Promise((resolve) => setTimeout(resolve, 5));
  // The folder is gone a moment before the turn is.
  let third = await put("third.pcap", new Uint8Array(1));
  while (third.status === 409) third = await put("third.pcap", new Uint8Array(1));
  assert.equal(third.status, 201);

  const socket = connect(Number(new URL(origin).port), "127.0.0.1");
  const refused = new Promise<string>((resolve) => socket.once("data", (chunk) => resolve(chunk.toString())));
  socket.write(
    `PUT /api/uploads/huge.pcap HTTP/1.1\r\nHost: ${new URL(origin).host}\r\nAuthorization: Bearer ${TOKEN}\r\n` +
      "Content-Type: application/octet-stream\r\nContent-Length: 900000000000000\r\n\r\n",
  );
  assert.match(await refused, /^HTTP\/1.1 507/);
  socket.destroy();
  assert.equal(existsSync(join(folder, "uploads", "huge.pcap")), false);
});

test("an upload of whose sender nothing more comes makes room for the next; one that is slow is waited for", async (t) => {
  const folder = join(data, "stalled");
  const server = await serve({ host: "127.0.0.1", port: 0, token: TOKEN, session: new Ward(folder), webRoot: data });
  after(() => server.close());
  const { host, port } = new URL(server.url);
  const head = `Host: ${host}\r\nAuthorization: Bearer ${TOKEN}\r\nContent-Type: application/octet-stream\r\nContent-Length: 1000`;
  const another = async () => {
    const headers = { authorization: `Bearer ${TOKEN}`, "content-type": "application/octet-stream" };
    return (await fetch(`http://${host}/api/uploads/next.pcap`, { method: "PUT", headers, body: new Uint8Array(1) })).status;
  };
  /** Bytes of uploads on the disk. */
  const kept = () => globSync(join(folder, "uploads/*/night.pcap")).reduce((sum, file) => sum + statSync(file).size, 0);
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const sender = connect(Number(port), "127.0.0.1");
  const answered: string[] = [];
  sender.setEncoding("utf8").on("data", (text: string) => answered.push(text));
  sender.write(`PUT /api/uploads/night.pcap HTTP/1.1\r\n${head}\r\n\r\n`);
  for (let minute = 0; minute < 3; minute++) {
    sender.write("abc");
    while (kept() < 3 * (minute + 1)) await new Promise((resolve) => setImmediate(resolve));
    t.mock.timers.tick(59_000);
  }
  assert.equal(await another(), 409, "nine bytes in three minutes are not nothing");
  // The last piece may be on the disk a moment before the wait for the next begins.
  while (answered.length === 0) {
    t.mock.timers.tick(61_000);
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.match(answered.join(""), /^HTTP\/1\.1 408 [^]*connection: close\r\n/i);
  sender.destroy();
  let next = await another();
  while (next === 409) next = await another();
  assert.equal(next, 201);
  assert.equal(readdirSync(join(folder, "uploads")).length, 1, "of the one that broke off nothing is kept");
});

test("what this computer refuses is told in its own words, and is no fault of the person's", async () => {
  const folder = join(data, "closed");
  mkdirSync(folder);
  const { app } = await opened(new Ward(folder));
  const views = async () => {
    const answer = await app.inject({ url: "/api/views", headers: PAGE });
    return `${answer.statusCode} ${answer.json().message}`;
  };
  mkdirSync(join(folder, "views.json"));
  assert.match(await views(), /^500 This computer refused: EISDIR/);
  rmdirSync(join(folder, "views.json"));
  writeFileSync(join(folder, "views.json"), '[{"name":"Pum');
  assert.match(await views(), /^500 .*expected saved views in .*views\.json/);
});

test("only an interface of this computer is listened on", async () => {
  const { app, ward } = await opened();
  const listen = (name: string) =>
    app.inject({ method: "POST", url: "/api/session/listen", headers: PAGE, payload: { interfaces: [name] } });
  const refused = await listen("eth0; reboot");
  assert.deepEqual([refused.statusCode, refused.json().message], [400, 'expected one of enp3s0f1, enp3s0f0, enp4s0, got "eth0; reboot"']);
  assert.equal((await listen("enp3s0f1")).statusCode, 204);
  assert.deepEqual(ward.asked, ["listen enp3s0f1"]);
});

test("views are kept, replaced by name and taken away, also when two are saved at once", async () => {
  const { app } = await opened();
  const view = (name: string, filter: string) => ({ name, filter, sort: "name", descending: false, columns: ["kind"] });
  const put = (payload: object) => app.inject({ method: "PUT", url: "/api/views", headers: PAGE, payload });
  await Promise.all([put(view("Pumps", "pump")), put(view("Cameras", "camera")), put(view("Pumps", "kind = pump"))]);
  const names = async () =>
    ((await app.inject({ url: "/api/views", headers: PAGE })).json() as { name: string; filter: string; who: string }[]).map(
      (it) => `${it.name}: ${it.filter} by ${it.who}`,
    );
  assert.deepEqual((await names()).toSorted(), ["Cameras: camera by alind (not verified)", "Pumps: kind = pump by alind (not verified)"]);
  await app.inject({ method: "DELETE", url: "/api/views/Pumps", headers: PAGE });
  assert.deepEqual(await names(), ["Cameras: camera by alind (not verified)"]);
});

test("before anything is open every question of devices says so; our own defects are not told to the page", async () => {
  const { app, ward } = await opened();
  ward.tell({ recording: null });
  assert.equal((await app.inject({ url: "/api/devices", headers: PAGE })).statusCode, 409);
  const fromThread = Object.assign(new Error("secret of ours"), { code: "ERR_ASSERTION" });
  for (const defect of [new TypeError("secret of ours"), fromThread]) {
    ward.recording = () => {
      throw defect;
    };
    const answer = await app.inject({ url: "/api/devices", headers: PAGE });
    assert.equal(answer.statusCode, 500);
    assert.doesNotMatch(answer.body, /secret/);
  }
});

test("a port that is taken gives way to a free one; news come as they happen, slowed down", async () => {
  const ward = new Ward(data);
  const first = await serve({ host: "127.0.0.1", port: 0, token: TOKEN, session: ward, webRoot: data });
  const port = Number(new URL(first.url).port);
  const second = await serve({ host: "127.0.0.1", port, token: TOKEN, session: ward, webRoot: data });
  assert.notEqual(Number(new URL(second.url).port), port);
  await second.close();

  const heard = new Promise<string>((resolve) => {
    let text = "";
    request({ host: "127.0.0.1", port, path: "/api/events", headers: { cookie: `auscult-${port}=${TOKEN}` } }, (response) => {
      response.on("data", (chunk: Buffer) => {
        text += chunk.toString();
        if (text.includes('"devices":99')) resolve(text);
        else for (let count = 0; count <= 99; count++) ward.tell({ devices: count });
      });
    }).end();
  });
  const text = await heard;
  assert.match(text, /^event: state\n/);
  assert.ok(text.split("event: state").length - 1 <= 3, "a hundred news are told at most a few times");
  await first.close();
});

test("protocols are told by name and title, and nothing else of them", async () => {
  const { app } = await opened();
  const answer = (await app.inject({ url: "/api/protocols", headers: PAGE })).json() as object[];
  assert.deepEqual(
    answer,
    protocols.map(({ name, title }) => ({ name, title })),
  );
});

test("docs/openapi.json is what the API says of itself; AUSCULT_GOLDEN=1 writes it", async () => {
  const { app } = await opened();
  const text = `${JSON.stringify((await app.inject({ url: "/api/openapi.json", headers: PAGE })).json(), null, 1)}\n`;
  const file = join(import.meta.dirname, "../../docs/openapi.json");
  if (process.env["AUSCULT_GOLDEN"] === "1") (await import("node:fs")).writeFileSync(file, text);
  // Nobody reads two such documents beside each other: the first line that differs is told.
  const [actual, expected] = [text.split("\n"), readFileSync(file, "utf8").split("\n")];
  const at = actual.findIndex((line, place) => line !== expected[place]);
  assert.equal(actual[at], expected[at], `line ${at + 1}`);
  assert.equal(actual.length, expected.length);
  assert.equal(JSON.parse(text).openapi, "3.1.0");
});
