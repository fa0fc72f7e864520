/** Devices as they are shown: by the store to the API, the pages and the commands. */
import type { Attribute } from "./observation.ts";

/** What an attribute's value rests on. Confidence is 0 to 1: 10^(lead/10) / (1 + 10^(lead/10)), rounded down to two digits, at most 0.99. */
export interface Stated {
  readonly value: string;
  readonly confidence: number;
  /** Lead in decibans: from 20 asserted, from 5 probably. An operator's word is 99. */
  readonly lead: number;
  /** Present when a person said it. */
  readonly saidBy?: string;
  /** The runner-up, when sources disagree. */
  readonly against?: string;
}

/** From a lead of 20 decibans (99 %) a value is known, from 5 it is probably so, below that it is not known. */
export const SURENESS = ["known", "probably", "unknown"] as const;
export const LEAD_ASSERTED = 20;
export const LEAD_PROBABLY = 5;
/** What a person says wins. */
export const LEAD_SAID = 99;

export function surenessOf(lead: number): (typeof SURENESS)[number] {
  return lead >= LEAD_ASSERTED ? "known" : lead >= LEAD_PROBABLY ? "probably" : "unknown";
}

/** Never certain. */
export const CONFIDENCE_MAX = 0.99;

/** Odds as a share, rounded down to two digits, since 99 % must be earned. */
export function confidenceOf(lead: number): number {
  const odds = 10 ** (lead / 10);
  return Math.min(Math.floor((odds / (1 + odds)) * 100) / 100, CONFIDENCE_MAX);
}

/** A router, a virtual address or an address outside the site is no device to care for. */
export const STANDINGS = ["device", "outside", "group", "carrier"] as const;
export type Standing = (typeof STANDINGS)[number];

export const CARE_CLASSES = ["life-supporting", "therapy", "diagnostic", "clinical IT", "other"] as const;
export type CareClass = (typeof CARE_CLASSES)[number];

/** The attributes of a device that evidence is weighed for, in the order it is listed. */
export const WEIGHED = ["kind", "maker", "model", "serial", "udi", "software", "os", "location"] as const;
export type Weighed = (typeof WEIGHED)[number];
/** What no frame says of a device: it stands in the hospital's own files, and only people bring it here. */
export const FILED = ["controlNumber", "owner", "status"] as const;
export type Filed = (typeof FILED)[number];
/** Everything a person may say something of. */
export const SAYABLE = [...WEIGHED, "lifeCritical", "names", ...FILED] as const;
export type Sayable = (typeof SAYABLE)[number];

/** Of a person's word: a longer one is no value. */
export const SAID_LENGTH_MAX = 200;

/** Whether a device is in use, as the hospital has it: said or listed, never inferred from silence. */
export const STATUSES = ["in service", "workshop", "store", "on loan", "retired"] as const;

/** One claim behind an attribute of a device. `weight` is in decibans; a claim of a group of which a stronger one counts has 0 and says so in `why`. */
export interface EvidenceRow {
  readonly attribute: Sayable;
  readonly value: string;
  /** What was heard: the observation this rests on; "conclusion" where it follows from the other rows. */
  readonly observed: Attribute | "prefix" | "operator" | "conclusion";
  readonly raw: string;
  readonly protocol: string;
  readonly via: string | null;
  readonly group: string;
  readonly weight: number;
  readonly why: string;
  readonly first: number;
  readonly last: number;
  readonly count: number;
}

export interface DeviceSummary {
  /** "d1": given once and kept. */
  readonly id: string;
  /** The surest of its names; where it has none, what is known of it instead. */
  readonly name: string;
  readonly names: readonly Stated[];
  readonly kind: Stated | null;
  readonly maker: Stated | null;
  readonly model: Stated | null;
  readonly serial: Stated | null;
  readonly udi: Stated | null;
  readonly software: Stated | null;
  readonly os: Stated | null;
  readonly location: Stated | null;
  readonly controlNumber: Stated | null;
  readonly owner: Stated | null;
  readonly status: Stated | null;
  readonly lifeCritical: CareClass;
  readonly macs: readonly string[];
  readonly ips: readonly string[];
  readonly standing: Standing;
  /** When it was heard; 0 where it never was, but written down by others. */
  readonly first: number;
  readonly last: number;
  readonly frames: number;
  readonly bytes: number;
  /** One bit a day for the 64 days up to the recording's last, newest lowest, as two unsigned 32-bit numbers. */
  readonly days: readonly [number, number];
  readonly services: number;
  readonly peers: number;
}

export interface ServiceRow {
  readonly ip: string;
  readonly transport: string;
  readonly port: number;
  readonly protocol: string | null;
}

/** What only one machine has: a serial number, a UDI, the identifier of an installation, what it calls itself to a DHCP server. */
export const JOINED_BY = ["serial", "udi", "duid", "client"] as const;
export type JoinedBy = (typeof JOINED_BY)[number];

/** Why several cards or addresses are one device: all of them said this. */
export interface Join {
  readonly by: JoinedBy;
  readonly value: string;
  readonly addresses: readonly string[];
}

/** Others say this serial number too, and are no less devices of their own. */
export interface Apart {
  readonly serial: string;
  readonly devices: readonly string[];
}

/** What a person said of which addresses are one machine, and the device is as it is because of it. */
export interface SaidDivision {
  readonly change: number;
  readonly what: "merge" | "split";
  readonly at: number;
  readonly who: string;
  readonly reason: string;
  /** Of a merge what the other device was called; of a split the addresses that are another machine. */
  readonly named: string;
}

/** Of a device that was not heard itself: whose word all of it is. */
export interface SpokenFor {
  /** Null where the gateway is no device any more. */
  readonly device: string | null;
  readonly name: string;
  /** How often it was told of. */
  readonly reports: number;
}

export interface DeviceDetail extends DeviceSummary {
  readonly joined: readonly Join[];
  readonly apart: readonly Apart[];
  /** In the order they were said. */
  readonly divided: readonly SaidDivision[];
  /** Serial numbers by which gateways speak for it; such are addresses as well when it is taken apart. */
  readonly children: readonly string[];
  /** Null where it was heard itself. */
  readonly spokenFor: SpokenFor | null;
  readonly servicesAnswered: readonly ServiceRow[];
  readonly evidence: readonly EvidenceRow[];
}

export interface ConversationView {
  readonly client: { readonly device: string | null; readonly name: string; readonly ip: string };
  readonly server: { readonly device: string | null; readonly name: string; readonly ip: string };
  readonly transport: string;
  readonly port: number;
  readonly protocol: string | null;
  readonly operations: readonly string[];
  readonly packets: readonly [toServer: number, toClient: number];
  readonly bytes: readonly [toServer: number, toClient: number];
  readonly refused: number;
  readonly answered: number;
  readonly first: number;
  readonly last: number;
  readonly side: string;
  readonly encrypted: boolean;
  readonly days: readonly [number, number];
}
