/** What can go wrong in a world of many sites (`chaos.ts`), each drawn from a seed, and how it went on after it. */
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Random } from "../simulation/random.ts";
import { CORES, DATABASE, nameOf, NODES, SENSORS, type World } from "./chaos.ts";
import type { Running } from "./command.ts";
import { filled } from "./filled.ts";
import { until } from "./processes.ts";

interface Fault {
  readonly kind: string;
  /** Does it and takes it back; answers to whom. */
  readonly happen: (world: World, drawn: Random) => Promise<string>;
}

export interface Happened {
  readonly kind: string;
  readonly whom: string;
  /** From its end until more was committed of some sensor. */
  readonly someMs: number;
  /** The same of every sensor, which the faults after it may have held up. */
  readonly everyMs: Promise<number>;
}

/** What is away is so for so long at most: longer than a lease of the broker (10 s), and than a word of a sensor is waited for (15 s). */
const AWAY_MS_MAX = 18_000;
const AWAY_MS_MIN = 1_000;
/** Between two faults, so that some hit what still recovers. */
const REST_MS_MAX = 4_000;
/** Between an older copy and the moment it takes the place of the newer. */
const OLDER_MS = 45_000;
const TOLD_MS_MAX = 120_000;
const SAID_GONE = "SELECT count(*) FROM auscult.note WHERE words LIKE 'The store was set back to an older copy:%'";
/** "to server" and "to client": nothing arrives there, and neither end is told. */
const CUTS = ["to server", "to client", "both"] as const;

/** Each kind at least once where there are as many as kinds; then as drawn. The database is set back once, in the middle. */
export async function breakThings(world: World, faults: number, seed: number, told: (happened: Happened) => void): Promise<void> {
  const drawn = new Random(seed);
  const order: Fault[] = [];
  while (order.length < faults) order.push(...shuffled(FAULTS, drawn));
  order.splice(Math.floor(faults / 2), 0, SET_BACK);
  for (const { kind, happen } of order.slice(0, faults)) {
    await sleep(drawn.below(REST_MS_MAX));
    const whom = await happen(world, drawn);
    const before = world.committed();
    const everyMs = world.progressed(before, "every");
    told({ kind, whom, someMs: await world.progressed(before, "some"), everyMs });
    if (world.surprises.length > 0) throw new Error(world.surprises.join("\n"));
  }
}

/** As lines, for people. */
export async function faultTable(happened: readonly Happened[]): Promise<readonly string[]> {
  const ended = await Promise.all(happened.map(async ({ everyMs, ...it }) => ({ ...it, everyMs: await everyMs })));
  return [...Map.groupBy(ended, ({ kind }) => kind)].map(([kind, all]) => {
    const [some, every] = [all.map(({ someMs }) => someMs), all.map(({ everyMs }) => everyMs)];
    return `${kind}: ${all.length} times; the first sensor's batches are committed again ${middleAndMost(some)}, every sensor's ${middleAndMost(every)}`;
  });
}

function middleAndMost(all: readonly number[]): string {
  const ms = all.toSorted((a, b) => a - b);
  const seconds = (at: number) => (ms[at]! / 1_000).toFixed(1);
  return `after ${seconds(Math.floor((ms.length - 1) / 2))} s in the middle and ${seconds(ms.length - 1)} s at most`;
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
      const ballast = filled(join(world.spoolOf(sensor), "ballast"));
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
      return NODES[at]!;
    },
  },
  {
    kind: "node of the broker told to end",
    happen: async (world, drawn) => {
      const at = drawn.below(world.nodes.length);
      await world.nodes[at]!.end("SIGTERM");
      await world.startNode(at);
      return NODES[at]!;
    },
  },
  {
    kind: "node of the broker stands still",
    happen: async (world, drawn) => {
      const at = drawn.below(world.nodes.length);
      world.nodes[at]!.signal("SIGSTOP");
      await away(drawn);
      world.nodes[at]!.signal("SIGCONT");
      return NODES[at]!;
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
    kind: "way of a sensor to the broker cut",
    happen: (world, drawn) => cut(world, drawn, nameOf(one(SENSORS, drawn)), NODES),
  },
  {
    kind: "way of a core to the broker cut",
    happen: (world, drawn) => cut(world, drawn, one(CORES, drawn), NODES),
  },
  {
    kind: "way of a core to the database cut",
    happen: (world, drawn) => cut(world, drawn, one(CORES, drawn), [DATABASE]),
  },
  {
    kind: "way of a node of the broker to the others cut",
    happen: (world, drawn) => {
      const node = one(NODES, drawn);
      return cut(world, drawn, node, NODES.filter((it) => it !== node)); // prettier-ignore
    },
  },
  {
    kind: "database killed",
    happen: withoutDatabase(async (world, drawn) => {
      const space = world.switch.space(DATABASE);
      // First all of them stand still: none is gone by itself before its turn.
      const pids = space.pids();
      for (const signal of ["SIGSTOP", "SIGKILL"] as const) for (const pid of pids) process.kill(pid, signal);
      await until("the database to be gone", () => space.pids().length === 0);
      await away(drawn);
      world.postgres.start();
      return DATABASE;
    }),
  },
  {
    kind: "database told to end",
    happen: withoutDatabase(async (world) => {
      world.postgres.stop("fast");
      world.postgres.start();
      return DATABASE;
    }),
  },
  {
    kind: "database stands still",
    happen: withoutDatabase(async (world, drawn) => {
      const pids = world.switch.space(DATABASE).pids();
      for (const pid of pids) process.kill(pid, "SIGSTOP");
      await away(drawn);
      for (const pid of pids) process.kill(pid, "SIGCONT");
      return DATABASE;
    }),
  },
  {
    kind: "disk of the database full",
    happen: withoutDatabase(async (world, drawn) => {
      const ballast = filled(join(world.postgres.folder, "ballast"));
      await away(drawn);
      rmSync(ballast);
      await world.postgres.answers();
      return DATABASE;
    }),
  },
];

const SET_BACK: Fault = {
  kind: "database set back to an older copy",
  happen: withoutDatabase(async ({ folder, postgres, surprises }) => {
    const older = mkdtempSync(join(folder, "older-"));
    chmodSync(folder, 0o755);
    chmodSync(older, 0o777);
    postgres.copy(join(older, "data"));
    await sleep(OLDER_MS);
    postgres.stop("immediate");
    postgres.setBack(join(older, "data"));
    postgres.start();
    for (const began = performance.now(); postgres.sql("chaos", SAID_GONE) === "0";) {
      if (performance.now() - began > TOLD_MS_MAX) surprises.push("no core said what the older copy does not have");
      if (surprises.length > 0) break;
      await sleep(AWAY_MS_MIN);
    }
    return `${DATABASE}, by ${OLDER_MS / 1_000} s, and cores say so`;
  }),
};

/** Nobody here asks it meanwhile. */
function withoutDatabase(happen: Fault["happen"]): Fault["happen"] {
  return async (world, drawn) => {
    world.isDatabaseThere = false;
    try {
      return await happen(world, drawn);
    } finally {
      world.isDatabaseThere = true;
    }
  };
}

/** Nothing goes from one side to the other, or back, or either way. */
async function cut(world: World, drawn: Random, client: string, servers: readonly string[]): Promise<string> {
  const way = one(CUTS, drawn);
  for (const server of servers) {
    if (way !== "to client") world.switch.drop(client, server);
    if (way !== "to server") world.switch.drop(server, client);
  }
  await away(drawn);
  world.switch.mend();
  return `${client}, ${way}`;
}

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

function one<It>(all: readonly It[], drawn: Random): It {
  return all[drawn.below(all.length)]!;
}

function shuffled<It>(all: readonly It[], drawn: Random): readonly It[] {
  return all.map((it) => ({ it, at: drawn.next() })).toSorted((a, b) => a.at - b.at).map(({ it }) => it); // prettier-ignore
}
