/**
 * HTTP/1: RFC 9110 and 9112.
 *
 * Servers and clients say what program they are; a page that asks for a log-in names the product in its realm. Only the start line
 * and a few headers are read: what is asked for, cookies, secrets and bodies may be about patients and stay on the wire. Bodies of a kind
 * in which a device or a server describes itself are handed on.
 */
import { EXECUTABLE_FRONT_BYTES, isExecutable } from "../../bytes/executable.ts";
import { authorization, type Authorization } from "../../bytes/authorization.ts";
import { find } from "../../bytes/find.ts";
import { withoutMail } from "../../bytes/text.ts";
import { isDefaultCredential } from "../../knowledge/default-credentials.ts";
import type { Context, Protocol, Report, Side } from "../../model/protocol.ts";
import { injectedBy } from "./injection.ts";

export const http: Protocol<Memory> = {
  name: "http",
  title: "HTTP",
  atAnyPort: true,
  over: [{ tcp: [80, 8080, 8000, 8008, 8081, 8888, 5357, 5985, 49152, 3128, 631] }],
  privacy: {
    reads:
      "Method, host, program and server, the name of a log-in, and that one crossed; whether a request carries commands, and whether a browser would send it; whether a form has a field for a password, by the fields' names.",
    ends: "Paths, queries and forms, cookies, names and secrets, all other headers, and bodies but those of printers, FHIR servers, image archives and devices with web services, which end in parsers of their own. Of other answers it is only looked at whether they begin as a program does.",
    keeps: ["serverBanner", "passesOn", "userAgent", "realm", "askedAs", "clearCredentials"],
  },
  recognize,
  speaker: (message) => (RESPONSE.test(ascii7(message, 0, 16)) ? "server" : "client"),
  messageLength,
  wanted,
  resume,
  remember: () => ({ pending: "none", proof: null, form: null, isForAnother: false, chunked: {} }),
  read,
};

interface Memory {
  /** What the next response is about to tell beside itself: whether a log-in worked, or that bytes follow which are not for us. */
  pending: "none" | "login" | "last";
  /** What the request proved. */
  proof: Authorization | null;
  /** Where the request brought a form with a password to; null: it brought none. */
  form: string | null;
  /** The last request was handed on: its client asked for another. */
  isForAnother: boolean;
  /** What kind the body is of which a side's next chunk is the first, where it is one to hand on. */
  readonly chunked: Partial<Record<Side, string>>;
}

/** Headers worth reading come early; a longer head is cookies or tickets. */
const HEAD_BYTES_WANTED = 8 << 10;
/** Servers refuse heads from 8 to 64 KB on (RFC 9112 section 3 asks for 8000 of the first line at least). */
const HEAD_BYTES_MAX = 64 << 10;
/** Twice what any browser sends. */
const HEADERS_MAX = 100;
/** A body that speaks of HTTP this often is not worth the search. */
const RESUME_TRIES_MAX = 64;
/** RFC 9112 section 7.1: a size in hex; 8 digits are 4 GB. What follows a semicolon is an extension nobody uses. */
const CHUNK = /^([0-9a-f]{1,8})[ \t]*(?:;[^\r\n]{0,64})?\r\n/i;
const CHUNK_LINE_BYTES_MAX = 80;

/** Bodies handed on: RFC 8010, HL7 FHIR R4 section 3.1.0.1.10, SOAP 1.2 (RFC 3902), DICOM PS3.18 section 8.7.3. */
const KINDS_HANDED_ON = ["application/ipp", "application/fhir+json", "application/soap+xml", "application/dicom", "application/dicom+json"];
/** RFC 2387: of several parts, each of this type. */
const PARTS = /^multipart\/related\s{0,8};(?:[^\r\n]{0,256};)?\s{0,8}type="?([a-z]+\/[a-z+]+)/i;
/** A printer tells all its attributes in a few KB, a FHIR server who it is at the front of a long statement. */
const BODY_BYTES_WANTED = 24 << 10;
/** What a person fills in; read only for whether it carries commands. */
const FORM = "application/x-www-form-urlencoded";
const FORM_BYTES_WANTED = 4 << 10;
/** As much of a chunk as tells whether it may be worth reading. */
const CHUNK_FRONT_BYTES = 12;

/** RFC 9110 section 9, WebDAV (RFC 4918, 3253, 5323), UPnP eventing, and what Windows tunnels in HTTP. */
const METHODS = new Set([
  ..."GET HEAD POST PUT DELETE CONNECT OPTIONS TRACE PATCH PROPFIND PROPPATCH MKCOL COPY MOVE LOCK UNLOCK REPORT SEARCH".split(" "),
  ..."SUBSCRIBE UNSUBSCRIBE NOTIFY RPC_IN_DATA RPC_OUT_DATA RDG_IN_DATA RDG_OUT_DATA BITS_POST CCM_POST".split(" "),
]);
const RESPONSE = /^HTTP\/1\.[01] ([1-5]\d\d)[ \r\n]/;
const REQUEST = /^([A-Z_]{3,12}) (\S+) HTTP\/1\.[01]\r?\n/;
/** RFC 9112 section 5: a field name, a colon. */
const HEADER = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}:/;

/** A request needs its whole first line: OPTIONS and SUBSCRIBE are also words of RTSP and SIP. */
function recognize(message: Uint8Array): boolean {
  return startLine(message, 0) !== null;
}

function messageLength(stream: Uint8Array): number {
  return lengthBehind(headLength(stream), stream);
}

/** Of the message whose head is so long. */
function lengthBehind(head: number, stream: Uint8Array): number {
  // Out of step, since a length lied or bytes before were missed: everything up to where a message surely begins.
  if (head === 0) return isBeginning(stream) ? 0 : Math.max(resume(stream), 0);
  const text = ascii7(stream, 0, Math.min(head, HEAD_BYTES_MAX));
  const chunk = CHUNK.exec(text);
  if (chunk !== null) return chunkLength(head, Number.parseInt(chunk[1]!, 16));
  // RFC 9112 section 6.3. Chunks come one by one as messages of their own: their sum is unknown, and none is worth keeping.
  const status = RESPONSE.exec(text)?.[1] ?? "";
  if (status.startsWith("1") || status === "204" || status === "304" || isChunked(text)) return head;
  return head + (contentLength(text) ?? 0);
}

function wanted(stream: Uint8Array): number {
  const head = headLength(stream);
  if (head === 0) return 1;
  const front = stream.subarray(0, Math.min(head, HEAD_BYTES_WANTED));
  const body = lengthBehind(head, stream) - head;
  // Whose chunk it is only `read` knows, so its own first bytes decide.
  const isChunk = CHUNK.test(ascii7(stream, 0, CHUNK_LINE_BYTES_MAX));
  if (isChunk && stream.length < head + CHUNK_FRONT_BYTES) return head + Math.min(body, CHUNK_FRONT_BYTES);
  const isForOthers = isChunk ? mayBeForOthers(stream.subarray(head)) : KINDS_HANDED_ON.some((kind) => find(front, kind) >= 0);
  if (front.length < head) return front.length;
  if (isForOthers) return head + Math.min(body, BODY_BYTES_WANTED);
  if (isChunk) return head;
  if (RESPONSE.test(ascii7(front, 0, 16))) return head + wantedOfFile(stream.subarray(head, head + body), body);
  return find(front, FORM) >= 0 ? head + Math.min(body, FORM_BYTES_WANTED) : head;
}

/** Of an answer nobody else reads: what shows whether it is a program, once it begins as one. `arrived`: what is there of its body. */
function wantedOfFile(arrived: Uint8Array, body: number): number {
  if (body < EXECUTABLE_FRONT_BYTES) return 0;
  if (arrived.length < 2) return 2;
  return /^(?:MZ|\x7fE)/.test(String.fromCharCode(arrived[0]!, arrived[1]!)) ? EXECUTABLE_FRONT_BYTES : 0;
}

/** JSON, XML that says so, the boundary of parts, or a program; or RFC 8010 section 3.1.1: a version, and attributes that begin with the character set. */
function mayBeForOthers(chunk: Uint8Array): boolean {
  const front = String.fromCharCode(chunk[0]!, chunk[1]!);
  return /^(?:[{[]|<\?|--|MZ|\x7fE)/.test(front) || (chunk[0]! <= 2 && chunk[8] === 1 && chunk[9] === 0x47);
}

/** A chunk of no bytes is the last, and its line was read with the trailers behind it. */
const chunkLength = (line: number, bytes: number): number => (bytes === 0 ? line : line + bytes + 2);

/** Everything up to the body: a head with its empty line, the line before a chunk, or an empty line too many. 0 while its end is missing. */
function headLength(stream: Uint8Array): number {
  if (stream[0] === 0x0d && stream[1] === 0x0a) return 2;
  const chunk = CHUNK.exec(ascii7(stream, 0, CHUNK_LINE_BYTES_MAX));
  if (chunk !== null && Number.parseInt(chunk[1]!, 16) > 0) return chunk[0].length;
  if (chunk === null && !isBeginning(stream)) return 0;
  const end = find(stream, "\r\n\r\n");
  // Small devices write bare line feeds (RFC 9112 section 2.2 lets a reader accept them).
  const bare = end < 0 ? find(stream, "\n\n") : -1;
  if (end >= 0 && end <= HEAD_BYTES_MAX) return end + 4;
  if (bare >= 0 && bare <= HEAD_BYTES_MAX) return bare + 2;
  return 0;
}

/** In a body anything may stand, so a start line alone is not enough: a header must follow it. */
function resume(stream: Uint8Array): number {
  let at = -1;
  for (let tries = 0; tries < RESUME_TRIES_MAX; tries++) {
    at = find(stream, "HTTP/1.", at + 1);
    if (at < 0) break;
    const from = stream.lastIndexOf(0x0a, at) + 1;
    for (const start of from === at ? [at] : [at, from]) {
      const line = startLine(stream, start);
      if (line !== null && HEADER.test(ascii7(stream, start + line, 80))) return start;
    }
  }
  return -1;
}

function read(message: Uint8Array, report: Report, context: Context<Memory>): void {
  const text = ascii7(message, 0, HEAD_BYTES_WANTED);
  const request = REQUEST.exec(text);
  const response = RESPONSE.exec(text);
  const { chunked } = context.memory;
  if (request !== null || response !== null) {
    const headers = headersOf(text);
    if (request !== null) for (const what of injectedBy(text)) report.notable(what);
    if (request !== null) readRequest(request[1]!, request[2]!, headers, report, context);
    else readResponse(Number(response![1]), headers, report, context);
    const kind = kindHandedOn(headers);
    delete chunked[context.side];
    if (request?.[1] === "POST") context.memory.form = formWithPassword(request[2]!, headers, message);
    if (isChunked(text)) chunked[context.side] = kind;
    else readBody(kind, message, report, context);
  } else if (CHUNK.test(text)) {
    const kind = chunked[context.side];
    delete chunked[context.side];
    if (kind !== undefined) readBody(kind, message, report, context);
  } else if (text !== "\r\n") report.malformed("bytes between messages that belong to none");
}

/** HL7 FHIR Bulk Data Access: the operation's name ends the path. */
const EXPORT = /\/\$export(?:$|\?)/;

function readRequest(
  method: string,
  target: string,
  headers: Headers,
  report: Report,
  { sender, receiver, memory }: Context<Memory>,
): void {
  if (METHODS.has(method)) report.operation(method);
  if (EXPORT.test(target)) report.notable("fhirExport");
  if (isFeigned(headers)) report.notable("browserFeigned");
  // What a proxy hands on is the program of whom it works for.
  if (headers("via") === "") report.observe(sender, "userAgent", withoutMail(headers("user-agent")));
  // RFC 7239, and the header it took the place of. A browser's proxy names itself in Via, and changes nothing of what is said of it here.
  memory.isForAnother = headers("x-forwarded-for") !== "" || headers("forwarded") !== "";
  // Through a proxy the receiver is not who is asked for.
  if (target.startsWith("/")) report.observe(receiver, "askedAs", hostOf(headers("host")));

  const [scheme, token] = credentials(headers("authorization") || headers("proxy-authorization"));
  if (scheme === "basic") report.observe(receiver, "clearCredentials", "http basic");
  memory.proof = authorization(headers("authorization") || headers("proxy-authorization"));
  memory.form = null;
  if (memory.proof !== null) memory.pending = "login";
  handOn(token, report);
  // What follows a tunnel's or a HEAD's answer cannot be told from its head alone: one more message is sure, the rest is not.
  if (method === "CONNECT" || method === "HEAD") memory.pending = "last";
}

/** As the fields of log-ins are named, in the languages of their pages. */
const PASSWORD_FIELD = /(?:^|&)[\w.[\]%-]{0,32}(?:pass|pwd|kennwort|mot_?de_?passe|contrasena|senha)[\w.[\]%-]{0,32}=/i;
const PATH_LENGTH_MAX = 256;

/**
 * The path a form with a field for a password was sent to; of its fields only the names are looked at. Null where it is none, where another
 * proof came with it, or where whoever sent it says that it hands on what others ask: then their typing errors are all its own.
 */
function formWithPassword(target: string, headers: Headers, message: Uint8Array): string | null {
  if (headers("authorization") !== "" || ["via", "forwarded", "x-forwarded-for"].some((name) => headers(name) !== "")) return null;
  if (!headers("content-type").toLowerCase().startsWith(FORM) || headers("content-encoding") !== "") return null;
  const fields = ascii7(message.subarray(headLength(message)), 0, FORM_BYTES_WANTED);
  return PASSWORD_FIELD.test(fields) ? pathOf(target).slice(0, PATH_LENGTH_MAX) : null;
}

const pathOf = (target: string): string => target.replace(/^[a-z]+:\/\/[^/]*/i, "").split("?", 1)[0]!;

/** No standard says how a form is refused: by a status, by the page with the form once more, or by a way back to it. */
function isFormRefused(form: string, status: number, headers: Headers): boolean {
  if (status === 401 || status === 403 || status === 422 || status === 429) return true;
  if (status === 200) return /^text\/html\b/i.test(headers("content-type"));
  const back = pathOf(headers("location"));
  return status >= 301 && status <= 303 && (back === form || LOG_IN_PAGE.test(headers("location")));
}
const LOG_IN_PAGE = /log_?-?(?:in|on)|sign_?-?in|auth|err|fail|denied|invalid/i;

const BROWSER = /^Mozilla\/5\.0 \([^)]{1,128}\).{0,128}(?:Chrome|Firefox|Safari|Trident|Edge?)\//;

/** The Fetch standard has browsers say all three with every request but that for a web socket; whoever borrows their name seldom does. */
function isFeigned(headers: Headers): boolean {
  if (headers("accept") !== "" || headers("accept-language") !== "" || headers("accept-encoding") !== "") return false;
  return headers("upgrade") === "" && BROWSER.test(headers("user-agent"));
}

function readResponse(status: number, headers: Headers, report: Report, { sender, receiver, memory }: Context<Memory>): void {
  const banner = withoutMail(programOf(headers("server"), headers("via")));
  report.observe(sender, "serverBanner", banner);
  if (memory.isForAnother) report.observe(receiver, "passesOn", banner);
  const challenge = headers("www-authenticate") || headers("proxy-authenticate");
  const realm = /\brealm="([^"]{1,128})"/i.exec(headers("www-authenticate"))?.[1] ?? "";
  report.observe(sender, "realm", withoutMail(realm));
  handOn(credentials(challenge)[1], report);

  if (status >= 100 && status < 200 && status !== 101) return;
  const { proof, form } = memory;
  if (form !== null && isFormRefused(form, status, headers))
    report.notable("formRefused", undefined, 0, { group: `${form} ${status} ${headers("content-length")} ${pathOf(headers("location"))}` });
  memory.form = null;
  if (memory.pending === "login" && proof !== null) {
    if (status !== 401 && status !== 407) {
      report.attempt("login", "accepted");
      if (status < 400 && proof.password !== null && isDefaultCredential(proof.user, proof.password)) report.notable("defaultCredentials");
    } else if (!/\bstale="?true/i.test(challenge)) {
      // RFC 7616 section 3.3: the password may well be right, and only the challenge is out of date.
      report.attempt("login", "refused", proof.user);
    }
  }
  const bounded = headers("content-length") !== "" || /\bchunked\b/i.test(headers("transfer-encoding")) || status === 204 || status === 304;
  if (memory.pending === "last" || status === 101 || !bounded) report.enough();
  memory.pending = "none";
  memory.proof = null;
}

/** `kind`: "" for one that nobody else reads. */
function readBody(kind: string, message: Uint8Array, report: Report, { side, sender, receiver }: Context<Memory>): void {
  const body = message.subarray(headLength(message));
  if (kind !== "") report.inside(kind, body);
  else if (side !== "client" && isExecutable(body)) report.notable("programCarried", undefined, 0, { sender, receiver });
}

function kindHandedOn(headers: Headers): string {
  const stated = headers("content-type");
  const kind = (PARTS.exec(stated)?.[1] ?? stated.split(";", 1)[0]!).trim().toLowerCase();
  return KINDS_HANDED_ON.includes(kind) && headers("content-encoding") === "" ? kind : "";
}

/** A cache names itself in both, at times by two names (ATS/8.0.6, ApacheTrafficServer/8.0.6): of one version they are one program. */
function programOf(server: string, via: string): string {
  if (via === "") return server;
  const proxy = proxyOf(via);
  const version = VERSION.exec(server)?.[0];
  return version !== undefined && version === VERSION.exec(proxy)?.[0] ? server : proxy;
}
const VERSION = /\/\d[\w.]{1,32}/;

/**
 * RFC 9110 section 7.6.3: who hands a message on adds an entry at the end, at times with its program. "" where the last has none: "Server"
 * then is of a machine behind it.
 */
function proxyOf(via: string): string {
  return /\(([^()]{1,128})\)$/.exec(via.slice(-PROXY_LENGTH_MAX))?.[1] ?? "";
}
const PROXY_LENGTH_MAX = 256;

type Headers = (name: string) => string;

/** The first of each name counts; a name asked for that is not there is "". */
function headersOf(text: string): Headers {
  const headers = new Map<string, string>();
  for (const line of text.split(/\r?\n/, HEADERS_MAX).slice(1)) {
    if (line === "") break;
    const colon = line.indexOf(":");
    const name = line.slice(0, Math.max(colon, 0)).toLowerCase();
    // RFC 9110 section 5.5: a tab is as good as a space, and a lone return is to be taken for one.
    if (!headers.has(name))
      headers.set(
        name,
        line
          .slice(colon + 1)
          .replace(/[\t\r]/g, " ")
          .trim(),
      );
  }
  return (name) => headers.get(name) ?? "";
}

/** RFC 9110 section 11.4: a scheme, a space, a token. */
function credentials(value: string): [scheme: string, token: string] {
  const space = value.indexOf(" ");
  return space < 0 ? [value.toLowerCase(), ""] : [value.slice(0, space).toLowerCase(), value.slice(space + 1)];
}

/** MS-NTHT and RFC 4559: NTLM messages travel as base64, bare or wrapped in SPNEGO. */
function handOn(token: string, report: Report): void {
  if (token === "") return;
  const bytes = Buffer.from(token, "base64");
  const at = find(bytes, "NTLMSSP\0");
  if (at >= 0) report.inside("ntlmssp", bytes.subarray(at));
}

/** A name, not an address and not a port. */
function hostOf(value: string): string {
  const host = value.replace(/:\d+$/, "").toLowerCase();
  return /^[a-z0-9_][a-z0-9._-]{0,252}$/.test(host) && !/^[\d.]+$/.test(host) ? host : "";
}

/** Length of the start line at `from` with its line end, or null where there is none. */
function startLine(bytes: Uint8Array, from: number): number | null {
  const front = ascii7(bytes, from, 16);
  if (RESPONSE.test(front)) {
    const end = find(bytes, "\n", from);
    return end < 0 ? null : end + 1 - from;
  }
  const space = front.indexOf(" ");
  if (space < 0 || !METHODS.has(front.slice(0, space))) return null;
  return REQUEST.exec(ascii7(bytes, from, HEAD_BYTES_WANTED))?.[0].length ?? null;
}

/** Whether a start line begins here, be it only the front of one. */
function isBeginning(stream: Uint8Array): boolean {
  const front = ascii7(stream, 0, 16);
  const word = front.split(" ", 1)[0]!;
  return "HTTP/1.".startsWith(front.slice(0, 7)) || METHODS.has(word) || (word === front && /^[A-Z_]{0,12}$/.test(front));
}

function isChunked(head: string): boolean {
  return /^transfer-encoding:[^\r\n]*\bchunked\b/im.test(head);
}

function contentLength(head: string): number | null {
  const digits = /^content-length:[ \t]*(\d{1,15})[ \t]*\r?$/im.exec(head)?.[1];
  return digits === undefined ? null : Number(digits);
}

/** Line ends stay, everything else that is not printable becomes "·": patterns see one character a byte. */
function ascii7(bytes: Uint8Array, from: number, lengthMax: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    .toString("latin1", from, Math.min(bytes.length, from + lengthMax))
    .replace(/[^\t\r\n\x20-\x7e]/g, "·");
}
