/**
 * FTP: RFC 959, extended ports RFC 2428.
 *
 * The server greets with its program and says its system when asked. Names and passwords cross in the clear: that they did is kept,
 * what they were is not. The ports agreed on here carry the files.
 */
import { find } from "../bytes/find.ts";
import { lineLength } from "../bytes/lines.ts";
import { ascii, withoutMail } from "../bytes/text.ts";
import { isDefaultCredential } from "../knowledge/default-credentials.ts";
import { deviceFile, deviceFileKind } from "../knowledge/device-file.ts";
import type { Address, Context, Protocol, Report, Side } from "../model/protocol.ts";

export const ftp: Protocol<Memory> = {
  name: "ftp",
  title: "FTP",
  over: [{ tcp: [21] }],
  privacy: {
    reads: "The greeting, the system, commands, answers to a log-in, ports agreed on.",
    ends: "Names, passwords, folders and file names, but for those of firmware and settings; the files.",
    keeps: ["osStated", "serverBanner", "clearCredentials", "fileName"],
  },
  recognize,
  messageLength: lineLength,
  wanted: () => LINE_BYTES_MAX,
  resume: (stream) => find(stream, "\n") + 1 || -1,
  remember: () => ({ greeted: false, user: "", offered: "nothing" }),
  read,
};

interface Memory {
  greeted: boolean;
  /** The name given, until it was taken or refused. */
  user: string;
  /** What the server has not answered yet: a password, and whether it was one that comes with the device. */
  offered: "nothing" | "password" | "default password";
}

/** RFC 959 sets no limit; a path and a command fit. */
const LINE_BYTES_MAX = 1024;

/** RFC 959 section 4.1, RFC 2228, 2389, 2428, 3659. */
const VERBS = new Set([
  ..."ABOR ACCT ALLO APPE AUTH CCC CDUP CWD DELE EPRT EPSV FEAT HELP LIST MDTM MKD MLSD MLST MODE NLST NOOP OPTS PASS PASV PBSZ".split(" "),
  ..."PORT PROT PWD QUIT REIN REST RETR RMD RNFR RNTO SITE SIZE SMNT STAT STOR STOU STRU SYST TYPE USER XCUP XMKD XPWD XRMD".split(" "),
]);
/** Of these, what neither mail nor mailboxes know. */
const TELLING = /^(?:PASV|EPSV|SYST|FEAT|PORT \d+(?:,\d+){5}|EPRT \|[12]\|[^\r\n]+|TYPE [AI]|AUTH (?:TLS|SSL)|XPWD|PWD)\r?\n/i;
/** 220 also greets for mail; a server that is neither says at least its trade. */
const GREETING = /^220[ -][^\n]*\n/;
const MAIL = /smtp|mail|postfix|exim|sendmail|exchange/i;
/** RFC 5321 section 4.2: mail greets with a domain first. Who does so and speaks FTP says that as well. */
const DOMAIN_FIRST = /^220[ -][\w-]+(?:\.[\w-]+)+[ \r\n]/;

const Reply = { system: 215, ready: 220, passive: 227, extendedPassive: 229, loggedIn: 230, protect: 234, notLoggedIn: 530 } as const;
const ANONYMOUS = /^(?:anonymous|ftp)$/i;

function recognize(message: Uint8Array, side: Side): boolean {
  const text = ascii8(message);
  const greets = GREETING.test(text) && !MAIL.test(text) && (!DOMAIN_FIRST.test(text) || /ftp/i.test(text));
  return (side !== "client" && greets) || (side !== "server" && TELLING.test(text));
}

function read(message: Uint8Array, report: Report, context: Context<Memory>): void {
  const line = ascii(message, LINE_BYTES_MAX).replace(/·+$/, "");
  const reply = /^([1-6]\d\d)([ -]|$)(.*)/.exec(line);
  if (reply !== null && context.side !== "client") return readReply(Number(reply[1]), reply[2] === "-", reply[3]!.trim(), report, context);
  const command = /^([A-Za-z]{3,4})(?: (.*))?$/.exec(line);
  if (command !== null && context.side !== "server") readCommand(command[1]!.toUpperCase(), command[2] ?? "", report, context);
}

function readCommand(verb: string, argument: string, report: Report, { sender, receiver, memory }: Context<Memory>): void {
  if (!VERBS.has(verb)) return;
  report.operation(verb);
  switch (verb) {
    case "USER":
      memory.user = argument.trim();
      break;
    case "PASS":
      report.observe(receiver, "clearCredentials", ANONYMOUS.test(memory.user) ? "ftp, known default" : "ftp");
      memory.offered = isDefaultCredential(memory.user, argument) ? "default password" : "password";
      break;
    case "RETR":
    case "STOR":
    case "APPE":
      report.observe(sender, "fileName", deviceFile(argument));
      readFile(verb, deviceFileKind(argument), report);
      break;
    case "PORT":
      // The address in it could be anyone's: who sends it is who will be asked.
      expectData(sender, portOf(argument), receiver, report);
      break;
    case "EPRT":
      expectData(sender, Number(/^\|[12]\|[^|]*\|(\d{1,5})\|/.exec(argument)?.[1] ?? 0), receiver, report);
  }
}

/** RFC 959 section 4.2: a hyphen after the code says that more lines follow; the last one is the answer. */
function readReply(code: number, more: boolean, text: string, report: Report, { sender, receiver, memory }: Context<Memory>): void {
  switch (code) {
    case Reply.ready:
      if (!memory.greeted) report.observe(sender, "serverBanner", withoutMail(text));
      memory.greeted ||= text !== "";
      break;
    case Reply.system:
      // Programs that only imitate it say so.
      if (!/emulat/i.test(text)) report.observe(sender, "osStated", text);
      break;
    case Reply.loggedIn:
      if (more) break;
      report.attempt("login", "accepted");
      if (memory.offered === "default password") report.notable("defaultCredentials");
      forget(memory);
      break;
    case Reply.notLoggedIn:
      // It is also the answer to a command before any log-in; and "anonymous" is a question, not a password.
      if (more || memory.offered === "nothing") break;
      if (!ANONYMOUS.test(memory.user)) report.attempt("login", "refused", memory.user);
      forget(memory);
      break;
    case Reply.passive:
      expectData(sender, portOf(text), receiver, report);
      break;
    case Reply.extendedPassive:
      expectData(sender, Number(/\(\|\|\|(\d{1,5})\|\)/.exec(text)?.[1] ?? 0), receiver, report);
      break;
    case Reply.protect:
      report.enough();
  }
}

function readFile(verb: string, kind: ReturnType<typeof deviceFileKind>, report: Report): void {
  if (verb === "RETR") {
    if (kind === "firmware") report.notable("firmwareFetched");
  } else if (kind !== "") report.notable(kind === "firmware" ? "firmwareStored" : "settingsPushed");
}

function forget(memory: Memory): void {
  memory.user = "";
  memory.offered = "nothing";
}

function expectData(server: Address, port: number, client: Address, report: Report): void {
  if (port > 0 && port <= 0xffff) report.expect({ transport: "tcp", server, port, client, protocol: "ftp-data" });
}

/** RFC 959 section 3.3: h1,h2,h3,h4,p1,p2; 0 when it is not there. */
function portOf(text: string): number {
  const numbers = /\d{1,3},\d{1,3},\d{1,3},\d{1,3},(\d{1,3}),(\d{1,3})/.exec(text);
  return numbers === null ? 0 : Number(numbers[1]) * 256 + Number(numbers[2]);
}

function ascii8(bytes: Uint8Array): string {
  return Buffer.from(bytes.subarray(0, LINE_BYTES_MAX)).toString("latin1");
}
