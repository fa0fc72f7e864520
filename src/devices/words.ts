/** What each thing heard about a device says of it: through the table of signs, and where no table can tell, here. */
import { macWords } from "../bytes/address.ts";
import type { Knowledge } from "../knowledge/index.ts";
import type { Recognized } from "../knowledge/recog.ts";
import { spelled } from "../knowledge/families.ts";
import type { Sign } from "../knowledge/signs.ts";
import { isHypervisor, isVirtualRouter } from "../knowledge/special-macs.ts";
import type { EvidenceRow, Weighed } from "../model/device.ts";
import { earlier, type ClaimRow, type EndpointRow, type Heard } from "../model/heard.ts";
import { isLocalMac, isNobodysMac, looksMadeUp } from "./address.ts";

/** One thing said, not yet weighed against the others. */
export interface Word extends Said {
  readonly attribute: Weighed | "names";
  readonly value: string;
  /** The line of weights.tsv that says what it is worth. */
  readonly source: string;
  readonly why: string;
  /** Of a kind: the whole model stands in the table of families, not only its beginning. */
  readonly exact?: boolean;
  /** Weeks between what others wrote down and when the device was heard: each halves what it is worth. */
  readonly weeks?: number;
  /** It counts nothing, and `why` says the reason. */
  readonly silenced?: boolean;
}

/** Where it was heard. */
type Said = Pick<EvidenceRow, "observed" | "raw" | "protocol" | "via" | "first" | "last" | "count">;

export function wordsOf(heard: Heard, knowledge: Knowledge): Word[] {
  const words = [...prefixWords(heard, knowledge), ...ttlWords(heard)];
  for (const claim of heard.claims) addClaimWords(words, claim, knowledge);
  if (heard.claims.length > 0)
    words.push(...capabilityWords(heard.claims, knowledge), ...sendingWords(heard.claims, knowledge), ...passingWords(heard.claims));
  words.push(...roleWords(heard, knowledge), ...childWords(heard));
  if (heard.claims.length === 0) return words;
  words.push(...imageWords(words, heard.claims, knowledge));
  words.push(...familyWords(words, knowledge));
  return words;
}

// Addresses. ----------------------------------------------------------------------------------------------------------------

/** A card's prefix names who made it, which is not always who made the device around it. */
function* prefixWords({ macs, endpoints }: Heard, { prefixes, makers }: Knowledge): Iterable<Word> {
  for (const mac of macs) {
    const [high, low] = macWords(mac) ?? [0, 0];
    if (isNobodysMac(high, low) || isLocalMac(high) || isVirtualRouter(high, low) || isHypervisor(high, low) || looksMadeUp(high, low))
      continue;
    const registrant = prefixes.registrant(high, low);
    if (registrant === null) continue;
    const { name, sector } = makers.called(registrant, "registry");
    const worn = endpoints.filter((endpoint) => endpoint.mac === mac);
    const said = { observed: "prefix", raw: mac, protocol: "", via: null, ...heardAt(worn) } as const;
    if (sector === "module" || sector === "virtual") {
      yield {
        ...said,
        attribute: "maker",
        value: name,
        source: "prefix",
        why: `${registrant} makes cards and radio modules for others' devices`,
        silenced: true,
      };
      continue;
    }
    yield { ...said, attribute: "maker", value: name, source: "prefix", why: `the card's prefix is registered to ${registrant}` };
    if (name === "Apple")
      yield { ...said, attribute: "os", value: "Apple system", source: "prefix", why: "Apple's cards sit in Apple's devices" };
  }
}

/** What its packets start from tells Windows from the others, as long as they all start from the same. */
function* ttlWords({ endpoints, macs }: Heard): Iterable<Word> {
  let ttls = 0;
  for (const endpoint of endpoints) if (endpoint.mac === null || macs.includes(endpoint.mac)) ttls |= endpoint.ttls & TTL_BITS;
  const initial = TTLS.find(({ bit }) => bit === ttls);
  if (initial === undefined) return;
  const said = {
    observed: "ttl",
    raw: String(initial.ttl),
    protocol: "ip",
    via: null,
    ...heardAt(endpoints.filter((it) => it.ttls !== 0)),
  } as const;
  for (const value of initial.systems) yield { ...said, attribute: "os", value, source: `TTL ${initial.ttl}`, why: initial.why };
}

const TTL_BITS = 0b1_1111;
const TTLS = [
  { bit: 2, ttl: 64, systems: ["Windows"], why: "speaks against it: Windows starts at 128" },
  { bit: 4, ttl: 128, systems: ["Windows"], why: "Windows starts at 128, hardly any other does" },
  { bit: 8, ttl: 255, systems: ["Windows", "Linux"], why: "speaks against it: neither starts at 255" },
] as const;

export function heardAt(endpoints: readonly EndpointRow[]): Pick<Said, "first" | "last" | "count"> {
  let first = 0;
  let last = 0;
  let count = 0;
  for (const endpoint of endpoints) {
    first = earlier(first, endpoint.first);
    last = Math.max(last, endpoint.last);
    count += endpoint.frames;
  }
  return { first, last, count };
}

// Claims. -------------------------------------------------------------------------------------------------------------------

/** Adds, since there are many and most say nothing. */
function addClaimWords(words: Word[], claim: ClaimRow, knowledge: Knowledge): void {
  const signs = knowledge.signs.of(claim.attribute, claim.protocol, claim.value);
  for (const { says, value, source } of signs) {
    if (says === "sends" || says === "works as" || says === "fits") continue;
    const word = { ...saidBy(claim), source, why: knowledge.weights.get(source)!.says };
    if (says === "windows") {
      const os = knowledge.systems.windows(value);
      if (os !== "") words.push({ ...word, attribute: "os", value: os });
    } else if (says === "listed model") {
      if (knowledge.families.of(value, null) !== null) words.push({ ...word, attribute: "model", value });
    } else if (says === "maker") words.push({ ...word, attribute: "maker", value: knowledge.makers.called(value, claim.protocol).name });
    else words.push({ ...word, attribute: says, value });
  }
  const recognized = knowledge.recog.of(claim.attribute, claim.protocol, claim.value);
  if (recognized !== null)
    for (const word of recognizedWords(recognized.found, saidBy(claim), recognized.source, knowledge))
      if (!signs.some(({ says }) => says === word.attribute)) words.push(word);
  const other = otherWord(claim, knowledge);
  if (other !== null) words.push({ ...saidBy(claim), ...other });
}

function saidBy({ attribute, value, protocol, via, first, last, count }: ClaimRow): Said {
  return { observed: attribute, raw: value, protocol, via, first, last, count };
}

function* recognizedWords(found: Recognized, said: Said, source: string, { makers, weights }: Knowledge): Iterable<Word> {
  const word = { ...said, source, why: weights.get(source)!.says };
  if (found.os !== undefined) yield { ...word, attribute: "os", value: found.os };
  if (found.maker !== undefined) yield { ...word, attribute: "maker", value: makers.called(found.maker).name };
  if (found.model !== undefined) yield { ...word, attribute: "model", value: found.model };
  if (found.serial !== undefined) yield { ...word, attribute: "serial", value: found.serial };
}

/** Fingerprints, names and places. */
function otherWord(claim: ClaimRow, { stacks, systems }: Knowledge): Omit<Word, keyof Said> | null {
  const { attribute, value } = claim;
  switch (attribute) {
    case "tcpSyn": {
      const stack = stacks.ofSyn(value);
      if (stack === null) return null;
      const source = stack.old ? "TCP, old table" : "TCP";
      return { attribute: "os", value: stack.os, source, why: `begins connections as ${stack.os} does` };
    }
    case "dhcpFingerprint": {
      const stack = stacks.ofOptions(value);
      return stack === null
        ? null
        : { attribute: "os", value: stack.os, source: "DHCP options", why: `asks for options as ${stack.detail || stack.os} does` };
    }
    case "ntlmVersion":
    case "ntlmClientVersion": {
      const os = isRealBuild(value) ? systems.windows(value) : "";
      const source = attribute === "ntlmVersion" ? "NTLM challenge" : "NTLM client";
      return os === "" ? null : { attribute: "os", value: os, source, why: `${source} says version ${value}` };
    }
    case "hostname":
      return {
        attribute: "names",
        value,
        source: claim.via === null ? "own name" : "told name",
        why: claim.via === null ? "what it calls itself" : "what another calls it",
      };
    case "stationName":
    case "aeTitle":
      return { attribute: "names", value, source: "role's name", why: "its name among DICOM applications" };
    case "askedAs":
      return { attribute: "names", value, source: "asked name", why: "what its address was asked as" };
    case "location":
      return { attribute: "location", value, source: "place", why: "where it says it is" };
    case "switchPort":
      return { attribute: "location", value, source: "port", why: "the port it is plugged into" };
    default:
      return null;
  }
}

/** A build of 0 is Samba's answer (identity notes 1). */
function isRealBuild(version: string): boolean {
  return !version.endsWith(".0");
}

// What only several claims together say. ------------------------------------------------------------------------------------------

/** Of all that a device is switched to do, the narrowest decides: a telephone with a second socket bridges, a switch may route. */
const NARROWEST_FIRST = ["telephone", "access point", "switch", "router"];

function* capabilityWords(claims: readonly ClaimRow[], { signs }: Knowledge): Iterable<Word> {
  for (const own of Map.groupBy(
    claims.filter(({ attribute }) => attribute === "capability"),
    ({ protocol }) => protocol,
  ).values()) {
    const [narrowest] = saying("works as", own, signs).toSorted(
      (a, b) => NARROWEST_FIRST.indexOf(a.sign.value) - NARROWEST_FIRST.indexOf(b.sign.value),
    );
    if (narrowest === undefined) continue;
    const { claim, sign } = narrowest;
    const all = own.map(({ value }) => value).sort().join(", "); // prettier-ignore
    yield { ...saidBy(claim), raw: all, attribute: "kind", value: sign.value, source: sign.source, why: `says that it works as ${all}` };
  }
}

/** Claims with the sign in them that says such a thing. */
function saying(
  says: Sign["says"],
  claims: readonly ClaimRow[],
  signs: Knowledge["signs"],
): { readonly claim: ClaimRow; readonly sign: Sign }[] {
  return claims.flatMap((claim) =>
    signs
      .of(claim.attribute, claim.protocol, claim.value)
      .filter((sign) => sign.says === says)
      .map((sign) => ({ claim, sign })),
  );
}

/** A modality sends images of one kind and keeps none; who handles several, or answers for them, passes on what others made. */
function* sendingWords(claims: readonly ClaimRow[], { signs }: Knowledge): Iterable<Word> {
  const roles = new Set(claims.filter(({ attribute }) => attribute === "dicomRole").map(({ value }) => value));
  if (!roles.has("storage sender") || roles.has("archive") || roles.has("storage receiver") || speaksForSeveral(claims)) return;
  // Many ask for all there is: what was sent counts where it was heard, else what was asked for.
  const stored = claims.filter(({ attribute }) => attribute === "storedClass");
  const classes = stored.length > 0 ? stored : claims.filter(({ attribute }) => attribute === "sopClass");
  const sent = classes.flatMap((claim) =>
    signs.of("sopClass", claim.protocol, claim.value).flatMap((sign) => (sign.says === "sends" ? [{ claim, sign }] : [])),
  );
  if (new Set(sent.map(({ sign }) => sign.value)).size !== 1) return;
  const [{ claim, sign }] = sent as [(typeof sent)[number]];
  yield { ...saidBy(claim), attribute: "kind", value: sign.value, source: sign.source, why: "sends images of this kind only" };
}

/**
 * What an image says of its maker is its sender's own where the sender names that model in another protocol too: who passes images on is
 * no such machine, and does not say that it is one. Titles and stations are set by hand, and often differ.
 */
function* imageWords(words: readonly Word[], claims: readonly ClaimRow[], { families }: Knowledge): Iterable<Word> {
  const own = words.filter(({ attribute, via, protocol }) => attribute === "model" && via === null && protocol !== "dicom");
  if (own.length === 0 || speaksForSeveral(claims)) return;
  for (const claim of claims) {
    if (claim.attribute !== "imagesOf" || families.of(claim.value, null)?.exact !== true) continue;
    const model = spelled(claim.value);
    const same = own.find(({ value }) => spelled(value).endsWith(model));
    if (same === undefined) continue;
    const why = `the images it sends say so, and so does what it says by ${same.protocol}`;
    yield { ...saidBy(claim), attribute: "model", value: claim.value, source: "image", why };
  }
}

/** A gateway, an engine, an archive: what it reports is of none of them, nor of itself. */
function speaksForSeveral(claims: readonly ClaimRow[]): boolean {
  return new Set(claims.flatMap(({ attribute, value }) => (attribute === "speaksFor" ? [value] : []))).size > 1;
}

/** A ward's system sends its own messages and receives others'; who sends on what it receives stands between them: an engine, a gateway, a pump server. */
function* passingWords(claims: readonly ClaimRow[]): Iterable<Word> {
  const passed = passedOn(claims);
  if (passed === undefined) return;
  yield { ...saidBy(passed), attribute: "kind", value: "clinical system", source: "role", why: "sends on what it receives" };
}

function passedOn(claims: readonly ClaimRow[]): ClaimRow | undefined {
  const roles = claims.filter(({ attribute }) => attribute === "hl7Role");
  const received = new Set(roles.map(({ value }) => /^receives (.+)/.exec(value)?.[1]));
  return roles.find(({ value }) => received.has(/^sends (.+)/.exec(value)?.[1] ?? ""));
}

function* roleWords({ roles, carrier, claims, endpoints }: Heard, { signs }: Knowledge): Iterable<Word> {
  for (const { role, protocol, port, transport, answered } of roles) {
    const sign = role === "server" && answered > 0 ? signs.ofServed(protocol, port) : null;
    if (sign === null) continue;
    const said = { observed: "service", raw: `${transport}/${port}`, protocol, via: null, ...heardAt(endpoints), count: answered } as const;
    yield { ...said, attribute: "kind", value: sign.value, source: sign.source, why: `answers ${protocol || `on port ${port}`}` };
  }
  if (!carrier) return;
  const claim = claims.find(({ attribute }) => attribute === "carrier");
  const said =
    claim === undefined ? ({ observed: "carrier", raw: "", protocol: "ip", via: null, ...heardAt(endpoints) } as const) : saidBy(claim);
  yield { ...said, attribute: "kind", value: "router", source: "role", why: "carries packets for other addresses" };
}

/** Of a device that speaks through a gateway the serial is how it is known. */
function* childWords({ endpoints, claims }: Heard): Iterable<Word> {
  // By a person's word one that was heard itself may be the same machine.
  const spokenFor = endpoints.find((it) => it.child !== null);
  if (spokenFor === undefined) return;
  const { number, child } = spokenFor;
  yield {
    observed: "serial",
    raw: child!,
    protocol: "",
    via: null,
    ...heardAt([spokenFor]),
    // It wore no frames. A report says each thing once at most.
    count: Math.max(0, ...claims.filter(({ endpoint }) => endpoint === number).map(({ count }) => count)),
    attribute: "serial",
    value: child!,
    source: "own record",
    why: "the number its gateway knows it by",
  };
}

/** What a model is, and what the card's maker adds to that. */
function* familyWords(words: readonly Word[], { families, kinds, makers, weights }: Knowledge): Iterable<Word> {
  const cards = words.filter(({ observed, attribute, silenced }) => observed === "prefix" && attribute === "maker" && !silenced);
  const named = new Map<string, string>();
  for (const { attribute, value, source, silenced } of words)
    if (attribute === "maker" && !silenced && named.get(value) !== "own word") named.set(value, weights.get(source)!.group);
  const supported = new Map<string, Word>();
  for (const word of words) {
    if (word.attribute === "names" && word.source === "own name") {
      const family = cards.map((card) => families.of(word.value, card.value)).find((it) => it !== null); // prettier-ignore
      if (family === undefined || family === null) continue;
      const why = `is called like ${oneOf(family.kind)} of ${family.maker}${bySite(family)}`;
      yield { ...word, attribute: "kind", value: family.kind, source: "name like a model", why };
      supported.set(
        family.kind,
        cards.find(({ value }) => value === family.maker)!,
      );
    } else if (word.attribute === "model") {
      const family = [...named.keys()].sort().map((maker) => families.of(word.value, maker)).find((it) => it !== null) ?? families.of(word.value, null); // prettier-ignore
      if (family === null) continue;
      const why = `${word.value} is ${oneOf(family.kind)} of ${family.maker}${bySite(family)}`;
      yield { ...word, attribute: "kind", value: family.kind, why, exact: family.exact };
      // What it says of its maker itself goes before what its model tells.
      if (![...named.values()].includes("own word")) yield { ...word, attribute: "maker", value: family.maker, why };
      const card = cards.find(({ value }) => value === family.maker);
      if (card !== undefined) supported.set(family.kind, card);
    } else if (word.attribute === "kind" && weights.get(word.source)!.group === "own word") {
      const card = cards.find(({ value }) =>
        word.source === "own capability" ? makers.called(value).sector === "network" : named.get(value) === "own word",
      );
      if (card !== undefined) supported.set(word.value, card);
    }
  }
  // For what keeps a patient alive or treats him a card is no second witness: other things of the same maker have it too.
  for (const [kind, card] of supported)
    if (!isCritical(kind, kinds))
      yield { ...card, attribute: "kind", value: kind, why: `the card is of ${card.value}, who makes such devices` };
}

/**
 * What it does as several kinds do counts for the one it says it is, once it is settled what counts at all. Who sends on what it receives,
 * or speaks for several, stands for others.
 */
export function* fittingWords(words: readonly Word[], claims: readonly ClaimRow[], { signs, kinds, weights }: Knowledge): Iterable<Word> {
  const fitting = saying("fits", claims, signs);
  if (fitting.length === 0) return;
  const isOwn = ({ attribute, source, via, silenced }: Word) =>
    attribute === "kind" && via === null && silenced !== true && weights.get(source)!.group === "own word" && source !== "own description";
  const own = new Set(words.filter(isOwn).map(({ value }) => value));
  const standsForOthers = speaksForSeveral(claims) || passedOn(claims) !== undefined || claims.some(isArchiving);
  for (const kind of own) {
    if (standsForOthers && !STANDS_FOR_OTHERS.some((it) => kinds.lineOf(kind).includes(it))) continue;
    for (const { claim, sign } of fitting)
      if (claim.via === null && sign.value.split("; ").some((it) => kinds.lineOf(kind).includes(it)))
        yield { ...saidBy(claim), attribute: "kind", value: kind, source: sign.source, why: `as ${oneOf(kind)} does` };
  }
}
function isArchiving({ attribute, value }: ClaimRow): boolean {
  return attribute === "dicomRole" && (value === "archive" || value === "storage receiver");
}

/** Of these it is the trade. */
const STANDS_FOR_OTHERS = ["clinical system", "central station", "pump dock"];

/** Whose word it is that a model is such a thing, where it is not ours. */
function bySite({ line }: { readonly line?: number }): string {
  return line === undefined ? "" : `, says line ${line} of the site's own families`;
}

/** "a ventilator", "an infusion pump", "an MR scanner". */
function oneOf(kind: string): string {
  return `${/^(?:[aeiou]|MR\b|X-ray)/i.test(kind) ? "an" : "a"} ${kind}`;
}

export function isCritical(kind: string, kinds: Knowledge["kinds"]): boolean {
  const care = kinds.careOf(kind);
  return care === "life-supporting" || care === "therapy";
}
