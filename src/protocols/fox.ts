/**
 * Niagara Fox, which Tridium's building controllers, stations and their workbench speak. Not published: read from captures and from
 * the discovery scripts of others, which agree.
 *
 * Both ends open with a hello of named values: host, program, system, station, and an identifier of the machine that begins with its kind.
 */
import { find } from "../bytes/find.ts";
import { utf8 } from "../bytes/text.ts";
import type { Attribute } from "../model/observation.ts";
import type { Context, Protocol, Report } from "../model/protocol.ts";

export const fox: Protocol = {
  name: "fox",
  title: "Niagara Fox",
  over: [{ tcp: [1911] }],
  setting: "building",
  privacy: {
    reads: "What both sides say of themselves in their hello: host, program, system, station, machine.",
    ends: "Users, passwords, addresses, time zones; everything after the hello.",
    keeps: ["hostname", "software", "osStated", "description", "serial", "uuid", "maker", "userAgent"],
  },
  recognize: (message) => message[0] === LETTER_F && HELLO.test(front(message, HELLO_BYTES)),
  messageLength: (stream) => {
    const end = find(stream, END);
    return end >= 0 ? end + END.length : stream.length >= MESSAGE_BYTES_MAX ? stream.length : 0;
  },
  read,
};

/** A message: "fox", kind, number, number of what it answers, channel, command; then values one a line between braces. */
const HELLO = /^fox [a-z] -?\d{1,6} -?\d{1,6} fox hello\n\{\n/;
const HELLO_BYTES = 48;
const LETTER_F = 0x66;
const END = "\n};;\n";
/** A hello is about 700 bytes. */
const MESSAGE_BYTES_MAX = 8192;

/** Names of values, each followed by its type: s for text. */
const VALUES: Readonly<Record<string, Attribute>> = { "station.name": "description", vmUuid: "uuid" };
/** Brands of which the maker is known: Vykon is Tridium's own. */
const BRANDS: ReadonlyMap<string, string> = new Map([["vykon", "Tridium"]]);
/** "Qnx-NPM6-0000-1490-C30C": system and kind of controller, then its number. A PC's is made anew with each installation. */
const CONTROLLER = /^Qnx-/;

function read(message: Uint8Array, report: Report, { side, sender }: Context): void {
  const text = front(message, MESSAGE_BYTES_MAX);
  if (!HELLO.test(text)) return report.malformed("no hello");
  if (side !== "server") report.operation("HELLO");
  const values = new Map<string, string>();
  for (const line of text.split("\n").slice(2)) {
    const [, name, value] = /^([\w.]{1,40})=s:(.*)$/.exec(line) ?? [];
    if (name !== undefined && !values.has(name)) values.set(name, utf8(Buffer.from(value!, "latin1")));
  }
  const told = (...names: string[]) => names.map((name) => values.get(name) ?? "").join(" ").trim(); // prettier-ignore
  const host = told("hostName");
  if (!/^[\d.]*$/.test(host) && host !== "localhost") report.observe(sender, "hostname", host);
  report.observe(sender, "osStated", told("os.name", "os.version"));
  if (side === "client") {
    report.observe(sender, "userAgent", told("app.name", "app.version"));
  } else {
    report.observe(sender, "software", `Niagara ${told("app.name", "app.version")}`);
    const hostId = told("hostId");
    if (CONTROLLER.test(hostId)) {
      report.observe(sender, "serial", hostId);
      report.observe(sender, "maker", BRANDS.get(told("brandId")) ?? "");
    }
    for (const [name, attribute] of Object.entries(VALUES)) report.observe(sender, attribute, told(name));
  }
  if (side === "server") report.enough();
}

function front(bytes: Uint8Array, length: number): string {
  return Buffer.from(bytes.subarray(0, length)).toString("latin1");
}
