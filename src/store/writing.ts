/** A recording that is ours to write, whichever engine keeps it. */
import type { Engine } from "./engine.ts";

/** The disk took nothing, or is full: what is held stays held, and is tried again. */
export class DiskRefused extends Error {}

/** Somebody else writes this recording: `address` is where they can be asked, "" while unknown. */
export class RecordingBusy extends Error {
  readonly address: string;
  constructor(recording: string, address: string) {
    super(`expected to be the only writer of ${recording}, another Auscult writes it${address === "" ? "" : `: ${address}`}`);
    this.address = address;
  }
}

/** The server that keeps it does not answer now. */
export class DatabaseAway extends Error {}

/** What stands in `about`: `schema.sql` says what each is. */
export type About = "site" | "hash_key" | "derived" | "standing";

export interface Held {
  readonly database: Engine;
  /**
   * All of `work` or nothing. Throws DiskRefused when there is no room or the disk fails. Even then all of it may be found stored when
   * the recording is opened next (a sync that fails may have been one: seen), so whoever tries again tells it from its numbers.
   */
  transaction(work: () => void): void;
  about(key: About): string | undefined;
  setAbout(key: About, value: string): void;
  /** Keeps what an engine writes beside a recording short. */
  foldLog(): void;
  /** Throws where it is no longer ours to write. A file is until it is released. */
  check(): void;
  /** Where whoever is refused may ask instead: the address of our page. */
  tellAddress(address: string): void;
  /** Lets the next writer in. */
  release(): void;
}
