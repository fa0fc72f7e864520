import assert from "node:assert/strict";
import { test } from "node:test";
import { notes } from "../testing/notes.ts";
import { memcached } from "./memcached.ts";

const SERVER = { side: "server", sender: { ip: "10.0.0.2" }, receiver: { ip: "10.0.0.1" } } as const;
const bytes = (text: string) => new Uint8Array(Buffer.from(text, "latin1"));

/** What is told of a stream of one side, message by message as `flows` parts it. */
function told(side: "client" | "server", text: string): string[] {
  const lines: string[] = [];
  for (let stream = bytes(text); stream.length > 0;) {
    const length = memcached.messageLength!(stream);
    assert.ok(length > 0 && length <= stream.length, `${length} of ${Buffer.from(stream).toString()}`);
    lines.push(...notes(memcached, stream.subarray(0, length), side === "server" ? SERVER : {}));
    stream = stream.subarray(length);
  }
  return lines;
}

test("commands are told by name, and the version by who is asked for it", () => {
  assert.deepEqual(told("client", "set ward:4 0 300 5\r\nhello\r\nget ward:4\r\nversion\r\n"), [
    "operation: SET",
    "operation: GET",
    "operation: VERSION",
  ]);
  assert.deepEqual(told("server", "STORED\r\nVALUE ward:4 0 5\r\nhello\r\nEND\r\nVERSION 1.6.18\r\n"), [
    "10.0.0.2 serverBanner: memcached 1.6.18",
  ]);
  assert.deepEqual(told("server", "STAT pid 7\r\nSTAT version 1.6.18\r\nEND\r\n"), ["10.0.0.2 serverBanner: memcached 1.6.18"]);
});

test("what is kept in it is not read, whatever it looks like", () => {
  assert.deepEqual(told("server", "VALUE k 0 33\r\nVERSION 7712\r\nSTAT version 7712\r\n\r\nEND\r\n"), []);
  assert.deepEqual(told("client", "set k 0 0 9\r\nversion\r\n\r\n"), ["operation: SET"]);
  assert.deepEqual(told("client", "zzsecret x\r\n"), ["operation: OTHER"]);
});

test("a command is known by its form, an answer only beside one", () => {
  for (const command of ["set a 0 0 1\r\nx\r\n", "cas a 0 0 1 77\r\nx\r\n", "get a\r\n", "version\r\n", "add a 1 -1 0 noreply\r\n\r\n"])
    assert.equal(memcached.recognize(bytes(command), "client"), true, command);
  for (const answer of ["STORED\r\n", "END\r\n", "VERSION 1.6.18\r\n", "VALUE a 0 1\r\nx\r\n", "STAT pid 7\r\n", "ERROR\r\n"]) {
    assert.equal(memcached.answers!(bytes(answer)), true, answer);
    assert.equal(memcached.recognize(bytes(answer), "server"), false, answer);
  }
});

test("other protocols of lines are none", () => {
  for (const other of [
    "GET / HTTP/1.1\r\n",
    "get a b\r\n",
    "stats\r\n",
    "set a\r\n",
    "VERSION\r\n",
    "get \x01\x02\r\n",
    "+OK ready\r\n",
    "set a 0 0 x\r\n",
  ])
    assert.equal(memcached.recognize(bytes(other), "client"), false, other);
  for (const other of ["HTTP/1.1 400 Bad Request\r\n", "OK 923\r\n", "ERROR :Closing Link\r\n", "VERSIONS\r\n", ""])
    assert.equal(memcached.answers!(bytes(other)), false, other);
});

test("damaged lines and any cut are survived", () => {
  assert.equal(memcached.messageLength!(bytes("x".repeat(600))), 600);
  assert.equal(memcached.messageLength!(bytes("set a 0 0 99999999\r\n")), 100_000_021);
  const whole = "STAT version 1.6.18\r\n";
  for (let end = 0; end < whole.length; end++) assert.deepEqual(notes(memcached, bytes(whole.slice(0, end)), { ...SERVER, cut: true }), []);
});
