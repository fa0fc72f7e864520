/**
 * RFB, which VNC speaks: RFC 6143 section 7.1.
 *
 * A screen that is seen and steered from elsewhere. Both ends begin with a version; then the server says what it asks for before it shows
 * anything, which may be nothing.
 */
import { Reader } from "../bytes/reader.ts";
import { ascii } from "../bytes/text.ts";
import type { Address, Context, Protocol, Report } from "../model/protocol.ts";

export const rfb: Protocol<Memory> = {
  name: "rfb",
  title: "VNC (RFB)",
  over: [{ tcp: [5900, 5901, 5902, 5903] }],
  privacy: {
    reads: "The server's version, whether it asks for a password, and whether it took it.",
    ends: "Passwords, the screen and its name, keys and pointer.",
    keeps: ["serverBanner", "dialect"],
  },
  recognize: isVersion,
  messageLength,
  wanted: (stream) => Math.min(messageLength(stream), MESSAGE_BYTES_MAX),
  remember: () => ({ awaits: "kinds" }),
  read,
};

interface Memory {
  /** What comes next: kinds of proof, the client's choice, a challenge, its answer, whether that was right. */
  awaits: "kinds" | "choice" | "challenge" | "answer" | "result";
}

/** Section 7.1.1: "RFB 003.008" and a line end. Apple says 003.889, RealVNC 004.001. */
const VERSION_BYTES = 12;
const VERSION = /^RFB \d{3}\.\d{3}\n$/;
const LETTER_R = 0x52;
/** Section 7.1.2: a count and as many kinds; for 3.3 one kind in four bytes. */
const OLD_BYTES = 4;
const NOTHING_ASKED = 1;
/** Section 7.2.2: a challenge and its answer have 16 bytes each; a result (7.1.3) has four, 0 where it was right. */
const PASSWORD = 2;
const CHALLENGE_BYTES = 16;
const MESSAGE_BYTES_MAX = 256;

function isVersion(message: Uint8Array): boolean {
  return message[0] === LETTER_R && VERSION.test(Buffer.from(message.subarray(0, VERSION_BYTES)).toString("latin1"));
}

/** After the version each side says a few bytes and waits: whatever has come is one message. */
function messageLength(stream: Uint8Array): number {
  return stream[0] === LETTER_R ? VERSION_BYTES : stream.length;
}

function read(message: Uint8Array, report: Report, { side, sender, memory }: Context<Memory>): void {
  if (isVersion(message)) {
    if (side === "server") report.observe(sender, "serverBanner", ascii(message.subarray(0, VERSION_BYTES - 1)));
    else report.operation("CONNECT");
    return;
  }
  switch (memory.awaits) {
    case "kinds":
      if (side === "server") readKinds(message, report, sender, memory);
      return;
    case "choice":
      if (side === "server") return;
      memory.awaits = "challenge";
      return message[0] === PASSWORD ? undefined : report.enough();
    case "challenge":
      if (side === "server") memory.awaits = "answer";
      return;
    case "answer":
      if (side !== "server" && message.length === CHALLENGE_BYTES) memory.awaits = "result";
      return;
    case "result":
      if (side !== "server") return;
      if (message.length >= OLD_BYTES) report.attempt("login", new Reader(message).u32() === 0 ? "accepted" : "refused");
      report.enough();
  }
}

function readKinds(message: Uint8Array, report: Report, server: Address, memory: Memory): void {
  // In either form the kinds stand behind the first byte, among zeros at most.
  const kinds = message[0] === 0 ? message.subarray(1, OLD_BYTES) : message.subarray(1, 1 + message[0]!);
  if (kinds.includes(NOTHING_ASKED)) report.observe(server, "dialect", "VNC without a password");
  if (!kinds.includes(PASSWORD)) return report.enough();
  // Version 3.3 leaves no choice, and may send the challenge at once.
  memory.awaits = message[0] !== 0 ? "choice" : message.length > OLD_BYTES ? "answer" : "challenge";
}
