/**
 * RFB, which VNC speaks: RFC 6143 section 7.1.
 *
 * A screen that is seen and steered from elsewhere. Both ends begin with a version; then the server says what it asks for before it shows
 * anything, which may be nothing.
 */
import { ascii } from "../bytes/text.ts";
import type { Context, Protocol, Report } from "../model/protocol.ts";

export const rfb: Protocol<Memory> = {
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
  remember: () => ({ isOld: false }),
  read,
};

interface Memory {
  /** The client speaks 3.3, to which the server says what it asks for in another form. */
  isOld: boolean;
}

/** Section 7.1.1: "RFB 003.008" and a line end. Apple says 003.889, RealVNC 004.001. */
const VERSION_BYTES = 12;
const VERSION = /^RFB \d{3}\.\d{3}\n$/;
const LETTER_R = 0x52;
/** Section 7.1.2: a count and as many kinds; for 3.3 one kind in four bytes. */
const OLD_BYTES = 4;
const NOTHING_ASKED = 1;
const KINDS_FROM = 3007;

function isVersion(message: Uint8Array): boolean {
  return message[0] === LETTER_R && VERSION.test(Buffer.from(message.subarray(0, VERSION_BYTES)).toString("latin1"));
}

function messageLength(stream: Uint8Array): number {
  const first = stream[0]!;
  return first === LETTER_R ? VERSION_BYTES : first === 0 ? OLD_BYTES : 1 + first;
}

function read(message: Uint8Array, report: Report, { side, sender, memory }: Context<Memory>): void {
  if (isVersion(message)) {
    const version = ascii(message.subarray(0, VERSION_BYTES - 1));
    if (side === "server") return report.observe(sender, "serverBanner", version);
    report.operation("CONNECT");
    memory.isOld = Number(version.slice(4).replace(".", "")) < KINDS_FROM;
    return;
  }
  if (side !== "server") return;
  const kinds = memory.isOld ? message.subarray(OLD_BYTES - 1, OLD_BYTES) : message.subarray(1);
  if (kinds.includes(NOTHING_ASKED)) report.observe(sender, "dialect", "VNC without a password");
  report.enough();
}
