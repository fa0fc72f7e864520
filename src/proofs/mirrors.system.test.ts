/** Bad mirrors made from a minute of a good one: each is called by its name, and the good one good. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, suite, test } from "node:test";
import type { MirrorVerdict } from "../model/store.ts";
import { openReader } from "../reader.ts";
import { simulate } from "../simulation/index.ts";
import { Random } from "../simulation/random.ts";
import { framesOf } from "../testing/captures.ts";
import { block, bytes, ethernet, ipv4, option, pcapFile, pcapngFile, u32, u64, type Frame } from "../testing/frames.ts";
import { opened } from "../testing/opened.ts";

const folder = mkdtempSync(join(tmpdir(), "auscult-mirrors-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const MINUTE = 60_000_000;
const { capture, truth } = simulate({ seed: 3, minutes: 3 });
const whole = framesOf(Buffer.concat([...capture]));
/** Up to the first frame after a minute. */
const good = whole.slice(0, whole.findIndex(({ at }) => at! >= whole[0]!.at! + MINUTE) + 1);

/** What a hospital has and an office has not. */
const CLINICAL = /pump|monitor|station|modality|scanner|archive|engine|nurse|ultrasound|X-ray|CT|MR/i;
const clinical = new Set(truth.devices.filter(({ kind }) => CLINICAL.test(kind)).flatMap(({ macs }) => macs));

const hex = (frame: Frame, from: number, to: number) => Buffer.from(frame.bytes.subarray(from, to)).toString("hex").replace(/..(?!$)/g, "$&:"); // prettier-ignore
const receiver = (frame: Frame) => hex(frame, 0, 6);
const sender = (frame: Frame) => hex(frame, 6, 12);
const isToGroup = ({ bytes: [first] }: Frame) => (first! & 1) === 1;

/** Of TCP and UDP in IPv4 in Ethernet. */
function ports({ bytes: frame }: Frame): readonly [from: number, to: number] | null {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.length);
  if (view.getUint16(12) !== 0x0800 || (frame[23] !== 6 && frame[23] !== 17)) return null;
  const transport = 14 + (frame[14]! & 15) * 4;
  return [view.getUint16(transport), view.getUint16(transport + 2)];
}

const wrapped = (wrap: (frame: Frame) => Uint8Array) =>
  pcapFile(good.map((frame) => (isToGroup(frame) ? frame : { at: frame.at!, bytes: wrap(frame) })));
const ESP = 50;
const MACSEC = 0x88e5;

const DROPPED = 50;
/** Interface statistics (pcapng section 4.6): `isb_ifdrop`. */
const statistics = block(5, bytes(u32(0), u32(0), u32(0), option(5, u64(BigInt(DROPPED), true)), u32(0)));
function without(count: number): readonly Frame[] {
  const random = new Random(1);
  const left = [...good];
  for (let i = 0; i < count; i++) left.splice(1 + random.below(left.length - 2), 1);
  return left;
}

const mirrors: readonly (readonly [name: string, verdict: MirrorVerdict["kind"], capture: Uint8Array])[] = [
  ["as it should be", "good", pcapFile(good)],
  ["a port that is no mirror: groups, and now and then a flooded frame", "onlyBroadcasts", pcapFile(good.filter((it, at) => isToGroup(it) || at % 40 === 0))],
  ["what is received only", "oneDirection", pcapFile(good.filter((it) => (([from, to]) => from >= to)(ports(it) ?? [0, 0])))],
  ["both ends of each link", "doubled", pcapFile(good.flatMap((it) => [it, { ...it, at: it.at! + 9 }]))],
  ["96 bytes of each frame", "cutShort", pcapFile(good.map((it) => ({ ...it, bytes: it.bytes.subarray(0, 96), wireLength: it.bytes.length })))],
  ["in a tunnel", "tunnelled", wrapped(({ bytes: frame }) => ethernet({ type: 0x0800 }, ipv4({ protocol: ESP }, frame)))],
  ["encrypted on the link", "encrypted", wrapped(({ bytes: frame }) => ethernet({ type: MACSEC }, frame))],
  ["dropping", "dropping", pcapngFile(without(DROPPED), { after: [statistics] })],
  ["away from the address server", "noDhcp", pcapFile(good.filter((it) => !(ports(it) ?? []).some((port) => port === 67 || port === 68)))],
  ["where only offices are", "nothingClinical", pcapFile(good.filter((it) => !clinical.has(sender(it)) && !clinical.has(receiver(it))))],
]; // prettier-ignore

suite("a mirror", { concurrency: 2 }, () => {
  for (const [name, kind, bytesHeard] of mirrors)
    test(`${name}: ${kind}`, async () => {
      const file = join(folder, `${kind}.cap`);
      writeFileSync(file, bytesHeard);
      const reader = await openReader((await opened(folder, file)).path);
      const { inputs } = await reader.coverage();
      await reader.close();
      const verdict = inputs[0]!.verdict;
      assert.equal(verdict?.kind, kind, String(verdict?.words));
      assert.equal(verdict?.cure === "", kind === "good");
    });
});
