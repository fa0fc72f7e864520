/** Frames through decode and flows, as in the sensor, and what came of them as lines a person can read. */
import { Decoder } from "../decode/index.ts";
import { Doses } from "../doses/index.ts";
import { Flows } from "../flows/index.ts";
import { isDeviceMaker } from "../knowledge/device-maker.ts";
import type { Batch } from "../model/batch.ts";
import type { ClinicalLimit } from "../model/program.ts";
import type { Protocol } from "../model/protocol.ts";
import { protocols as allProtocols } from "../protocols/index.ts";

interface HearOptions {
  readonly protocols?: readonly Protocol[];
  readonly flowsMax?: number;
  readonly leftOut?: readonly string[];
  readonly skipTo?: number;
  /** Seconds between two frames. */
  readonly every?: number;
  readonly live?: boolean;
  readonly held?: () => boolean;
  readonly limits?: readonly ClinicalLimit[];
}

const BEGIN_US = 1_700_000_000_000_000;
const ETHERNET = 1;

/** One input, one part, whole. */
export class Ear {
  readonly batches: Batch[] = [];
  readonly defects: unknown[] = [];
  readonly #decoder = new Decoder();
  readonly #flows: Flows;
  readonly #every: number;
  #at = BEGIN_US;

  constructor({
    protocols = allProtocols,
    flowsMax = 10_000,
    leftOut = [],
    skipTo = 0,
    every = 0.001,
    live = false,
    held = () => false,
    limits = [],
  }: HearOptions = {}) {
    this.#every = every * 1e6;
    this.#flows = new Flows({
      protocols,
      hashKey: "00".repeat(32),
      flowsMax,
      flowIdleMinutes: 5,
      leftOut,
      counts: this.#decoder,
      deviceMaker: isDeviceMaker,
      programs: new Doses(limits),
      send: (batch) => this.batches.push(batch),
      live,
      held,
      defect: (error) => this.defects.push(error),
    });
    this.#flows.begin({ site: "main", sensor: "local", run: "run", input: "test.pcap", skipTo });
  }

  frame(bytes: Uint8Array, wireLength = bytes.length, linkType = ETHERNET): void {
    this.#at += this.#every;
    this.#decoder.decode(bytes, 0, bytes.length, wireLength, this.#at, linkType);
    this.#flows.packet(this.#decoder.packet);
  }

  /** A frame with a time of its own, from a file. */
  heard(bytes: Uint8Array, start: number, end: number, wireLength: number, at: number, linkType: number): void {
    this.#decoder.decode(bytes, start, end, wireLength, at, linkType);
    this.#flows.packet(this.#decoder.packet);
  }

  wait(seconds: number): void {
    this.#at += seconds * 1e6;
    this.#flows.tick(this.#at);
  }

  /** Nothing more comes for a moment. */
  pause(): void {
    this.#flows.pause();
  }

  end(): readonly Batch[] {
    this.#flows.end(true);
    return this.batches;
  }
}

export function hear(frames: Iterable<Uint8Array>, options: HearOptions = {}): readonly Batch[] {
  const ear = new Ear(options);
  for (const frame of frames) ear.frame(frame);
  if (ear.defects.length > 0) throw ear.defects[0];
  return ear.end();
}

/** Frames with times of their own. */
export function heardAt(
  frames: Iterable<{ readonly bytes: Uint8Array; readonly at?: number }>,
  options: HearOptions = {},
): readonly Batch[] {
  const ear = new Ear(options);
  for (const { bytes, at } of frames) ear.heard(bytes, 0, bytes.length, bytes.length, at!, ETHERNET);
  if (ear.defects.length > 0) throw ear.defects[0];
  return ear.end();
}

/** `10.0.0.1 → 10.0.0.2 tcp 104 dicom [C-ECHO] 5/4 answered 1 refused 0 by handshake` */
export function conversations(batches: readonly Batch[]): string[] {
  return batches.flatMap(({ addresses, conversations: rows }) =>
    rows.map(
      ([client, server, transport, port, protocol, operations, toServer, toClient, , , answered, refused, , , side]) =>
        `${who(addresses[client]!)} → ${who(addresses[server]!)} ${transport} ${port} ${protocol || "?"} [${operations.join(" ")}] ${toServer}/${toClient} answered ${answered} refused ${refused} by ${side}`,
    ),
  );
}

export function observations(batches: readonly Batch[]): string[] {
  return batches.flatMap(({ addresses, observations: rows }) =>
    rows.map(([about, attribute, value, protocol, via, , , count]) => {
      const said = via < 0 ? "" : ` (said by ${who(addresses[via]!)})`;
      return `${who(addresses[about]!)} ${attribute}: ${value}, ${protocol}${said}${count > 1 ? ` ×${count}` : ""}`;
    }),
  );
}

export function attempts(batches: readonly Batch[]): string[] {
  return batches.flatMap(({ addresses, attempts: rows }) =>
    rows.map(
      ([client, server, transport, count, ports]) =>
        `${who(addresses[client]!)} → ${who(addresses[server]!)} ${transport} ${ports.join(",")} ×${count}`,
    ),
  );
}

/** IP where there is one, else MAC; a machine behind it by its serial. */
function who([, mac, ip, child]: Batch["addresses"][number]): string {
  return `${ip ?? mac ?? "?"}${child === null ? "" : `/${child}`}`;
}

/** Sum of one number over all batches. */
export function total(batches: readonly Batch[], of: (batch: Batch) => number): number {
  return batches.reduce((sum, batch) => sum + of(batch), 0);
}
