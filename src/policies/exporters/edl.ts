/**
 * Lists of addresses that a firewall fetches by itself: external dynamic lists of Palo Alto, external feeds of FortiGate, and what others
 * call the same. One file a group, and a table of the rules that are to stand between the lists.
 *
 * A line is one address or one network and nothing else: PAN-OS takes ranges and comments behind a space ("Formatting Guidelines for an
 * External Dynamic List", docs.paloaltonetworks.com), FortiOS takes ranges and comments on lines of their own ("Threat feeds",
 * docs.fortinet.com), others take neither. What exceeds their capacity they skip, which would shut out whoever is left over: so it is
 * refused here. No list is ever empty: of a group in which nobody has an address no file is written, and none of the rules that name it.
 */
import { isEmpty, isWhole, prefixesOf, type Addresses } from "../ranges.ts";
import { wallTable } from "./csv.ts";
import { lines, mustGovern, NotExportable, type ExportedFile, type Exporter, type Wall } from "./exporter.ts";
import { objectNames, plainText } from "./object-names.ts";

export const edl: Exporter = {
  name: "edl",
  title: "lists of addresses a firewall fetches (EDL), one file a group",
  sees: { place: "router", direction: "both", keepsState: true },
  extension: "txt",
  write: (wall) => filesOf(wall).map(({ name, text }) => `# ${name}\n${text}`).join("\n"), // prettier-ignore
  rollback: (wall) => rollback(wall),
  files: filesOf,
};

// PAN-OS, "Objects > External Dynamic Lists": a list's name has up to 32 characters, at most 30 lists are used by all rules, and the
// smaller models hold 50,000 addresses in all of them. FortiOS before 7.4.4 holds 131,072 in one, later ones 300,000 in all.
const NAME_LENGTH_MAX = 32;
const ENTRIES_MAX = 50_000;
const LISTS_MAX = 30;
const RULES = "auscult-rules.csv";

function filesOf(wall: Wall): readonly ExportedFile[] {
  const nameOf = objectNames(NAME_LENGTH_MAX);
  const entries = new Map<string, readonly string[]>();
  const naming = (addresses: Addresses, title: string, key: string): string | null => {
    if (isEmpty(addresses)) return null;
    const every = wordOfAll(addresses);
    if (every !== null) return every;
    const list = [...addresses.ipv4, ...addresses.ipv6].flatMap(prefixesOf).map(entry);
    // By whom it is of and never by who is in it: a firewall goes on fetching it by its name.
    const name = nameOf(key, `auscult-${title}`);
    entries.set(name, list);
    return `${name}.txt`;
  };
  const rules = wallTable(wall, naming, plainText);
  mustGovern(wall);
  const total = [...entries.values()].reduce((sum, list) => sum + list.length, 0);
  if (total > ENTRIES_MAX)
    throw new NotExportable(
      `expected at most ${ENTRIES_MAX} lines in all lists, which is what the smaller firewalls hold, got ${total}: they would skip the rest`,
    );
  if (entries.size > LISTS_MAX)
    throw new NotExportable(`expected at most ${LISTS_MAX} lists, which is what PAN-OS takes, got ${entries.size}: name fewer groups`);
  return [...[...entries].map(([name, list]) => ({ name: `${name}.txt`, text: lines(list) })), { name: RULES, text: rules }];
}

function rollback(wall: Wall): string {
  return lines([
    `# Takes policy "${plainText(wall.policy.name)}" away again. First the rules that were made of ${RULES}, then, when no rule names them,`,
    "# these lists. A list that cannot be fetched is kept as it was last, so that taking the files away alone changes nothing.",
    ...filesOf(wall).flatMap(({ name }) => (name === RULES ? [] : [name])),
  ]);
}

/** Whole families are no list: a firewall has a word for them. Null: some of them only. */
function wordOfAll({ ipv4, ipv6 }: Addresses): string | null {
  const [four, six] = [isWhole(ipv4, 4), isWhole(ipv6, 6)];
  if (four && six) return "any";
  if (four && ipv6.length === 0) return "any IPv4";
  return six && ipv4.length === 0 ? "any IPv6" : null;
}

/** One address stands without its length, as every list takes it. */
function entry({ address, bits }: { readonly address: string; readonly bits: number }): string {
  return bits === (address.includes(":") ? 128 : 32) ? address : `${address}/${bits}`;
}
