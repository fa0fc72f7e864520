/**
 * What people said of which endpoints are one machine, found again among those heard by now: as rules, in the order they were said, each
 * on top of those before it. What fits no device, or several, waits.
 */
import type { Engine } from "./engine.ts";
import type { Divided, Rule } from "../model/division.ts";
import type { Waiting } from "./attached.ts";
import { SaidKeys } from "./said-keys.ts";
import { words, type SaidAbout, type SaidApart, type SaidOther } from "./said.ts";

interface Fitted {
  readonly change: number;
  readonly rule: Rule;
  /** One of each device that is as it is because of this change. */
  readonly endpoints: readonly number[];
}

/** Every rule is applied to `divided`. */
export function divisions(database: Engine, divided: Divided): { readonly fitted: readonly Fitted[]; readonly waiting: Waiting } {
  const all = words(database).filter(({ what }) => what !== "say");
  const fitted: Fitted[] = [];
  const waiting = new Map<number, number>();
  if (all.length === 0) return { fitted, waiting };
  const others = all.map(({ what, value }) => (what === "merge" ? otherOf(value) : { serials: [], ...apartOf(value) }));
  const keys = new SaidKeys(database, [...all.map(({ about }) => about), ...others]);
  const deviceOf = (endpoint: number) => divided.deviceOf(endpoint);
  for (const { number, what, about, value } of all) {
    const rule = what === "merge" ? mergeOf(about, otherOf(value), keys, deviceOf) : splitOf(about, apartOf(value), keys, deviceOf);
    if (typeof rule === "number") {
      waiting.set(number, rule);
      continue;
    }
    const touched = rule.what === "merge" ? rule.endpoints : divided.membersOf(deviceOf(rule.of));
    divided.apply(rule);
    fitted.push({ change: number, rule, endpoints: [...new Set(touched.map(deviceOf))] });
  }
  return { fitted, waiting };
}

type DeviceOf = Divided["deviceOf"];
type Value = ReturnType<typeof words>[number]["value"];

const otherOf = (value: Value) => JSON.parse(value!) as SaidOther;
const apartOf = (value: Value) => JSON.parse(value!) as SaidApart;

/** Or how many devices it fits where that is not one on each side. */
function mergeOf(about: SaidAbout, other: SaidAbout, keys: SaidKeys, deviceOf: DeviceOf): Rule | number {
  const [one, two] = [about, other].map((side) => keys.fitting(side, deviceOf)) as [ReadonlySet<number>, ReadonlySet<number>];
  const unclear = [one, two].find(({ size }) => size !== 1);
  return unclear === undefined ? { what: "merge", endpoints: [...one, ...two] as unknown as readonly [number, number] } : unclear.size;
}

/** Of the device that has every address that is named; where several have, of the one it was said of. */
function splitOf(about: SaidAbout, apart: SaidApart, keys: SaidKeys, deviceOf: DeviceOf): Rule | number {
  const cards = apart.macs.map((mac) => keys.card(mac));
  const addresses = [...apart.ips.map((ip) => keys.address(ip)), ...apart.children.map((child) => keys.child(child))];
  const named = [...cards, ...addresses].map((endpoints) => new Set(endpoints.map(deviceOf)));
  const having = [...(named[0] ?? [])].filter((device) => device !== 0 && named.every((it) => it.has(device)));
  const fitting = having.length > 1 ? having.filter((device) => keys.fitting(about, deviceOf).has(device)) : having;
  const [device] = fitting;
  if (device === undefined || fitting.length > 1) return having.length;
  const own = (endpoints: readonly number[]) => endpoints.filter((it) => deviceOf(it) === device);
  return { what: "split", of: device, endpoints: addresses.flatMap(own), cards: cards.flatMap(own) };
}
