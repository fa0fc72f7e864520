import assert from "node:assert/strict";
import { test } from "node:test";
import type { Watch } from "../model/finding.ts";
import { bytes, ethernet, ipv4, tcpFrame, u16 } from "../testing/frames.ts";
import { Ear } from "../testing/hear.ts";
import { foundLines } from "../testing/watched.ts";
import { deviceLoad } from "./device-load.ts";
import { oversizedEcho } from "./oversized-echo.ts";

const WATCHES = [deviceLoad, oversizedEcho] as readonly Watch[];

/** Echoes at so many a second, each answered, for some seconds. */
function echoes(perSecond: number, seconds: number, size = 8): readonly string[] {
  const ear = new Ear({ every: 1 / perSecond / 2 });
  for (let i = 0; i < perSecond * seconds; i++)
    for (const [type, from, to] of [
      [8, "10.0.0.1", "10.0.0.2"],
      [0, "10.0.0.2", "10.0.0.1"],
    ] as const)
      ear.frame(ethernet({ type: 0x0800 }, ipv4({ protocol: 1, from, to, id: 1 + (i & 0x7fff) }, bytes([type, 0], u16(0), u16(1), u16(i), new Uint8Array(size))))); // prettier-ignore
  return foundLines(ear.end(), WATCHES);
}

test("echoes above the tolerance are told when they last, or at once when they are many", () => {
  assert.deepEqual(echoes(9, 20), []);
  assert.deepEqual(echoes(12, 2), []);
  assert.deepEqual(echoes(12, 10), ["device-load medium 10.0.0.2 by 10.0.0.1: 12 echoes in one second, where 10 are borne"]);
  assert.deepEqual(echoes(100, 1).length, 1);
  assert.match(echoes(100, 2)[0]!, /^device-load high 10\.0\.0\.2 by 10\.0\.0\.1: .* where 50 are borne$/);
});

test("connections asked for are told; those of packets nobody answers too, and who is answered is no stranger", () => {
  const asked = (perSecond: number, flags = "S") => {
    const ear = new Ear({ every: 1 / perSecond });
    for (let i = 0; i < perSecond * 4; i++) ear.frame(tcpFrame({ from: 1_000 + i, to: 80, flags, toIp: "10.0.0.2", sequence: i }));
    return foundLines(ear.end(), WATCHES).map((line) => line.replace(/\d+ (?=conn|pack)/, ""));
  };
  assert.deepEqual(asked(15), []);
  assert.deepEqual(asked(40), ["device-load medium 10.0.0.2 by 10.0.0.1: connections asked for in one second, where 20 are borne"]);
  assert.deepEqual(asked(40, ""), []);
  assert.deepEqual(asked(100, ""), ["device-load medium 10.0.0.2 by 10.0.0.1: packets nobody answered in one second, where 50 are borne"]);
});

test("a flood of connections that are answered loads who answers, not who asked; of many senders none is named", () => {
  const flooded = (senderOf: (i: number) => string) => {
    const ear = new Ear({ every: 1 / 200 });
    for (let i = 0; i < 300; i++) {
      ear.frame(tcpFrame({ from: 1_000 + i, to: 80, flags: "S", fromIp: senderOf(i), toIp: "10.0.0.2", sequence: i }));
      ear.frame(tcpFrame({ from: 80, to: 1_000 + i, flags: "SA", fromIp: "10.0.0.2", toIp: senderOf(i), sequence: 7 }));
    }
    return foundLines(ear.end(), WATCHES).map((line) => line.split(":")[0]);
  };
  assert.deepEqual(flooded(() => "10.0.0.1"), ["device-load medium 10.0.0.2 by 10.0.0.1"]); // prettier-ignore
  assert.deepEqual(flooded((i) => `10.0.1.${i % 200}`), ["device-load medium 10.0.0.2"]); // prettier-ignore
});

test("one echo larger than a frame is told, one that fills it is not", () => {
  assert.deepEqual(echoes(1, 1, 1_472), []);
  assert.deepEqual(echoes(1, 1, 1_473), ["oversized-echo medium 10.0.0.2 by 10.0.0.1: 1 echo larger than a frame in one second"]);
});
