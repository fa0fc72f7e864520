/** What evidence makes of one device: the words about it weighed, each attribute with its lead and its why. */
import { ipWords, macWords } from "../bytes/address.ts";
import type { Knowledge } from "../knowledge/index.ts";
import { CARE_CLASSES, CONFIDENCE_MAX, LEAD_SAID, surenessOf, WEIGHED } from "../model/device.ts";
import type { CareClass, EvidenceRow, Sayable, Stated } from "../model/device.ts";
import type { Described, Heard } from "../model/heard.ts";
import { isGroupMac, scopeOf } from "./address.ts";
import { displayName, nameKey, namesOf } from "./names.ts";
import { silenced } from "./silence.ts";
import { decide, stated } from "./weighing.ts";
import type { Decision, Vote } from "./weighing.ts";
import { fittingWords, heardAt, isCritical, wordsOf } from "./words.ts";
import type { Word } from "./words.ts";
import { faded, written } from "./written.ts";

export function describe(heard: Heard, knowledge: Knowledge): Described {
  const telling = silenced(written(wordsOf(heard, knowledge), heard), heard.claims, knowledge);
  const words = [...telling, ...fittingWords(telling, heard.claims, knowledge)];
  const heardKind = stated(decideKind(words, knowledge));
  const decided = {
    kind: saidKind(heard, knowledge) ?? heardKind,
    maker: said(heard, "maker") ?? stated(decideFlat(words, "maker", knowledge)),
    model: said(heard, "model") ?? stated(decideFlat(words, "model", knowledge)),
    serial: said(heard, "serial") ?? stated(decideFlat(words, "serial", knowledge)),
    udi: said(heard, "udi") ?? stated(decideFlat(words, "udi", knowledge)),
    software: said(heard, "software") ?? stated(decideFlat(words, "software", knowledge)),
    os: said(heard, "os") ?? stated(decideOs(words, knowledge)),
    location: said(heard, "location") ?? stated(newest(words, knowledge)),
  };
  const given = said(heard, "names");
  const heardNames = namesOf(words, knowledge);
  const names = given === null ? heardNames : [given, ...heardNames.filter(({ value }) => plain(value) !== plain(given.value))];
  const standing = standingOf(heard);
  // A kind of a person's own making is shown, and says nothing of what a patient loses: what was heard still does.
  const known = decided.kind === null || knowledge.kinds.has(decided.kind.value) ? decided.kind : heardKind;
  const care = careOf(heard, known, words, knowledge);
  return {
    name: displayName(names, decided.maker, heard),
    decided,
    filed: { controlNumber: said(heard, "controlNumber"), owner: said(heard, "owner"), status: said(heard, "status") },
    names,
    lifeCritical: care.is,
    standing,
    // Asked for only where it is shown.
    get evidence() {
      return [...evidenceOf(heard, words, knowledge), ...careRows(heard, known, care)];
    },
  };
}

/** A person's word wins. */
function said(heard: Heard, attribute: Sayable): Stated | null {
  const word = heard.said.get(attribute);
  return word === undefined ? null : { value: word.value, confidence: CONFIDENCE_MAX, lead: LEAD_SAID, saidBy: word.who };
}

/** Under the name the tree has for it, where it has one. */
function saidKind(heard: Heard, { kinds }: Knowledge): Stated | null {
  const word = said(heard, "kind");
  return word === null ? null : { ...word, value: kinds.called(word.value) ?? word.value };
}

// Weighing. -----------------------------------------------------------------------------------------------------------------------

type Column = "os" | "release" | "maker" | "model" | "kind" | "word";

/** Another's word is worth half, and never asserts by itself. */
function weightOf(word: Word, column: Column, { weights }: Knowledge): number {
  if (word.silenced) return 0;
  const weight = faded(weights.get(word.source)![column], word);
  return word.via === null || word.attribute === "names" ? weight : Math.trunc(weight / 2);
}

function voteOf(word: Word, value: string, column: Column, knowledge: Knowledge): Vote {
  const { group, alone } = knowledge.weights.get(word.source)!;
  return { value, weight: weightOf(word, column, knowledge), group, alone: alone && word.via === null, first: word.first };
}

/** Spellings of one value count together, under the one heard first. */
function decideFlat(
  words: readonly Word[],
  attribute: "maker" | "model" | "serial" | "udi" | "software",
  knowledge: Knowledge,
): Decision | null {
  const own = words.filter((word) => word.attribute === attribute && word.value !== "");
  const column = attribute === "maker" || attribute === "model" ? attribute : "word";
  if (own.length < 2) return decide(own.map((word) => voteOf(word, word.value, column, knowledge)));
  const spelled = new Map<string, string>();
  for (const { value } of own.toSorted((a, b) => a.first - b.first || (a.value < b.value ? -1 : 1))) {
    const key = plain(value);
    if (!spelled.has(key)) spelled.set(key, value);
  }
  return decide(own.map((word) => voteOf(word, spelled.get(plain(word.value))!, column, knowledge)));
}

function plain(value: string): string {
  return value.normalize("NFKC").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ""); // prettier-ignore
}

function decideOs(words: readonly Word[], knowledge: Knowledge): Decision | null {
  const own = words.filter((word) => word.attribute === "os");
  const line = (word: Word) => knowledge.systems.pathOf(word.value);
  return decideDown(own.map((word) => line(word).map(({ name, level }) => voteOf(word, name, level === "system" ? "os" : "release", knowledge)))); // prettier-ignore
}

function decideKind(words: readonly Word[], knowledge: Knowledge): Decision | null {
  const { kinds, weights } = knowledge;
  const own = words
    .filter((word) => word.attribute === "kind" && kinds.has(word.value))
    .map((word) => ({ word, line: kinds.lineOf(word.value).toReversed() }));
  // What is asserted needs the device's own word; where a patient hangs on it, its exact model, and a second witness that is no card.
  const mayAssert = (kind: string) => {
    const speaking = own.filter(({ word, line }) => line.includes(kind) && weightOf(word, "kind", knowledge) > 0).map(({ word }) => word);
    const byItself = speaking.filter((word) => weights.get(word.source)!.group === "own word");
    if (!speaking.some((word) => isCritical(word.value, kinds))) return byItself.length > 0;
    const groups = new Set(speaking.map((word) => weights.get(word.source)!.group));
    return byItself.some((word) => word.exact) && groups.size > 1;
  };
  const votes = own.map(({ word, line }) => line.map((kind) => voteOf(word, kind, "kind", knowledge)));
  return decideDown(votes, mayAssert);
}

/** Each vote is one for every place on its way down a tree. Goes from the roots to what lies under the winner, as far as that is as sure. */
function decideDown(votes: readonly (readonly Vote[])[], mayAssert?: (value: string) => boolean): Decision | null {
  let chosen: Decision | null = null;
  let left = votes;
  for (let depth = 0; left.length > 0; depth++) {
    const decision = decide(left.flatMap((line) => line[depth] ?? []), mayAssert); // prettier-ignore
    if (decision === null) break;
    const lead = Math.min(decision.lead, chosen?.lead ?? decision.lead);
    if (chosen !== null && surenessOf(lead) !== surenessOf(chosen.lead)) break;
    chosen = { ...decision, lead };
    left = left.filter((line) => line[depth]?.value === decision.value);
  }
  return chosen;
}

/** A device is where it was last said to be; a room tells more than a port, and a port more than a network. */
function newest(words: readonly Word[], knowledge: Knowledge): Decision | null {
  const places = words
    .filter((word) => word.attribute === "location" && word.value !== "")
    .toSorted((a, b) => b.last - a.last || (a.value < b.value ? -1 : 1));
  const narrowest = PLACES.find((isOf) => places.some(isOf)) ?? (() => false);
  const best = places.find(narrowest);
  if (best === undefined) return null;
  // Where the port leads was written down of the port, at whatever time.
  const described = places.find((word) => word.source === "port list" && word.value.startsWith(`${best.value}, `)) ?? best;
  return { value: described.value, lead: weightOf(best, "word", knowledge) };
}
const PLACES: readonly ((word: Word) => boolean)[] = [
  (word) => word.observed === "location" && word.source !== "subnet list",
  (word) => word.observed !== "location",
  (word) => word.source === "subnet list",
];

// What is shown. --------------------------------------------------------------------------------------------------------------------

/**
 * By the kind, as far as it is at least probable. A device of which only that it is medical can be told counts as life-supporting:
 * being careful with it costs little. One that shows no sign of medicine is "other".
 */
function careOf(heard: Heard, kind: Stated | null, words: readonly Word[], { kinds, makers }: Knowledge): Care {
  const given = CARE_CLASSES.find((it) => it === heard.said.get("lifeCritical")?.value);
  if (given !== undefined) return { is: given, why: "" };
  const care = kind === null ? null : kinds.careOf(kind.value);
  if (care !== null) return { is: care, why: `follows from what it is: ${kind!.value}` };
  if (kind !== null && !kinds.lineOf(kind.value).includes("medical device")) return { is: "other", why: "" };
  const medical = words.find((it) => it.attribute === "maker" && !it.silenced && makers.called(it.value).sector === "medical");
  if (kind !== null || medical !== undefined) {
    const sign = medical === undefined ? "it is a medical device" : `${medical.value} makes medical devices`;
    return { is: "life-supporting", why: `${sign}; while its kind is not known we take the careful side` };
  }
  // Who only takes part in the exchange of images or messages is neither at the bedside nor nothing.
  if (heard.claims.some(({ attribute }) => attribute === "dicomRole")) return { is: "diagnostic", why: "it takes part in the exchange of images" }; // prettier-ignore
  if (heard.claims.some(({ attribute }) => attribute === "hl7Role")) return { is: "clinical IT", why: "it takes part in the exchange of messages" }; // prettier-ignore
  return { is: "other", why: "" };
}

/** `why`: "" where a person said it, or where nothing says that it is medical. */
interface Care {
  readonly is: CareClass;
  readonly why: string;
}

function careRows({ endpoints }: Heard, kind: Stated | null, { is, why }: Care): EvidenceRow[] {
  if (why === "") return [];
  const said = { observed: "conclusion", raw: kind?.value ?? "", protocol: "", via: null, ...heardAt(endpoints) } as const;
  return [{ ...said, attribute: "lifeCritical", value: is, group: "kind", weight: kind?.lead ?? 0, why }];
}

function standingOf({ endpoints, carrier, outside, ips, macs }: Heard): Described["standing"] {
  const areGroups = ips.every(isGroupIp) && macs.every((mac) => isGroupMac(macWords(mac)?.[0] ?? 0)) && ips.length + macs.length > 0;
  // A subnet's broadcast address looks like any other; but it is only ever sent to, in frames for all.
  const isOnlySentTo =
    endpoints.every(({ frames }) => frames === 0) && endpoints.some(({ mac }) => mac !== null && isGroupMac(macWords(mac)?.[0] ?? 0));
  if (areGroups || isOnlySentTo || (ips.length === 0 && macs.length === 0 && endpoints[0]?.child === null)) return "group";
  return carrier ? "carrier" : outside ? "outside" : "device";
}

function isGroupIp(ip: string): boolean {
  const words = ipWords(ip);
  return words !== null && scopeOf(words) === "group";
}

/** Each word with what it counted; the strongest first within each attribute. */
function evidenceOf(heard: Heard, words: readonly Word[], knowledge: Knowledge): EvidenceRow[] {
  const rows: EvidenceRow[] = [];
  for (const [attribute, { value, who, reason, at }] of heard.said)
    rows.push({
      attribute,
      value,
      observed: "operator",
      raw: who,
      protocol: "",
      via: null,
      group: "operator",
      weight: LEAD_SAID,
      why: reason,
      first: at,
      last: at,
      count: 1,
    });
  const strongest = new Map<string, Word>();
  const weighed = words.map((word) => ({
    word,
    weight: weightOf(word, columnOf(word), knowledge),
    group: knowledge.weights.get(word.source)!.group,
  }));
  weighed.sort(
    (a, b) =>
      ORDER.indexOf(a.word.attribute) - ORDER.indexOf(b.word.attribute) ||
      b.weight - a.weight ||
      a.word.first - b.word.first ||
      (a.word.value < b.word.value ? -1 : 1),
  );
  for (const { word, weight, group } of weighed) {
    const key = `${word.attribute} ${word.attribute === "names" ? nameKey(word) : plain(word.value)} ${group}`;
    const stronger = weight > 0 ? strongest.get(key) : undefined;
    if (weight > 0 && stronger === undefined) strongest.set(key, word);
    const { attribute, value, observed, raw, protocol, via, first, last, count } = word;
    const why = stronger === undefined ? word.why : `${word.why}; counted once, as of: ${stronger.why}`;
    rows.push({
      attribute,
      value,
      observed,
      raw,
      protocol,
      via,
      group,
      weight: stronger === undefined ? weight : 0,
      why,
      first,
      last,
      count,
    });
  }
  return rows;
}

const ORDER: readonly Word["attribute"][] = ["names", ...WEIGHED];

function columnOf({ attribute }: Word): Column {
  return attribute === "os" || attribute === "maker" || attribute === "model" || attribute === "kind" ? attribute : "word";
}
