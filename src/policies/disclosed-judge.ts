/** Whether one conversation of a model's devices is among those its maker declares. */
import type { Kinds } from "../knowledge/kinds.ts";
import { LEAD_ASSERTED } from "../model/device.ts";
import { placeInWords, type DisclosedFlow, type ModelDisclosure, type Unclear } from "../model/disclosure.ts";
import type { Service } from "../model/policy.ts";
import type { HeardConversation, Machine } from "../model/replay.ts";
import { judgeConversation, offers } from "./evaluate.ts";
import { isMulticast } from "./membership.ts";
import { serviceIn } from "./service.ts";

export type Judged = {
  /** Who opened it, seen from the device of the model it was judged for. */
  readonly opens: DisclosedFlow["opens"];
  readonly because: string;
  /** Of what nobody can tell: whether the document or the recording leaves it open; else null. */
  readonly unclear: Unclear | null;
} & ({ readonly answer: "declared"; readonly flow: number } | { readonly answer: "not declared" | "cannot tell" | "ground" | "refused" });

/** The end that the device of the model talked to; both may be of it. */
export function peerOf({ client, server }: HeardConversation, { opens }: Judged): number {
  return opens === "device" ? server : client;
}

/** "" fits, null does not; else what is not known, and so whether it does. */
type Fit = "" | Doubt | null;
type Doubt = { readonly because: string; readonly unclear: Unclear };

const NOTHING = { name: "", sets: [], rules: [] };

export class DisclosedJudge {
  readonly #disclosure: ModelDisclosure;
  readonly #flows: readonly { readonly flow: DisclosedFlow; readonly service: Service | null }[];
  readonly #members: ReadonlySet<number>;
  readonly #machines: ReadonlyMap<number, Machine>;
  readonly #kinds: Kinds;

  constructor(disclosure: ModelDisclosure, members: readonly Machine[], machines: readonly Machine[], kinds: Kinds) {
    this.#disclosure = disclosure;
    this.#flows = disclosure.flows.map((flow) => ({ flow, service: flow.ports === null ? null : serviceIn(`${flow.transport} ${flow.ports}`) }));
    this.#members = new Set(members.map(({ number }) => number));
    this.#machines = new Map(machines.map((it) => [it.number, it]));
    this.#kinds = kinds;
  } // prettier-ignore

  /** Those that a device of the model took part in. Frames to a group's card without IP are nothing a document speaks of. */
  allOf(conversations: readonly HeardConversation[]): readonly { readonly conversation: HeardConversation; readonly judged: Judged }[] {
    return conversations.flatMap((conversation) => {
      const judged = this.of(conversation);
      return judged === null ? [] : [{ conversation, judged }];
    });
  }

  /** Null where no device of the model took part. */
  of(it: HeardConversation): Judged | null {
    const [client, server] = [this.#machines.get(it.client)!, this.#machines.get(it.server)!];
    if (server.device.standing === "group" && server.worn.every(({ ip }) => ip === null)) return null;
    const sides: Judged[] = [];
    if (this.#members.has(it.client)) sides.push(this.#asked(it, "device", server));
    if (this.#members.has(it.server)) sides.push(this.#asked(it, "peer", client));
    // Where both are of the model, either's document is enough.
    const best = ORDER.flatMap((answer) => sides.filter((side) => side.answer === answer))[0];
    if (best === undefined || best.answer === "declared") return best ?? null;
    if (judgeConversation(NOTHING, { ...it, client: [], server: [] }).outcome === "ground")
      return { opens: best.opens, answer: "ground", because: "", unclear: null };
    // What it refuses it was not made for, whoever asks.
    if (best.opens === "peer" && it.answered === 0 && it.refused > 0)
      return { opens: "peer", answer: "refused", because: "", unclear: null };
    return best;
  }

  #asked(it: HeardConversation, opens: DisclosedFlow["opens"], peer: Machine): Judged {
    let doubt: Doubt | null = null;
    for (const [place, { flow, service }] of this.#flows.entries()) {
      if (flow.opens !== opens || flow.transport !== it.transport) continue;
      const fits = [this.#peerFits(flow, peer), this.#portFits(it, flow, service)];
      if (fits.includes(null)) continue;
      const [unsure] = fits.filter((fit) => fit !== "" && fit !== null);
      if (unsure === undefined) return { opens, answer: "declared", flow: place, because: "", unclear: null };
      doubt ??= unsure;
    }
    if (doubt === null && it.side === "guessed" && this.#machines.get(it.server)!.device.standing !== "group")
      doubt = { because: "who began it is a guess: hear its beginning, or both directions", unclear: "recording" };
    return doubt === null ? this.#leftOut(opens, peer) : { opens, answer: "cannot tell", ...doubt };
  }

  /** No flow is it: whether the documents would have it if it were one. */
  #leftOut(opens: DisclosedFlow["opens"], { device }: Machine): Judged {
    const { whole, flows, mds2 } = this.#disclosure;
    // CONN-3: talks with other systems of the customer's; CONN-4: with those outside (HN 1-2019).
    const id = device.standing === "outside" ? "CONN-4" : "CONN-3";
    const said = mds2?.answers.find((it) => it.id === id)?.answer;
    if (said === "no") return { opens, answer: "not declared", because: `MDS2 of ${mds2!.day}, ${id}: no`, unclear: null };
    const isWhole = whole === "all" || (whole === "opened by it" && opens === "device") || (whole === "opened to it" && opens === "peer");
    if (isWhole && !(id === "CONN-4" && said !== undefined)) return { opens, answer: "not declared", because: "", unclear: null };
    const [read] = flows;
    const because = isWhole
      ? `MDS2 of ${mds2!.day}, CONN-4 allows for systems outside and names no ports`
      : read === undefined
        ? "the MDS2 form names no ports"
        : `not all of ${read.document} is known here`;
    return { opens, answer: "cannot tell", because, unclear: "document" };
  }

  #portFits({ transport, port, protocols }: HeardConversation, flow: DisclosedFlow, service: Service | null): Fit {
    const speaks = flow.protocol === null || protocols.includes(flow.protocol);
    if (!speaks && protocols.length > 0) return null;
    if (service === null) return { because: `${placeInWords(flow)} names no ports for "${flow.purpose}"`, unclear: "document" };
    if (offers(service, transport, port)) return "";
    // Where the site may set another port, what is spoken there tells.
    if (flow.fixed || flow.protocol === null) return null;
    if (speaks) return "";
    return {
      because: `the site may have set this port for "${flow.purpose}", and what is spoken there is not known: look it up in its settings`,
      unclear: "recording",
    };
  }

  #peerFits({ peers }: DisclosedFlow, { device, worn }: Machine): Fit {
    const { standing, kind } = device;
    if (peers.includes("anyone")) return "";
    if (standing === "outside") return peers.includes("outside") ? "" : null;
    if (standing === "group") return peers.includes(worn.some(({ ip }) => ip !== null && isMulticast(ip)) ? "multicast" : "broadcast") ? "" : null; // prettier-ignore
    if (peers.includes("inside")) return "";
    const kinds = peers.filter((it) => this.#kinds.has(it));
    if (kinds.length === 0) return null;
    if (kind === null || kind.lead < LEAD_ASSERTED)
      return { because: "nobody knows for sure what the other end is: say it, or hear more of it", unclear: "recording" };
    return this.#kinds.lineOf(kind.value).some((it) => kinds.includes(it)) ? "" : null;
  }
}

const ORDER = ["declared", "cannot tell", "not declared"] as const;
