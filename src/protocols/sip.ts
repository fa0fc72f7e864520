/**
 * SIP: RFC 3261, over UDP and TCP.
 *
 * Telephones, nurse call and intercoms. Each message says which program made it, and of a telephone that is maker, model and firmware.
 * Who calls whom are people and rooms, and end here with everything else.
 */
import { authorization } from "../bytes/authorization.ts";
import { find } from "../bytes/find.ts";
import { ascii, withoutMail } from "../bytes/text.ts";
import type { Context, Protocol, Report } from "../model/protocol.ts";

export const sip: Protocol<Memory> = {
  name: "sip",
  title: "SIP",
  over: [{ udp: [5060] }, { tcp: [5060] }],
  privacy: {
    reads: "Method, the program of each side, the realm of a log-in and whether it was refused.",
    ends: "Who calls and who is called, addresses, numbers, all other headers, and what is agreed on.",
    keeps: ["userAgent", "serverBanner", "realm"],
  },
  recognize: (message) => (message[0] === RESPONSE_FIRST || (message[0] ?? 0) in FIRSTS) && startOf(message) !== null,
  speaker: (message) => (startOf(message)?.status === 0 ? "client" : "server"),
  messageLength,
  wanted: (stream) => Math.min(headLength(stream) || stream.length, HEAD_BYTES_MAX),
  remember: () => ({ proven: null }),
  read,
};

interface Memory {
  /** Who has proven itself, while the answer to that is not heard yet. */
  proven: string | null;
}

/** RFC 3261 section 18.1.1: what is larger than a frame goes by TCP, and none is much larger. */
const HEAD_BYTES_MAX = 8 << 10;
const HEADERS_MAX = 100;
const START_BYTES_MAX = 512;

/** RFC 3261, 3262, 3265, 3311, 3428, 3515, 3903, 6086. */
const METHODS = new Set("INVITE ACK BYE CANCEL REGISTER OPTIONS PRACK SUBSCRIBE NOTIFY UPDATE MESSAGE REFER PUBLISH INFO".split(" "));
const FIRSTS: Readonly<Record<number, true>> = Object.fromEntries([...METHODS].map((method) => [method.charCodeAt(0), true]));
const RESPONSE_FIRST = "S".charCodeAt(0);
const REQUEST = /^([A-Z]{3,9}) (?:sips?|tel|urn):\S+ SIP\/2\.0\r?\n/;
const RESPONSE = /^SIP\/2\.0 ([1-6]\d\d)[ \r\n]/;

/** Methods a registrar or a telephone answers by itself: other answers may be another's, handed on. */
const ANSWERED_BY_ITSELF = new Set(["REGISTER", "OPTIONS"]);

/** `status` is 0 in a request. */
function startOf(message: Uint8Array): { readonly method: string; readonly status: number } | null {
  const text = latin(message, START_BYTES_MAX);
  const response = RESPONSE.exec(text);
  if (response !== null) return { method: "", status: Number(response[1]) };
  const method = REQUEST.exec(text)?.[1] ?? "";
  return METHODS.has(method) ? { method, status: 0 } : null;
}

function messageLength(stream: Uint8Array): number {
  // RFC 5626 section 3.5.1: empty lines keep a connection open.
  if (stream[0] === 0x0d || stream[0] === 0x0a) return 1;
  const head = headLength(stream);
  if (head === 0) return stream.length < HEAD_BYTES_MAX ? 0 : stream.length;
  const length = /^(?:content-length|l)[ \t]*:[ \t]*(\d{1,9})[ \t]*\r?$/im.exec(latin(stream, Math.min(head, HEAD_BYTES_MAX)))?.[1];
  return head + Number(length ?? 0);
}

/** Up to the body; 0 while its end is missing. */
function headLength(stream: Uint8Array): number {
  const end = find(stream.subarray(0, HEAD_BYTES_MAX), "\r\n\r\n");
  return end < 0 ? 0 : end + 4;
}

function read(message: Uint8Array, report: Report, { sender, memory }: Context<Memory>): void {
  const start = startOf(message);
  // What keeps a connection or a way through a router open: empty lines, zeros, "jaK".
  if (start === null) return message.length > KEEP_ALIVE_BYTES_MAX ? report.malformed("no line to start with") : undefined;
  const headers = headersOf(latin(message, HEAD_BYTES_MAX));
  const method = start.method || (/^\d+\s+([A-Z]+)$/.exec(headers("cseq"))?.[1] ?? "");
  if (start.status === 0) {
    report.operation(method);
    if (method === "REGISTER") memory.proven = authorization(headers("authorization"))?.user ?? memory.proven;
    // Section 18.2.1: whoever hands a request on puts a line of its own on top.
    if (headers.count("via") === 1) report.observe(sender, "userAgent", programOf(headers("user-agent")));
    return;
  }
  const challenge = headers("www-authenticate") || headers("proxy-authenticate");
  report.observe(sender, "realm", printable(/\brealm="([^"]{1,128})"/i.exec(challenge)?.[1] ?? ""));
  if (!ANSWERED_BY_ITSELF.has(method)) return;
  report.observe(sender, "userAgent", programOf(headers("user-agent")));
  report.observe(sender, "serverBanner", programOf(headers("server")));
  if (method === "REGISTER" && memory.proven !== null && start.status >= 200) {
    const isStale = /\bstale="?true/i.test(challenge);
    if (start.status < 300) report.attempt("login", "accepted");
    else if (!isStale && start.status >= 400 && start.status < 500) report.attempt("login", "refused", memory.proven);
    memory.proven = null;
  }
}
const KEEP_ALIVE_BYTES_MAX = 8;

/** Some telephones add the number they are called by. */
function programOf(value: string): string {
  return printable(value).replaceAll(/\bsips?:\S*|(?<![\w.:-])\+?\d{5,}(?![\w.:-])/gi, "·");
}

function printable(value: string): string {
  return withoutMail(ascii(Buffer.from(value, "latin1")));
}

interface Headers {
  (name: string): string;
  /** How many values there are of it: lines, and what commas part in them. */
  count(name: string): number;
}

/** Section 7.3.3: some names have a short form. The first of each counts. */
const SHORT: Readonly<Record<string, string>> = { v: "via", l: "content-length" };

function headersOf(text: string): Headers {
  const headers = new Map<string, string>();
  const counts = new Map<string, number>();
  for (const line of text.split(/\r?\n/, HEADERS_MAX).slice(1)) {
    if (line === "") break;
    const colon = line.indexOf(":");
    const written = line.slice(0, Math.max(colon, 0)).trim().toLowerCase();
    const name = SHORT[written] ?? written;
    const value = line.slice(colon + 1).trim();
    if (!headers.has(name)) headers.set(name, value);
    counts.set(name, (counts.get(name) ?? 0) + value.split(",").length);
  }
  return Object.assign((name: string) => headers.get(name) ?? "", { count: (name: string) => counts.get(name) ?? 0 });
}

/** Patterns see one character a byte. */
function latin(bytes: Uint8Array, lengthMax: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, lengthMax)).toString("latin1");
}
