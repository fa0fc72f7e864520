/**
 * Bitcoin between nodes: Bitcoin Developer Reference, "P2P Network", message headers.
 * No hospital machine needs it: a miner or a wallet, or somebody who is paid by one.
 */
import { Reader } from "../bytes/reader.ts";
import { ascii } from "../bytes/text.ts";
import type { Protocol, Report } from "../model/protocol.ts";

export const bitcoin: Protocol = {
  name: "bitcoin",
  title: "Bitcoin",
  over: [{ tcp: [8333, 18333] }],
  privacy: { reads: "That it is spoken.", ends: "Everything said in it.", keeps: [] },
  recognize,
  messageLength: (stream) => (stream.length < HEADER_BYTES ? 0 : HEADER_BYTES),
  read: (_message, report: Report) => {
    report.notable("bitcoin");
    report.enough();
  },
};

/** Magic of the main, test and regression networks; a command of 12 bytes filled up with zeros; length; checksum. */
const MAGICS = new Set([0xf9beb4d9, 0x0b110907, 0xfabfb5da]);
const COMMAND_BYTES = 12;
const HEADER_BYTES = 24;
const MESSAGE_BYTES_MAX = 32 << 20;

function recognize(message: Uint8Array): boolean {
  const reader = new Reader(message);
  if (!MAGICS.has(reader.u32())) return false;
  const command = reader.take(COMMAND_BYTES);
  const end = command.indexOf(0);
  const name = ascii(command.subarray(0, end < 0 ? COMMAND_BYTES : end));
  const length = reader.take(4);
  const bytes = (length[0] ?? 0) | ((length[1] ?? 0) << 8) | ((length[2] ?? 0) << 16) | ((length[3] ?? 0) << 24);
  return (
    !reader.overrun &&
    /^[a-z][a-z0-9]{1,11}$/.test(name) &&
    (end < 0 || command.subarray(end).every((byte) => byte === 0)) &&
    bytes >= 0 &&
    bytes <= MESSAGE_BYTES_MAX
  );
}
