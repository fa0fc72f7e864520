/**
 * A card that has asked for its address by one program for days asks by another: a machine that copied the card's number to pass for the
 * device does what its own system does. Both in turns are two machines.
 */
import type { Claimed, News, Watch } from "../model/finding.ts";
import { isRule } from "./acquaintance.ts";

const DAY_US = 86_400_000_000;
/** What was heard longer ago may have been replaced in between. */
const KEPT_US = 30 * DAY_US;
const CLASSES_MAX = 8;
/** What else machines ask by: before their own system runs (PXE, UEFI, U-Boot), while one is installed (anaconda, d-i), for telephony (MS-UC-Client). */
const BESIDE: ReadonlySet<string> = new Set(["pxeclient", "httpclient", "aapl", "etherboot", "ipxe", "u", "anaconda", "d", "ms"]);

interface Memory {
  /** By program: when it was first and last heard. */
  readonly classes: Record<string, [first: number, last: number]>;
}

export const cardCopied: Watch<Memory> = {
  name: "card-copied",
  title: "A card asks for its address as another system",
  family: "threat",
  severity: "medium",
  harms: ["device", "network"],
  fragileOnly: true,
  remedy:
    "Look at the device first: whether it is where it belongs and does its work. If its system was not changed, find the switch port at which its card was last heard, and whether another machine stands there.",
  technique: ["T1036 Masquerading", "T0849 Masquerading"],
  sees: "DHCP by a card whose vendor class names another program than the one it named for a day or longer; high where the old one is heard again after it. Shown where a life hangs on the device or its kind is not known.",
  misses:
    "Cards with addresses set by hand; a copy that runs the same system; what tells places apart but not programs: the switch's own table does.",
  mistaken: "A new system on the same device, one that can start two, and a machine inside it that borrows its card.",
  tune: "Announce the change of system as planned work; saying what the device is makes it silent where no life hangs on it.",
  hears: { attributes: ["vendorClass"] },
  subject: "sender",
  subjectsMax: 65_536,
  remember: () => ({ classes: {} }),
  worth: ({ classes }) => Object.keys(classes).length,
  notice,
};

function* notice(news: News, { classes }: Memory): Iterable<Claimed> {
  if (news.news !== "observation" || news.protocol !== "dhcp") return;
  const { at, about } = news;
  const name = programOf(news.value);
  if (name === "" || BESIDE.has(name)) return;
  for (const [other, [, last]] of Object.entries(classes)) if (at - last > KEPT_US) delete classes[other];
  if (classes[name] === undefined && Object.keys(classes).length >= CLASSES_MAX) return;
  const it = (classes[name] ??= [at, at]);
  it[1] = Math.max(it[1], at);
  const all = Object.entries(classes);
  const settled = all.find(([, [first, last]]) => isRule(first, last));
  const fresh = all.find(([, [first]]) => settled !== undefined && first - settled[1][0] >= DAY_US && !isRule(first, at));
  if (settled === undefined || fresh === undefined) return;
  const inTurn = settled[1][1] > fresh[1][0];
  const summary = `asks for its address by ${fresh[0]}, ${inTurn ? "and in turns by" : "after days by"} ${settled[0]}`;
  yield {
    story: "",
    about,
    others: [],
    severity: inTurn ? "high" : "medium",
    first: fresh[1][0],
    at,
    count: 1,
    summary,
    because: [{ at, text: `DHCP vendor class of ${name}` }],
  };
}

/** Its name without its version: "dhcpcd" of "dhcpcd-9.4.1:Linux-6.1". Letters alone, since anybody may write anything there. */
function programOf(vendorClass: string): string {
  return /^[a-z]{1,24}/i.exec(vendorClass)?.[0].toLowerCase() ?? "";
}
