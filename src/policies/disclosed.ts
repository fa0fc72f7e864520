/**
 * What the devices of a model were heard doing beside what its maker says they do. Every conversation they took part in is declared, is
 * not declared, or nobody can tell, and says why. Silence of a declared flow is no proof: where the recording is too short or half heard
 * nobody can tell either.
 */
import { isOfModels } from "../knowledge/disclosures.ts";
import type { Kinds } from "../knowledge/kinds.ts";
import { LEAD_ASSERTED, LEAD_PROBABLY } from "../model/device.ts";
import {
  placesInWords,
  type AttachedToModel,
  type DeclaredFlow,
  type DisclosureReport,
  type HeardOfFlow,
  type ModelDisclosure,
  type StatedAnswer,
  type UndeclaredFlow,
} from "../model/disclosure.ts";
import type { HeardConversation, Machine, Replay } from "../model/replay.ts";
import { countOf, order } from "./cells.ts";
import { doubtsOfSilence } from "./check.ts";
import { DisclosedJudge, peerOf, type Judged } from "./disclosed-judge.ts";
import { isMulticast } from "./membership.ts";
import { serviceText } from "./service.ts";

/** The devices of some models that one document speaks of. */
export interface DisclosedModel {
  readonly disclosure: ModelDisclosure;
  readonly members: readonly Machine[];
  /** Only probably of such a model. */
  readonly probable: number;
  /** As devices say them, sorted. */
  readonly models: readonly string[];
}

const ADDRESSES_MAX = 8;

/** By maker and model. What a person attached goes before our own table; models nobody has here are left out. */
export function disclosedModels(
  machines: readonly Machine[],
  ours: readonly ModelDisclosure[],
  attached: readonly AttachedToModel[],
): readonly DisclosedModel[] {
  const theirs = new Map(attached.map((it) => [`${it.maker}\n${it.model}`, it]));
  const known = new Map<string, ModelDisclosure | null>();
  const of = (maker: string, model: string): ModelDisclosure | null => {
    const key = `${maker}\n${model}`;
    let found = known.get(key);
    if (found === undefined) known.set(key, (found = disclosureOf(maker, model, ours, theirs.get(key))));
    return found;
  };
  const all = new Map<ModelDisclosure, { members: Machine[]; probable: number; models: Set<string> }>();
  for (const machine of machines) {
    const { maker, model } = machine.device;
    if (model === null || model.lead < LEAD_PROBABLY) continue;
    const disclosure = of(maker?.value ?? "", model.value);
    if (disclosure === null) continue;
    const own = all.get(disclosure) ?? { members: [], probable: 0, models: new Set<string>() };
    all.set(disclosure, own);
    own.models.add(model.value);
    if (model.lead >= LEAD_ASSERTED) own.members.push(machine);
    else own.probable++;
  }
  return [...all]
    .map(([disclosure, { members, probable, models }]) => ({ disclosure, members, probable, models: [...models].sort(order) }))
    .sort((a, b) => order(modelInWords(a), modelInWords(b)));
}

export function modelInWords({ disclosure: { maker }, models }: DisclosedModel): string {
  return `${maker} ${models.join(", ")}`.trim();
}

function disclosureOf(maker: string, model: string, ours: readonly ModelDisclosure[], attached: AttachedToModel | undefined): ModelDisclosure | null {
  const printed = ours.find((it) => isOfModels(it, { maker, model })) ?? null;
  if (attached === undefined) return printed;
  const { disclosure, mds2 } = attached;
  const of = disclosure ?? printed ?? { whole: "part", flows: [] };
  return { maker, models: [model], whole: of.whole, flows: of.flows, mds2, attached: disclosure !== null };
} // prettier-ignore

export function compareDisclosed(model: DisclosedModel, replay: Replay, kinds: Kinds): DisclosureReport {
  const { disclosure, members, probable } = model;
  const judge = new DisclosedJudge(disclosure, members, replay.machines, kinds);
  const took = judge.allOf(replay.conversations);
  const doubts = doubtsOfSilence(replay.days.length, replay.coverage);
  const byNumber = new Map(replay.machines.map((it) => [it.number, it]));
  const own = new Set(members.map(({ number }) => number));
  const counted = (answer: Judged["answer"]) => took.filter((it) => it.judged.answer === answer).length;
  const byFlow = Map.groupBy(took, ({ judged }) => (judged.answer === "declared" ? judged.flow : -1));
  return {
    model: modelInWords(model),
    maker: disclosure.maker,
    devices: members.length,
    probable,
    window: { from: replay.from, to: replay.to, days: replay.days.length },
    documents: documentsOf(disclosure),
    whole: disclosure.whole,
    attached: disclosure.attached,
    doubts,
    declared: disclosure.flows.map((flow, place): DeclaredFlow => {
      const heard = heardOf(byFlow.get(place) ?? [], own);
      const answer = heard.conversations > 0 ? "heard" : doubts.length > 0 || members.length === 0 ? "cannot tell" : "not heard yet";
      return { ...flow, ...heard, answer };
    }),
    stated: statedOf(disclosure, took, own, byNumber),
    notDeclared: undeclared(took, "not declared", own, byNumber),
    cannotTell: undeclared(took, "cannot tell", own, byNumber),
    counts: {
      declared: counted("declared"),
      notDeclared: counted("not declared"),
      cannotTell: counted("cannot tell"),
      ground: counted("ground"),
      refused: counted("refused"),
    },
  };
}

function documentsOf({ flows, mds2 }: ModelDisclosure): readonly string[] {
  const documents = [...Map.groupBy(flows, ({ document }) => document)].map(([document, own]) => placesInWords(document, [...new Set(own.map(({ page }) => page))]));
  return [...documents, ...(mds2 === null ? [] : [`MDS2 of ${mds2.day}`])];
} // prettier-ignore

interface Took {
  readonly conversation: HeardConversation;
  readonly judged: Judged;
}

/** `own`: numbers of the model's devices. */
function heardOf(some: readonly Took[], own: ReadonlySet<number>): HeardOfFlow {
  const ends = some.flatMap(({ conversation: { client, server } }) => [client, server]);
  return {
    devices: new Set(ends.filter((it) => own.has(it))).size,
    others: new Set(some.map(({ conversation, judged }) => peerOf(conversation, judged))).size,
    conversations: some.length,
    days: countOf(some.reduce((all, { conversation }) => all | conversation.days, 0n)),
    first: some.length === 0 ? 0 : some.reduce((first, { conversation }) => Math.min(first, conversation.first), Infinity),
    last: some.reduce((last, { conversation }) => Math.max(last, conversation.last), 0),
  };
}

function undeclared(all: readonly Took[], answer: "not declared" | "cannot tell", own: ReadonlySet<number>, machines: ReadonlyMap<number, Machine>): UndeclaredFlow[] {
  const peerFrom = ({ conversation, judged }: Took) => machines.get(peerOf(conversation, judged))!;
  const rowOf = (some: readonly Took[]): UndeclaredFlow => {
    const [{ conversation: it, judged }] = some as readonly [Took, ...Took[]];
    return {
      opens: judged.opens,
      peer: peerInWords(peerFrom(some[0]!)),
      service: serviceText({ transport: it.transport, ports: [{ from: it.port, to: it.port }] }),
      protocols: [...new Set(some.flatMap(({ conversation }) => conversation.protocols))].sort(order),
      because: judged.because,
      unclear: judged.unclear,
      addresses: [...new Set(some.flatMap((took) => peerFrom(took).device.ips))].sort(order).slice(0, ADDRESSES_MAX),
      ...heardOf(some, own),
    };
  };
  const key = (took: Took) => [took.judged.opens, peerInWords(peerFrom(took)), took.conversation.transport, took.conversation.port, took.judged.because].join("\0");
  return [...Map.groupBy(all.filter(({ judged }) => judged.answer === answer), key).values()]
    .map(rowOf)
    .sort((a, b) => b.devices - a.devices || b.days - a.days || order(a.service, b.service) || order(a.opens, b.opens) || order(a.peer, b.peer) || order(a.because, b.because));
} // prettier-ignore

function peerInWords({ device: { standing, kind }, worn }: Machine): string {
  if (standing === "outside") return "outside";
  if (standing === "group") return worn.some(({ ip }) => ip !== null && isMulticast(ip)) ? "multicast" : "broadcast";
  if (kind === null || kind.lead < LEAD_PROBABLY) return "not known";
  return kind.lead >= LEAD_ASSERTED ? kind.value : `probably ${kind.value}`;
}

/** Questions of HN 1-2019 on the network, with who of the other ends they are about. */
const STATED: readonly (readonly [id: string, outside: boolean])[] = [
  ["CONN-3", false],
  ["CONN-4", true],
  ["CONN-6", true],
];

function statedOf({ mds2 }: ModelDisclosure, all: readonly Took[], own: ReadonlySet<number>, machines: ReadonlyMap<number, Machine>): StatedAnswer[] {
  return STATED.flatMap(([id, outside]) => {
    const said = mds2?.answers.find((it) => it.id === id);
    if (said === undefined) return [];
    const some = all.filter(({ conversation, judged }) => judged.answer !== "ground" && (machines.get(peerOf(conversation, judged))!.device.standing === "outside") === outside);
    const words = said.answer === "words" ? said.words : said.words === "" ? said.answer : `${said.answer}: ${said.words}`;
    return [{ id, question: said.question, answer: words, heard: heardOf(some, own).devices }];
  });
} // prettier-ignore
