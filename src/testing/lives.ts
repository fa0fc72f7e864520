/** Devices with a life, for tests: what is not said of one is what most have. */
import type { Life, Lives } from "../model/lifecycle.ts";

const DAY_US = 86_400_000_000;

/** Days after 2026-01-01. */
export function day(days: number): number {
  return Date.UTC(2026, 0, 1) * 1000 + days * DAY_US;
}

export function life(id: string, said: Partial<Life> = {}): Life {
  return {
    id,
    name: `machine ${id}`,
    kind: "infusion pump",
    maker: null,
    model: null,
    serial: null,
    udi: null,
    location: null,
    owner: null,
    controlNumber: null,
    status: null,
    lifeCritical: "therapy",
    first: day(0),
    last: day(100),
    worked: 0,
    software: [],
    places: [],
    ...said,
  };
}

export function livesOf(devices: readonly Life[], from = day(0), to = day(100), inputsSince: readonly number[] = []): Lives {
  return { devices, from, to, inputsSince };
}
