/**
 * A maker's table of flows as a site's own people write it down from its document: a table with titles, one flow a row. Nothing is guessed:
 * what is wrong is told with its line and its column, all of it at once, and then nothing of the file is taken.
 */
import { csvRecords } from "../../bytes/csv.ts";
import { nearest } from "../../bytes/nearest.ts";
import { portsSaid } from "../../knowledge/disclosures.ts";
import type { Kinds } from "../../knowledge/kinds.ts";
import { DISCLOSED_NEEDS, DISCLOSED_PEERS, type DisclosedFlow, type Disclosure, type DisclosedWhole } from "../../model/disclosure.ts";
import { POLICY_TRANSPORTS } from "../../model/policy.ts";
import { serviceIn } from "../../policies/service.ts";

export const DISCLOSURE_TITLES = [
  "opens",
  "peer",
  "transport",
  "ports",
  "protocol",
  "what for",
  "need",
  "document",
  "page",
  "day",
] as const;
type Title = (typeof DISCLOSURE_TITLES)[number];
/** What may stand empty, and in a table that has no such column is. */
const MAY_BE_EMPTY: ReadonlySet<Title> = new Set(["protocol", "need", "day"]);

const FLOWS_MAX = 1_000;
const PEERS_MAX = 20;
const CELL_LENGTH_MAX = 300;
const TROUBLES_MAX = 100;
const DAY = /^\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?$/;
const QUOTED_LENGTH_MAX = 60;

export interface ReadDisclosure {
  readonly disclosure: Disclosure;
  /** One for each thing that is wrong: "line 3, column 4 (ports): expected …, got …". */
  readonly troubles: readonly string[];
}

export interface DisclosureWords {
  readonly kinds: Kinds;
  /** Names of protocols we read. */
  readonly protocols: readonly string[];
}

/** Throws an Error for people where it is no table at all. */
export function readDisclosure(text: string, whole: DisclosedWhole, known: DisclosureWords): ReadDisclosure {
  const plain = text.replace(/^\ufeff/, "");
  const [head = ""] = plain.split(/\r?\n/, 1);
  const separator = ["\t", ";"].find((it) => head.includes(it)) ?? ",";
  const [titles = [], ...records] = csvRecords(plain, separator);
  const places = placesOf(titles);
  if (records.length > FLOWS_MAX) throw new Error(`expected at most ${FLOWS_MAX} flows, got ${records.length}`);
  const troubles: string[] = [];
  const flows: DisclosedFlow[] = [];
  // Cells may go over several lines: a line is where its record begins.
  let line = 1 + linesOf(titles);
  for (const record of records) {
    const at = line;
    line += linesOf(record);
    if (record.every((cell) => cell.trim() === "")) continue;
    const wrong: { readonly column: number; readonly words: string }[] = [];
    const complain = (title: Title, words: string) => {
      const column = (places.get(title) ?? titles.length) + 1;
      wrong.push({ column, words: `line ${at}, column ${column} (${title}): ${words}` });
    };
    if (record.slice(titles.length).some((cell) => cell.trim() !== ""))
      wrong.push({
        column: titles.length + 1,
        words: `line ${at}: expected ${titles.length} columns, as many as there are titles, got ${record.length}`,
      });
    const flow = flowOf(record, places, known, complain);
    if (wrong.length === 0) flows.push(flow);
    troubles.push(...wrong.sort((a, b) => a.column - b.column).map(({ words }) => words));
    if (troubles.length >= TROUBLES_MAX) break;
  }
  if (flows.length === 0 && troubles.length === 0) throw new Error("expected at least one flow under its titles, got none");
  const days = flows.map(({ day }) => day).filter((day) => day !== "").sort(); // prettier-ignore
  return { disclosure: { kind: "disclosure", day: days.at(-1) ?? "no day", whole, flows }, troubles };
}

function placesOf(titles: readonly string[]): ReadonlyMap<Title, number> {
  const plain = titles.map((it) => it.trim().toLowerCase());
  const places = new Map<Title, number>();
  for (const title of DISCLOSURE_TITLES) {
    const at = plain.indexOf(title);
    if (at >= 0 && plain.lastIndexOf(title) !== at) throw new Error(`line 1: expected the title "${title}" once, got it again in column ${plain.lastIndexOf(title) + 1}`); // prettier-ignore
    if (at >= 0) places.set(title, at);
    else if (!MAY_BE_EMPTY.has(title))
      throw new Error(`line 1: expected a table with the titles ${DISCLOSURE_TITLES.join(", ")}, got none called "${title}"`);
  }
  return places;
}

function linesOf(record: readonly string[]): number {
  return record.reduce((sum, cell) => sum + cell.split("\n").length - 1, 1);
}

function flowOf(
  record: readonly string[],
  places: ReadonlyMap<Title, number>,
  { kinds, protocols }: DisclosureWords,
  complain: (title: Title, words: string) => void,
): DisclosedFlow {
  const cell = (title: Title): string => {
    const at = places.get(title);
    const text = at === undefined ? "" : (record[at] ?? "").replace(/\p{C}+/gu, " ").replace(/\s+/g, " ").trim(); // prettier-ignore
    if (text === "" && !MAY_BE_EMPTY.has(title)) complain(title, `expected ${EXPECTED[title]}, got nothing`);
    if (text.length > CELL_LENGTH_MAX) complain(title, `expected at most ${CELL_LENGTH_MAX} letters, got ${text.length}`);
    return text.slice(0, CELL_LENGTH_MAX);
  };
  const oneOf = <Word extends string>(title: Title, words: readonly Word[], otherwise: Word): Word => {
    const text = cell(title).toLowerCase();
    if (text === "") return otherwise;
    const found = words.find((it) => it === text);
    if (found === undefined) complain(title, `expected ${EXPECTED[title]}, got ${quoted(text)}${meant(text, words)}`);
    return found ?? otherwise;
  };
  const opens = oneOf("opens", ["device", "peer"], "device");
  const transport = oneOf("transport", POLICY_TRANSPORTS, "tcp");
  const said = portsSaid(cell("ports"));
  const protocol = cell("protocol").toLowerCase();
  if (protocol !== "" && protocol !== "*" && !protocols.includes(protocol))
    complain("protocol", `expected ${EXPECTED.protocol}, got ${quoted(protocol)}${meant(protocol, protocols)}`);
  const day = cell("day");
  if (day !== "" && !DAY.test(day)) complain("day", `expected ${EXPECTED.day}, got ${quoted(day)}`);
  if (said.ports !== null && said.ports !== "") portsChecked(`${transport} ${said.ports}`, (words) => complain("ports", words));
  return {
    opens,
    peers: peersIn(cell("peer"), kinds, (words) => complain("peer", words)),
    transport,
    ...said,
    protocol: protocol === "" || protocol === "*" ? null : protocol,
    purpose: cell("what for"),
    need: oneOf("need", DISCLOSED_NEEDS, "not told"),
    document: cell("document"),
    page: cell("page"),
    day,
  };
}

const EXPECTED: Readonly<Record<Title, string>> = {
  opens: "device or peer: who opens it",
  peer: `kinds of devices with ";" between, or ${DISCLOSED_PEERS.join(", ")}`,
  transport: POLICY_TRANSPORTS.join(", "),
  ports: '"104, 11112", "default 104" where the site may set another, or "*" where the document names none',
  protocol: 'a protocol by its name in docs/protocols.md, or "*"',
  "what for": "what it is for",
  need: DISCLOSED_NEEDS.join(", "),
  document: "the document with its number and revision",
  page: "the page in it",
  day: "the document's day, such as 2026-01-31, 2026-01 or 2026",
};

function portsChecked(text: string, complain: (words: string) => void): void {
  try {
    serviceIn(text);
  } catch (error) {
    complain((error as Error).message);
  }
}

function peersIn(text: string, kinds: Kinds, complain: (words: string) => void): readonly string[] {
  const parts = text.split(text.includes(";") ? ";" : "|").map((it) => it.trim()).filter((it) => it !== ""); // prettier-ignore
  if (parts.length > PEERS_MAX) complain(`expected at most ${PEERS_MAX}, got ${parts.length}`);
  return parts.slice(0, PEERS_MAX).flatMap((part) => {
    const found = DISCLOSED_PEERS.find((it) => it === part.toLowerCase()) ?? kinds.called(part);
    if (found === null) complain(`expected ${EXPECTED.peer}, got ${quoted(part)}${meant(part.toLowerCase(), [...DISCLOSED_PEERS, ...kinds.names])}`); // prettier-ignore
    return found ?? [];
  });
}

function meant(text: string, words: readonly string[]): string {
  const near = nearest(text, words);
  return near === undefined ? "" : ` (did you mean ${near}?)`;
}

function quoted(text: string): string {
  return `"${text.length > QUOTED_LENGTH_MAX ? `${text.slice(0, QUOTED_LENGTH_MAX)}…` : text}"`;
}
