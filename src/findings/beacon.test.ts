import assert from "node:assert/strict";
import { test } from "node:test";
import { calls, type Call } from "../testing/calls.ts";
import { found, foundLines } from "../testing/watched.ts";
import { beacon } from "./beacon.ts";

const DAY = 24 * 3600;
const MINUTE = 60;
const [CLIENT, HOME] = ["10.0.0.7", "203.0.113.9"];
/** Heard from the first day on. */
const ordinary: readonly Call[] = [{ at: 0, client: CLIENT, server: "10.0.0.2", port: 80 }];
/** Always the same, so that a test that fails fails again. */
const shaken = (number: number) => ((number * 7_919) % 1_000) / 1_000;

interface Row {
  readonly from?: number;
  readonly every?: number;
  readonly count?: number;
  /** Of the gap, as much as is taken off at most. */
  readonly jitter?: number;
  readonly bytes?: (number: number) => number;
  readonly client?: string;
  readonly port?: number;
}
function row({ from = 4 * DAY, every = 10 * MINUTE, count = 40, jitter = 0, bytes = () => 120, client = CLIENT, port = 4_444 }: Row = {}): readonly Call[] {
  let at = from;
  return Array.from({ length: count }, (_, i) => ({ at: (at += every * (1 - jitter * shaken(i))), client, server: HOME, bytes: bytes(i), port }));
} // prettier-ignore
const lines = (...all: readonly Call[][]) => foundLines(calls([...ordinary, ...all.flat()]), [beacon]);
const is = (...all: readonly (readonly Call[])[]) => lines(...all.map((it) => [...it])).length > 0;

test("twenty calls at even gaps, over hours, to a server nobody knew, are a beacon, told with the twentieth that is over", () => {
  assert.deepEqual(lines([...row()]), [
    `beacon medium ${CLIENT} by ${HOME}: 20 calls to ${HOME}, every 600 s or so for 190 min, of about 390 bytes each`,
  ]);
  assert.equal(is(row({ count: 20 })), false, "nineteen are over");
});

test("sleep shaken by half is found too, every minute as well as every three hours, and with one call in ten missed", () => {
  assert.ok(is(row({ jitter: 0.5 })));
  assert.ok(is(row({ every: MINUTE, count: 130 })));
  assert.ok(is(row({ every: 3 * 3600, count: 24 })));
  assert.ok(is(row().filter((_, i) => i % 10 !== 5)));
});

test("it goes on as one story, and again after a night", () => {
  const night = row({ from: 5 * DAY, count: 20 });
  const stories = found(calls([...ordinary, ...row({ count: 60 }), ...night]), [beacon]);
  assert.deepEqual(
    stories.map(({ count, others }) => [count, others.length]),
    [[79, 1]],
  );
});

test("who was there in the first days, whoever calls unevenly, brings something else each time, or is done within two hours, is none", () => {
  assert.equal(is(row({ from: 1 * DAY, count: 1 }), row()), false, "known");
  assert.equal(is(row({ jitter: 0.95 })), false, "uneven");
  assert.equal(is(row({ bytes: (i) => 100 + ((i * 7_919) % 1_400) })), false, "of other sizes");
  assert.equal(is(row({ every: MINUTE, count: 100 })), false, "short");
  assert.equal(is(row({ from: 2 * DAY, count: 200 })), false, "a recording's first days");
});

test("a service that four machines call is none, whatever their rhythm; three that do are three findings", () => {
  const by = (host: number) => row({ client: `10.0.0.${host}`, from: 4 * DAY + host });
  assert.equal(is(row(), by(8), by(9), by(10)), false);
  assert.equal(lines([...row(), ...by(8), ...by(9)]).length, 3);
});

test("a server inside, a group, names asked for, and a connection kept open are none", () => {
  const to = (server: string, port = 4_444) => row().map((it) => ({ ...it, server, port }));
  assert.equal(is(to("10.0.0.9")), false);
  assert.equal(is(to("239.1.1.1")), false);
  const kept: Call = { at: 4 * DAY, client: CLIENT, server: HOME, again: Array.from({ length: 200 }, (_, i) => (i + 1) * 60) };
  assert.equal(is([kept]), false);
});
