import assert from "node:assert/strict";
import { test } from "node:test";
import { notes } from "../testing/notes.ts";
import { redis } from "./redis.ts";

const SERVER = { side: "server", sender: { ip: "10.0.0.2" }, receiver: { ip: "10.0.0.1" } } as const;
const text = (words: string) => `$${words.length}\r\n${words}\r\n`;

/** What is told of a whole dialogue, value by value as `flows` parts it. */
function told(...said: (readonly ["client" | "server", string])[]): string[] {
  const memory = redis.remember!();
  return said.flatMap(([side, words]) => {
    const lines: string[] = [];
    let stream = Buffer.from(words);
    while (stream.length > 0) {
      const length = redis.messageLength!(stream);
      assert.ok(length > 0 && length <= stream.length, `${length} of ${stream.toString()}`);
      lines.push(...notes(redis, stream.subarray(0, length), side === "server" ? { ...SERVER, memory } : { memory }));
      stream = stream.subarray(length);
    }
    return lines;
  });
}
const command = (...words: string[]) => ["client", `*${words.length}\r\n${words.map(text).join("")}`] as const;

test("a command is known by its form, whatever the port", () => {
  assert.equal(redis.recognize(Buffer.from(command("PING")[1]), "client"), true);
  assert.equal(redis.recognize(Buffer.from(command("PING")[1]), "server"), false);
  assert.equal(redis.recognize(Buffer.from("*3\r\n"), "client"), false);
  assert.equal(redis.recognize(Buffer.from("* OK Dovecot ready.\r\n"), "client"), false);
});

test("what a server answers is of it, which alone would be anybody's", () => {
  for (const answer of [
    "+OK\r\n",
    "-NOAUTH Authentication required.\r\n",
    "$-1\r\n",
    ":1\r\n",
    text("a value"),
    "*0\r\n",
    "%2\r\n",
    "_\r\n",
  ]) {
    assert.equal(redis.answers!(Buffer.from(answer)), true, answer);
    assert.equal(redis.recognize(Buffer.from(answer), "server"), false, answer);
  }
  for (const other of ["+OK dovecot ready.\r\n", "* OK Dovecot ready.\r\n", "HTTP/1.1 400 Bad Request\r\n", "SSH-2.0-x\r\n", "$5", ""])
    assert.equal(redis.answers!(Buffer.from(other)), false, other);
});

test("who asks is told the version, by INFO or by HELLO", () => {
  const info = ["server", text("# Server\r\nredis_version:7.0.15\r\nredis_mode:standalone\r\n")] as const;
  assert.deepEqual(told(command("INFO"), info), ["operation: INFO", "10.0.0.2 serverBanner: Redis 7.0.15"]);
  const valkey = ["server", text("# Server\r\nredis_version:7.2.4\r\nserver_name:valkey\r\nvalkey_version:8.0.1\r\n")] as const;
  assert.deepEqual(told(command("INFO"), valkey)[1], "10.0.0.2 serverBanner: Valkey 8.0.1");
  const hello = ["server", `%2\r\n${text("server")}${text("redis")}${text("version")}${text("7.2.1")}`] as const;
  assert.deepEqual(told(command("HELLO", "3"), hello), ["operation: HELLO", "10.0.0.2 serverBanner: Redis 7.2.1"]);
});

test("what is kept in it is not read, though it looks like a version", () => {
  const value = ["server", text("redis_version:6.6.6")] as const;
  assert.deepEqual(told(command("GET", "AUTH"), value), ["operation: GET"]);
  assert.deepEqual(told(command("SET", "version", "HELLO"), ["server", "+OK\r\n"]), ["operation: SET"]);
  assert.deepEqual(told(command("zzsecret", "x")), ["operation: OTHER"]);
});

test("a password in the clear is told, and whether it was right", () => {
  const clear = "10.0.0.2 clearCredentials: redis";
  assert.deepEqual(told(command("AUTH", "secret"), ["server", "+OK\r\n"]), ["operation: AUTH", clear, "login accepted"]);
  assert.deepEqual(told(command("AUTH", "u", "secret"), ["server", "-WRONGPASS invalid\r\n"]), ["operation: AUTH", clear, "login refused"]);
  const again = [command("AUTH", "secret"), ["server", "-ERR invalid password\r\n"]] as const;
  const twice = told(command("PING"), ["server", "+PONG\r\n"], ...again, ...again);
  assert.equal(twice.filter((it) => it === "login refused").length, 2, "one password after the other on a connection");
  // Nothing was wrong with a password where none is set.
  assert.deepEqual(told(command("AUTH", "secret"), ["server", "-ERR AUTH called without any password\r\n"]), ["operation: AUTH", clear]);
  assert.deepEqual(told(command("HELLO", "3", "AUTH", "u", "secret"), ["server", "%0\r\n"]), ["operation: HELLO", clear]);
  assert.deepEqual(told(command("PING"), ["server", "+PONG\r\n"]), ["operation: PING"]);
});

test("a log-in typed in one line is read as one sent in parts, and known by itself; SMTP's and POP3's are not", () => {
  const refused = ["client", "AUTH secret\r\n"] as const;
  const twice = told(command("PING"), ["server", "-NOAUTH\r\n"], refused, ["server", "-WRONGPASS x\r\n"], refused, ["server", "-WRONGPASS x\r\n"]); // prettier-ignore
  const once = ["operation: AUTH", "10.0.0.2 clearCredentials: redis", "login refused"];
  assert.deepEqual(twice, ["operation: PING", ...once, ...once]);
  assert.equal(redis.recognize(Buffer.from("AUTH secret\r\n"), "client"), true);
  assert.equal(redis.recognize(Buffer.from("AUTH user secret\r\n"), "client"), true);
  for (const line of ["AUTH PLAIN\r\n", "AUTH CRAM-MD5\r\n", "AUTH secret", "AUTHOR x\r\n", "auth\r\n"])
    assert.equal(redis.recognize(Buffer.from(line), "client"), false, line);
  // Inside of a command in parts a line is a text's own.
  assert.deepEqual(told(command("SET", "k", "AUTH x")), ["operation: SET"]);
});

test("damaged lengths and any cut are survived", () => {
  assert.equal(redis.messageLength!(Buffer.from("$99999999999999999999\r\nab")), 23);
  assert.equal(redis.messageLength!(Buffer.from("$-1\r\n+OK\r\n")), 5);
  assert.equal(redis.messageLength!(Buffer.alloc(9000, 0x41)), 9000);
  assert.deepEqual(notes(redis, Buffer.from("*x\r\n")), ["malformed: a command without a count of its words"]);
  const whole = Buffer.from(text("# Server\r\nredis_version:7.0.15\r\n"));
  for (let bytes = 0; bytes < whole.length; bytes++) notes(redis, whole.subarray(0, bytes), { ...SERVER, cut: true });
});
