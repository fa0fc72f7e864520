/**
 * RFB, which VNC speaks: RFC 6143 section 7.1.
 *
 * A screen that is seen and steered from elsewhere. Both ends begin with a version; then the server says what it asks for before it shows
 * anything, which may be nothing.
 */
import { ascii } from "../bytes/text.ts";
import type { Context, Protocol, Report } from "../model/protocol.ts";

export const rfb: Protocol = {
  name: "rfb",
  title: "VNC (RFB)",
  over: [{ tcp: [5900, 5901, 5902, 5903] }],
  privacy: {
    reads: "The server's version, and whether it asks for a password.",
    ends: "Passwords, the screen and its name, keys and pointer.",
    keeps: ["serverBanner", "dialect"],
  },
  recognize: isVersion,
  messageLength,
  read,
};

/** Section 7.1.1: "RFB 003.008" and a line end. Apple says 003.889, RealVNC 004.001. */
const VERSION_BYTES = 12;
const VERSION = /^RFB \d{3}\.\d{3}\n$/;
const LETTER_R = 0x52;
/** Section 7.1.2: a count and as many kinds; for 3.3 one kind in four bytes. */
const OLD_BYTES = 4;
const NOTHING_ASKED = 1;

function isVersion(message: Uint8Array): boolean {
  return message[0] === LETTER_R && VERSION.test(Buffer.from(message.subarray(0, VERSION_BYTES)).toString("latin1"));
}

function messageLength(stream: Uint8Array): number {
  const first = stream[0];
  if (first === undefined) return 0;
  return first === LETTER_R ? VERSION_BYTES : first === 0 ? OLD_BYTES : 1 + first;
}

function read(message: Uint8Array, report: Report, { side, sender }: Context): void {
  if (isVersion(message)) {
    if (side === "server") report.observe(sender, "serverBanner", ascii(message.subarray(0, VERSION_BYTES - 1)));
    else report.operation("CONNECT");
    return;
  }
  if (side !== "server") return;
  // In either form the kinds stand behind the first byte, among zeros at most.
  if (message.subarray(1).includes(NOTHING_ASKED)) report.observe(sender, "dialect", "VNC without a password");
  report.enough();
}
