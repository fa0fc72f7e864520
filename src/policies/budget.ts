/**
 * Fewer lines than a policy has, for equipment that holds few: what widens least is merged first, and what it widens is said exactly.
 *
 * Weighed first by what was heard: a device and port that is there and could not be reached before counts as much as 256 addresses times
 * ports at which nobody was heard. In two phases: ports are joined only where no line grows by more than a few, and any two lines only when
 * no such pair is left; ports that competed freely with addresses looked cheap and ruined what came after. Then single lines move to
 * where they widen less, while that helps. The optimum is not promised: budget.test.ts says how near to it this comes.
 *
 * Lines of groups with life-supporting devices are never merged, and nothing is merged that would reach a life-supporting device, unless a
 * person says so; then only what cannot be avoided.
 */
import type { Platform } from "../knowledge/switches.ts";
import { Lane, laneOf, sideOf } from "./budget-lane.ts";
import { order } from "./cells.ts";
import type { Host, Permit, PermitList, Served } from "./permit-list.ts";
import { Slots, slotsAlone } from "./slots.ts";
import { isInside, spaceOf, widthOf, type Box } from "./ternary.ts";

export interface Budget {
  /** As the hardware counts them. */
  readonly entries: number;
  /** Of these, for lines that are written besides: the ground, what ends the list. */
  readonly beside: number;
  readonly platform: Platform;
  /** Who said that what is life-critical may be widened, where it does not fit without; null: nobody, and it is refused. */
  readonly saidBy: string | null;
}

export interface Fitted {
  /** In the order of the rules of what each absorbed. */
  readonly entries: readonly FittedEntry[];
  readonly platform: string;
  /** Null where nobody had to say anything. */
  readonly saidBy: string | null;
  readonly before: Size;
  readonly after: Size;
  /** Who was heard and can newly be reached, by address, transport and port. */
  readonly newlyReached: readonly NewlyReached[];
  /** Life-supporting devices that can newly be reached, also where nobody was heard answering: only where a person said so. */
  readonly lifeSupporting: readonly Host[];
}

export interface FittedEntry extends Permit {
  /** What the policy has instead, in its order; itself where nothing was merged. */
  readonly absorbed: readonly Permit[];
  /** What it costs where it stands. */
  readonly slots: number;
}

export interface Size {
  /** Lines, those besides left out. */
  readonly lines: number;
  /** As the hardware counts them, with those besides. */
  readonly entries: number;
  /** Addresses (or pairs of them) times ports, each counted once. */
  readonly space: bigint;
}

export interface NewlyReached extends Served {
  readonly way: Permit["way"];
  /** Who reaches it, where both ends are told; else empty: whoever the list is for. */
  readonly by: readonly Host[];
}

/** It cannot be done without what only a person may say. */
export class DoesNotFit extends Error {}

/** More pairs of lines than this would be weighed for minutes; no switch that counts its entries holds as many. */
export const LINES_MAX = 1_000;

/**
 * For an exporter whose target holds few entries. Give it every `permit` line its list would have (`permitsOf`, or its own in that form), what
 * was heard (`heardIn`), and how many entries there are; write the lines of `entries` instead, each as its `value`, `mask` and `ports` say,
 * with its `way`, `family` and `transport`, which are never mixed. All that was permitted still is. Order among them changes no verdict, but
 * keep it: hardware counts ranges in the order of text. What it returns besides is for the report (`fittedLines` in budget-report.ts).
 * Throws DoesNotFit, an Error for people, where only a person may decide; then nothing is to be written.
 */
export function fit(list: PermitList, budget: Budget): Fitted {
  const { platform, saidBy } = budget;
  if (list.permits.length > LINES_MAX)
    throw new DoesNotFit(`expected at most ${LINES_MAX} lines to merge, got ${list.permits.length}: give each ward a list of its own`);
  const most = budget.entries - budget.beside;
  const lanes = [...Map.groupBy(list.permits, laneOf)].map(([, permits]) => new Lane(permits, list, platform));
  const exact = lanes.flatMap((lane) =>
    lane.permits.map((box): Block => ({ lane, box, members: [list.permits.indexOf(box)], locked: box.locked, cost: lane.costOf(box) })),
  );
  if (slotsOf(exact, platform) <= most) return told(list, lanes, exact, { ...budget, saidBy: null });
  const careful = settled(merged(exact, most, platform, false), list.permits, most, platform, false);
  if (slotsOf(careful, platform) <= most) return told(list, lanes, careful, { ...budget, saidBy: null });
  if (saidBy === null) throw refusal(careful, budget);
  const said = settled(merged(careful, most, platform, true), list.permits, most, platform, true);
  if (slotsOf(said, platform) > most) throw refusal(said, budget);
  return told(list, lanes, said, budget);
}

/** Lines that became one. */
interface Block {
  readonly lane: Lane;
  readonly box: Box;
  /** Places in the list's permits, ascending. */
  readonly members: readonly number[];
  readonly locked: boolean;
  readonly cost: number;
}

interface Pair {
  readonly a: Block;
  readonly b: Block;
  readonly box: Box;
  readonly cost: number;
  /** Joins ports that lie near each other. */
  readonly isNear: boolean;
  /** All that lies inside of the box, in the order of the blocks: how many entries it saves, and what each of them costs. */
  gone: readonly Block[];
  saved: number;
  gain: number;
}

const NEAR_PORTS = 8;

/** Greedily, one after the other, until it fits or nothing is left to merge. `free`: what is life-critical too. */
function merged(start: readonly Block[], most: number, platform: Platform, free: boolean): Block[] {
  let blocks = start.map((it) => (free ? { ...it, cost: it.lane.costOf(it.box, true) } : it));
  let pairs: Pair[] | null = null;
  while (slotsOf(blocks, platform) > most) {
    const standing = blocks;
    pairs ??= [...Map.groupBy(standing, ({ lane }) => lane).values()].flatMap((own) =>
      own.flatMap((a, at) => own.slice(at + 1).flatMap((b) => pairOf(a, b, own, platform, free))),
    );
    const pair: Pair | null = leastOf(pairs, true) ?? leastOf(pairs, false);
    if (pair === null) break;
    const gone: ReadonlySet<Block> = new Set(pair.gone);
    const block = blockOf(pair);
    blocks = [...blocks.filter((it) => !gone.has(it)), block];
    pairs = pairs.filter(({ a, b }) => !gone.has(a) && !gone.has(b));
    for (const it of pairs) {
      if (it.a.lane !== block.lane) continue;
      const stays = it.gone.some((one) => gone.has(one)) ? it.gone.filter((one) => !gone.has(one)) : it.gone;
      const isIn = (free || !block.locked) && isInside(block.box, it.box);
      if (isIn || stays !== it.gone) weigh(it, isIn ? [...stays, block] : stays, platform);
    }
    const own = blocks.filter(({ lane }) => lane === block.lane);
    for (const other of own) if (other !== block) pairs.push(...pairOf(other, block, own, platform, free));
  }
  return blocks;
}

function pairOf(a: Block, b: Block, own: readonly Block[], platform: Platform, free: boolean): Pair[] {
  if (!free && (a.locked || b.locked)) return [];
  const box = a.lane.joined(a.box, b.box);
  if (!free && a.lane.isEndangering(box)) return [];
  const least = Math.min(widthOf(a.box.ports), widthOf(b.box.ports));
  const isNear = widthOf(box.ports) - least <= NEAR_PORTS;
  const pair: Pair = { a, b, box, cost: a.lane.costOf(box, free), isNear, gone: [], saved: 0, gain: 0 };
  weigh(pair, own.filter((it) => (free || !it.locked) && isInside(it.box, box)), platform); // prettier-ignore
  return [pair];
}

function weigh(pair: Pair, gone: readonly Block[], platform: Platform): void {
  pair.gone = gone;
  pair.saved = gone.reduce((sum, it) => sum + slotsAlone(platform, it.box.ports), 0) - slotsAlone(platform, pair.box.ports);
  pair.gain = (pair.cost - gone.reduce((sum, it) => sum + it.cost, 0)) / pair.saved;
}

/** The first of the least. */
function leastOf(pairs: readonly Pair[], near: boolean): Pair | null {
  let least: Pair | null = null;
  for (const it of pairs) if (it.saved > 0 && it.isNear === near && (least === null || it.gain < least.gain)) least = it;
  return least;
}

function blockOf({ a, box, cost, gone }: Pair): Block {
  const members = gone.flatMap((it) => it.members).sort((one, other) => one - other);
  return { lane: a.lane, box, members, locked: gone.some(({ locked }) => locked), cost };
}

/** Single lines move to another one, or to stand alone where there is room, as long as what all lines cost becomes less. */
function settled(start: readonly Block[], permits: readonly Permit[], most: number, platform: Platform, free: boolean): Block[] {
  let blocks = [...start];
  for (let moved = true; moved;) {
    moved = false;
    for (const member of permits.keys()) {
      const better = moveOf(member, blocks, permits, most, platform, free);
      if (better === null) continue;
      blocks = better;
      moved = true;
    }
  }
  return blocks;
}

function moveOf(member: number, blocks: readonly Block[], permits: readonly Permit[], most: number, platform: Platform, free: boolean): Block[] | null {
  const home = blocks.find(({ members }) => members.includes(member))!;
  if (home.locked && !free) return null;
  const { lane } = home;
  const alone = made(lane, [member], permits, free);
  const rest = home.members.length === 1 ? [] : [made(lane, home.members.filter((it) => it !== member), permits, free)];
  const others = blocks.filter((it) => it !== home);
  let best: { readonly cost: number; readonly blocks: Block[] } | null = null;
  // Two sums, not their difference: of large numbers that would be less than nothing by rounding alone, and moves would never end.
  const offer = (after: number, before: number, candidate: () => Block[]) => {
    const cost = after - before;
    if (!(after < before && cost < (best?.cost ?? 0))) return;
    const blocks = candidate();
    if (slotsOf(blocks, platform) <= Math.max(most, slotsOf([...others, home], platform))) best = { cost, blocks };
  };
  const restCost = rest.reduce((sum, it) => sum + it.cost, 0);
  if (rest.length > 0) offer(restCost + alone.cost, home.cost, () => [...others, ...rest, alone]);
  for (const other of others) {
    if (other.lane !== lane || (other.locked && !free)) continue;
    const box = lane.joined(other.box, alone.box);
    if (!free && lane.isEndangering(box)) continue;
    const cost = lane.costOf(box, free);
    const members = [...other.members, member].sort((a, b) => a - b);
    const block: Block = { lane, box, members, locked: other.locked || alone.locked, cost };
    offer(restCost + cost, home.cost + other.cost, () => [...others.filter((it) => it !== other), ...rest, block]);
  }
  return (best as { readonly blocks: Block[] } | null)?.blocks ?? null;
} // prettier-ignore

function made(lane: Lane, members: readonly number[], permits: readonly Permit[], free: boolean): Block {
  const own = members.map((it) => permits[it]!);
  const box = own.slice(1).reduce((all: Box, it) => lane.joined(all, it), own[0]!);
  return { lane, box, members, locked: own.some(({ locked }) => locked), cost: lane.costOf(box, free) };
}

/** In the order of the rules of what they absorbed. */
function inOrder(blocks: readonly Block[]): Block[] {
  return blocks.toSorted((a, b) => a.members[0]! - b.members[0]!);
}

function slotsOf(blocks: readonly Block[], platform: Platform): number {
  const slots = new Slots(platform);
  return inOrder(blocks).reduce((sum, { lane, box }) => sum + slots.add(lane.side, box.ports), 0);
}

function told(list: PermitList, lanes: readonly Lane[], blocks: readonly Block[], { platform, beside, saidBy }: Omit<Budget, "entries">): Fitted {
  const slots = new Slots(platform);
  const entries = inOrder(blocks).map(({ lane, box: { value, mask, ports }, members, locked }): FittedEntry => {
    const absorbed = members.map((it) => list.permits[it]!);
    const { family, transport, way } = absorbed[0]!;
    const rules = [...new Set(absorbed.flatMap((it) => it.rules))].sort((a, b) => a - b);
    return { value, mask, ports, family, transport, way, rules, locked, absorbed, slots: slots.add(lane.side, ports) };
  });
  const boxesOf = (lane: Lane) => blocks.filter((it) => it.lane === lane).map(({ box }) => box);
  const size = (lines: readonly Permit[], boxes: (lane: Lane) => readonly Box[]): Size => {
    const counted = new Slots(platform);
    return {
      lines: lines.length,
      entries: beside + lines.reduce((sum, it) => sum + counted.add(sideOf(it), it.ports), 0),
      space: lanes.reduce((sum, lane) => sum + spaceOf(boxes(lane)), 0n),
    };
  };
  const endangered = lanes.flatMap((lane) => boxesOf(lane).flatMap((box) => lane.endangered(box)));
  return {
    entries,
    platform: platform.name,
    saidBy,
    before: size(list.permits, (lane) => lane.permits),
    after: size(entries, boxesOf),
    newlyReached: lanes.flatMap((lane) => lane.reached(boxesOf(lane)).map(({ served, by }) => ({ ...served, way: lane.permits[0]!.way, by }))),
    lifeSupporting: [...new Map(endangered.map((it) => [it.address, it])).values()].sort((a, b) => order(a.address, b.address)),
  };
} // prettier-ignore

/** What keeps it from fitting, by name, and what a person may do. */
function refusal(blocks: readonly Block[], { entries, beside, platform }: Budget): DoesNotFit {
  const least = slotsOf(blocks, platform) + beside;
  const locked = blocks.filter((it) => it.locked).length;
  const open = blocks.filter((it) => !it.locked);
  const names = new Set(open.flatMap((a, at) => open.slice(at + 1).flatMap((b) => (a.lane === b.lane ? a.lane.endangered(a.lane.joined(a.box, b.box)).map(({ name }) => name) : [])))); // prettier-ignore
  const why = [
    ...(beside > 0 ? [`${beside} are written besides`] : []),
    ...(locked > 0 ? [`${locked} are of groups with life-supporting devices and stay as they are`] : []),
    ...(names.size > 0 ? [`merging more would open a way to or from ${[...names].sort(order).slice(0, NAMES_MAX).join(", ")}${names.size > NAMES_MAX ? ` and ${names.size - NAMES_MAX} more` : ""}, which ${names.size === 1 ? "is" : "are"} life-supporting`] : []), // prettier-ignore
  ];
  return new DoesNotFit(
    `expected a list that fits in ${entries} entries, ${least} is the least on ${platform.name}${why.length === 0 ? "" : `: ${why.join("; ")}`}`,
  );
}
const NAMES_MAX = 5;
