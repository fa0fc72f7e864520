/**
 * What a maker says that its model does on a network (IEC 60601-1, 14.13, and IEC 80001-1 ask for it), and how that compares with what
 * was heard. Each flow is declared and heard, or declared and not heard yet; what is heard and not declared is a question for the maker.
 */
import type { Mds2 } from "./paper.ts";
import type { PolicyTransport } from "./policy.ts";

/** Where a document names no kind of device: everybody, the hospital's own, whoever is outside, and groups' addresses. */
export const DISCLOSED_PEERS = ["anyone", "inside", "outside", "multicast", "broadcast"] as const;
export type DisclosedPeer = (typeof DISCLOSED_PEERS)[number];

/** Whose conversations a document lists in full: none are then left out there. "part": what was read of it is not all. */
export const DISCLOSED_WHOLE = ["all", "opened by it", "opened to it", "part"] as const;
export type DisclosedWhole = (typeof DISCLOSED_WHOLE)[number];

export const DISCLOSED_NEEDS = ["required", "optional", "not told"] as const;

export interface DisclosedFlow {
  /** Who opens it: the model's device, or the other end. */
  readonly opens: "device" | "peer";
  /** Kinds of the other end, with all that lies under them; or one of DISCLOSED_PEERS. */
  readonly peers: readonly string[];
  readonly transport: PolicyTransport;
  /** As a policy writes them, "104, 11112", of whoever is opened to; the type of ICMP. Null: the document names none. */
  readonly ports: string | null;
  /** False: the site may set another port. */
  readonly fixed: boolean;
  /** As docs/protocols.md has it; null: any. */
  readonly protocol: string | null;
  readonly purpose: string;
  readonly need: (typeof DISCLOSED_NEEDS)[number];
  /** With its number and revision. */
  readonly document: string;
  readonly page: string;
  /** YYYY-MM-DD, YYYY-MM or YYYY, of the document; "" where it was not told. */
  readonly day: string;
}

/** A maker's table as a person attaches it to a model. */
export interface Disclosure {
  readonly kind: "disclosure";
  /** Of the latest of its documents; "no day" where none tells. */
  readonly day: string;
  readonly whole: DisclosedWhole;
  readonly flows: readonly DisclosedFlow[];
}

/** What a person attached to a model, the last of each kind. */
export interface AttachedToModel {
  /** "" where it is not known. */
  readonly maker: string;
  readonly model: string;
  readonly disclosure: Disclosure | null;
  readonly mds2: Mds2 | null;
}

/** All that is known of what a maker says of some of its models. */
export interface ModelDisclosure {
  readonly maker: string;
  /** As devices say them; "*" at the end of one stands for the rest. */
  readonly models: readonly string[];
  readonly whole: DisclosedWhole;
  /** None where only an MDS2 form is there. */
  readonly flows: readonly DisclosedFlow[];
  readonly mds2: Mds2 | null;
  /** Whether a person attached the flows, or they are of our own table. */
  readonly attached: boolean;
}

/** A model's devices beside what its maker says. */
export interface DisclosureReport {
  /** "Dräger Perseus A500". */
  readonly model: string;
  readonly maker: string;
  /** Devices of the model, and those that are only probably of it, of which nothing is said. */
  readonly devices: number;
  readonly probable: number;
  readonly window: { readonly from: number; readonly to: number; readonly days: number };
  /** "Instructions for use Perseus A500 SW 2.0n, page 254", each once with its pages. */
  readonly documents: readonly string[];
  readonly whole: DisclosedWhole;
  readonly attached: boolean;
  /** Why silence says nothing here, and what would cure that; none where it says something. */
  readonly doubts: readonly string[];
  /** In the documents' order. */
  readonly declared: readonly DeclaredFlow[];
  /** What its MDS2 form says of the network, beside what was heard. */
  readonly stated: readonly StatedAnswer[];
  /** Questions for the maker, most devices first. */
  readonly notDeclared: readonly UndeclaredFlow[];
  /** Neither, as far as anybody can tell; each says why. */
  readonly cannotTell: readonly UndeclaredFlow[];
  readonly counts: DisclosureCounts;
}

/** Of the conversations that the model's devices took part in, each in one place. */
export interface DisclosureCounts {
  readonly declared: number;
  readonly notDeclared: number;
  readonly cannotTell: number;
  /** By which addresses are got and kept, and not declared: nobody is asked why. */
  readonly ground: number;
  /** Opened to its devices and refused by them: no work of theirs. */
  readonly refused: number;
}

/** What was heard of a flow. */
export interface HeardOfFlow {
  /** So many of the model's devices, with so many others. */
  readonly devices: number;
  readonly others: number;
  readonly conversations: number;
  /** On which it was heard; 0 where it was not. */
  readonly days: number;
  /** Microseconds since 1970; 0 where it was not heard. */
  readonly first: number;
  readonly last: number;
}

export const DECLARED_ANSWERS = ["heard", "not heard yet", "cannot tell"] as const;

export interface DeclaredFlow extends DisclosedFlow, HeardOfFlow {
  readonly answer: (typeof DECLARED_ANSWERS)[number];
}

export type Unclear = "document" | "recording";

export interface UndeclaredFlow extends HeardOfFlow {
  readonly opens: "device" | "peer";
  /** What the other end is: a kind, "probably" one, "not known", or outside, multicast or broadcast. */
  readonly peer: string;
  readonly service: string;
  readonly protocols: readonly string[];
  /** Of what nobody can tell: why, and what would cure it. Of what is not declared: an answer of the MDS2 form that says no; else "". */
  readonly because: string;
  /** Of what nobody can tell: whether the maker's document leaves it open, or the recording does; else null. */
  readonly unclear: Unclear | null;
  /** Addresses of the other ends, a few, in order. */
  readonly addresses: readonly string[];
}

export interface StatedAnswer {
  /** "CONN-4". */
  readonly id: string;
  readonly question: string;
  readonly answer: string;
  /** Devices of the model that were heard doing it. */
  readonly heard: number;
}

/** "Instructions for use Perseus A500 SW 2.0n, page 254". */
export function placeInWords({ document, page }: Pick<DisclosedFlow, "document" | "page">): string {
  return placesInWords(document, [page]);
}

export function placesInWords(document: string, pages: readonly string[]): string {
  return `${document}, page${pages.length === 1 ? "" : "s"} ${pages.join(", ")}`;
}
