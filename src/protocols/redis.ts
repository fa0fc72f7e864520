/**
 * Redis: its serialization protocol, RESP 2 and 3 (redis.io/docs/reference/protocol-spec). Valkey and KeyDB speak it too.
 *
 * Caches and queues behind clinical programs. Named: the server's version where somebody asks for it (INFO, HELLO), and whether a password
 * crossed. What is kept in it ends here: of a command only its name is read. Each value on the wire is one message: a command is a count,
 * then so many texts.
 */
import { find } from "../bytes/find.ts";
import { ascii } from "../bytes/text.ts";
import type { Context, Protocol, Report } from "../model/protocol.ts";

export const redis: Protocol<Memory> = {
  name: "redis",
  title: "Redis",
  over: [{ tcp: [6379] }],
  setting: "server",
  privacy: {
    reads: "Names of commands, the server's version, whether a password crosses in the clear and whether it was right.",
    ends: "Users and passwords, keys, all that is kept and asked.",
    keeps: ["serverBanner", "clearCredentials"],
  },
  recognize: (message, side) => side !== "server" && (COMMAND.test(ascii(message, FRONT_BYTES)) || isInlineLogIn(message)),
  answers: (message) => ANSWER.test(ascii(message, FRONT_BYTES)),
  messageLength,
  wanted: () => TEXT_BYTES_MAX,
  resume: (stream) => {
    const command = find(stream, "\r\n*");
    return command < 0 ? -1 : command + 2;
  },
  remember: () => ({ left: 0, isFirst: true, logsIn: null, isAnswered: false, isVersionNext: false }),
  read,
};

interface Memory {
  /** Texts of the client's command that have not come yet; a new command begins at 0. */
  left: number;
  /** No command was heard before: what the server says first answers this one. */
  isFirst: boolean;
  /** The first command offers a password, by this word; null: it does not. */
  logsIn: "AUTH" | "HELLO" | null;
  isAnswered: boolean;
  /** In the answer to HELLO: the text that follows is the version. */
  isVersionNext: boolean;
}

/** A count of texts, then the first of them, which is a command of letters. `ascii` writes line ends as dots. */
const COMMAND = /^\*[1-9]\d{0,5}··\$[1-9]\d?··[A-Za-z.]{2,32}(?:··|$)/;
/** What was asked for, with its length, count or number; a word; or an error, whose first word is in capitals. */
const ANSWER = /^(?:[$*:%~>!=]-?\d{1,19}··|\+[A-Z]+··|-[A-Z]+ |_··|#[tf]··|,-?[\d.a-z])/;
const FRONT_BYTES = 64;
/** As people type it, and tools of attack: a command in one line, which "inline commands" in the specification allows. */
const INLINE = /^([A-Za-z]{2,32})(?: |$)/;
/** Words that follow AUTH in other protocols (SMTP, POP3, IMAP: RFC 4954, RFC 5034). */
const INLINE_LOG_IN =
  /^AUTH (?!(?:PLAIN|LOGIN|NTLM|GSSAPI|GSS-SPNEGO|ANONYMOUS|EXTERNAL|XOAUTH2|OAUTHBEARER|(?:CRAM|DIGEST)-MD5|SCRAM-[\w-]+)\b)\S/i;
/** INFO begins with the version; commands and their words are shorter. */
const TEXT_BYTES_MAX = 512;
const LINE_BYTES_MAX = 8192;
/** Kinds whose line says how many bytes follow: texts, errors with text, text with a form. */
const SIZES: ReadonlySet<string> = new Set(["$", "!", "="]);
const SIZED = new Set([...SIZES].map((kind) => kind.charCodeAt(0)));

/** What is told by name: others may be anybody's own. */
const COMMANDS = new Set(
  "AUTH HELLO INFO CONFIG GET SET DEL HGET HSET HGETALL LPUSH RPUSH BLPOP BRPOP PUBLISH SUBSCRIBE KEYS SCAN PING SELECT EVAL REPLICAOF SLAVEOF FLUSHALL MODULE".split(" "), // prettier-ignore
);
/** Valkey says a version of Redis as well, for programs that ask for that. */
const INFORMED = [/·(valkey)_version:(\d[\w.]*)/, /·(redis)_version:(\d[\w.]*)/];

function messageLength(stream: Uint8Array): number {
  const line = find(stream.subarray(0, LINE_BYTES_MAX), "\r\n") + 2;
  if (line === 1) return stream.length < LINE_BYTES_MAX ? 0 : stream.length;
  if (!SIZED.has(stream[0]!)) return line;
  const bytes = Number(Buffer.from(stream.subarray(1, line - 2)).toString("latin1"));
  // "$-1" is nothing at all; what is no number is a line like any other.
  return Number.isSafeInteger(bytes) && bytes >= 0 ? line + bytes + 2 : line;
}

function read(message: Uint8Array, report: Report, context: Context<Memory>): void {
  const line = find(message, "\r\n");
  const kind = String.fromCharCode(message[0] ?? 0);
  const head = ascii(message.subarray(1, line < 0 ? message.length : line));
  const text = SIZED.has(message[0] ?? 0) && line >= 0 ? message.subarray(line + 2) : null;
  if (context.side === "server") return readAnswer(kind, head, text, report, context);
  if (context.side === "client") readCommand(kind, head, text, report, context);
}

function isInlineLogIn(message: Uint8Array): boolean {
  const end = find(message.subarray(0, TEXT_BYTES_MAX), "\r\n");
  return end > 0 && INLINE_LOG_IN.test(ascii(message.subarray(0, end)));
}

function readCommand(kind: string, head: string, text: Uint8Array | null, report: Report, context: Context<Memory>): void {
  const { memory } = context;
  if (kind === "*") {
    memory.left = Number(head);
    return Number.isSafeInteger(memory.left) ? undefined : report.malformed("a command without a count of its words");
  }
  const inline = text === null && !SIZES.has(kind) ? INLINE.exec(kind + head)?.[1] : undefined;
  if (inline !== undefined) return commandNamed(inline.toUpperCase(), report, context);
  if (text === null || memory.left === 0) return;
  const isName = memory.left > 0;
  // From the second word on the count is negative: only HELLO has one that is read.
  memory.left = isName ? 1 - memory.left : memory.left + 1;
  const word = ascii(text, FRONT_BYTES).replace(/·+$/, "").toUpperCase();
  if (isName) commandNamed(word, report, context);
  else if (memory.logsIn === "HELLO" && word === "AUTH") report.observe(context.receiver, "clearCredentials", "redis");
}

function commandNamed(word: string, report: Report, { receiver, memory }: Context<Memory>): void {
  report.operation(COMMANDS.has(word) ? word : "OTHER");
  memory.logsIn = memory.isFirst && (word === "AUTH" || word === "HELLO") ? word : null;
  if (word === "AUTH") report.observe(receiver, "clearCredentials", "redis");
  memory.isFirst = false;
}

function readAnswer(kind: string, head: string, text: Uint8Array | null, report: Report, { sender, memory }: Context<Memory>): void {
  // Only a refused password is answered so, whichever command it came with: what is kept is no error.
  if (kind === "-" && /^(?:WRONGPASS|ERR invalid password)/.test(head)) report.attempt("login", "refused");
  else if (memory.logsIn === "AUTH" && !memory.isAnswered && kind === "+") report.attempt("login", "accepted");
  memory.isAnswered = true;
  if (text === null) return;
  const words = ascii(text);
  const informed = words.startsWith("# Server") ? INFORMED.map((it) => it.exec(words)).find((it) => it !== null) : null;
  if (informed !== null && informed !== undefined)
    report.observe(sender, "serverBanner", `${informed[1] === "valkey" ? "Valkey" : "Redis"} ${informed[2]}`);
  else if (memory.isVersionNext) report.observe(sender, "serverBanner", `Redis ${/^\d[\w.]*/.exec(words)?.[0] ?? ""}`.trim());
  memory.isVersionNext = memory.logsIn === "HELLO" && /^version·*$/.test(words);
}
