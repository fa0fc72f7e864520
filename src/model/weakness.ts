/** What is wrong with a device as it stands, and the contract between shared code and conditions (weaknesses/). */
import type { CareClass, Stated, Standing } from "./device.ts";
import type { Harm, Severity } from "./finding.ts";
import type { Attribute } from "./observation.ts";
import type { Mds2, Sbom } from "./paper.ts";

/** How it is built and set up; a published vulnerability; a system nobody mends any more. */
export const WEAKNESS_KINDS = ["exposure", "vulnerability", "end of support"] as const;
export type WeaknessKind = (typeof WEAKNESS_KINDS)[number];

/** `affected`: heard, or product and version satisfied. `possible`: our version or the advisory's cannot be compared. What is not affected is no weakness. */
export const ANSWERS = ["affected", "possible"] as const;
export type Answer = (typeof ANSWERS)[number];

/** What a device says of itself that a condition may look at. */
export const TELLTALES = [
  "software", "hardware", "description", "osStated", "lanManager", "ntlmVersion", "sysObjectId", "dicomImplementation",
  "serverBanner", "upnpServer", "realm", "userAgent", "service", "fileName", "vlan", "wants",
  "tlsVersion", "certificate", "certificateIssuer", "certificateUntil", "smbDialect", "dialect", "clearCredentials", "patientData",
] as const satisfies readonly Attribute[]; // prettier-ignore

/** Watches whose findings are of how a device is set up. */
export const TELLING_FINDINGS = ["default-credentials"] as const;

/** A device as conditions look at it. Times are microseconds since 1970, of packets. */
export interface FleetDevice {
  /** "d12". */
  readonly id: string;
  readonly name: string;
  readonly kind: Stated | null;
  readonly maker: Stated | null;
  readonly model: Stated | null;
  readonly serial: Stated | null;
  readonly udi: Stated | null;
  readonly software: Stated | null;
  readonly os: Stated | null;
  readonly location: Stated | null;
  readonly owner: Stated | null;
  readonly status: Stated | null;
  readonly lifeCritical: CareClass;
  readonly standing: Standing;
  readonly ips: readonly string[];
  readonly first: number;
  readonly last: number;
  /** What it was heard answering with. */
  readonly services: readonly AnsweredService[];
  /** What it said that a condition may look at. */
  readonly said: readonly Telltale[];
  readonly found: readonly TellingFinding[];
  /** What it opened to addresses outside the site; null where nothing. */
  readonly outside: OutsideContact | null;
  /** What its maker says is in its model, where a person attached that. */
  readonly sbom: Sbom | null;
  readonly mds2: Mds2 | null;
}

export interface AnsweredService {
  readonly ip: string;
  readonly transport: string;
  readonly port: number;
  /** Null where nothing said which. */
  readonly protocol: string | null;
  readonly operations: readonly string[];
  /** Whether any of it was heard unencrypted. */
  readonly clear: boolean;
  /** Endpoints that were answered, and those of them outside the site. */
  readonly clients: number;
  readonly outsiders: number;
  readonly first: number;
  readonly last: number;
}

/** One claim of the device about itself. */
export interface Telltale {
  readonly attribute: (typeof TELLTALES)[number];
  readonly value: string;
  readonly protocol: string;
  readonly first: number;
  readonly last: number;
  readonly count: number;
}

export interface TellingFinding {
  readonly id: string;
  readonly detector: (typeof TELLING_FINDINGS)[number];
  readonly first: number;
  readonly last: number;
  readonly count: number;
}

export interface OutsideContact {
  /** Addresses outside, answered. */
  readonly peers: number;
  readonly protocols: readonly string[];
  readonly first: number;
  readonly last: number;
}

/** Whence a statement of danger comes, so that each point of risk can name its source. */
export interface Exploitability {
  /** CVSS v3 base score, 0 to 10; null where none was published. */
  readonly cvss: number | null;
  readonly vector: string | null;
  /** In CISA's catalogue of known exploited vulnerabilities. */
  readonly knownExploited: boolean;
  /** FIRST's EPSS probability, 0 to 1; null where no feed was brought. */
  readonly epss: number | null;
  /** Spreads by itself from machine to machine. */
  readonly worm: boolean;
}

/** A published advisory as the device was held against it. */
export interface AdvisoryMatch {
  readonly id: string;
  readonly title: string;
  readonly cves: readonly string[];
  readonly vendor: string;
  readonly product: string;
  /** The advisory's own words for the versions, untouched. */
  readonly theirVersion: string;
  /** What we know of the device's; null where nothing was heard. */
  readonly ourVersion: string | null;
  /** "model": the model is named. "family": the whole family is, or the model is not known. */
  readonly level: "model" | "family" | "component";
  readonly updated: string;
}

/** What a person said of it, for this device or for the whole model. */
export interface WeaknessWord {
  readonly word: "confirmed" | "dismissed";
  readonly scope: "device" | "model";
  readonly who: string;
  readonly reason: string;
  /** The wall clock. */
  readonly at: number;
  /** Its number in the table of changes. */
  readonly change: number;
}

/** One thing wrong with one device. */
export interface Weakness {
  /** Stable within the device: "telnet-answers", "ICSMA-17-017-02/CVE-2016-9355". */
  readonly name: string;
  readonly device: string;
  readonly kind: WeaknessKind;
  readonly title: string;
  readonly answer: Answer;
  readonly severity: Severity;
  readonly harms: readonly Harm[];
  /** What was heard, oldest first, each with its time: a page shows it as it stands. */
  readonly because: readonly { readonly at: number; readonly text: string }[];
  readonly first: number;
  /** When it was last heard to be so; the cure is verified by its silence. */
  readonly last: number;
  /** The careful step; never "unplug it". */
  readonly remedy: string;
  /** What the network can do where no patch exists, or until it does; null where nothing can. */
  readonly control: string | null;
  /** How traffic shows that it is done: "Telnet has not answered for 14 days". Null where traffic cannot. */
  readonly cured: string | null;
  /** Minutes of a technician's work at the device, as a starting figure; the team may say its own. */
  readonly minutes: number;
  readonly danger: Exploitability;
  /** Published vulnerabilities it tells of, "CVE-2017-0144"; empty where it is none. */
  readonly cves: readonly string[];
  readonly advisory: AdvisoryMatch | null;
  readonly word: WeaknessWord | null;
  /** Whence the rule has it: RFC section, advisory id, catalogue. */
  readonly source: string;
}

/** The fleet as one moment has it. */
export interface Fleet {
  /** By their numbers; without groups and those outside. */
  readonly devices: readonly FleetDevice[];
  /** Of each device by its id, the worst first; a device without any is left out. Dismissed ones are there, with the word. */
  readonly weaknesses: ReadonlyMap<string, readonly Weakness[]>;
  /** When the recording begins and ends; null while nothing was heard. */
  readonly from: number | null;
  readonly to: number | null;
  /** Days on which each knowledge source was last changed: "CISA ICSMA" → "2026-08-11". */
  readonly knowledge: Readonly<Record<string, string>>;
}

/** What a condition makes of a device: what shared code cannot know of itself. */
export type Examined = Pick<Weakness, "because"> & Partial<Omit<Weakness, "because" | "device">>;

/** True or not of one device as it stands: asked again when the device changed; what it no longer yields is cured. */
export interface Condition extends Pick<
  Weakness,
  "name" | "kind" | "title" | "severity" | "harms" | "remedy" | "control" | "cured" | "minutes" | "source"
> {
  readonly danger?: Partial<Exploitability>;
  /** What it cannot see, for the docs. */
  readonly misses: string;
  examine(device: FleetDevice): Iterable<Examined>;
}
