/** Words that count nothing because of what else was heard. Each trap here was met in a capture (identity notes 1 and 4). */
import type { Knowledge } from "../knowledge/index.ts";
import type { ClaimRow } from "../model/heard.ts";
import { attributes } from "../model/observation.ts";
import { isFilledIn } from "./keys.ts";
import type { Word } from "./words.ts";

export function silenced(words: readonly Word[], claims: readonly ClaimRow[], knowledge: Knowledge): readonly Word[] {
  const reasons = new Map<Word, string>();
  if (claims.length > 0 || words.some(({ observed }) => observed === "service"))
    for (const [rule, reason] of RULES) for (const word of rule(words, claims, knowledge)) reasons.set(word, reason);
  return reasons.size === 0
    ? words
    : words.map((word) => (reasons.has(word) ? { ...word, silenced: true, why: reasons.get(word)! } : word));
}

type Rule = (words: readonly Word[], claims: readonly ClaimRow[], knowledge: Knowledge) => Iterable<Word>;

const RULES: readonly (readonly [rule: Rule, reason: string])[] = [
  [sambasWindows, "Samba answers so: its other field says what it is"],
  [(words, _, knowledge) => several(words, "user agent", knowledge), "programs of several systems use this address: they tell of none"],
  [(words, _, knowledge) => several(words, "TCP", knowledge), "connections begin in the manner of several systems: they tell of none"],
  [severalProducts, "several servers answer at this address: what they are says nothing of the machine"],
  [computersBeside, "programs of other systems say that too, for the files they share"],
  [passedOn, "a machine behind it says so, whose answers it passes on"],
  [programsBeside, "a program on it, beside the software that its own record names"],
  [notFilledIn, "no serial number, but what stands where nobody wrote one"],
  [portBeside, "a port says less than the program that answers on it"],
  [servingBeside, "many devices serve that too: it tells what a machine is where nothing else does"],
  [passingBeside, "other systems send on what they receive too: it tells what a machine is where nothing else does"],
  [severalModalities, "sends images of several kinds: it passes on what others made"],
];

/** Samba says "Windows 6.1" as its system, and itself in the field for the LAN manager. */
function sambasWindows(words: readonly Word[], claims: readonly ClaimRow[]): Iterable<Word> {
  const samba = claims.find(({ attribute, value }) => attribute === "lanManager" && /^samba/i.test(value));
  return words.filter(
    (word) =>
      word.observed === "osStated" && word.protocol === samba?.protocol && word.attribute === "os" && word.value.startsWith("Windows"),
  );
}

/** "Android" and "Linux" are no two systems; "Windows" and "Linux" are. */
function several(words: readonly Word[], group: string, { systems, weights }: Knowledge): Iterable<Word> {
  const own = words.filter((word) => word.attribute === "os" && word.observed !== "ttl" && weights.get(word.source)!.group === group);
  return new Set(own.map((word) => systems.pathOf(word.value)[0]!.name)).size > 1 ? own : [];
}

function severalProducts(words: readonly Word[], claims: readonly ClaimRow[]): Iterable<Word> {
  const banners = claims.filter(({ attribute, protocol }) => attribute === "serverBanner" && protocol === "http");
  const products = new Set(banners.map(({ value }) => /^[^/\s(]*/.exec(value)![0].toLowerCase()));
  return products.size > 1 ? words.filter((word) => word.observed === "serverBanner" && word.protocol === "http") : [];
}

/** Beside Samba, wsdd announces a server of files in the words of a Windows workstation; its packets do not start where those of Windows do. */
function computersBeside(words: readonly Word[]): readonly Word[] {
  const computers = words.filter((word) => word.attribute === "kind" && word.protocol === "wsdiscovery" && word.raw === "Computer");
  return words.some(({ observed, raw }) => observed === "ttl" && raw !== WINDOWS_TTL) ? computers : [];
}
const WINDOWS_TTL = "128";

/** Of a balancer without a name of its own all that its visitors hear are the servers behind it. */
function passedOn(words: readonly Word[], claims: readonly ClaimRow[]): readonly Word[] {
  const passed = new Set(claims.filter(({ attribute }) => attribute === "passesOn").map(({ value }) => value));
  return passed.size === 0
    ? []
    : words.filter((word) => word.observed === "serverBanner" && word.protocol === "http" && passed.has(word.raw));
}

function notFilledIn(words: readonly Word[]): Iterable<Word> {
  return words.filter((word) => word.attribute === "serial" && !isFilledIn(word.value));
}

/** A scanner has a toolkit, a pump an SSH server: neither contradicts what the device says its own software is. */
function programsBeside(words: readonly Word[]): readonly Word[] {
  const own = words.filter((word) => word.attribute === "software" && word.via === null);
  const isRecorded = own.some(({ source, value }) => RECORDS.has(source) && value !== "");
  return isRecorded ? own.filter(({ source }) => !RECORDS.has(source)) : [];
}
const RECORDS = new Set(["own record", "image"]);

function severalModalities(words: readonly Word[]): Iterable<Word> {
  const own = words.filter((word) => word.observed === "modality");
  const keeps = words.some((word) => word.observed === "dicomRole" && word.value === "image archive");
  return keeps || new Set(own.map((word) => word.value)).size > 1 ? own : [];
}

/** Telephones and their exchange answer on one port: what answers there in the same protocol says which. */
function portBeside(words: readonly Word[]): readonly Word[] {
  const kinds = words.filter((word) => word.attribute === "kind");
  const programs = new Set(kinds.filter(({ source }) => source === "server program").map(({ protocol }) => protocol));
  return kinds.filter((word) => word.source === "port alone" && programs.has(word.protocol));
}

/** Of a medical maker's machine, or one that takes part in care, a web server tells nothing: to take it for a mere server would be careless. */
function servingBeside(words: readonly Word[], claims: readonly ClaimRow[], { weights, makers }: Knowledge): Iterable<Word> {
  const serving = words.filter((word) => word.attribute === "kind" && weights.get(word.source)!.group === "server");
  if (serving.length === 0) return [];
  const beside = new Set(portBeside(words));
  const telling = words.filter((word) => !beside.has(word));
  const isToldOtherwise =
    telling.some((word) => word.attribute === "kind" && weights.get(word.source)!.group !== "server") ||
    words.some((word) => word.attribute === "maker" && makers.called(word.value).sector === "medical") ||
    claims.some(({ attribute }) => attributes[attribute].clinical);
  return isToldOtherwise ? serving : [];
}

/** A central station sends on its monitors' results, an archive its orders. */
function passingBeside(words: readonly Word[], _: readonly ClaimRow[], { weights }: Knowledge): Iterable<Word> {
  const isPassing = (word: Word) => word.observed === "hl7Role" && word.value === "clinical system";
  const isToldOtherwise = words.some(
    (word) => word.attribute === "kind" && word.value !== "clinical system" && weights.get(word.source)!.group !== "server",
  );
  return isToldOtherwise ? words.filter(isPassing) : [];
}
