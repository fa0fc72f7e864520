/** Which frames of a capture show that a service answered: read with nothing but `capture` and `decode`, so that no rule of `flows` vouches for itself. */
import { closeSync, openSync } from "node:fs";
import { ipWords } from "../src/bytes/address.ts";
import { InputClock, readFrames } from "../src/capture/index.ts";
import { Decoder } from "../src/decode/index.ts";

const IpProtocol: Readonly<Record<string, number>> = { tcp: 6, udp: 17, sctp: 132 };
const SYN_ACK = 0x12;
const FRAMES_MAX = 3;

/** Numbers of the first frames, from 1, in which this service spoke: over TCP with a SYN and an ACK, otherwise with anything. */
export async function answeringFrames(file: string, ip: string, transport: string, port: number): Promise<readonly number[]> {
  const words = ipWords(ip)?.words;
  if (words === undefined) return [];
  const [w0, w1, w2, w3] = words;
  const decoder = new Decoder();
  const { packet } = decoder;
  const frames: number[] = [];
  const fd = openSync(file, "r");
  try {
    await readFrames(
      fd,
      {
        frame: (bytes, from, to, wireLength, at, linkType) => {
          decoder.decode(bytes, from, to, wireLength, at, linkType);
          if (packet.ipProtocol !== IpProtocol[transport] || packet.sourcePort !== port || frames.length >= FRAMES_MAX) return;
          if (packet.source0 !== w0 || packet.source1 !== w1 || packet.source2 !== w2 || packet.source3 !== w3) return;
          if (transport === "tcp" && (packet.tcpFlags & SYN_ACK) !== SYN_ACK) return;
          frames.push(packet.frameNumber);
        },
        drops: () => undefined,
        tick: () => undefined,
        pause: () => undefined,
        progress: () => undefined,
      },
      { live: false, clock: new InputClock() },
    );
  } finally {
    closeSync(fd);
  }
  return frames;
}
