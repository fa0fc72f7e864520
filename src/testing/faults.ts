/** What can go wrong in a world of many sites (`chaos.ts`), each drawn from a seed, and how it went on after it. */
import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Random } from "../simulation/random.ts";
import { nameOf, SENSORS, type World } from "./chaos.ts";
import { CUTS } from "./cut.ts";
import type { Running } from "./command.ts";

interface Fault {
  readonly kind: string;
  /** Does it and takes it back; answers to whom. */
  readonly happen: (world: World, drawn: Random) => Promise<string>;
}

export interface Happened {
  readonly kind: string;
  readonly whom: string;
  /** From its end until more was committed. */
  readonly recoveryMs: number;
}

/** What is away is so for so long at most: longer than a lease of the broker (10 s), and than a word of a sensor is waited for (15 s). */
const AWAY_MS_MAX = 18_000;
const AWAY_MS_MIN = 1_000;
/** Between two faults, so that some hit what still recovers. */
const REST_MS_MAX = 8_000;
const BALLAST_BYTES = 1_000_000;

/** Each at least once where there are as many as kinds; then as drawn. */
export async function breakThings(world: World, faults: number, seed: number, told: (happened: Happened) => void): Promise<void> {
  const drawn = new Random(seed);
  const order: Fault[] = [];
  while (order.length < faults) order.push(...shuffled(FAULTS, drawn));
  for (const { kind, happen } of order.slice(0, faults)) {
    await sleep(drawn.below(REST_MS_MAX));
    const whom = await happen(world, drawn);
    const recoveryMs = await world.progressed(world.committed());
    told({ kind, whom, recoveryMs });
    if (world.surprises.length > 0) throw new Error(world.surprises.join("\n"));
  }
}

/** As lines, for people. */
export function faultTable(happened: readonly Happened[]): readonly string[] {
  return [...Map.groupBy(happened, ({ kind }) => kind)].map(([kind, all]) => {
    const ms = all.map(({ recoveryMs }) => recoveryMs).toSorted((a, b) => a - b);
    const seconds = (at: number) => (ms[at]! / 1_000).toFixed(1);
    return `${kind}: ${all.length} times; batches are committed again ${seconds(Math.floor((ms.length - 1) / 2))} s after it in the middle, ${seconds(ms.length - 1)} s at most`;
  });
}

const FAULTS: readonly Fault[] = [
  {
    kind: "core killed",
    happen: async (world, drawn) => {
      const name = one([...world.cores.keys()], drawn);
      await killed(world.cores.get(name)!);
      await away(drawn);
      world.startCore(name);
      return name;
    },
  },
  {
    kind: "core told to end",
    happen: async (world, drawn) => {
      const name = one([...world.cores.keys()], drawn);
      const { child, ended } = world.cores.get(name)!;
      child.kill("SIGTERM");
      await ended;
      world.startCore(name);
      return name;
    },
  },
  {
    kind: "core stands still",
    happen: async (world, drawn) => {
      const name = one([...world.cores.keys()], drawn);
      await paused(world.cores.get(name)!, drawn);
      return name;
    },
  },
  {
    kind: "sensor killed",
    happen: async (world, drawn) => {
      const sensor = one(SENSORS, drawn);
      await killed(world.sensors.get(sensor)!);
      return nameOf(sensor);
    },
  },
  {
    kind: "sensor stands still",
    happen: async (world, drawn) => {
      const sensor = one(SENSORS, drawn);
      await paused(world.sensors.get(sensor)!, drawn);
      return nameOf(sensor);
    },
  },
  {
    kind: "disk of a spool full",
    happen: async (world, drawn) => {
      const sensor = one(SENSORS, drawn);
      const ballast = join(world.spoolOf(sensor), "ballast");
      fill(ballast);
      await away(drawn);
      rmSync(ballast);
      return nameOf(sensor);
    },
  },
  {
    kind: "node of the broker killed",
    happen: async (world, drawn) => {
      const at = drawn.below(world.nodes.length);
      await world.nodes[at]!.end();
      await away(drawn);
      await world.startNode(at);
      return `node ${at}`;
    },
  },
  {
    kind: "node of the broker stands still",
    happen: async (world, drawn) => {
      const at = drawn.below(world.nodes.length);
      world.nodes[at]!.signal("SIGSTOP");
      await away(drawn);
      world.nodes[at]!.signal("SIGCONT");
      return `node ${at}`;
    },
  },
  {
    kind: "all nodes lose what they have",
    happen: async (world) => {
      await Promise.all(world.nodes.map((node) => node.end()));
      for (const node of world.nodes) rmSync(join(node.folder, "jetstream"), { recursive: true, force: true });
      await Promise.all(world.nodes.map((_, at) => world.startNode(at)));
      return "all three";
    },
  },
  {
    kind: "way to the broker cut",
    happen: async (world, drawn) => {
      const name = one([...world.ways.keys()], drawn);
      const cut = one(CUTS, drawn);
      for (const way of world.ways.get(name)!) way.cut(cut);
      await away(drawn);
      for (const way of world.ways.get(name)!) way.mend();
      return `${name}, ${cut}`;
    },
  },
  {
    kind: "way to the database cut",
    happen: async (world, drawn) => {
      const name = one([...world.databaseWays.keys()], drawn);
      const cut = one(CUTS, drawn);
      world.databaseWays.get(name)!.cut(cut);
      await away(drawn);
      world.databaseWays.get(name)!.mend();
      return `${name}, ${cut}`;
    },
  },
  {
    kind: "database killed",
    happen: async (world, drawn) => {
      world.postgres.stop("immediate");
      await away(drawn);
      world.postgres.start();
      return "the database";
    },
  },
];

async function killed({ child, ended }: Running): Promise<void> {
  child.kill("SIGKILL");
  await ended;
}

async function paused({ child }: Running, drawn: Random): Promise<void> {
  child.kill("SIGSTOP");
  await away(drawn);
  child.kill("SIGCONT");
}

function away(drawn: Random): Promise<void> {
  return sleep(AWAY_MS_MIN + drawn.below(AWAY_MS_MAX - AWAY_MS_MIN));
}

/** Until there is no room. */
function fill(file: string): void {
  const fd = openSync(file, "w");
  try {
    const zeros = Buffer.alloc(BALLAST_BYTES);
    for (let size = zeros.length; size > 0;) {
      try {
        writeSync(fd, zeros, 0, size);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
        size = Math.floor(size / 2);
      }
    }
  } finally {
    closeSync(fd);
  }
}

function one<It>(all: readonly It[], drawn: Random): It {
  return all[drawn.below(all.length)]!;
}

function shuffled<It>(all: readonly It[], drawn: Random): readonly It[] {
  return all.map((it) => ({ it, at: drawn.next() })).toSorted((a, b) => a.at - b.at).map(({ it }) => it); // prettier-ignore
}
