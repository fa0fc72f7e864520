/** A fleet with its risk → the sums of its day. */
import type { DailySum } from "../model/trend.ts";
import type { Fleet, Weakness } from "../model/weakness.ts";
import { wardName, type Rated } from "./group.ts";
import { known, order } from "./risk.ts";

/** A hospital has some hundred wards; names that a device makes up are summed as of no ward. */
const NAMES_MAX = 500;

type Open = { -readonly [Key in keyof DailySum]: DailySum[Key] };

/** The whole first, then by name. */
export function dailySums({ weaknesses }: Pick<Fleet, "weaknesses">, rated: readonly Rated[]): readonly DailySum[] {
  const sums = new Map<string, Open>();
  const sumOf = (part: DailySum["part"], wanted: string): Open => {
    const name = sums.has(`${part} ${wanted}`) || sums.size < 2 * NAMES_MAX ? wanted : "";
    const key = `${part} ${name}`;
    const sum = sums.get(key) ?? { part, name, devices: 0, patient: 0, device: 0, network: 0, high: 0, exposed: 0, affected: 0, possible: 0, unsupported: 0 }; // prettier-ignore
    sums.set(key, sum);
    return sum;
  };
  sumOf("all", "");
  for (const { device, risk } of rated) {
    const own = (weaknesses.get(device.id) ?? []).filter(({ word }) => word?.word !== "dismissed");
    const has = (test: (it: Weakness) => boolean) => (own.some(test) ? 1 : 0);
    const affected = has(({ kind, answer }) => kind === "vulnerability" && answer === "affected");
    for (const sum of [sumOf("all", ""), sumOf("ward", wardName(device) ?? ""), sumOf("kind", known(device.kind) ?? "")]) {
      sum.devices++;
      sum.patient += risk.on.patient;
      sum.device += risk.on.device;
      sum.network += risk.on.network;
      if (risk.band === "critical" || risk.band === "high") sum.high++;
      sum.exposed += has(({ kind }) => kind === "exposure");
      sum.affected += affected;
      sum.possible += has(({ kind, answer }) => kind === "vulnerability" && answer === "possible");
      sum.unsupported += has(({ kind }) => kind === "end of support");
    }
  }
  return [...sums.values()].toSorted((a, b) => PLACES[a.part] - PLACES[b.part] || order(a.name, b.name));
}
const PLACES = { all: 0, ward: 1, kind: 2 } as const;
