/**
 * What the pages can see and do. The program that reads or listens implements it; the API knows nothing else of the core, so every
 * page can be tried against one made by hand.
 */
import type { BrokerAbout } from "../model/sensor.ts";
import type { SaidOfScanning } from "../model/do-not-scan.ts";
import type { Part } from "../link/memory.ts";
import type { SaidOfFinding } from "../model/finding.ts";
import type { SaidOfWeakness } from "../model/weakness-report.ts";
import type { Tally } from "../model/tally.ts";
import type { Merge, MirrorVerdict, RecordingReader, Said, SaidList, Split } from "../model/store.ts";

/** The sample is played back over about so long: what is read within a second nobody sees coming in. */
export const SAMPLE_SECONDS = 10;

export interface Session {
  /** Uploads wait in `uploads/` below it, saved views are `views.json` in it. */
  readonly dataDirectory: string;
  state(): SessionState;
  figures(): Figures;
  /** What is shown now; null before anything was opened. A new one after each `openFiles`, `openSample`, `openRecording` or `listen`. */
  recording(): RecordingReader | null;
  recordings(): Promise<readonly RecordingAbout[]>;
  interfaces(): Promise<readonly InterfaceAbout[]>;

  /** Each of these answers once reading or listening has begun; progress comes by `subscribe`. An Error is shown to the person as it is. */
  openFiles(paths: readonly string[]): Promise<void>;
  openSample(): Promise<void>;
  openRecording(name: string): Promise<void>;
  listen(interfaces: readonly string[]): Promise<void>;
  /** Ends reading or listening; what was heard stays. */
  stop(): Promise<void>;

  say(said: Said): Promise<void>;
  /** All or none of it. Answers the number of the change that takes all of it back. */
  sayList(list: SaidList): Promise<number>;
  merge(merge: Merge): Promise<void>;
  split(split: Split): Promise<void>;
  /** Answers the number of the change that takes it back. */
  sayOfFinding(said: SaidOfFinding): Promise<number>;
  /** As above. */
  sayOfWeakness(said: SaidOfWeakness): Promise<number>;
  /** As above. */
  sayOfScanning(said: SaidOfScanning): Promise<number>;
  undo(change: number, who: string, reason: string): Promise<void>;
  /** Calls `handler` whenever `state` answers otherwise, as often as they come; the API slows them down. Answers the function that ends it. */
  subscribe(handler: () => void): () => void;
}

export interface SessionState {
  readonly site: string;
  /** Name of the recording shown, null before anything was opened. */
  readonly recording: string | null;
  /** The sample hospital: made up, and said so on every page. */
  readonly sample: boolean;
  /** Null unless a file is being read. */
  readonly reading: ReadingState | null;
  readonly listening: readonly ListeningState[];
  readonly hearing: HearingState;
  /** Null where what is heard comes from this machine alone. */
  readonly broker: BrokerAbout | null;
  /** Grows each time the recording answers otherwise than before: what was asked of it under another number is old. */
  readonly revision: number;
  readonly devices: number;
  readonly lost: LostState;
  /** Sentences that a person should read now, newest last: a half-read file, a sensor that was started again. */
  readonly notes: readonly string[];
}

/** How the program itself runs. */
export interface Figures {
  /** Since it was started, of every recording it wrote. */
  readonly taken: Tally;
  /** Given by a sensor and not taken yet. */
  readonly bytesWaiting: number;
  readonly diskRefuses: boolean;
  /** In bytes. */
  readonly memory: Readonly<Record<Part, number>>;
}

/**
 * What everything shown rests on, in one word for all who say it: `deaf` is asked to listen and hears nothing; `halfRead` and `oneSided`
 * have heard a part. The worst counts.
 */
export interface HearingState {
  readonly kind: (typeof HEARINGS)[number];
  /** Deaf: since when, by this computer's clock, in microseconds since 1970. */
  readonly since: number | null;
}
export const HEARINGS = ["deaf", "reading", "halfRead", "oneSided", "whole"] as const;

export interface ReadingState {
  readonly file: string;
  readonly bytesRead: number;
  /** Null where no length is known: standard input. */
  readonly bytesTotal: number | null;
  readonly frames: number;
  readonly bytesPerSecond: number;
  /** Null until it can be told. */
  readonly secondsLeft: number | null;
  /** Over so long it is played back, for whoever looks on; null when it is read as fast as it goes. */
  readonly playedBack: number | null;
  readonly devices: number;
}

interface ListeningState {
  readonly name: string;
  readonly frames: number;
  readonly framesPerSecond: number;
  readonly drops: number;
  /** Null in the first seconds. */
  readonly verdict: MirrorVerdict | null;
}

/** What went by unheard, of all frames that came: the share is the page's to work out. */
interface LostState {
  readonly drops: number;
  readonly frames: number;
}

export interface RecordingAbout {
  readonly name: string;
  readonly devices: number;
  /** Microseconds since 1970; null while nothing was heard. */
  readonly from: number | null;
  readonly to: number | null;
}

/** From the kernel's own counters, which asks nobody's permission. */
export interface InterfaceAbout {
  readonly name: string;
  readonly up: boolean;
  readonly framesIn: number;
  readonly framesOut: number;
  /** Why this account may not listen there, and the one line that grants it; null when it may. */
  readonly missing: { readonly words: string; readonly cure: string } | null;
}
