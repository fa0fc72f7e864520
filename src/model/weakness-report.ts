/** What is asked of the weaknesses of a recording, and how it is answered: by weakness, and by device. */
import type { CareClass } from "./device.ts";
import type { Harm, Severity } from "./finding.ts";
import type { Answer, Weakness, WeaknessKind } from "./weakness.ts";

export interface WeaknessQuery {
  readonly kind?: WeaknessKind | undefined;
  /** As severe or more. */
  readonly severity?: Severity | undefined;
  readonly answer?: Answer | undefined;
  /** "d12". */
  readonly device?: string | undefined;
  /** With those that a person dismissed on all their devices. */
  readonly dismissed: boolean;
  readonly offset: number;
  /** At most 1,000. */
  readonly limit: number;
}

/** One weakness, with how many devices have it. Severity is that of the worst of them. */
export interface WeaknessRow {
  readonly name: string;
  readonly kind: WeaknessKind;
  readonly title: string;
  readonly severity: Severity;
  readonly harms: readonly Harm[];
  /** Devices; those of which a person dismissed it count under `dismissed` alone. */
  readonly affected: number;
  readonly possible: number;
  readonly dismissed: number;
  readonly confirmed: number;
  /** Of those affected and possible. */
  readonly byCare: Readonly<Partial<Record<CareClass, number>>>;
  readonly knownExploited: boolean;
  readonly first: number;
  readonly last: number;
}

export interface WeaknessPage {
  /** Weaknesses of any device, whatever was asked for. */
  readonly total: number;
  readonly matching: number;
  /** Devices that have one which nobody dismissed, of all. */
  readonly devices: number;
  readonly of: number;
  /** Days on which each source of it was last changed: "CISA ICSMA" → "2026-08-11". */
  readonly knowledge: Readonly<Record<string, string>>;
  readonly rows: readonly WeaknessRow[];
}

/** A device that has it. */
export interface WeakDevice {
  readonly id: string;
  readonly name: string;
  readonly kind: string | null;
  readonly maker: string | null;
  readonly model: string | null;
  readonly location: string | null;
  readonly lifeCritical: CareClass;
  readonly weakness: Weakness;
}

/** What all its devices have of it in common stands with the first of them. */
export interface WeaknessDetail extends WeaknessRow {
  readonly matching: number;
  /** Kinds of those of which nobody dismissed it, as far as they are known; the most devices first. */
  readonly kinds: readonly { readonly kind: string; readonly devices: number }[];
  /** Of all its devices so many, from where it was asked. */
  readonly devices: readonly WeakDevice[];
}

/** What a person says of it. */
export interface SaidOfWeakness {
  readonly who: string;
  readonly reason: string;
  readonly device: string;
  /** The weakness's own. */
  readonly name: string;
  readonly word: "confirmed" | "dismissed";
  /** Of this device alone, or of all of its maker and model. */
  readonly scope: "device" | "model";
}
