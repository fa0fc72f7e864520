/**
 * What is open now: one recording, whoever reads it for the pages, and the captures or the interfaces it is being filled from. Pages
 * and commands both act through this; it knows neither HTTP nor a terminal.
 */
import { closeSync, existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Figures, HearingState, InterfaceAbout, ReadingState, RecordingAbout, Session, SessionState } from "./api/session.ts";
import { SAMPLE_SECONDS } from "./api/session.ts";
import { askRulesOf } from "./link/ask-rules.ts";
import type { OpenEvidence } from "./link/evidence-file.ts";
import { existingRecording, nameFor, readerOf, recordingPath, writerOf } from "./link/recordings.ts";
import { inTurn } from "./link/outputs/waiting.ts";
import type { Sending } from "./link/outputs/sending.ts";
import { recordingsIn } from "./link/recording-files.ts";
import type { Settings } from "./config.ts";
import { findCaptures, type FoundCaptures } from "./link/files.ts";
import type { FollowOptions, Following } from "./link/broker/following.ts";
import { interfacesHere } from "./link/interfaces.ts";
import { listen } from "./link/listening.ts";
import { memoryByPart } from "./link/memory.ts";
import { NO_TALLY, sumOf } from "./link/tally.ts";
import { readFiles, sensorFor, type FileOutcome, type ReadingProgress } from "./link/reading.ts";
import { WriterBusy, type RecordingWriter, type WriterNews } from "./link/recording.ts";
import { SAMPLE, sampleCapture } from "./sample.ts";
import { CaptureUnavailable, captureMissing, type CaptureTrouble } from "./link/tcpdump.ts";
import type { Coverage, Merge, RecordingReader, Said, SaidList, Split } from "./model/store.ts";
import type { SaidOfScanning } from "./model/do-not-scan.ts";
import type { SaidOfFinding } from "./model/finding.ts";
import type { SaidOfWeakness } from "./model/weakness-report.ts";
import { recordingIn } from "./store/postgres/place.ts";
import { aboutRecording } from "./store/about.ts";

const SERVES_ITS_SITES = "Sensors send what is heard: a core serves their site and nothing else.";
/** Sentences kept for a person to read; those before are in coverage. */
const NOTES_MAX = 20;
const UPLOADS = "uploads";
/** How often the figures of what is listened to are worked out, and how often coverage is asked for verdicts and loss. */
const RATE_MS = 1_000;
/** Of new findings so many are looked at: more ask nobody. */
const OFFERED_AT_ONCE = 1_000;
const COVERAGE_MS = 5_000;
/** What is worked out for the pages may take so large a share of the time; what is over at once takes none of it. */
const RENEWING_SHARE = 1 / 4;
const RENEWED_QUICKLY_MS = 50;
const DISK_BELIEVED_MS = 3_000;
/** A right to capture does not come and go from one second to the next, and asking starts a program. */
const RIGHT_KEPT_MS = 10_000;
/** Captures that were uploaded and never read, or left by a run that was killed. */
const UPLOAD_KEPT_MS = 24 * 3_600_000;

export interface SessionOptions {
  readonly dataDirectory: string;
  readonly settings: Settings;
  readonly log: (text: string) => void;
  readonly progress?: (progress: ReadingProgress, devices: number) => void;
  /** The disk takes nothing, and why; null when it does again. */
  readonly disk?: (trouble: string | null) => void;
  /** Where sites are kept, as `postgres://…`; absent: in files of the data directory. */
  readonly database?: string;
  /** Who answers the pages' questions; absent where no page is served. */
  readonly openReader?: (path: string) => Promise<RecordingReader>;
  /** One of many sites of the core with this number: its reader is opened when somebody looks at it (`look`). */
  readonly core?: number;
  /** Who is told of findings of the site's own recording; absent or null: nobody. */
  readonly sending?: Pick<Sending, "offer" | "close" | "severity"> | null;
}

/** Where captures are read into. */
export interface Into {
  readonly recording: string;
  readonly site: string;
}

/** Which broker, and who we say we are. */
export type FollowedBroker = Pick<FollowOptions, "broker" | "credentials" | "replicas">;

/** How a reading went. */
export interface Read {
  /** Into which recording. */
  readonly recording: string;
  readonly outcomes: readonly FileOutcome[];
  /** Before the end, because somebody asked. */
  readonly stopped: boolean;
}

interface Shown {
  readonly name: string;
  /** Null where another process writes it: it can be looked at, nothing more. */
  readonly writer: RecordingWriter | null;
  readonly reader: RecordingReader | null;
  readonly unsubscribe: () => void;
}

interface OngoingReading {
  readonly began: number;
  readonly playedBack: number | null;
  latest: ReadingProgress;
  readonly finished: Promise<Read>;
  stop(): void;
}

interface OngoingListening {
  readonly heard: ReadonlyMap<string, Heard>;
  readonly ended: Promise<void>;
  /** In microseconds since 1970; null while it hears. */
  deafSince: number | null;
  stop(): void;
}

interface Heard {
  frames: number;
  drops: number;
  framesPerSecond: number;
  /** Frames when the rate was worked out last. */
  before: number;
}

export class LocalSession implements Session {
  readonly dataDirectory: string;
  readonly #options: SessionOptions;
  readonly #handlers = new Set<() => void>();
  /** What is open changes one thing after the other, in the order it was asked for. */
  #turn: Promise<unknown> = Promise.resolve();
  #shown: Shown | null = null;
  #reading: OngoingReading | null = null;
  #listening: OngoingListening | null = null;
  #following: Following | null = null;
  #coverage: Coverage | null = null;
  #revision = 0;
  #renewing: Promise<void> | null = null;
  #closed = false;
  #stale = false;
  #restUntil = 0;
  #wake: (() => void) | undefined;
  #notes: readonly string[] = [];
  #address: string | undefined;
  #diskFull = false;
  /** What went into recordings that were put away. */
  #takenBefore = NO_TALLY;
  #diskTimer: NodeJS.Timeout | undefined;
  #right: { readonly at: number; readonly missing: CaptureTrouble | undefined } | null = null;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.dataDirectory = options.dataDirectory;
    forgetOldUploads(join(options.dataDirectory, UPLOADS));
  }

  /** Where the page is, for a second program that wants to write the same recording. */
  tellAddress(address: string): void {
    this.#address = address;
    this.#shown?.writer?.tellAddress(address);
  }

  state(): SessionState {
    const devices = this.#coverage?.devices ?? this.#shown?.writer?.devices ?? 0;
    return {
      site: this.#options.settings.site,
      recording: this.#shown?.name ?? null,
      sample: this.#shown?.name === SAMPLE,
      reading: this.#reading === null ? null : readingState(this.#reading, devices),
      listening: [...(this.#listening?.heard ?? [])].map(([name, { frames, framesPerSecond, drops }]) => {
        const verdict = this.#coverage?.inputs.find((input) => input.live && input.name === name)?.verdict ?? null;
        return { name, frames, framesPerSecond, drops, verdict };
      }),
      hearing: this.#hearing(),
      broker: this.#following?.about() ?? null,
      revision: this.#revision,
      devices,
      lost: { drops: this.#coverage?.drops ?? 0, frames: this.#coverage?.frames ?? 0 },
      notes: this.#notes,
    };
  }

  figures(): Figures {
    const writer = this.#shown?.writer;
    return {
      taken: writer == null ? this.#takenBefore : sumOf(this.#takenBefore, writer.tally),
      bytesWaiting: writer?.behind() ?? 0,
      diskRefuses: this.#diskFull,
      memory: memoryByPart(),
    };
  }

  recording(): RecordingReader | null {
    return this.#shown?.reader ?? null;
  }

  subscribe(handler: () => void): () => void {
    this.#handlers.add(handler);
    return () => this.#handlers.delete(handler);
  }

  async openFiles(paths: readonly string[]): Promise<void> {
    const found = await findCaptures(paths);
    const [first] = found.notRead;
    if (found.files.length > 0 || first === undefined) return this.read(found);
    try {
      // The forms of evidence are loaded where no capture is: whoever opens one does not wait for them.
      const { evidenceAmong } = await import("./link/evidence-file.ts");
      const evidence = evidenceAmong(found.notRead.map(({ path }) => path));
      if (evidence === null) throw new Error(`${basename(first.path)}: ${first.words}`);
      await this.#inTurn(() => this.#readEvidence(evidence));
    } finally {
      this.#forgetUploads(found);
    }
  }

  /** Into what is open: what others wrote down is of what was heard, and no recording of its own. */
  async #readEvidence(files: readonly OpenEvidence[]): Promise<void> {
    const { site, leftOut } = this.#options.settings;
    const writer = this.#shown?.writer;
    if (writer == null) {
      (await import("./link/evidence-file.ts")).closeEvidence(files);
      throw new Error(
        `${files[0]!.name}: expected an open recording that ${files[0]!.form.title} can be read into, got none: open a capture first`,
      );
    }
    const path = this.#pathOf(this.#shown!.name);
    const reader = () => (this.#options.openReader ?? readerOf)(path);
    const [{ readEvidence }, { noteOf }] = await Promise.all([import("./link/evidence.ts"), import("./link/evidence-note.ts")]);
    for (const read of await readEvidence({ files, site, leftOut, writer, reader })) this.#note(noteOf(read));
    await this.#renewed();
  }

  async openSample(): Promise<void> {
    await this.read(await findCaptures([await sampleCapture(this.dataDirectory)]), { recording: SAMPLE, site: SAMPLE }, SAMPLE_SECONDS);
  }

  /** Begins to read, into a recording of their own unless said, and over `seconds` where one looks on. How it went comes by `finished`. */
  read(found: FoundCaptures, into?: Into, seconds?: number): Promise<void> {
    return this.#inTurn(async () => {
      const { settings, log, progress } = this.#options;
      const ahead = seconds === undefined ? sensorFor(found.files) : undefined;
      const { recording, site, writer } = await this.#readyFor(found, into).catch(async (error: unknown) => {
        await ahead?.stop();
        throw error;
      });
      for (const it of found.notRead) this.#note(`${basename(it.path)} was not read: ${it.words}.`);

      const reading = readFiles({
        files: found.files,
        writer,
        settings: { ...settings, site },
        ...(seconds === undefined ? {} : { seconds }),
        ...(ahead === undefined ? {} : { ahead }),
        log,
        progress: (now) => {
          ongoing.latest = now;
          progress?.(now, writer.devices);
          this.#tell();
        },
      });
      let stopped = false;
      const finish = async (): Promise<Read> => {
        try {
          const outcomes = await reading.outcomes;
          await writer.settle();
          await this.#renewed();
          for (const { file, trouble } of outcomes)
            if (trouble !== undefined) this.#note(`${file.name} is half-read: ${trouble}. What came before it is kept.`);
          return { recording, outcomes, stopped };
        } catch (error) {
          this.#note(`Reading ended: ${(error as Error).message}`);
          throw error;
        } finally {
          this.#reading = null;
          this.#forgetUploads(found);
          this.#changed();
        }
      };
      const ongoing: OngoingReading = {
        began: performance.now(),
        playedBack: seconds ?? null,
        latest: { file: found.files[0]!.name, bytesRead: 0, bytesTotal: 0, frames: 0 },
        finished: finish(),
        stop: () => {
          stopped = true;
          reading.stop();
        },
      };
      ongoing.finished.catch(() => undefined); // Noted; a command that waits for it hears it too.
      this.#reading = ongoing;
      this.#changed();
    });
  }

  /** The recording they are read into, open. What is not read after all is closed and forgotten. */
  async #readyFor(found: FoundCaptures, into?: Into): Promise<Into & { readonly writer: RecordingWriter }> {
    try {
      this.#mayOpen();
      const { site: own } = this.#options.settings;
      const { recording, site } = into ?? { recording: nameFor(this.dataDirectory, found, own), site: own };
      await this.#leave();
      return { recording, site, writer: await this.#show(recording, site) };
    } catch (error) {
      for (const file of found.files) if (file.path !== "-") closeSync(file.fd);
      this.#forgetUploads(found);
      throw error;
    }
  }

  /** Resolves when what is read now is read, stored and worked out; null when nothing is. */
  finished(): Promise<Read> | null {
    return this.#reading?.finished ?? null;
  }

  openRecording(name: string): Promise<void> {
    return this.#inTurn(async () => {
      this.#mayOpen();
      if (this.#shown?.name === name) return;
      existingRecording(this.dataDirectory, name);
      await this.#leave();
      const { site } = this.#options.settings;
      try {
        await this.#show(name, site);
      } catch (error) {
        if (!(error instanceof WriterBusy)) throw error;
        await this.#showOnly(name);
        this.#note(`${error.message}. What is there is shown; what a person says is said there.`);
      }
      this.#changed();
    });
  }

  /** Into the site's own recording, beside what is listened to already. Rejects with CaptureUnavailable when it cannot begin. */
  listen(interfaces: readonly string[]): Promise<void> {
    return this.#inTurn(async () => {
      this.#mayOpen();
      const missing = await captureMissing();
      if (missing !== undefined) throw new CaptureUnavailable(missing);
      const before = [...(this.#listening?.heard.keys() ?? [])];
      try {
        await this.#hear([...new Set([...before, ...interfaces])]);
      } catch (error) {
        // What was listened to does not end with what cannot be; where it no longer can be either, its own note says so.
        if (before.length > 0) await this.#hear(before).catch(() => undefined);
        throw error;
      }
    });
  }

  async #hear(interfaces: readonly string[]): Promise<void> {
    const { settings } = this.#options;
    await this.#end();
    await this.#leave();
    const writer = await this.#show(settings.site, settings.site);
    const heard = new Map(interfaces.map((name): [string, Heard] => [name, { frames: 0, drops: 0, framesPerSecond: 0, before: 0 }]));
    const begun = Promise.withResolvers<void>();
    const listening = listen({
      interfaces,
      writer,
      settings,
      log: (text) => this.#warn(text),
      begun: begun.resolve,
      hearing: (is) => {
        ongoing.deafSince = is ? null : (ongoing.deafSince ?? Date.now() * 1_000);
        this.#tell();
      },
      heard: (device, frames) => (heard.get(device)!.frames += frames),
      dropped: (device, frames) => (heard.get(device)!.drops += frames),
    });
    const timers = [setInterval(() => this.#rates(heard), RATE_MS), setInterval(() => this.#changed(), COVERAGE_MS)];
    const end = async () => {
      try {
        await listening.ended;
        await writer.settle();
      } catch (error) {
        this.#note((error as Error).message);
        throw error;
      } finally {
        for (const timer of timers) clearInterval(timer);
        this.#listening = null;
        this.#changed();
      }
    };
    const ended = end();
    ended.catch(() => undefined); // As above.
    const ongoing: OngoingListening = { heard, ended, deafSince: null, stop: () => listening.stop() };
    this.#listening = ongoing;
    this.#changed();
    await Promise.race([begun.promise, ended]);
  }

  /** Fills the site's own recording with what a broker delivers, until it is stopped. */
  follow(from: FollowedBroker): Promise<void> {
    return this.#inTurn(async () => {
      const { settings } = this.#options;
      await this.#end();
      await this.#leave();
      const writer = await this.#show(settings.site, settings.site, true);
      const { followBroker } = await import("./link/broker/following.ts");
      const following = followBroker({
        ...from,
        site: settings.site,
        writer,
        data: this.dataDirectory,
        log: (text) => this.#warn(text),
        changed: () => this.#tell(),
      });
      this.#following = following;
      following.failed.catch(() => (this.#diskFull = true)); // What is heard cannot be stored: whoever follows goes on or ends.
      this.#changed();
    });
  }

  /** Where it is one of many sites: what is kept of it is shown from now on, whoever writes it. */
  look(): Promise<void> {
    return this.#inTurn(async () => {
      const { site } = this.#options.settings;
      if (this.#shown === null) await this.#showOnly(site);
      else if (this.#shown.reader === null && this.#shown.writer !== null)
        this.#shown = { ...this.#shown, reader: await this.#readerBeside(this.#shown.writer, site) };
      await this.#renewed();
    });
  }

  /** Somebody else wrote what is shown. */
  lookAgain(): void {
    if (this.#shown?.writer === null) this.#changed();
  }

  /** Ends what goes on, lets the next writer in, and shows nothing any more. */
  leave(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#end();
      await this.#leave();
    });
  }

  /** How the site stands, kept with it for other cores to tell; only where it is ours to write. */
  keepStanding(words: string): void {
    this.#shown?.writer?.keepStanding(words);
  }

  /** Rejects when the broker did not let us in; null when none is followed. */
  followed(): Promise<never> | null {
    return this.#following?.failed ?? null;
  }

  /** Resolves when listening was ended, rejects when it could not go on; null when nothing is listened to. */
  listened(): Promise<void> | null {
    return this.#listening?.ended ?? null;
  }

  stop(): Promise<void> {
    return this.#inTurn(() => this.#end());
  }

  close(): Promise<void> {
    this.#closed = true;
    return this.#inTurn(async () => {
      await this.#end();
      await this.#leave();
      await this.#options.sending?.close();
    });
  }

  async say(said: Said): Promise<void> {
    await this.#writer().say(said);
  }

  sayList(list: SaidList): Promise<number> {
    return this.#writer().sayList(list);
  }

  async merge(merge: Merge): Promise<void> {
    await this.#writer().merge(merge);
  }

  async split(split: Split): Promise<void> {
    await this.#writer().split(split);
  }

  sayOfFinding(said: SaidOfFinding): Promise<number> {
    return this.#writer().sayOfFinding(said);
  }

  sayOfWeakness(said: SaidOfWeakness): Promise<number> {
    return this.#writer().sayOfWeakness(said);
  }

  sayOfScanning(said: SaidOfScanning): Promise<number> {
    return this.#writer().sayOfScanning(said);
  }

  async undo(change: number, who: string, reason: string): Promise<void> {
    await this.#writer().undo(change, who, reason);
  }

  async recordings(): Promise<readonly RecordingAbout[]> {
    return recordingsIn(this.dataDirectory).flatMap(({ name, path }) => {
      try {
        const { devices, from, to } = aboutRecording(path);
        return [{ name, devices, from, to }];
      } catch (error) {
        this.#note(`The recording ${name} cannot be read: ${(error as Error).message}.`);
        return [];
      }
    });
  }

  async interfaces(): Promise<readonly InterfaceAbout[]> {
    let right = this.#right;
    if (right === null || performance.now() - right.at > RIGHT_KEPT_MS) {
      right = { at: performance.now(), missing: await captureMissing() };
      this.#right = right;
    }
    const missing = right.missing === undefined ? null : { words: right.missing.words, cure: right.missing.cure ?? "" };
    return interfacesHere()
      .filter((it) => !it.loopback)
      .map(({ name, up, framesIn, framesOut }) => ({ name, up, framesIn, framesOut, missing }));
  }

  #hearing(): HearingState {
    const since = this.#listening?.deafSince ?? this.#following?.about().deafSince ?? null;
    if (since !== null) return { kind: "deaf", since };
    const inputs = this.#coverage?.inputs ?? [];
    const kind =
      this.#reading !== null
        ? "reading"
        : inputs.some((it) => it.state === "half-read")
          ? "halfRead"
          : inputs.some((it) => it.verdict?.kind === "oneDirection")
            ? "oneSided"
            : "whole";
    return { kind, since: null };
  }

  #writer(): RecordingWriter {
    const writer = this.#shown?.writer;
    if (writer === undefined) throw new Error("expected an open recording, got none");
    if (writer === null) throw new Error("Another program writes this recording just now; what a person says is said there.");
    return writer;
  }

  #mayOpen(): void {
    if (this.#options.core !== undefined) throw new Error(SERVES_ITS_SITES);
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined); // Whoever asked for it is told; the next may try.
    return turn;
  }

  /** Ends reading and listening in order. What went wrong with them is told to whoever waits for them, and noted. */
  async #end(): Promise<void> {
    this.#reading?.stop();
    await this.#reading?.finished.catch(() => undefined);
    this.#listening?.stop();
    await this.#listening?.ended.catch(() => undefined);
    const following = this.#following;
    this.#following = null;
    // A recording that was lost meanwhile is left all the same.
    await following?.close().catch((error: Error) => this.#note(error.message));
  }

  /** Puts away what is shown. Reading is ended by that and goes on when the files are opened again; listening is not, for it would miss something. */
  async #leave(): Promise<void> {
    if (this.#listening !== null)
      throw new Error(`Listening on ${[...this.#listening.heard.keys()].join(", ")} just now: stop that first; what was heard stays.`);
    if (this.#following !== null) throw new Error(SERVES_ITS_SITES);
    await this.#end();
    const shown = this.#shown;
    this.#shown = null;
    this.#coverage = null;
    // What was said of it is in its coverage; of what is opened next it would be untrue.
    this.#notes = [];
    shown?.unsubscribe();
    // The writer last: it folds its log in when nobody reads any more.
    await shown?.reader?.close();
    await shown?.writer?.close();
    if (shown?.writer != null) this.#takenBefore = sumOf(this.#takenBefore, shown.writer.tally);
  }

  /** Told by whoever knows what it is filled from. */
  async #show(name: string, site: string, delivered = false): Promise<RecordingWriter> {
    // Asked for before the end, begun after it, nobody would close it again.
    if (this.#closed) throw new Error("Auscult is ending: nothing more is opened.");
    const { core, openReader } = this.#options;
    const kind = { watched: openReader !== undefined && core === undefined, delivered, ...(core === undefined ? {} : { core }) };
    const writer = await writerOf(this.#pathOf(name), { ...this.#options.settings, site }, kind);
    this.#diskFull = false;
    if (this.#address !== undefined) writer.tellAddress(this.#address);
    for (const input of writer.interrupted) this.#warn(`${input}: the program ended before it was done with it; what was stored is kept.`);
    const reader = core === undefined ? await this.#readerBeside(writer, name) : null;
    this.#shown = { name, writer, reader, unsubscribe: writer.subscribe((news) => this.#heardFromWriter(news)) };
    return writer;
  }

  /** What cannot be shown is not held either: it would be in its own way. */
  async #readerBeside(writer: RecordingWriter, name: string): Promise<RecordingReader | null> {
    try {
      return (await this.#options.openReader?.(this.#pathOf(name))) ?? null;
    } catch (error) {
      await writer.close();
      throw error;
    }
  }

  #pathOf(name: string): string {
    const { database } = this.#options;
    return database === undefined ? recordingPath(this.dataDirectory, name) : recordingIn(database, name);
  }

  /** For looking at, while another process writes it. */
  async #showOnly(name: string): Promise<void> {
    const reader = (await this.#options.openReader?.(this.#pathOf(name))) ?? null;
    this.#shown = { name, writer: null, reader, unsubscribe: () => undefined };
  }

  #heardFromWriter({ refused, disk }: WriterNews): void {
    if (refused !== undefined) this.#warn(`A batch of the sensor was refused: ${refused.why}.`);
    if (disk !== undefined) this.#disk(disk);
    this.#changed();
  }

  /** A disk that is nearly full takes a little now and then: that it takes everything again is believed after a while. */
  #disk(trouble: string | null): void {
    clearTimeout(this.#diskTimer);
    if (trouble === null) {
      this.#diskTimer = setTimeout(() => {
        this.#diskFull = false;
        this.#warn("The disk takes what is heard again.");
        this.#options.disk?.(null);
      }, DISK_BELIEVED_MS).unref();
    } else if (!this.#diskFull) {
      this.#diskFull = true;
      this.#warn(`The disk takes nothing more (${trouble}): what is heard waits until there is room; what was stored is kept.`);
      this.#options.disk?.(trouble);
    }
  }

  /** For whoever sits at the terminal, and for the page. */
  #warn(words: string): void {
    this.#options.log(words);
    this.#note(words);
  }

  #note(words: string): void {
    this.#notes = [...this.#notes.filter((it) => it !== words), words].slice(-NOTES_MAX);
    this.#tell();
  }

  #tell(): void {
    for (const handler of this.#handlers) handler();
  }

  /** The recording became another: what the pages ask of it is worked out anew. */
  #changed(): void {
    this.#tell();
    this.#stale = true;
    this.#renewing ??= this.#renewWhileStale().finally(() => (this.#renewing = null));
  }

  /** At once, and begun from here on. */
  async #renewed(): Promise<void> {
    this.#restUntil = 0;
    this.#wake?.();
    this.#changed();
    await this.#renewing;
  }

  async #renewWhileStale(): Promise<void> {
    while (this.#stale) {
      const rest = this.#restUntil - performance.now();
      if (rest > 0)
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
          setTimeout(resolve, rest).unref();
        });
      this.#stale = false;
      const began = performance.now();
      await this.#renew();
      const took = performance.now() - began;
      this.#restUntil = took > RENEWED_QUICKLY_MS ? began + took / RENEWING_SHARE : 0;
    }
  }

  async #renew(): Promise<void> {
    const reader = this.#shown?.reader;
    if (reader == null) return;
    try {
      await reader.renew();
      const coverage = await reader.coverage();
      if (this.#shown?.reader !== reader) return;
      this.#coverage = coverage;
      this.#revision++;
      this.#tell();
      await this.#offer(reader);
    } catch (error) {
      // Another recording is shown by now: this one's reader was closed.
      if (this.#shown?.reader === reader) this.#options.log(`the recording could not be asked: ${(error as Error).message}`);
    }
  }

  /** What was opened to be looked at is nobody else's news: only what the site hears is. */
  async #offer(reader: RecordingReader): Promise<void> {
    const { sending, settings } = this.#options;
    if (sending == null || this.#shown?.name !== settings.site || this.#shown.writer === null) return;
    // Those whose turn it is stand first.
    const question = {
      states: ["new"],
      severity: sending.severity,
      offset: 0,
      limit: OFFERED_AT_ONCE,
      asking: askRulesOf(settings),
    } as const;
    const { rows, asked } = await reader.findings(question);
    sending.offer(settings.site, inTurn(rows, asked));
  }

  #rates(heard: ReadonlyMap<string, Heard>): void {
    for (const it of heard.values()) {
      it.framesPerSecond = Math.round(((it.frames - it.before) * 1000) / RATE_MS);
      it.before = it.frames;
    }
    this.#tell();
  }

  /** What was uploaded is a person's traffic, and no packet archive: it goes when it is read. */
  #forgetUploads({ asked }: FoundCaptures): void {
    for (const path of asked)
      if (dirname(dirname(path)) === join(this.dataDirectory, UPLOADS)) rmSync(dirname(path), { recursive: true, force: true });
  }
}

function readingState({ latest, began, playedBack }: OngoingReading, devices: number): ReadingState {
  const bytesPerSecond = latest.bytesRead / Math.max(0.001, (performance.now() - began) / 1000);
  const known = latest.bytesTotal > 0;
  return {
    file: latest.file,
    bytesRead: latest.bytesRead,
    bytesTotal: known ? latest.bytesTotal : null,
    frames: latest.frames,
    bytesPerSecond,
    secondsLeft: known && bytesPerSecond > 0 ? Math.max(0, latest.bytesTotal - latest.bytesRead) / bytesPerSecond : null,
    playedBack,
    devices,
  };
}

function forgetOldUploads(folder: string): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (Date.now() - statSync(path).mtimeMs > UPLOAD_KEPT_MS) rmSync(path, { recursive: true, force: true });
  }
}
