/** What is said of machines, against what is true of them: per attribute, per band of confidence, beside rivals; each miss with its cause. */
import { loadKnowledge } from "../src/knowledge/index.ts";
import { CONFIDENCE_MAX } from "../src/model/device.ts";
import { protocols } from "../src/protocols/index.ts";
import { ATTRIBUTES, type Attribute, type Device, type Inventory, type Stated } from "./inventory.ts";
import { shareOf, Tally } from "./tally.ts";
import { deviceOf, isRight, type Truth } from "./truth.ts";
import type { Statement } from "./tshark.ts";

interface Outcome {
  readonly capture: { readonly file: string };
  readonly inventory: Inventory | null;
  readonly truths: readonly Truth[];
  readonly stated: ReadonlyMap<string, readonly Statement[]>;
}

/** One attribute of one machine of which something is true. */
interface Case extends Outcome {
  readonly truth: Truth;
  /** The surest of what is said of it; undefined where nothing is. */
  readonly said: Stated | undefined;
  readonly right: boolean;
}

const BANDS = [
  { name: "asserted (0.99)", from: CONFIDENCE_MAX, to: 1 },
  { name: "probably (0.90 to 0.98)", from: 0.9, to: CONFIDENCE_MAX },
  { name: "probably (0.75 to 0.89)", from: 0.75, to: 0.9 },
] as const;
const EVIDENCE_SHOWN_MAX = 4;
const { kinds } = loadKnowledge();

export function* judgedLines(outcomes: readonly Outcome[], rivals: readonly string[], misses: boolean): Iterable<string> {
  const cases = outcomes.flatMap((outcome) => outcome.truths.map((truth) => caseOf(outcome, truth)));
  yield "  asserted, of what is known to be true:";
  for (const attribute of ATTRIBUTES) {
    const own = cases.filter(({ truth }) => truth.attribute === attribute);
    const all = tallyOf(own, ({ said }) => said !== undefined);
    yield `    ${attribute.padEnd(10)} ${tallyOf(own, isAsserted).words("asserted")}; at least probable ${all.right} right of ${all.stated}`;
  }
  yield "  how often right is what was said so surely:";
  for (const { name, from, to } of BANDS) {
    const tally = new Tally();
    for (const { said, right } of cases) if (said !== undefined && said.confidence >= from && said.confidence < to) tally.count(right);
    yield `    ${name.padEnd(24)} ${tally.words("stated")}`;
  }
  for (const rival of rivals) yield* besideLines(cases, outcomes, rival);
  yield* careLines(cases, outcomes, misses);
  yield* clinicalLines(outcomes, misses);
  if (!misses) return;
  for (const it of cases)
    if (it.said !== undefined && !it.right) yield `    wrong: ${told(it)}, got ${it.said.value} (${it.said.confidence}) ${causes(it)}`;
  for (const it of cases) if (!isAsserted(it)) yield `    ${it.said === undefined ? "silent" : "not sure"}: ${told(it)} ${causes(it)}`;
}

function caseOf(outcome: Outcome, truth: Truth): Case {
  const said = saidOf(truth.device, truth.attribute);
  const best = said.filter(({ confidence }) => confidence === said[0]!.confidence);
  return { ...outcome, truth, said: best[0], right: best.some(({ value }) => isRight(truth.attribute, value, truth)) };
}

/** Surest first: a machine has several names, of which those that are as sure as each other are tried alike. */
function saidOf(device: Device | null, attribute: Attribute): readonly Stated[] {
  if (device === null) return [];
  const said = attribute === "names" ? device.names : device[attribute];
  return [said ?? []].flat().toSorted((a, b) => b.confidence - a.confidence);
}

function isAsserted({ said }: Case): boolean {
  return said !== undefined && said.confidence >= CONFIDENCE_MAX;
}

function tallyOf(cases: readonly Case[], counts: (it: Case) => boolean): Tally {
  const tally = new Tally();
  tally.possible = cases.length;
  for (const it of cases) if (counts(it)) tally.count(it.right);
  return tally;
}

/** Its precision, and ours of as many of the same cases: those we are surest of. */
function* besideLines(cases: readonly Case[], outcomes: readonly Outcome[], rival: string): Iterable<string> {
  for (const attribute of ATTRIBUTES) {
    const own = cases.filter(({ truth }) => truth.attribute === attribute);
    const theirs = new Tally();
    theirs.possible = own.length;
    for (const { truth, inventory, stated } of own) {
      const texts = statedOf(stated.get(rival) ?? [], truth, inventory!);
      if (texts.length > 0) theirs.count(texts.some((text) => isRight(attribute, text, truth)));
    }
    if (theirs.stated === 0) continue;
    const surest = own.filter(({ said }) => said !== undefined).toSorted((a, b) => b.said!.confidence - a.said!.confidence);
    const ours = tallyOf(surest.slice(0, theirs.stated), () => true);
    yield `  ${rival}, ${attribute}: ${theirs.words("stated")}`;
    yield `    Auscult, its surest ${ours.stated}: ${ours.right} right; ${shareOf(ours)}`;
  }
  yield `  ${rival} and Auscult agree: ${agreement(outcomes, rival)}`;
}

/** Of a machine that asks for its address it knows no address: it is the one that asks. */
function statedOf(statements: readonly Statement[], { attribute, about, device, fields }: Truth, inventory: Inventory): readonly string[] {
  const isAbout = (it: Statement) =>
    it.about === about ||
    (device !== null && deviceOf(inventory.devices, it.about) === device) ||
    (it.about === "0.0.0.0" && fields.some((field) => field.startsWith("dhcp.")));
  return statements.filter((it) => it.attribute === attribute && isAbout(it)).map(({ text }) => text);
}

function agreement(outcomes: readonly Outcome[], rival: string): string {
  const counts = new Map<Attribute, Tally>();
  for (const { inventory, stated } of outcomes)
    for (const { about, attribute, text } of stated.get(rival) ?? []) {
      const said = saidOf(deviceOf(inventory!.devices, about), attribute);
      if (said.length === 0) continue;
      const tally = counts.get(attribute) ?? new Tally();
      counts.set(attribute, tally);
      tally.count(said.some(({ value }) => isRight(attribute, value, { texts: [text] })));
    }
  return [...counts].map(([attribute, { right, stated }]) => `${attribute} ${right} of ${stated}`).join(", ") || "on nothing";
}

/** Devices whose failing a patient would feel: who is asserted to be one must be one. */
function* careLines(cases: readonly Case[], outcomes: readonly Outcome[], misses: boolean): Iterable<string> {
  const critical = outcomes.flatMap(({ capture, inventory }) =>
    (inventory?.devices ?? []).flatMap((device) => {
      const care = device.kind === null || device.kind.confidence < CONFIDENCE_MAX ? null : kinds.careOf(device.kind.value);
      return care === "therapy" || care === "life-supporting" ? [{ capture, device }] : [];
    }),
  );
  const denied = cases.filter(
    ({ truth, right }) => truth.attribute === "kind" && !right && critical.some(({ device }) => device === truth.device),
  );
  yield `  asserted to treat a patient or keep one alive: ${critical.length} devices, ${denied.length} of them known to be something else`;
  if (misses)
    for (const { capture, device } of critical) yield `    ${capture.file}: ${device.ips[0] ?? device.macs[0]} is ${device.kind!.value}`;
}

/** Machines that take part in care, by the protocols they speak: programs that only try one out are among them. */
function* clinicalLines(outcomes: readonly Outcome[], misses: boolean): Iterable<string> {
  const speaking = outcomes.flatMap(({ capture, inventory }) =>
    inventory === null ? [] : speaksClinically(inventory).map((device) => ({ capture, device })),
  );
  const asserted = speaking.filter(({ device }) => device.kind !== null && device.kind.confidence >= CONFIDENCE_MAX).length;
  const probable = speaking.filter(({ device }) => device.kind !== null).length - asserted;
  yield `  heard in a clinical protocol: ${speaking.length} devices; kind asserted of ${asserted}, probable of ${probable}`;
  if (!misses) return;
  for (const { capture, device } of speaking) {
    const said = device.kind === null ? "not known" : `${device.kind.value} (${device.kind.confidence})`;
    yield `    ${capture.file}: ${device.ips[0] ?? device.macs[0]} is ${said} ${evidenceFor(device, "kind")}`;
  }
}

export function speaksClinically({ conversations, devices }: Inventory): readonly Device[] {
  const ips = new Set(conversations.filter((it) => CLINICAL.has(it.protocol ?? "")).flatMap((it) => [it.client, it.server]));
  return devices.filter((device) => device.ips.some((ip) => ips.has(ip)));
}

const CLINICAL = new Set(protocols.filter(({ setting }) => setting === "clinical").map(({ name }) => name));

function told({ capture, truth }: Case): string {
  return `${capture.file}: ${truth.attribute} of ${truth.about} is ${truth.texts.join(" or ")} (${truth.fields.join(", ")})`;
}

function causes({ truth: { device, attribute } }: Case): string {
  return device === null ? "because no such device is known" : evidenceFor(device, attribute);
}

function evidenceFor(device: Device, attribute: Attribute): string {
  const rows = device.evidence.filter((it) => it.attribute === attribute).toSorted((a, b) => b.weight - a.weight);
  const shown = rows
    .slice(0, EVIDENCE_SHOWN_MAX)
    .map(({ value, weight, protocol }) => `${value} ${weight}${protocol === "" ? "" : ` ${protocol}`}`);
  // Names of people's machines are kept as patterns alone (docs/privacy.md): which these are is not told here either.
  const nothing = attribute === "names" ? "it was not heard, or is withheld" : "nothing was heard";
  return `because ${shown.join("; ") || nothing}`;
}
