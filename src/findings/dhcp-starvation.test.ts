import assert from "node:assert/strict";
import { test } from "node:test";
import { ethernet, ipBytes, ipv4, udp } from "../testing/frames.ts";
import { hear } from "../testing/hear.ts";
import { dhcp } from "../testing/messages.ts";
import { foundLines } from "../testing/watched.ts";
import { dhcpStarvation } from "./dhcp-starvation.ts";

const CARD = "02:00:00:00:00:66";
const DISCOVER = 1;
const INFORM = 8;
const client = (i: number) => `02:00:00:00:01:${i.toString(16).padStart(2, "0")}`;

function asks(i: number, { card = CARD, relay = false } = {}): Uint8Array {
  const message = dhcp(1, client(i), "0.0.0.0", [53, Uint8Array.of(DISCOVER)]);
  if (relay) message.set(ipBytes("10.0.0.254"), 24);
  return ethernet(
    { type: 0x0800, from: card, to: "ff:ff:ff:ff:ff:ff" },
    ipv4({ protocol: 17, from: "0.0.0.0", to: "255.255.255.255" }, udp({ from: 68, to: 67 }, message)),
  );
}

/** What a machine with an address asks, as it comes out of a router or a forger. */
function informs(i: number, exchange: number): Uint8Array {
  const message = dhcp(1, client(i), "0.0.0.0", [53, Uint8Array.of(INFORM)]);
  message.set([0, 0, 0, exchange], 4);
  message.set(ipBytes(`10.0.5.${i}`), 12);
  return ethernet(
    { type: 0x0800, from: CARD },
    ipv4({ protocol: 17, from: `10.0.5.${i}`, to: "10.0.0.1" }, udp({ from: 68, to: 67 }, message)),
  );
}

const times = (count: number, of: (i: number) => Uint8Array) => Array.from({ length: count }, (_, i) => of(i));
const found = (frames: readonly Uint8Array[], every: number) => foundLines(hear(frames, { every }), [dhcpStarvation]);

test("ten clients that one card asks for in others' names are a finding of that card", () => {
  assert.deepEqual(
    found(
      times(12, (i) => asks(i)),
      0.5,
    ),
    [`dhcp-starvation medium ${CARD}: 11 clients of DHCP asked for by one card within 6 s`],
  );
});

test("so are ten with addresses in one exchange", () => {
  assert.deepEqual(
    found(
      times(12, (i) => informs(i, 7)),
      0.1,
    ).length,
    1,
  );
});

test("a ward that starts up, a relay, a router behind which many ask, and a bridge with a few are none", () => {
  assert.deepEqual(
    found(
      times(40, (i) => asks(i, { card: client(i) })),
      0.1,
    ),
    [],
  );
  assert.deepEqual(
    found(
      times(40, (i) => asks(i, { relay: true })),
      0.1,
    ),
    [],
  );
  assert.deepEqual(
    found(
      times(40, (i) => informs(i, i)),
      0.1,
    ),
    [],
  );
  assert.deepEqual(
    found(
      times(40, (i) => asks(i % 6)),
      0.1,
    ),
    [],
  );
  assert.deepEqual(
    found(
      times(40, (i) => asks(i)),
      2,
    ),
    [],
  );
});
