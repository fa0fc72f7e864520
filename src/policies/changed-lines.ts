/** Two texts line by line: what changed, and a change taken back from a text that went on since. */
import type { ChangedLine, ChangedPart } from "../model/policy-history.ts";

/** Lines around a change, so that one sees where it stands. */
const AROUND = 2;
/** Beyond so many changed lines the rest counts as written anew: the search for the shortest way takes their square. */
const STEPS_MAX = 2_000;

/** Lines `from` to before `to` of one text became `lines`. */
interface Hunk {
  readonly from: number;
  readonly to: number;
  readonly lines: readonly string[];
}

/** Parts in their order; empty where the texts are equal. */
export function changedParts(before: string, after: string): readonly ChangedPart[] {
  // What follows the last line's end is no line, unless one text has it and the other not.
  const areEnded = [before, after].every((it) => it === "" || it.endsWith("\n"));
  const [old, fresh] = [before, after].map((it) => (areEnded ? linesOf(it).slice(0, -1) : linesOf(it))) as [
    readonly string[],
    readonly string[],
  ];
  const parts: { before: number; after: number; lines: ChangedLine[] }[] = [];
  const same = (from: number, to: number) => old.slice(from, to).map((text): ChangedLine => ({ mark: "same", text }));
  /** Of the old text, up to where lines were told; how far the new one is shifted against it there. */
  let [told, shift] = [0, 0];
  for (const { from, to, lines } of hunksOf(old, fresh)) {
    const last = parts.at(-1);
    if (last !== undefined && from - told <= 2 * AROUND) last.lines.push(...same(told, from));
    else {
      last?.lines.push(...same(told, told + AROUND));
      const start = Math.max(0, from - AROUND);
      parts.push({ before: start + 1, after: start + shift + 1, lines: same(start, from) });
    }
    const part = parts.at(-1)!;
    part.lines.push(...old.slice(from, to).map((text): ChangedLine => ({ mark: "gone", text })));
    part.lines.push(...lines.map((text): ChangedLine => ({ mark: "new", text })));
    told = to;
    shift += lines.length - (to - from);
  }
  parts.at(-1)?.lines.push(...same(told, told + AROUND));
  return parts;
}

/** `now` without what became of `before` in `after`; null where what it wrote was itself changed since. */
export function withoutChange(now: string, before: string, after: string): string | null {
  const base = linesOf(after);
  const back = hunksOf(base, linesOf(before));
  const since = hunksOf(base, linesOf(now));
  // Two that touch are about the same place: which of them comes first nobody can say.
  if (back.some((one) => since.some((other) => one.from <= other.to && other.from <= one.to))) return null;
  const lines: string[] = [];
  let at = 0;
  for (const hunk of [...back, ...since].toSorted((a, b) => a.from - b.from)) {
    lines.push(...base.slice(at, hunk.from), ...hunk.lines);
    at = hunk.to;
  }
  return [...lines, ...base.slice(at)].join("\n");
}

/** What ends without a line's end has a last line without it: that is a change too. */
function linesOf(text: string): readonly string[] {
  return text.split("\n");
}

function hunksOf(old: readonly string[], fresh: readonly string[]): readonly Hunk[] {
  let start = 0;
  while (start < old.length && start < fresh.length && old[start] === fresh[start]) start++;
  let [oldEnd, freshEnd] = [old.length, fresh.length];
  while (oldEnd > start && freshEnd > start && old[oldEnd - 1] === fresh[freshEnd - 1]) [oldEnd, freshEnd] = [oldEnd - 1, freshEnd - 1];
  if (start === oldEnd && start === freshEnd) return [];
  const [a, b] = [old.slice(start, oldEnd), fresh.slice(start, freshEnd)];
  const hunks: Hunk[] = [];
  let [x, y] = [0, 0];
  for (const [keptX, keptY] of [...keptOf(a, b), [a.length, b.length] as const]) {
    if (keptX > x || keptY > y) hunks.push({ from: start + x, to: start + keptX, lines: b.slice(y, keptY) });
    [x, y] = [keptX + 1, keptY + 1];
  }
  return hunks;
}

/**
 * Places of the lines that stay, as pairs: Myers, "An O(ND) Difference Algorithm and Its Variations" (1986). `reach[k]` is how far along `a`
 * one comes on diagonal k = x - y with so many lines taken away and put in.
 */
function keptOf(a: readonly string[], b: readonly string[]): readonly (readonly [x: number, y: number])[] {
  const rounds: Int32Array[] = [];
  const most = Math.min(a.length + b.length, STEPS_MAX);
  const reach = new Int32Array(2 * most + 3);
  const middle = most + 1;
  for (let steps = 0; steps <= most; steps++) {
    rounds.push(reach.slice(middle - steps - 1, middle + steps + 2));
    for (let k = -steps; k <= steps; k += 2) {
      const isDown = k === -steps || (k !== steps && reach[middle + k - 1]! < reach[middle + k + 1]!);
      let x = isDown ? reach[middle + k + 1]! : reach[middle + k - 1]! + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
      reach[middle + k] = x;
      if (x >= a.length && x - k >= b.length) return wayBack(rounds, a.length, b.length);
    }
  }
  return [];
}

function wayBack(rounds: readonly Int32Array[], width: number, height: number): readonly (readonly [number, number])[] {
  const kept: [number, number][] = [];
  let [x, y] = [width, height];
  for (let steps = rounds.length - 1; steps >= 0; steps--) {
    // Of each round only the diagonals it could use are kept; its middle is its own.
    const [reach, middle] = [rounds[steps]!, steps + 1];
    const k = x - y;
    const isDown = k === -steps || (k !== steps && reach[middle + k - 1]! < reach[middle + k + 1]!);
    const [beforeX, beforeK] = isDown ? [reach[middle + k + 1]!, k + 1] : [reach[middle + k - 1]!, k - 1];
    const [startX, startY] = steps === 0 ? [0, 0] : [beforeX, beforeX - beforeK];
    while (x > startX && y > startY) kept.push([--x, --y]);
    [x, y] = [startX, startY];
  }
  return kept.toReversed();
}
