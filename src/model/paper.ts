/**
 * What a maker writes of a model, attached to it by a person: which parts are in it (SBOM), what it can do for its security (MDS2), what it
 * does on a network (disclosure.ts).
 */
import { counted } from "../bytes/thousands.ts";
import type { Disclosure } from "./disclosure.ts";

export const PAPERS = ["sbom", "mds2", "disclosure"] as const;
export type PaperKind = (typeof PAPERS)[number];

/** CycloneDX, reduced to what is held against what is published. */
export interface Sbom {
  readonly kind: "sbom";
  /** YYYY-MM-DD on which it was written. */
  readonly day: string;
  /** Of which software version of the model; null where it does not say. */
  readonly version: string | null;
  readonly components: readonly SbomComponent[];
}

export interface SbomComponent {
  readonly name: string;
  /** Null where none is said. */
  readonly version: string | null;
  /** What the maker itself says of vulnerabilities in it. */
  readonly told: readonly ToldVulnerability[];
}

export interface ToldVulnerability {
  readonly cve: string;
  /** "affected": exploitable by the maker's own word. "possible": it does not say, or does not know yet. "free": not in this model. */
  readonly state: "affected" | "possible" | "free";
}

/** The form of HN 1-2019 (or 2013), answers as they are written. */
export interface Mds2 {
  readonly kind: "mds2";
  readonly day: string;
  readonly answers: readonly Mds2Answer[];
}

export interface Mds2Answer {
  /** "MPII-1", "ALOF-2.1". */
  readonly id: string;
  readonly question: string;
  readonly answer: "yes" | "no" | "not applicable" | "see note" | "words";
  /** As written: the answer where it is words, the note behind it. */
  readonly words: string;
}

export type Paper = Sbom | Mds2 | Disclosure;

/** What of them is shown beside a device. */
export interface ShownPapers {
  readonly sbom: (Pick<Sbom, "day" | "version"> & { readonly components: number }) | null;
  readonly mds2: Pick<Mds2, "day" | "answers"> | null;
}

/** What a person attaches: to the model of this device, for all of it. */
export interface AttachedPaper {
  readonly who: string;
  readonly reason: string;
  readonly device: string;
  readonly paper: Paper;
}

export function shownPapers(sbom: Sbom | null, mds2: Mds2 | null): ShownPapers {
  return {
    sbom: sbom === null ? null : { day: sbom.day, version: sbom.version, components: sbom.components.length },
    mds2: mds2 === null ? null : { day: mds2.day, answers: mds2.answers },
  };
}

/** "SBOM of 2026-05-01, 212 components". */
export function paperInWords(paper: Paper): string {
  switch (paper.kind) {
    case "sbom":
      return `SBOM of ${paper.day}, ${counted(paper.components.length, "component")}`;
    case "mds2":
      return `MDS2 of ${paper.day}, ${counted(paper.answers.length, "answer")}`;
    case "disclosure":
      return `network disclosure of ${paper.day}, ${counted(paper.flows.length, "flow")}`;
  }
}
