/**
 * Memcached: its text protocol (doc/protocol.txt of memcached). The binary one is deprecated, and not read.
 *
 * Caches of clinical web programs, open to whoever reaches them. Named: that it is spoken, by which commands, and the server's version
 * where somebody asks for it. Keys and what is kept under them end here. A line and the value that belongs to it are one message.
 */
import { find } from "../bytes/find.ts";
import { ascii } from "../bytes/text.ts";
import type { Context, Protocol, Report } from "../model/protocol.ts";

export const memcached: Protocol = {
  name: "memcached",
  title: "Memcached",
  over: [{ tcp: [11_211] }],
  setting: "server",
  privacy: {
    reads: "Names of commands, and the server's version.",
    ends: "Keys, values and all else that is asked and answered.",
    keeps: ["serverBanner"],
  },
  recognize: (message, side) => side !== "server" && COMMAND.test(ascii(message, LINE_BYTES_MAX)),
  answers: (message) => ANSWER.test(ascii(message, LINE_BYTES_MAX)),
  messageLength,
  wanted: () => LINE_BYTES_MAX,
  read,
};

/** A key is 250 bytes at most; what asks for many of them at once is longer, and only counted. */
const LINE_BYTES_MAX = 512;
const VERBS = new Set(
  "set add replace append prepend cas get gets gat gats delete incr decr touch stats version flush_all verbosity quit mg ms md ma mn me".split(
    " ",
  ),
);
/** Nobody else begins so: what is to be kept, with flags, a time and a length; one key; the version. `ascii` writes line ends as dots. */
const COMMAND =
  /^(?:(?:set|add|replace|append|prepend|cas) [^\s·]{1,250} \d{1,10} -?\d{1,10} \d{1,8}(?: \d{1,20})?(?: noreply)?··|gets? [^\s·]{1,250}··$|version··$)/;
const ANSWER =
  /^(?:(?:STORED|NOT_STORED|EXISTS|NOT_FOUND|DELETED|TOUCHED|END|OK|ERROR|VERSION \d[\w.-]*)··|STAT \w+ |VALUE [^\s·]{1,250} \d+ \d+|(?:CLIENT|SERVER)_ERROR )/;
/** What ends in a length is followed by as many bytes and a line end. */
const SIZED = /^(?:(?:set|add|replace|append|prepend|cas) \S+ \d+ -?\d+|VALUE \S+ \d+) (\d{1,8})/;
const LINE_END_BYTES = 2;
const VERSION = /^(?:VERSION|STAT version) (\d[\w.-]{0,31})··$/;

function messageLength(stream: Uint8Array): number {
  const line = find(stream.subarray(0, LINE_BYTES_MAX), "\r\n") + LINE_END_BYTES;
  if (line < LINE_END_BYTES) return stream.length < LINE_BYTES_MAX ? 0 : stream.length;
  const value = SIZED.exec(ascii(stream.subarray(0, line)))?.[1];
  return value === undefined ? line : line + Number(value) + LINE_END_BYTES;
}

function read(message: Uint8Array, report: Report, { side, sender }: Context): void {
  const line = ascii(message, LINE_BYTES_MAX);
  if (side === "server") {
    const version = VERSION.exec(line)?.[1];
    if (version !== undefined) report.observe(sender, "serverBanner", `memcached ${version}`);
  } else {
    const verb = /^\w+/.exec(line)?.[0] ?? "";
    report.operation(VERBS.has(verb) ? verb.toUpperCase() : "OTHER");
  }
}
