/** IEEE 802.11, as a sniffer hears it in the air or an access point hands it to its controller. */
import { u16, u16le, u32, u32le } from "../bytes/numbers.ts";
import { Layer, type Walk } from "./walk.ts";

/** The device is whoever sent the payload, however many access points carried it. */
export function wifi(walk: Walk): Layer {
  const { bytes, at, packet } = walk;
  if (walk.lacks(10, "wifi")) return Layer.none;
  const control = bytes[walk.swapped ? at + 1 : at]!;
  const flags = bytes[walk.swapped ? at : at + 1]!;
  if ((control & 0x03) !== 0) return walk.trouble("wifi");
  const kind = control & 0x0c;

  if (kind !== DATA) {
    // Acknowledgments and clearances name nobody as their sender.
    const hasSender = kind === MANAGEMENT || SENDERS.has(control);
    packet.hasMac = hasSender && walk.end - at >= 16;
    setTarget(walk, at + 4);
    if (packet.hasMac) setSource(walk, at + 10);
    walk.at = Math.min(at + (kind === MANAGEMENT ? 24 : hasSender ? 16 : 10), walk.end);
    return Layer.none;
  }

  if (walk.lacks(24, "wifi")) return Layer.none;
  const toDistribution = (flags & 0x01) !== 0;
  const fromDistribution = (flags & 0x02) !== 0;
  const fourAddresses = toDistribution && fromDistribution;
  let length = fourAddresses ? 30 : 24;
  if (fourAddresses && walk.lacks(30, "wifi")) return Layer.none;
  packet.hasMac = true;
  setTarget(walk, toDistribution ? at + 16 : at + 4);
  setSource(walk, fourAddresses ? at + 24 : fromDistribution ? at + 16 : at + 10);
  const quality = (control & QOS) !== 0;
  if (quality) length += (flags & ORDER) === 0 ? 2 : 6;
  // A null frame only says that its sender is awake or going to sleep.
  if ((control & NULL_DATA) !== 0) return finish(walk, at + length);
  if (walk.lacks(length, "wifi")) return Layer.none;
  // A capture that was decrypted keeps the flag; then LLC stands in the clear.
  const inClear =
    walk.end - at >= length + 3 && bytes[at + length] === 0xaa && bytes[at + length + 1] === 0xaa && bytes[at + length + 2] === 3;
  if ((flags & PROTECTED) !== 0 && !inClear) {
    walk.at = at + length;
    return walk.unreadable("wifiProtected");
  }
  const aggregated = quality && (bytes[at + (fourAddresses ? 30 : 24)]! & AGGREGATED) !== 0;
  // A later fragment of a frame begins in the middle of it.
  if ((bytes[at + 22]! & 0x0f) !== 0) return finish(walk, at + length);
  walk.at = at + length;
  if (!aggregated) return Layer.llc;
  // Several frames in one: the first says who speaks; its own header has target, source and length.
  if (walk.lacks(14, "wifi")) return Layer.none;
  const first = walk.at;
  setTarget(walk, first);
  setSource(walk, first + 6);
  walk.at = first + 14;
  walk.limit(u16(bytes, first + 12));
  return Layer.llc;
}

/** Headers of what heard it: version, length (little-endian), and whether a check sequence or padding comes with the frame. radiotap.org */
export function radiotap(walk: Walk): Layer {
  const { bytes, at } = walk;
  if (walk.lacks(8, "wifi")) return Layer.none;
  const length = u16le(bytes, at + 2);
  if (bytes[at] !== 0 || length < 8 || walk.lacks(length, "wifi")) return walk.trouble("wifi");
  const present = u32le(bytes, at + 4);
  let field = at + 8;
  // Each word whose highest bit is set is followed by another.
  for (let word = present; (word & 0x8000_0000) !== 0 && field + 4 <= at + length; field += 4) word = u32le(bytes, field);
  if ((present & 0x01) !== 0) field = at + ((field - at + 7) & ~7) + 8;
  const flags = (present & 0x02) !== 0 && field < at + length ? bytes[field]! : 0;
  walk.at = at + length;
  if ((flags & FAILED_CHECK) !== 0) return walk.trouble("wifi");
  if ((flags & CHECK_INCLUDED) !== 0) walk.limit(Math.max(0, walk.wireEnd - walk.at - 4));
  return Layer.wifi;
}

/** The header of Prism cards, 144 bytes with its length in host order, or AVS, which drivers put in its place. */
export function prism(walk: Walk): Layer {
  const { bytes, at } = walk;
  if (walk.lacks(8, "wifi")) return Layer.none;
  const avs = u32(bytes, at) >>> 8 === 0x802110;
  const little = u32le(bytes, at + 4);
  const length = avs || little > PRISM_BYTES_MAX ? u32(bytes, at + 4) : little;
  if (length < 8 || length > PRISM_BYTES_MAX || walk.lacks(length, "wifi")) return walk.trouble("wifi");
  walk.at = at + length;
  return Layer.wifi;
}

function finish(walk: Walk, at: number): typeof Layer.none {
  walk.at = Math.min(at, walk.end);
  return Layer.none;
}

function setTarget(walk: Walk, at: number): void {
  walk.packet.macTargetHigh = u16(walk.bytes, at);
  walk.packet.macTargetLow = u32(walk.bytes, at + 2);
}

function setSource(walk: Walk, at: number): void {
  walk.packet.macSourceHigh = u16(walk.bytes, at);
  walk.packet.macSourceLow = u32(walk.bytes, at + 2);
}

// IEEE 802.11-2020 section 9.2.4.1: the first byte of frame control holds version, type and subtype.
const MANAGEMENT = 0x00;
const DATA = 0x08;
/** Control frames that name their sender: block acknowledgment request and answer, power save poll, request to send, end of contention. */
const SENDERS: ReadonlySet<number> = new Set([0x84, 0x94, 0xa4, 0xb4, 0xe4, 0xf4]);
const QOS = 0x80;
const NULL_DATA = 0x40;
const PROTECTED = 0x40;
const ORDER = 0x80;
const AGGREGATED = 0x80;
// Radiotap flags.
const CHECK_INCLUDED = 0x10;
const FAILED_CHECK = 0x40;
const PRISM_BYTES_MAX = 1_024;
