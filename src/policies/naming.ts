/** Selectors for just some machines: by a name that is asserted and nobody else's, else by card, else by address. */
import { LEAD_ASSERTED } from "../model/device.ts";
import type { Machine } from "../model/replay.ts";
import { order } from "./cells.ts";

type Key = "name" | "mac" | "ip";

export class Naming {
  /** How many there are of each name. */
  readonly #names = new Map<string, number>();

  constructor(all: readonly Machine[]) {
    for (const { device } of all) this.#names.set(device.name.toLowerCase(), (this.#names.get(device.name.toLowerCase()) ?? 0) + 1);
  }

  selectorOf(machines: readonly Machine[]): string {
    return selectorOf(machines, machines.map((it) => keyOf(it, this.#names.get(it.device.name.toLowerCase()) === 1))); // prettier-ignore
  }
}

function selectorOf(machines: readonly Machine[], keys: readonly (readonly [Key, string])[]): string {
  const parts = (["name", "mac", "ip"] as const).flatMap((field) => {
    const values = keys.filter(([key]) => key === field).map(([, value]) => value).sort(order); // prettier-ignore
    if (values.length === 0) return [];
    return values.length === 1 ? [`${field} = ${values[0]}`] : [`${field} in (${values.join(", ")})`];
  });
  const one = parts.length === 1 ? parts[0]! : `(${parts.join(" or ")})`;
  // Who is outside, and a group's address, is selected only where standing is asked about.
  const standings = [...new Set(machines.map(({ device }) => device.standing))].filter((it) => it === "outside" || it === "group").sort();
  if (standings.length === 0) return one;
  return `standing ${standings.length === 1 ? `= ${standings[0]}` : `in (${standings.join(", ")})`} and ${one}`;
}

function keyOf({ device, worn }: Machine, alone: boolean): readonly [Key, string] {
  const isAsserted = device.names.some(({ value, lead }) => value === device.name && lead >= LEAD_ASSERTED);
  // Outside, a name is how it was asked for, and stays while addresses change.
  const isAsked = device.standing === "outside" && device.names.some(({ value }) => value === device.name);
  if (alone && (isAsserted || isAsked) && !device.name.includes('"')) return ["name", word(device.name)];
  const card = device.standing === "group" || device.standing === "outside" ? undefined : worn.find(({ mac }) => mac !== null)?.mac;
  if (card) return ["mac", card];
  return ["ip", worn.find(({ ip }) => ip !== null)?.ip ?? "unknown"];
}

function word(text: string): string {
  return /^[^\s()=~<>!,"]+$/.test(text) && !/^(and|or|not|in|unknown|known)$/i.test(text) ? text : `"${text}"`;
}
