/**
 * Syslog: RFC 5424, and the older habit that RFC 3164 describes.
 *
 * A message names the machine and the program it comes from. Its text is free, may hold anybody's name, and is not read.
 */
import { ascii } from "../bytes/text.ts";
import type { Context, Protocol, Report } from "../model/protocol.ts";

export const syslog: Protocol = {
  name: "syslog",
  title: "Syslog",
  over: [{ udp: [514] }],
  privacy: {
    reads: "The header: host and program.",
    ends: "The message itself, which may name anybody.",
    keeps: ["hostname", "software"],
  },
  recognize: (message) => {
    if (message[0] !== OPENING) return false;
    const head = headOf(message);
    return PRIORITY.test(head) && Number(head.slice(1, head.indexOf(">"))) <= PRIORITY_MAX && !head.includes("·");
  },
  read,
};

/** RFC 5424 section 6.2.1: facility times 8 and severity, 191 at most, without leading zeros; then a version, a date, a number or text. */
const PRIORITY = /^<(?:0|[1-9]\d{0,2})>[\w%*: ]/;
const PRIORITY_MAX = 191;
const OPENING = 0x3c;

/** The header of both: a name of 255 and a program of 48 are the longest that RFC 5424 section 6 allows, after a time. */
const HEAD_BYTES = 384;

// RFC 5424: version, time, host, program. RFC 3164: "Oct 11 22:14:15", host, program with its number.
const NEW = /^<\d{1,3}>1 (?:-|\d{4}-\d\d-\d\dT\S{8,24}) (\S{1,255}) (\S{1,48}) /;
const OLD = /^<\d{1,3}>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d ([\w.:-]{1,255}) (?:([A-Za-z][\w./-]{0,47})\[\d{1,10}\]:)?/;

function read(message: Uint8Array, report: Report, { sender }: Context): void {
  report.operation("MESSAGE");
  const head = headOf(message);
  const [, host = "", program = ""] = NEW.exec(head) ?? OLD.exec(head) ?? [];
  // "-" stands for nothing (RFC 5424 section 6), and an address is no name. A colon ends a program's name: then there was no host.
  if (!/^(?:|-|[\d.]+|.*:.*)$/.test(host)) report.observe(sender, "hostname", host);
  // In the old form only a program with its process number is surely one; a bare word may be anything a person typed.
  if (program !== "" && program !== "-") report.observe(sender, "software", program);
  if (!PRIORITY.test(head)) report.malformed("no priority");
}

function headOf(message: Uint8Array): string {
  const feed = message.indexOf(0x0a);
  const tab = message.indexOf(0x09);
  const ends = [feed, tab, HEAD_BYTES].filter((it) => it >= 0);
  return ascii(message.subarray(0, Math.min(...ends)));
}
