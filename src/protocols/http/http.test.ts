import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, notes } from "../../testing/notes.ts";
import { http } from "./http.ts";

const SERVER = { side: "server", sender: { ip: "10.0.0.2" }, receiver: { ip: "10.0.0.1" } } as const;

const bytes = (text: string) => new Uint8Array(Buffer.from(text, "latin1"));
/** Lines as they cross the wire, with the empty one that ends them. */
const head = (...lines: string[]) => bytes(`${lines.join("\r\n")}\r\n\r\n`);

test("a client says what program it is, and by which name it asks", () => {
  const request = head(
    "GET /patients?id=4711 HTTP/1.1",
    "Host: pacs.clinic.example:8080",
    "User-Agent: Viewer/3.1",
    "Cookie: session=secret",
  );
  assert.equal(http.recognize(request, "client"), true);
  assert.equal(http.messageLength!(request), request.length);
  assert.deepEqual(notes(http, request), ["operation: GET", "10.0.0.1 userAgent: Viewer/3.1", "10.0.0.2 askedAs: pacs.clinic.example"]);
});

test("through a proxy, or by an address, the receiver has no name", () => {
  assert.deepEqual(notes(http, head("GET http://update.example/ HTTP/1.1", "Host: update.example")), ["operation: GET"]);
  assert.deepEqual(notes(http, head("GET / HTTP/1.1", "Host: 10.0.0.2:80")), ["operation: GET"]);
});

test("a server says what it runs, and the realm of its log-in names the product", () => {
  const response = head(
    "HTTP/1.1 401 Unauthorized",
    "Server: GoAhead-Webs",
    'WWW-Authenticate: Basic realm="Infusion Gateway 2"',
    "Content-Length: 120",
  );
  assert.equal(http.recognize(response, "server"), true);
  assert.equal(http.messageLength!(response), response.length + 120);
  assert.equal(http.wanted!(response), response.length);
  assert.deepEqual(notes(http, response, SERVER), ["10.0.0.2 serverBanner: GoAhead-Webs", "10.0.0.2 realm: Infusion Gateway 2"]);
});

test("what a proxy hands on is another's program; its own it may say", () => {
  const through = (via: string) => notes(http, head("HTTP/1.1 200 OK", "Server: Apache/2.4.1", via, "Content-Length: 0"), SERVER);
  assert.deepEqual(through("Via: 1.0 fred, 1.1 gate (squid/5.7)"), ["10.0.0.2 serverBanner: squid/5.7"]);
  assert.deepEqual(through("Via: 1.1 gate (squid/5.7), 1.1 other"), []);
  assert.deepEqual(through("Via: 1.1 edge (ApacheTier/2.4.1)"), ["10.0.0.2 serverBanner: Apache/2.4.1"], "one program by two names");
  assert.deepEqual(through("Vary: Accept"), ["10.0.0.2 serverBanner: Apache/2.4.1"]);
  assert.deepEqual(notes(http, head("GET / HTTP/1.1", "User-Agent: Viewer/3.1", "Via: 1.1 gate (squid/5.7)")), ["operation: GET"]);
});

test("who asks for another is told what it was answered: that is what it passes on", () => {
  const memory = http.remember!();
  notes(http, head("GET / HTTP/1.1", "Host: a", "X-Forwarded-For: 10.0.0.9"), { memory });
  const answer = head("HTTP/1.1 200 OK", "Server: lighttpd/1.4.69", "Content-Length: 0");
  assert.deepEqual(notes(http, answer, { ...SERVER, memory }), [
    "10.0.0.2 serverBanner: lighttpd/1.4.69",
    "10.0.0.1 passesOn: lighttpd/1.4.69",
  ]);
  notes(http, head("GET / HTTP/1.1", "Host: a"), { memory });
  assert.deepEqual(notes(http, answer, { ...SERVER, memory }), ["10.0.0.2 serverBanner: lighttpd/1.4.69"]);
});

test("a password in the clear is said to have crossed, and whether it was taken; never what it was", () => {
  const memory = http.remember!();
  const asked = notes(http, head("GET /setup HTTP/1.0", "Authorization: Basic YWRtaW46c2VjcmV0"), { memory });
  assert.deepEqual(asked, ["operation: GET", "10.0.0.2 clearCredentials: http basic"]);
  assert.doesNotMatch(asked.join(), /YWRtaW4|admin|secret/);
  const refused = notes(http, head("HTTP/1.0 401 No", "Content-Length: 0"), { ...SERVER, memory });
  assert.deepEqual(refused, ["login refused of admin"], "who is hashed, and goes no further");
  assert.deepEqual(notes(http, head("HTTP/1.0 200 OK", "Content-Length: 0"), { ...SERVER, memory }), []);
});

test("a first question, and a challenge out of date, are no refusals; a usual password that is taken is said to be one", () => {
  const said = (authorization: string, answer: string, ...more: string[]) => {
    const memory = http.remember!();
    notes(http, head("GET / HTTP/1.1", authorization), { memory });
    const lines = notes(http, head(`HTTP/1.1 ${answer}`, "Content-Length: 0", ...more), { ...SERVER, memory });
    return lines.filter((line) => /^(?:login|notable)/.test(line));
  };
  const basic = (pair: string) => `Authorization: Basic ${Buffer.from(pair).toString("base64")}`;
  const digest = 'Authorization: Digest username="jroe", nonce="x"';
  assert.deepEqual(said("Accept: text/html", "401 No"), []);
  assert.deepEqual(said("Authorization: NTLM TlRMTVNTUAABAAAAB4IIogAAAAAAAAAAAAAAAAAAAAAFASgKAAAADw==", "401 No"), []);
  assert.deepEqual(said(digest, "401 No", 'WWW-Authenticate: Digest realm="a", stale=true'), []);
  assert.deepEqual(said(digest, "401 No", 'WWW-Authenticate: Digest realm="a"'), ["login refused of jroe"]);
  assert.deepEqual(said(basic("admin:admin"), "200 OK"), ["login accepted", "notable: defaultCredentials"]);
  assert.deepEqual(said(basic("admin:admin"), "404 No"), ["login accepted"]);
  assert.deepEqual(said(basic("admin:hunter2"), "200 OK"), ["login accepted"]);
});

test("a form with a password that is answered as wrong ones are is told; what it holds is not, nor what hands others' on", () => {
  const form = (fields: string, ...headers: readonly string[]) => {
    const request = head("POST /login.php?lang=en HTTP/1.1", "Content-Type: application/x-www-form-urlencoded", `Content-Length: ${fields.length}`, ...headers); // prettier-ignore
    return bytes(Buffer.from(request).toString("latin1") + fields);
  };
  const told = (request: Uint8Array, status: string, ...headers: readonly string[]) => {
    const memory = http.remember!();
    assert.equal(http.wanted!(request), request.length);
    const lines = [...notes(http, request, { memory }), ...notes(http, head(`HTTP/1.1 ${status}`, ...headers, "Content-Length: 0"), { ...SERVER, memory })]; // prettier-ignore
    assert.doesNotMatch(lines.join(), /zebedee|hunter2/);
    return lines.filter((line) => line.startsWith("notable")).map((line) => line.slice(0, "notable: formRefused".length));
  };
  const tried = form("user=zebedee&user_password=hunter2");
  const refused = ["notable: formRefused"];
  assert.deepEqual(told(tried, "200 OK", "Content-Type: text/html"), refused);
  assert.deepEqual(told(tried, "302 Found", "Location: /login.php?error=1"), refused);
  assert.deepEqual(told(tried, "302 Found", "Location: http://pump/failed"), refused);
  assert.deepEqual(told(tried, "401 No"), refused);
  assert.deepEqual(told(tried, "302 Found", "Location: /home"), []);
  assert.deepEqual(told(tried, "200 OK", "Content-Type: application/json"), []);
  assert.deepEqual(told(tried, "404 No"), []);
  assert.deepEqual(told(form("name=zebedee&note=password"), "200 OK", "Content-Type: text/html"), []);
  assert.deepEqual(told(form("u=zebedee&pwd=hunter2", "X-Forwarded-For: 10.1.1.1"), "200 OK", "Content-Type: text/html"), []);
});

test("the mail address in a realm is not kept", () => {
  const response = head("HTTP/1.1 401 No", 'WWW-Authenticate: Basic realm="ask jane@clinic.example"', "Content-Length: 0");
  assert.deepEqual(notes(http, response, SERVER), ["10.0.0.2 realm: ask ·"]);
});

test("NTLM inside a header is handed on as bytes", () => {
  const request = head("GET / HTTP/1.1", "Authorization: NTLM TlRMTVNTUAABAAAAB4IIogAAAAAAAAAAAAAAAAAAAAAFASgKAAAADw==");
  assert.deepEqual(notes(http, request).at(-1), "inside ntlmssp: 40 bytes");
});

test("a lone return within a header is a space", () => {
  assert.deepEqual(notes(http, bytes("HTTP/1.1 200 OK\r\nServer: Go\rAhead\tWebs\r\nContent-Length: 0\r\n\r\n"), SERVER), [
    "10.0.0.2 serverBanner: Go Ahead Webs",
  ]);
});

test("messages follow one another: lengths, chunks, and answers without a body", () => {
  const parts = [
    ["HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", "length"],
    ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "head before chunks"],
    ["a;x=1\r\n0123456789\r\n", "a chunk of ten"],
    ["0\r\nExpires: never\r\n\r\n", "the last chunk and a trailer"],
    ["HTTP/1.1 304 Not Modified\r\nContent-Length: 5000\r\n\r\n", "a length of what is not sent"],
    ["\r\n", "an empty line too many"],
    ["HTTP/1.1 200 OK\nContent-Length: 0\n\n", "bare line feeds"],
  ] as const;
  let stream = bytes(parts.map(([text]) => text).join(""));
  for (const [text, meaning] of parts) {
    assert.equal(http.messageLength!(stream), text.length, meaning);
    assert.ok(http.wanted!(stream) > 0);
    assert.deepEqual(
      notes(http, stream.subarray(0, text.length), SERVER).filter((line) => line.startsWith("malformed")),
      [],
    );
    stream = stream.subarray(text.length);
  }
});

test("where the end cannot be known from the head, nothing after it is read", () => {
  assert.equal(notes(http, head("HTTP/1.0 200 OK", "Server: x"), SERVER).at(-1), "enough");
  assert.equal(notes(http, head("HTTP/1.1 101 Switching Protocols", "Upgrade: websocket"), SERVER).at(-1), "enough");
  const memory = http.remember!();
  notes(http, head("HEAD / HTTP/1.1", "Host: a"), { memory });
  assert.deepEqual(notes(http, head("HTTP/1.1 200 OK", "Server: x", "Content-Length: 900"), { ...SERVER, memory }).at(-1), "enough");
});

test("after a gap a message begins where a header follows a start line", () => {
  const stream = bytes("see HTTP/1.1 200 OK for more\r\n<p>GET /x HTTP/1.1\r\ntext\r\nHTTP/1.1 200 OK\r\nServer: x\r\n\r\n");
  assert.equal(http.resume!(stream), stream.length - "HTTP/1.1 200 OK\r\nServer: x\r\n\r\n".length);
  assert.equal(http.messageLength!(stream), http.resume!(stream), "out of step, the rest up to there is one message");
  assert.deepEqual(notes(http, stream.subarray(0, http.wanted!(stream))), ["malformed: bytes between messages that belong to none"]);
  assert.equal(http.resume!(bytes("HTTP/1.1 HTTP/1.1 ".repeat(5000))), -1);
});

test("a head cut at any place gives what was in it before", () => {
  const response = head("HTTP/1.1 200 OK", "Server: a", "Content-Length: 0");
  for (let length = 0; length < response.length; length++) {
    assert.equal(http.messageLength!(response.subarray(0, length)), 0);
    notes(http, response.subarray(0, length), SERVER);
  }
  assert.deepEqual(notes(http, response.subarray(0, 26), { ...SERVER, cut: true })[0], "10.0.0.2 serverBanner: a");
});

test("its relatives are not HTTP", () => {
  for (const line of [
    "OPTIONS rtsp://10.0.0.2 RTSP/1.0",
    "OPTIONS sip:nm SIP/2.0",
    "M-SEARCH * HTTP/1.1",
    "GET /unfinished",
    "RTSP/1.0 200 OK",
    "HTTP/2 200",
  ])
    assert.equal(http.recognize(head(line), "unknown"), false, line);
});

test("of an answer that is a file only the front is read, and only of one that begins as a program", () => {
  const answer = head("HTTP/1.1 200 OK", "Content-Type: image/png", "Content-Length: 3000");
  const program = hex`4d5a ${"00".repeat(58)} 80000000 ${"00".repeat(64)} 50450000 4c01`;
  const file = (front: Uint8Array) => Buffer.concat([answer, front, new Uint8Array(600)]);
  assert.equal(http.wanted!(answer), answer.length + 2);
  assert.equal(http.wanted!(file(hex`89504e47`)), answer.length);
  assert.equal(http.wanted!(file(program)), answer.length + 512);
  assert.deepEqual(notes(http, file(program), SERVER), ["notable: programCarried 0 from 10.0.0.2 to 10.0.0.1"]);
  assert.deepEqual(notes(http, file(hex`4d5a 20`), SERVER), []);
});

test("bodies in which a printer describes itself are handed on, whole or as a first chunk; others are not", () => {
  const answer = (...lines: string[]) => head("HTTP/1.1 200 OK", "Content-Type: application/ipp", ...lines);
  const body = hex`0200 0000 00000001 01 47 0000 0000 03`;
  const whole = Buffer.concat([answer("Content-Length: 15"), body]);
  assert.equal(http.wanted!(whole), whole.length);
  assert.deepEqual(notes(http, whole, SERVER), ["inside application/ipp: 15 bytes"]);
  const other = Buffer.concat([head("HTTP/1.1 200 OK", "Content-Type: text/html", "Content-Length: 15"), body]);
  assert.equal(http.wanted!(other), other.length - 15);

  const memory = http.remember!();
  const chunk = Buffer.concat([bytes("f\r\n"), body, bytes("\r\n")]);
  assert.equal(http.wanted!(chunk), chunk.length);
  assert.equal(http.wanted!(bytes("f\r\n<p>Good day, all")), 3);
  const xml = bytes('15\r\n<?xml version="1.0"?>\r\n');
  assert.equal(http.wanted!(xml), xml.length);
  assert.deepEqual(notes(http, chunk, { ...SERVER, memory }), [], "of nothing handed on");
  notes(http, answer("Transfer-Encoding: chunked"), { ...SERVER, memory });
  assert.deepEqual(notes(http, chunk, { ...SERVER, memory }), ["inside application/ipp: 17 bytes"]);
  assert.deepEqual(notes(http, chunk, { ...SERVER, memory }), [], "only the first");
});
