/**
 * RTSP: RFC 2326, and RFC 7826 for version 2.
 *
 * Cameras over beds and in theaters, and whoever looks through them. Named, with the programs of both sides.
 */
import { authorization, type Authorization } from "../bytes/authorization.ts";
import { find } from "../bytes/find.ts";
import { Reader } from "../bytes/reader.ts";
import { utf8, withoutMail } from "../bytes/text.ts";
import { isDefaultCredential } from "../knowledge/default-credentials.ts";
import type { Context, Protocol, Report, Side } from "../model/protocol.ts";

export const rtsp: Protocol<Memory> = {
  name: "rtsp",
  title: "RTSP",
  over: [{ tcp: [554, 8554, 7070] }],
  privacy: {
    reads: "Methods, the programs of both sides, the realm, whether a user was let in.",
    ends: "Addresses of streams, users and passwords, descriptions, pictures and sound.",
    keeps: ["serverBanner", "userAgent", "realm", "clearCredentials"],
  },
  recognize,
  messageLength,
  wanted: (stream) => (stream[0] === DOLLAR ? FRAME_BYTES : HEAD_BYTES_MAX),
  resume: (stream) => {
    const at = find(stream, "RTSP/1.0 ");
    return at >= 0 && recognize(stream.subarray(at), "server") ? at : -1;
  },
  remember: () => ({ proof: null }),
  read,
};

interface Memory {
  /** What the last question proved. */
  proof: Authorization | null;
}

/** RFC 2326 section 10. */
const METHODS = [
  "OPTIONS",
  "DESCRIBE",
  "ANNOUNCE",
  "SETUP",
  "PLAY",
  "PAUSE",
  "TEARDOWN",
  "GET_PARAMETER",
  "SET_PARAMETER",
  "REDIRECT",
  "RECORD",
];
const QUESTION = new RegExp(`^(${METHODS.join("|")}) [^ \\r\\n]{1,2048} RTSP/[12]\\.0\\r?\\n`);
const ANSWER = /^RTSP\/[12]\.0 (\d{3}) /;
const FIRST_LETTERS = new Set(METHODS.map((method) => method.charCodeAt(0)));
const LETTER_R = 0x52;
/** Section 10.12: pictures among the words have a "$", a channel and a length in front. */
const DOLLAR = 0x24;
const FRAME_BYTES = 4;
const HEAD_END = "\r\n\r\n";
const HEAD_BYTES_MAX = 8192;
/** Sections 12.5 and 12.44. */
const REFUSED = 401;

function recognize(message: Uint8Array, side: Side): boolean {
  const first = message[0] ?? 0;
  return (
    (side !== "client" && first === LETTER_R && ANSWER.test(head(message))) ||
    (side !== "server" && FIRST_LETTERS.has(first) && QUESTION.test(head(message)))
  );
}

function messageLength(stream: Uint8Array): number {
  if (stream[0] === DOLLAR) return stream.length < FRAME_BYTES ? 0 : FRAME_BYTES + new Reader(stream, 2).u16();
  const end = find(stream, HEAD_END);
  if (end < 0) return stream.length < HEAD_BYTES_MAX ? 0 : stream.length;
  const body = /\ncontent-length: *(\d{1,8})\r/i.exec(head(stream.subarray(0, end + HEAD_END.length)))?.[1];
  return end + HEAD_END.length + Number(body ?? 0);
}

function read(message: Uint8Array, report: Report, { side, sender, receiver, memory }: Context<Memory>): void {
  if (message[0] === DOLLAR) return;
  const text = head(message);
  const lines = text.split("\n", LINES_MAX);
  const header = (name: string) => {
    const line = lines.find((it) => it.slice(0, name.length + 1).toLowerCase() === `${name}:`);
    return line === undefined
      ? ""
      : withoutMail(
          utf8(Buffer.from(line.slice(name.length + 1), "latin1"))
            .replace(/·$/, "")
            .trim(),
        );
  };
  const method = QUESTION.exec(text)?.[1];
  const status = ANSWER.exec(text)?.[1];
  if (method !== undefined) {
    report.operation(method);
    report.observe(sender, "userAgent", header("user-agent"));
    if (/^basic\b/i.test(header("authorization"))) report.observe(receiver, "clearCredentials", "rtsp");
    memory.proof = authorization(header("authorization"));
  } else if (status !== undefined) {
    report.observe(sender, "serverBanner", header("server"));
    report.observe(sender, "realm", /\brealm="([^"]*)"/i.exec(header("www-authenticate"))?.[1] ?? "");
    const { proof } = memory;
    if (proof !== null) {
      const isRefused = Number(status) === REFUSED;
      // RFC 2617 section 3.2.1: the password may well be right, and only the challenge is out of date.
      if (!isRefused) report.attempt("login", "accepted");
      else if (!/\bstale="?true/i.test(header("www-authenticate"))) report.attempt("login", "refused", proof.user);
      if (!isRefused && proof.password !== null && isDefaultCredential(proof.user, proof.password)) report.notable("defaultCredentials");
    }
    memory.proof = null;
  } else if (side !== "unknown") report.malformed("neither a question nor an answer");
}
const LINES_MAX = 64;

function head(bytes: Uint8Array): string {
  return Buffer.from(bytes.subarray(0, HEAD_BYTES_MAX)).toString("latin1");
}
