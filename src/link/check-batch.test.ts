import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import * as fc from "fast-check";
import { Core } from "../core.ts";
import type { Batch } from "../model/batch.ts";
import { assertProperty } from "../testing/property.ts";
import { checkBatch } from "./check-batch.ts";

const AT = 1_700_000_000_000_000;

function batch(): Batch {
  return {
    schema: 2,
    site: "main",
    sensor: "local",
    run: "a",
    sequence: 1,
    input: "ward.pcap",
    from: AT,
    to: AT + 10,
    frames: {
      frames: 3,
      bytes: 300,
      lastFrame: 3,
      duplicates: 0,
      routedCopies: 0,
      cut: 0,
      timeBackwards: 0,
      malformed: { dns: 1 },
      unheard: {},
      vlans: { "0": 3 },
      broadcast: 0,
      multicast: 0,
      flowsTwoWay: 1,
      flowsOneWay: 0,
    },
    addresses: [
      [0, "00:09:fb:12:34:56", "10.0.0.7", null, 1, 50, AT, AT + 10, 2],
      [0, "00:50:56:00:00:09", "fe80::250:56ff:fe00:9", null, 1, 50, AT, AT + 10, 34],
      [7, null, "10.0.0.9", "SN-1", 0, 0, AT, AT, 0],
    ],
    observations: [[0, "hostname", "pump7", "dhcp", 1, AT, AT, 1, [[AT, 1, 60, "AQ==", 1]]]],
    conversations: [[0, 1, "tcp", 2575, "hl7", ["ACK"], 1, 1, 10, 20, 1, 0, AT, AT + 10, "port", 0]],
    attempts: [[0, 1, "tcp", 1, [23], AT, AT]],
    signals: [[AT, "load", 0, -1, "vlan 7", "", 1, 1, 0, 1, [[AT, 1, 60, "AQ==", 1]]]],
    loss: { drops: 1, gaps: 0, gapBytes: 0, limits: { flows: 2 } },
  };
}

/** As it came over a pipe, with the value at this path replaced. */
function changed(path: readonly (string | number)[], value: unknown): unknown {
  const copy = structuredClone(batch()) as unknown as Record<string | number, unknown>;
  let at = copy;
  for (const step of path.slice(0, -1)) at = at[step] as Record<string | number, unknown>;
  at[path.at(-1)!] = value;
  return copy;
}

test("a batch as sensors send it is one", () => {
  assert.deepEqual(checkBatch(batch()), batch());
});

test("what is no batch is refused with what was expected", () => {
  const long = "x".repeat(3_000);
  const wrong: readonly [path: (string | number)[], value: unknown, why: RegExp][] = [
    [["schema"], 3, /expected schema 2/],
    [["sequence"], 0, /expected a sequence from 1/],
    [["run"], "", /expected run as text/],
    [["input"], long, /expected input as text/],
    [["to"], AT - 1, /expected times in order/],
    [["frames", "bytes"], -1, /expected counts of frames and loss/],
    [["frames", "bytes"], undefined, /expected a count of bytes/],
    [["frames", "malformed"], { dns: 1.5 }, /expected counts in malformed/],
    [["loss"], null, /expected counts of loss/],
    [["addresses"], {}, /expected at most 8000 rows of addresses/],
    [["addresses", 0, 1], "00:09:fb:12:34", /expected a MAC/],
    [["addresses", 0, 1], null, /^$/],
    [["addresses", 0, 2], "10.0.0.256", /expected an IP address/],
    [["addresses", 2, 2], null, /expected an address with a MAC or an IP/],
    [["addresses", 0, 5], 2 ** 53, /expected counts and times of an address/],
    [["addresses", 0, 7], AT + 11, /expected counts and times of an address/],
    [["observations", 0, 0], 3, /expected the places of addresses in an observation/],
    [["observations", 0, 1], "__proto__", /expected a known attribute/],
    [["observations", 0, 2], long, /expected the value and protocol/],
    [["conversations", 0, 2], "quic", /expected transport, port and protocol/],
    [["conversations", 0, 3], 65_536, /expected transport, port and protocol/],
    [["conversations", 0, 5], Array.from({ length: 65 }, () => "X"), /expected operations/],
    [["conversations", 0, 14], "sure", /expected how the side/],
    [["attempts", 0, 4], [1, 2, 3, 4, 5, 6, 7, 8, 9], /expected ports/],
    [["signals", 0, 1], "alarm", /expected time and kind of a signal/],
    [["signals", 0, 10], [[AT, 1, 60, long, 1]], /expected the bytes of a witness/],
  ];
  for (const [path, value, why] of wrong) {
    const said = checkBatch(changed(path, value));
    assert.match(typeof said === "string" ? said : "", why, path.join("."));
  }
  for (const it of [null, 7, "batch", [], {}]) assert.equal(typeof checkBatch(it), "string");
});

test("nothing a sensor may send stops the core", () => {
  const folder = mkdtempSync(join(tmpdir(), "auscult-check-"));
  const core = new Core({ path: join(folder, "ward.db"), site: "main", ownRanges: [] });
  const places = leaves(batch(), []);
  let sequence = 0;
  let accepted = 0;
  try {
    assertProperty(
      fc.property(fc.constantFrom(...places), fc.oneof(fc.jsonValue(), ODD), (path, value) => {
        const it = changed(path, value) as { sequence: unknown };
        if (path[0] !== "sequence") it.sequence = ++sequence;
        const said = checkBatch(JSON.parse(JSON.stringify(it)));
        if (typeof said === "string") return assert.ok(said.startsWith("expected"));
        accepted++;
        core.take(said);
      }),
      { numRuns: 2_000 },
    );
    core.settle();
    assert.ok(accepted > 100, `${accepted} were taken`);
  } finally {
    core.close();
    rmSync(folder, { recursive: true });
  }
});

/** What fits somewhere, put everywhere. */
const ODD = fc.constantFrom<unknown>(
  0, 1, 2, -1, 63, 65_535, AT, AT + 10, 2 ** 53 - 1, 1e308, "", " ", "tcp", "guessed", "hostname", "address", "serial", "10.0.0.7", "::1", "::",
  "255.255.255.255", "ff:ff:ff:ff:ff:ff", "00:00:00:00:00:00", "\0", "\ud800", "__proto__", [], [0], ["A B"], {}, { __proto__: 1 }, null,
); // prettier-ignore

function leaves(value: unknown, path: readonly (string | number)[]): (readonly (string | number)[])[] {
  if (typeof value !== "object" || value === null) return [path];
  const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return [
    ...(path.length > 0 ? [path] : []),
    ...keys.flatMap((key) => leaves((value as Record<string | number, unknown>)[key], [...path, key])),
  ];
}
