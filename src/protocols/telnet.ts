/**
 * Telnet: RFC 854, options RFC 855.
 *
 * The first words of a server often are its maker's and model's. A log-in crosses in the clear: that one was typed, and whether it was
 * taken, is kept; nothing typed is.
 */
import { TEXT_LENGTH_MAX, withoutMail } from "../bytes/text.ts";
import { isDefaultCredential } from "../knowledge/default-credentials.ts";
import type { Address, Context, Protocol, Report, Side } from "../model/protocol.ts";

export const telnet: Protocol<Memory> = {
  name: "telnet",
  title: "Telnet",
  over: [{ tcp: [23, 2323] }],
  privacy: {
    reads: "The greeting, that a log-in was typed, and whether it was taken.",
    ends: "Everything typed, and everything said after the greeting.",
    keeps: ["serverBanner", "clearCredentials"],
  },
  recognize,
  // There are no messages: whatever has come is read as it comes.
  messageLength: (stream) => stream.length,
  wanted: (stream) => Math.min(stream.length, PART_BYTES_MAX),
  remember: () => ({ awaits: "name", line: "", banner: "", parts: 0, name: "", secret: "" }),
  read,
};

interface Memory {
  /** What the dialogue is about to tell: a prompt for a name or a secret, that one is typed, what the server says to it. */
  awaits: "name" | "secret" | "typing" | "answer";
  /** The last line the server began: a prompt waits without a line end. */
  line: string;
  /** What it said before its first prompt; null once told. */
  banner: string | null;
  parts: number;
  /** What was typed as name and as secret, until the server answered it; goes no further than whether everybody knows it. */
  name: string;
  secret: string;
}

/** A screen of text; a server that greets with more has said its name by then. */
const PART_BYTES_MAX = 4096;
const LINE_LENGTH_MAX = 256;
const TYPED_LENGTH_MAX = 64;
/** Without a log-in by then there will be none; every keystroke and its echo are a part. */
const PARTS_MAX = 400;

/** RFC 854: "interpret as command"; 240 to 254 are commands, of which the last four carry an option. 250 to 240 is a subnegotiation. */
const IAC = 255;
const Command = { subnegotiationEnd: 240, subnegotiation: 250, will: 251, dont: 254 } as const;
/** The options with a number below 50 are in use (IANA), and the extended list, 255. */
const OPTION_MAX = 49;

const NAME_PROMPT = /\b(?:log[io]n|user(?: ?name)?|account)\s*(?:name)?\s*[:>]\s*$/i;
const SECRET_PROMPT = /\bpass(?:word|code|phrase)?\b[^:>\n]{0,40}[:>]\s*$/i;
const REFUSAL = /\b(?:incorrect|invalid|denied|fail(?:ed|ure)|bad password|not (?:valid|authorized)|wrong)\b/i;
const WELCOME = /\b(?:last login|welcome|logged in|main menu)\b/i;
const SHELL_PROMPT = /[$#>%]\s*$/;

/** Negotiation, or a server that asks for a name. A server that only prints text is not told from others. */
function recognize(message: Uint8Array, side: Side): boolean {
  if (message[0] === IAC) return isNegotiation(message);
  if (side !== "server" || message.length > PART_BYTES_MAX || !mayPrompt(message)) return false;
  const text = textOf(message);
  return NAME_PROMPT.test(text) && text.includes("\n");
}

/** Asked of every stream that is not known yet, so the end is looked at before it is all made text: a mark, and a few spaces. */
function mayPrompt(message: Uint8Array): boolean {
  const last = message.subarray(-PROMPT_END_BYTES).findLast((byte) => byte > SPACE);
  return last === COLON || last === ANGLE;
}
const PROMPT_END_BYTES = 8;
const SPACE = 0x20;
const COLON = 0x3a;
const ANGLE = 0x3e;

function isNegotiation(message: Uint8Array): boolean {
  const [, command = 0, option = 0xfe] = message;
  const known = option <= OPTION_MAX || option === 255;
  // JPEG and others begin with FF too; a second command, or nothing more, or text, is what follows here.
  return command >= Command.will && command <= Command.dont && known && (message.length === 3 || message[3] === IAC || message[3]! < 0x80);
}

function read(message: Uint8Array, report: Report, { side, sender, receiver, memory }: Context<Memory>): void {
  if (++memory.parts > PARTS_MAX) return report.enough();
  const text = textOf(message);
  if (side === "server") return hear(text, report, sender, memory);
  if (memory.awaits === "secret") memory.name = typed(memory.name, text);
  else if (memory.awaits !== "name") memory.secret = typed(memory.secret, text);
  if (memory.awaits !== "typing" || !/[^\s·]/.test(text)) return;
  report.observe(receiver, "clearCredentials", "telnet login");
  memory.awaits = "answer";
}

/** Key by key, or a line at once; what is behind the line's end is another's. */
function typed(before: string, text: string): string {
  return /[\r\n]/.test(before) ? before : (before + text).slice(0, TYPED_LENGTH_MAX);
}

function hear(text: string, report: Report, server: Address, memory: Memory): void {
  const said = memory.line + text;
  memory.line = said.slice(Math.max(said.lastIndexOf("\n") + 1, said.length - LINE_LENGTH_MAX));
  const asksName = NAME_PROMPT.test(memory.line);
  const asksSecret = SECRET_PROMPT.test(memory.line);
  const atShell = SHELL_PROMPT.test(memory.line) && !asksName && !asksSecret;
  if (memory.banner !== null) {
    memory.banner = (memory.banner + text).slice(0, TEXT_LENGTH_MAX);
    if (!asksName && !asksSecret && !atShell) return;
    report.observe(
      server,
      "serverBanner",
      withoutMail(wordsOf(memory.banner.replace(NAME_PROMPT, "").replace(SECRET_PROMPT, "").replace(SHELL_PROMPT, ""))),
    );
    memory.banner = null;
    // It let somebody in without asking anything.
    if (atShell) return report.enough();
  }

  if (memory.awaits === "answer") {
    if (REFUSAL.test(said) || asksName || asksSecret) report.attempt("login", "refused");
    else if (atShell || WELCOME.test(said)) {
      report.attempt("login", "accepted");
      if (isDefaultCredential(lineOf(memory.name), lineOf(memory.secret))) report.notable("defaultCredentials");
      return report.enough();
    } else return;
    memory.name = memory.secret = "";
    memory.awaits = "name";
    memory.line = asksName || asksSecret ? memory.line : "";
  }
  if (asksName || asksSecret) {
    report.operation("LOGIN");
    if (asksName) memory.name = "";
    memory.secret = "";
    memory.awaits = asksSecret ? "typing" : "secret";
  }
}

function lineOf(typed: string): string {
  return typed.split(/[\r\n]/, 1)[0]!;
}

/** What is printed, without negotiation; line ends stay, other control characters become "·". */
function textOf(message: Uint8Array): string {
  let text = "";
  for (let at = 0; at < message.length; at++) {
    const byte = message[at]!;
    if (byte !== IAC) {
      text += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : byte === 0x0a || byte === 0x0d || byte === 0x09 ? "\n" : "·";
      continue;
    }
    const command = message[++at] ?? 0;
    if (command === Command.subnegotiation) {
      while (at < message.length && !(message[at] === IAC && message[at + 1] === Command.subnegotiationEnd)) at++;
      at++;
    } else if (command >= Command.will) at++;
  }
  return text;
}

/** A greeting as one line, without what colors the screen (ECMA-48 section 5.4) and the lines drawn around it. */
function wordsOf(text: string): string {
  return text
    .replace(/·\[[\d;?]*[A-Za-z]/g, " ")
    .replace(/[*=_#·-]{3,}/g, " ")
    .replace(/[\s·]+/g, " ")
    .trim();
}
