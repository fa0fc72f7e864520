/** What is true of the sample hospital, for whoever wants to compare. */
import type { Placed } from "./day.ts";
import type { Happening } from "./happenings/index.ts";
import type { TruePlanted } from "./weaknesses/index.ts";
import type { NamedTalk } from "./wire.ts";

export interface Truth {
  readonly devices: readonly TrueDevice[];
  /** Of several days: what is no every day's work, and who opened connections to whom for it. */
  readonly happenings?: readonly TrueHappening[];
  /** Where weaknesses were planted. */
  readonly weaknesses?: readonly TruePlanted[];
}

export interface TrueHappening {
  readonly name: string;
  readonly sort: Happening["sort"];
  readonly doc: string;
  readonly conversations: readonly (Omit<NamedTalk, "name"> & {
    /** Counted from 0. */
    readonly days: readonly number[];
  })[];
}

interface TrueDevice {
  readonly macs: readonly string[];
  readonly ips: readonly string[];
  readonly names: readonly string[];
  readonly kind: string;
  /** What it says of itself tells nobody its kind. */
  readonly unknown?: true;
  readonly maker: string;
  readonly model?: string;
  readonly serial?: string;
  readonly software?: string;
  readonly location: string;
  /** What it was heard to answer on, or is sent to. */
  readonly services: readonly Service[];
}

export interface Service {
  readonly transport: "tcp" | "udp";
  readonly port: number;
  readonly protocol: string;
}

export function truthOf(placed: readonly Placed[], happenings?: readonly TrueHappening[]): Truth {
  return { devices: placed.map(deviceOf), ...(happenings === undefined ? {} : { happenings }) };
}

function deviceOf({ mac, ip, name, kind, unknown, maker, model, serial, software, place, services }: Placed): TrueDevice {
  return {
    macs: [mac],
    ips: [ip],
    names: name === "" ? [] : [name],
    kind,
    ...(unknown === undefined ? {} : { unknown }),
    maker,
    ...(model === undefined ? {} : { model }),
    ...(serial === undefined ? {} : { serial }),
    ...(software === undefined ? {} : { software }),
    location: place.room,
    services: [...services.values()].sort((a, b) => (a.transport < b.transport ? -1 : a.transport > b.transport ? 1 : a.port - b.port)),
  };
}
