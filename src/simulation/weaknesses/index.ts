/**
 * Weaknesses planted in the sample hospital, each beside its clean twin: a machine of the same kind that does the same work the safe way.
 * `auscult simulate --weaknesses`, and the proof that all are found and none at a twin.
 */
import type { Day, Placed } from "../day.ts";
import type { Machine } from "../hospital.ts";
import type { Random } from "../random.ts";
import { exposed } from "./exposed.ts";
import { outdated } from "./outdated.ts";
import type { Guest, Planted } from "./planted.ts";
import { papers, told, type Beside } from "./told.ts";

export { papers, type Beside };

export interface TruePlanted {
  readonly name: string;
  readonly weakness: string;
  readonly answer: Planted["answer"];
  readonly ip: string;
  readonly twin: string;
}

export const weaknesses: readonly Planted[] = [...exposed, ...outdated, ...told];

/** The machines that are there only for this: each planted one and its twin. */
export function guests(): readonly Machine[] {
  return weaknesses.flatMap(({ at, beside = at }, index) =>
    typeof at === "string" || typeof beside === "string"
      ? []
      : [guest(`HOST-${index}A`, at, index), guest(`HOST-${index}B`, beside, index)],
  );
}

function guest(name: string, it: Guest, index: number): Machine {
  const place = { building: "Main", floor: "0", room: `Laboratory ${1 + (index % 4)}` };
  const known = it.model === undefined ? ({ unknown: true } as const) : {};
  return { name, ...known, maker: "Dell", place, prefix: "18:66:da", net: "house", does: "silent", ...it };
}

/** Draws who has which: nobody has two, or is another's twin. */
export function drawn(placed: readonly Placed[], random: Random): readonly (readonly [Planted, Placed, Placed])[] {
  const left = placed.map((it) => ({ it, place: random.next() })).toSorted((a, b) => a.place - b.place).map(({ it }) => it); // prettier-ignore
  const take = (isSuch: (it: Placed) => boolean): Placed => {
    const index = left.findIndex(isSuch);
    if (index < 0) throw new Error("expected more machines to plant weaknesses in: a larger hospital");
    return left.splice(index, 1)[0]!;
  };
  return weaknesses.map((planted, index) => {
    const { at } = planted;
    const isSuch = (letter: string) => (it: Placed) => (typeof at === "string" ? it.does === at : it.name === `HOST-${index}${letter}`);
    return [planted, take(isSuch("A")), take(isSuch("B"))] as const;
  });
}

/** Each in its turn within the last part of the day, when all are switched on. */
export function plant(day: Day, pairs: ReturnType<typeof drawn>, length: number): void {
  const visitors = day.all("workstation");
  pairs.forEach(([{ weak, twin }, one, other], index) => {
    const at = day.until - Math.floor(length * LAST_PART * (1 - index / pairs.length));
    weak(day, at, one, visitors[index % visitors.length]!);
    twin(day, at + TWIN_AFTER_US, other, visitors[index % visitors.length]!);
  });
}
const LAST_PART = 0.4;
const TWIN_AFTER_US = 200_000;

export function truthOfPlanted(pairs: ReturnType<typeof drawn>): readonly TruePlanted[] {
  return pairs.map(([{ name, weakness, answer }, one, other]) => ({ name, weakness, answer, ip: one.ip, twin: other.ip }));
}
