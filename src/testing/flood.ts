/**
 * A flood: frames of which no two come from the same card or address, and none from 10.0.0.0/8, where the machines of tests are: a stranger
 * who takes a known one's address is another story. For floods of millions, so nothing is allocated per frame.
 */

export const FLOOD_RECORD_BYTES = 76;
const RECORD_HEADER_BYTES = 16;
/** What tells and fills the shortest Ethernet frame. */
export const FLOOD_FRAME_BYTES = FLOOD_RECORD_BYTES - RECORD_HEADER_BYTES;
const RECORDS_AT_ONCE = 8_192;
const PAYLOAD_BYTES = 6;
const TCP = 6;
const UDP = 17;

/** Records of a pcap file (little endian, microseconds), some thousand at once; each piece is to be used before the next. */
export function* floodRecords(count: number, from: number, framesPerSecond: number, seed: number): Generator<Uint8Array> {
  const piece = Buffer.alloc(RECORDS_AT_ONCE * FLOOD_RECORD_BYTES);
  let state = seed >>> 0;
  /** xorshift32 (Marsaglia 2003): every value but 0 once in 2^32 - 1 steps. */
  const random = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state >>> 24 === 10 ? state ^ 0x4000_0000 : state;
  };
  for (let done = 0; done < count;) {
    const records = Math.min(RECORDS_AT_ONCE, count - done);
    for (let record = 0; record < records; record++, done++) {
      const at = from + Math.floor((done * 1e6) / framesPerSecond);
      const start = record * FLOOD_RECORD_BYTES;
      piece.writeUInt32LE(Math.floor(at / 1e6), start);
      piece.writeUInt32LE(at % 1e6, start + 4);
      piece.writeUInt32LE(FLOOD_FRAME_BYTES, start + 8);
      piece.writeUInt32LE(FLOOD_FRAME_BYTES, start + 12);
      frame(piece, start + RECORD_HEADER_BYTES, random(), random(), done);
    }
    yield piece.subarray(0, records * FLOOD_RECORD_BYTES);
  }
}

/** A question by ARP, a first segment of TCP, or a datagram, by turns. */
function frame(piece: Buffer, at: number, a: number, b: number, number: number): void {
  const isArp = number % 3 === 0;
  piece.fill(0, at, at + FLOOD_FRAME_BYTES);
  // Locally administered, so that it is no maker's card.
  piece[at] = isArp ? 0xff : 0x02;
  piece.writeUInt32BE(isArp ? 0xffff_ffff : b, at + 1);
  piece[at + 5] = isArp ? 0xff : number;
  piece[at + 6] = 0x02;
  piece.writeUInt32BE(a, at + 7);
  piece[at + 11] = number;
  if (isArp) {
    piece.writeUInt16BE(0x0806, at + 12);
    piece.writeUIntBE(0x0001_0800_0604, at + 14, 6);
    piece.writeUInt16BE(1, at + 20);
    piece.copy(piece, at + 22, at + 6, at + 12);
    piece.writeUInt32BE(a, at + 28);
    piece.writeUInt32BE(b, at + 38);
    return;
  }
  const isTcp = number % 3 === 1;
  piece.writeUInt16BE(0x0800, at + 12);
  piece[at + 14] = 0x45;
  piece.writeUInt16BE(20 + (isTcp ? 20 : 8 + PAYLOAD_BYTES), at + 16);
  piece.writeUInt16BE(number & 0xffff, at + 18);
  piece[at + 22] = 64;
  piece[at + 23] = isTcp ? TCP : UDP;
  piece.writeUInt32BE(a, at + 26);
  piece.writeUInt32BE(b, at + 30);
  piece.writeInt32BE(a ^ b, at + 34); // Both ports.
  if (isTcp) piece.writeUInt16BE(0x5002, at + 46);
  else piece.writeUInt16BE(8 + PAYLOAD_BYTES, at + 38);
}
