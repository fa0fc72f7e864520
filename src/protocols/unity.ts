/**
 * The time of a GE Unity (CARESCAPE) network: one message of 64 bytes, broadcast over UDP by its master, at least daily and whenever it is set
 * (GE, network configuration guides; as patient monitoring manuals and adapters of others print it).
 *
 * The master is a central station or a monitor. It names its own address and the unit and room it stands in. Its other messages, which
 * announce monitors and carry values, have a layout nobody published.
 */
import { Reader } from "../bytes/reader.ts";
import { ascii, ipv4 } from "../bytes/text.ts";
import type { Context, Protocol, Report } from "../model/protocol.ts";

export const unity: Protocol = {
  name: "unity",
  title: "GE Unity time",
  over: [{ udp: [2000] }],
  setting: "clinical",
  privacy: {
    reads: "Who keeps the time of a monitoring network, and the unit and room it stands in.",
    ends: "The time itself.",
    keeps: ["capability", "location"],
  },
  recognize,
  read,
};

const BYTES = 64;
const ADDRESS_OFFSET = 6;
/** Seven characters of unit, six of room, zeros behind each. */
const PLACE_OFFSET = 24;
const UNIT_BYTES = 7;
const ROOM_BYTES = 6;
const TIME_OFFSET = 60;
/** Seconds since 1900: of 2000 and of 2036, when they begin anew. */
const TIME_MIN = 3_155_673_600;

function recognize(message: Uint8Array): boolean {
  if (message.length !== BYTES || new Reader(message, TIME_OFFSET).u32() < TIME_MIN) return false;
  const first = message[ADDRESS_OFFSET]!;
  return (
    first > 0 &&
    first < 224 &&
    isPadded(message.subarray(PLACE_OFFSET, PLACE_OFFSET + UNIT_BYTES)) &&
    isPadded(message.subarray(PLACE_OFFSET + UNIT_BYTES, PLACE_OFFSET + UNIT_BYTES + ROOM_BYTES))
  );
}

/** A letter or digit, other characters, then nothing but zeros. */
function isPadded(field: Uint8Array): boolean {
  const zero = field.indexOf(0);
  const text = zero < 0 ? field : field.subarray(0, zero);
  return (
    text.length > 0 &&
    /[0-9A-Za-z]/.test(String.fromCharCode(text[0]!)) &&
    text.every((byte) => byte >= 0x20 && byte < 0x7f) &&
    field.subarray(text.length).every((byte) => byte === 0)
  );
}

function read(message: Uint8Array, report: Report, { sender }: Context): void {
  if (!recognize(message)) return report.malformed("a length, a place or a time that no time of a Unity network has");
  report.operation("TIME");
  // One that names another is passed on, or forged.
  if (ipv4(message.subarray(ADDRESS_OFFSET)) !== sender.ip) return report.malformed("the address in it is not its sender's");
  report.observe(sender, "capability", "keeps the time of a GE Unity network");
  const place = new Reader(message, PLACE_OFFSET);
  report.observe(sender, "location", `${ascii(place.take(UNIT_BYTES))} / ${ascii(place.take(ROOM_BYTES))}`);
}
