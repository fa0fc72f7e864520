/** The flows whose frames are kept as a finding's evidence, by Community ID: other programs name the same flow so. */
import { communityId, type FlowEnds } from "./bytes/community-id.ts";
import { ip } from "./bytes/text.ts";
import { Decoder } from "./decode/index.ts";
import type { FindingWitness } from "./model/finding.ts";
import type { Packet } from "./model/packet.ts";

const ICMP: ReadonlySet<number> = new Set([1, 58]);

export function flowsOf(witnesses: readonly FindingWitness[]): ReadonlyMap<string, FlowEnds> {
  const decoder = new Decoder();
  const flows = new Map<string, FlowEnds>();
  for (const [, at, , wireLength, text, linkType] of witnesses) {
    const bytes = Buffer.from(text, "base64");
    decoder.decode(bytes, 0, bytes.length, wireLength, at, linkType);
    const ends = endsOf(decoder.packet);
    const name = ends === null ? null : communityId(ends);
    if (name !== null) flows.set(name, ends!);
  }
  return flows;
}

function endsOf(packet: Packet): FlowEnds | null {
  const { family, ipProtocol, hasTransport, sourcePort, targetPort, bytes, payloadStart, payloadEnd } = packet;
  if (family === 0) return null;
  const from = ipText(family, packet.source0, packet.source1, packet.source2, packet.source3);
  const to = ipText(family, packet.target0, packet.target1, packet.target2, packet.target3);
  if (hasTransport) return { ipProtocol, from, to, fromPort: sourcePort, toPort: targetPort };
  if (!ICMP.has(ipProtocol)) return { ipProtocol, from, to, fromPort: null, toPort: null };
  if (payloadEnd - payloadStart < 2) return null;
  return { ipProtocol, from, to, fromPort: bytes[payloadStart]!, toPort: bytes[payloadStart + 1]! };
}

function ipText(family: 4 | 6, ...words: readonly number[]): string {
  const bytes = Buffer.alloc(16);
  for (const [at, word] of words.entries()) bytes.writeUInt32BE(word >>> 0, at * 4);
  return ip(family === 4 ? bytes.subarray(12) : bytes);
}
