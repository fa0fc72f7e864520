/** What is true of a capture's machines: what they say of themselves, by tshark, and what the capture's label names. */
import { loadKnowledge } from "../src/knowledge/index.ts";
import { table } from "../src/knowledge/table.ts";
import type { Attribute, Device, Inventory } from "./inventory.ts";
import type { Statement } from "./tshark.ts";

const { kinds, makers, systems } = loadKnowledge();

/** One attribute of one machine: any of the texts may be meant, since a machine has several names and programs. */
export interface Truth {
  readonly attribute: Attribute;
  readonly about: string;
  /** Null where the machine is not in the inventory. */
  readonly device: Device | null;
  readonly texts: readonly string[];
  readonly fields: readonly string[];
}

/** As index.json has it: the machine the capture was made for. */
export interface Label {
  readonly label?: string;
  readonly device?: { readonly mac: string };
}

export function truthsOf(statements: readonly Statement[], label: Label, { devices }: Inventory): readonly Truth[] {
  const all = [...statements.flatMap((it) => [...meant(it)]), ...labelled(label)];
  const grouped = Map.groupBy(all, ({ about, attribute }) => `${attribute} ${deviceOf(devices, about)?.id ?? about}`);
  return [...grouped.values()].flatMap((group) => {
    const [{ about, attribute }] = group as [Statement];
    const texts = [...new Set(group.map(({ text }) => text))];
    // Two systems of one machine: a front for several, or a program that lies.
    if (attribute === "os" && texts.some((it) => texts.some((other) => !onOneLine(pathOf(it), pathOf(other))))) return [];
    return [{ attribute, about, device: deviceOf(devices, about), texts, fields: [...new Set(group.map(({ field }) => field))] }];
  });
}

/** Of machines in several networks with the same address the one that was heard most of. */
export function deviceOf(devices: readonly Device[], address: string): Device | null {
  const wearing = devices.filter((it) => it.macs.includes(address) || it.ips.includes(address));
  return wearing.toSorted((a, b) => b.evidence.length - a.evidence.length)[0] ?? null;
}

/** What is less exact than the truth is right as far as it goes. */
export function isRight(attribute: Attribute, value: string, { texts }: Pick<Truth, "texts">): boolean {
  switch (attribute) {
    case "names":
      return texts.some((text) => nameKey(text) === nameKey(value));
    case "maker":
      return texts.some((text) => makers.called(text).name === makers.called(value).name);
    case "os":
      return texts.some((text) => onOneLine(pathOf(text), pathOf(value)));
    case "kind":
      return texts.some((text) => onOneLine(kinds.lineOf(text).toReversed(), kinds.lineOf(value).toReversed()));
    case "serial":
      return texts.some((text) => plain(text) === plain(value) || Number(text) === Number(value));
    case "model":
    case "software":
      return texts.some((text) => holds(wordsOf(text), wordsOf(value)));
  }
}

function pathOf(system: string): readonly string[] {
  return systems.pathOf(system).map(({ name }) => name);
}

function onOneLine(a: readonly string[], b: readonly string[]): boolean {
  return a.length > 0 && b.length > 0 && [...a].slice(0, b.length).every((it, at) => it === b[at]);
}

/** Names repeat each other with other suffixes, cases and dashes: compared as letters and digits, 15 of them, as NetBIOS cuts. */
function nameKey(name: string): string {
  return name.split(".")[0]!.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "").slice(0, 15); // prettier-ignore
}

/** A number may be said in hex, with its sign or without. */
function plain(serial: string): string {
  return serial.toLowerCase().replace(/^0x|[^\p{L}\p{N}]/gu, ""); // prettier-ignore
}

/** "OpenSSH_5.3p1" is "OpenSSH 5.3p1", and no "OpenSSH 5"; MariaDB says its name behind its version. */
function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().split(/[^\p{L}\p{N}.]+/u).filter((it) => it !== ""); // prettier-ignore
}

function holds(all: readonly string[], some: readonly string[]): boolean {
  return some.length > 0 && some.every((word) => all.includes(word));
}

/** A system is named in a sentence; of a sentence that names none nothing is known. */
function* meant(statement: Statement): Iterable<Statement> {
  if (statement.attribute !== "os") yield statement;
  else {
    const text = systemIn(statement.text);
    if (text !== "") yield { ...statement, text };
  }
}

const SYSTEMS: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/\b(?:Windows Phone|Windows CE|Windows Mobile)\b/, "Windows CE"],
  [/\bAndroid (\d+)/, "Android $1"],
  [/\bAndroid\b/, "Android"],
  [/\b(?:iPhone OS|CPU OS) (\d+)/, "iOS $1"],
  [/\bMac OS X (\d+)[._](\d+)/, "macOS $1.$2"],
  [/\bDarwin\b/, "Apple system"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\b(Ubuntu|Debian|Raspbian|Fedora|CentOS|Red Hat)\b/, "$1"],
  [/\bLinux\b/i, "Linux"],
  [/\b(FreeBSD|OpenBSD|NetBSD)\b/, "$1"],
  [/\b(?:SunOS|Solaris)\b/, "Solaris"],
  [/\bNX-OS\b/, "Cisco NX-OS"],
  [/\bCisco (?:IOS|Internetwork Operating System)\b/, "Cisco IOS"],
  [/\bJUNOS\b/i, "Junos"],
  [/\b(VxWorks|QNX|AIX|HP-UX)\b/, "$1"],
  [/\bWindows\b/, "Windows"],
];

/** Text that a scanner or a curl of any system sends says none. Windows gives its number, alone or behind its name. */
export function systemIn(text: string): string {
  const version = /\bWindows (?:NT )?(\d+\.\d+)|^(\d+\.\d+\.\d+)$/.exec(text);
  const windows = version === null ? "" : systems.windows(version[1] ?? version[2]!);
  // A build of 0 is what Samba answers.
  if (windows !== "" && !text.endsWith(".0")) return windows;
  for (const [pattern, name] of SYSTEMS) {
    const match = pattern.exec(text);
    if (match !== null) return name.replace(/\$(\d)/g, (_, group: string) => match[Number(group)]!);
  }
  return "";
}

/** Words of labels that name a kind of the tree, and the makers in ours. */
const LABEL_KINDS: Readonly<Record<string, string>> = {
  camera: "camera",
  plug: "power outlet",
  socket: "power outlet",
  siren: "siren",
  bulb: "light",
  printer: "printer",
  phone: "telephone",
};
const LABEL_WORDS_MAX = 3;

function* labelled({ label = "", device }: Label): Iterable<Statement> {
  if (device === undefined) return;
  const words = label.split(/[\s,()]+/);
  const said = { about: device.mac, field: "label" };
  for (const word of words) {
    const kind = LABEL_KINDS[word.toLowerCase()];
    if (kind !== undefined) yield { ...said, attribute: "kind", text: kind };
  }
  for (let length = LABEL_WORDS_MAX; length > 0; length--) {
    const maker = words.slice(0, length).join(" ");
    if (!MAKERS_LISTED.has(maker.toLowerCase())) continue;
    yield { ...said, attribute: "maker", text: maker };
    return;
  }
}

const MAKERS_LISTED = new Set(
  table("makers.tsv", 5).flatMap(([name = "", , , also = ""]) => [name, ...also.split("; ")].map((it) => it.toLowerCase())),
);
