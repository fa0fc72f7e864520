import assert from "node:assert/strict";
import { test } from "node:test";
import { dialogue, type Said } from "../testing/dialogue.ts";
import { latin } from "../testing/frames.ts";
import { heardAt } from "../testing/hear.ts";
import { foundLines } from "../testing/watched.ts";
import { browserFeigned } from "./browser-feigned.ts";

const CLIENT = "10.0.0.7";
const SERVER = "10.0.0.66";
const BEGIN_US = 1_700_000_000_000_000;
const CHROME = "User-Agent: Mozilla/5.0 (Windows NT 6.1) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/41.0.2228.0 Safari/537.36";
const OK = latin("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
const HANDSHAKE = 3;

interface Pace {
  readonly times?: number;
  /** Seconds from that request to the next. */
  readonly every?: (request: number) => number;
}

/** Requests with these headers on one connection, each answered at once, so many seconds apart. */
function asks(headers: readonly string[], { times = 12, every = () => 6 }: Pace = {}) {
  const request = latin(`${["GET /news.html HTTP/1.1", "Host: 10.0.0.66", ...headers].join("\r\n")}\r\n\r\n`);
  const said = Array.from({ length: times }, (): Said[] => [["client", request], ["server", OK]]).flat(); // prettier-ignore
  const frames = dialogue({ client: CLIENT, server: SERVER, port: 80 }, said);
  const begins = Array.from({ length: times }, (_, i) => i).map((i) => Array.from({ length: i }, (__, j) => every(j)).reduce((sum, it) => sum + it, 0)); // prettier-ignore
  return frames.map((bytes, i) => {
    const exchange = Math.min(Math.max(0, (i - HANDSHAKE) >> 1), times - 1);
    return { bytes, at: BEGIN_US + begins[exchange]! * 1_000_000 + i * 1_000 };
  });
}

const found = (headers: readonly string[], pace: Pace = {}) => foundLines(heardAt(asks(headers, pace)), [browserFeigned]);

test("a program in a browser's name that asks by the clock on one connection is found with the tenth request", () => {
  assert.deepEqual(found([CHROME]), [
    `browser-feigned medium ${CLIENT} by ${SERVER}: 10 requests in a browser's name, every 6 s, as no browser makes them`,
  ]);
  assert.deepEqual(found([CHROME], { times: 9 }), []);
  assert.equal(found([CHROME], { every: (i) => 60 + (i % 3) }).length, 1, "each minute or so");
});

test("a page left open, a poller and an agent in their own names, and a test of the network are none", () => {
  assert.deepEqual(found([CHROME, "Accept: */*", "Accept-Encoding: gzip", "Accept-Language: de"]), []);
  assert.deepEqual(found([CHROME, "Accept-Encoding: gzip"]), [], "Android asks so whether it reaches the Internet");
  assert.deepEqual(found(["User-Agent: PumpGateway/3.1"]), []);
  assert.deepEqual(found(["User-Agent: Mozilla/4.0 (compatible; Win32; WinHttp.WinHttpRequest.5)"]), []);
  assert.deepEqual(found([]), [], "PCD-01 by HTTP each minute");
  assert.deepEqual(found([CHROME, "Connection: Upgrade", "Upgrade: websocket"]), []);
});

test("who asks as chance has it is none, nor who did so for a day before", () => {
  assert.deepEqual(found([CHROME], { every: (i) => [6, 31, 9, 120, 14][i % 5]! }), []);
  assert.deepEqual(found([CHROME], { every: () => 2 }), [], "faster than anybody waits");
  const since = { conversedSince: () => BEGIN_US - 2 * 86_400_000_000 };
  assert.deepEqual(foundLines(heardAt(asks([CHROME])), [browserFeigned], since), []);
});
