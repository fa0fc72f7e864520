/**
 * Many sites as they run: three nats-server nodes as one cluster, PostgreSQL, two cores of all sites, four sensors; each a process, each
 * way between them one that can be cut. Sensors read one capture after the other for as long as somebody breaks something.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { simulate } from "../simulation/index.ts";
import { recordingIn } from "../store/postgres/place.ts";
import { run, start, type Running } from "./command.ts";
import { Way } from "./cut.ts";
import { freePort, TestBroker } from "./nats.ts";
import type { Postgres } from "./postgres.ts";
import { differences, sumsOf } from "./sums.ts";

export const SITES = ["north", "south", "west"] as const;
/** Two of one site: they hear other machines of it, under the same addresses as those of the next site. */
export const SENSORS = [
  { site: "north", name: "er-1" },
  { site: "north", name: "ward-2" },
  { site: "south", name: "er-1" },
  { site: "west", name: "er-1" },
] as const;
const CORES = ["one", "two"] as const;
const NODES = 3;
const CAPTURE_MINUTES = 10;
const CAPTURE_SIZE = 40;
/** A disk of a sensor's own: as large as three captures need, so that a ballast fills it. */
const SPOOL_BYTES = 24_000_000;
const LOOK_MS = 500;

type Sensor = (typeof SENSORS)[number];

export class World {
  readonly folder: string;
  readonly postgres: Postgres;
  readonly nodes: TestBroker[] = [];
  readonly #configs: string[] = [];
  readonly cores = new Map<string, Running>();
  readonly sensors = new Map<Sensor, Running>();
  /** By the name of a core or a sensor: its ways to the nodes. */
  readonly ways = new Map<string, readonly Way[]>();
  /** By the name of a core. */
  readonly databaseWays = new Map<string, Way>();
  /** What each sensor read or reads, oldest first. */
  readonly captures = new Map<Sensor, string[]>(SENSORS.map((sensor) => [sensor, []]));
  readonly #feeding = new Map<Sensor, Promise<void>>();
  #goesOn = true;
  /** Whoever is killed now does not begin again. */
  #isOver = false;
  #seed: number;
  /** What ended otherwise than it was made to, in words. */
  readonly surprises: string[] = [];

  constructor(folder: string, postgres: Postgres, seed: number) {
    this.folder = folder;
    this.postgres = postgres;
    this.#seed = seed * 1_000;
  }

  async start(): Promise<void> {
    const ports = await Promise.all(Array.from({ length: NODES }, () => freePort()));
    const routes = await Promise.all(Array.from({ length: NODES }, () => freePort()));
    this.postgres.database("chaos");
    for (const [at, port] of ports.entries()) {
      const node = new TestBroker(join(this.folder, `node-${at}`), port);
      this.nodes.push(node);
      this.#configs.push(`server_name: node-${at}
listen: 127.0.0.1:${port}
max_payload: 2097152
jetstream { store_dir: "${join(node.folder, "jetstream")}" }
cluster { name: chaos, listen: "127.0.0.1:${routes[at]}", routes: [${routes.map((it) => `"nats://127.0.0.1:${it}"`).join(", ")}] }
`);
    }
    await Promise.all(this.nodes.map((_, at) => this.startNode(at)));
    for (const name of [...CORES, ...SENSORS.map(nameOf)]) this.ways.set(name, await Promise.all(ports.map((port) => Way.to({ host: "127.0.0.1", port })))); // prettier-ignore
    for (const name of CORES) {
      this.databaseWays.set(name, await Way.to({ path: join(this.postgres.folder, ".s.PGSQL.5432") }));
      this.startCore(name);
    }
    for (const sensor of SENSORS) {
      const spool = this.spoolOf(sensor);
      mkdirSync(spool, { recursive: true });
      execFileSync("mount", ["-t", "tmpfs", "-o", `size=${SPOOL_BYTES}`, "tmpfs", spool]);
      this.#feeding.set(sensor, this.#feed(sensor));
    }
  }

  startNode(at: number): Promise<void> {
    return this.nodes[at]!.start({ text: this.#configs[at]! });
  }

  startCore(name: string): void {
    const database = `postgres://writer@127.0.0.1:${this.databaseWays.get(name)!.port}/chaos`;
    const line = ["core", "--broker", this.#brokerOf(name), "--sites", SITES.join(","), "--database", database, "--replicas", "3"];
    const core = start(["--data", join(this.folder, name), ...line, "--no-open"], { AUSCULT_PORT: "0" });
    this.cores.set(name, core);
    // Killed by a signal, or told to end: all else nobody asked for.
    void this.#watch(name, core);
  }

  spoolOf(sensor: Sensor): string {
    return join(this.folder, `spool-${nameOf(sensor)}`);
  }

  /** Batches that are committed, of all sites. */
  committed(): number {
    return Number(this.postgres.sql("chaos", "SELECT coalesce(sum(sequence), 0) FROM auscult.run"));
  }

  /** Resolves when more is committed than `before`; how long that took, in milliseconds. */
  async progressed(before: number): Promise<number> {
    const began = performance.now();
    while (this.committed() <= before && this.surprises.length === 0) await sleep(LOOK_MS);
    return performance.now() - began;
  }

  /** Sensors read what they have and no more; resolves when all of it is committed. */
  async drained(): Promise<void> {
    this.#goesOn = false;
    await Promise.all(this.#feeding.values());
    for (const { child, ended } of this.cores.values()) {
      child.kill("SIGTERM");
      await ended;
    }
  }

  /** One machine reads the same captures; what differs, a line each. */
  async differences(): Promise<readonly string[]> {
    const found: string[] = [];
    for (const site of SITES) {
      for (const [sensor, captures] of this.captures)
        for (const capture of sensor.site === site ? captures : []) {
          const { code, stderr } = await run("--data", join(this.folder, "reference"), "open", capture, "--into", site, "--exit");
          if (code !== 0) throw new Error(stderr);
        }
      const one = sumsOf(join(this.folder, "reference", "recordings", `${site}.db`));
      const many = sumsOf(recordingIn(this.postgres.url("chaos"), site));
      found.push(...differences(one, many).map((line) => `${site}: ${line}`));
    }
    return found;
  }

  async end(): Promise<void> {
    this.#goesOn = false;
    this.#isOver = true;
    for (const { child, ended } of [...this.cores.values(), ...this.sensors.values()]) {
      child.kill("SIGKILL");
      await ended;
    }
    await Promise.allSettled(this.#feeding.values());
    for (const node of this.nodes) await node.end();
    for (const way of [...[...this.ways.values()].flat(), ...this.databaseWays.values()]) way.close();
    for (const sensor of SENSORS) execFileSync("umount", ["-l", this.spoolOf(sensor)]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** One that is killed begins again with the same capture, which goes on where it was. */
  async #feed(sensor: Sensor): Promise<void> {
    const captures = this.captures.get(sensor)!;
    while (this.#goesOn) {
      const capture = join(this.folder, `${nameOf(sensor)}-${captures.length}.pcap`);
      writeFileSync(capture, Buffer.concat([...simulate({ seed: this.#seed++, minutes: CAPTURE_MINUTES, size: CAPTURE_SIZE }).capture]));
      captures.push(capture);
      for (;;) {
        const { site, name } = sensor;
        const data = join(this.folder, `sensor-${nameOf(sensor)}`);
        const line = ["--broker", this.#brokerOf(nameOf(sensor)), "--site", site, "--name", name, "--spool", this.spoolOf(sensor)];
        const running = start(["--data", data, "sensor", capture, ...line]);
        this.sensors.set(sensor, running);
        const { code, stderr } = await running.ended;
        if (code === 0 || this.#isOver) break;
        // Killed, told to end, or its disk was full as it began.
        if (code !== null && code !== 143 && !stderr.includes("ENOSPC")) this.surprises.push(`${nameOf(sensor)} ended with ${code}: ${stderr.slice(-300)}`); // prettier-ignore
        await sleep(LOOK_MS);
      }
    }
  }

  async #watch(name: string, { ended }: Running): Promise<void> {
    const { code, stderr } = await ended;
    if (code !== null && code !== 0) this.surprises.push(`the core ${name} ended with ${code}: ${stderr.slice(-300)}`);
  }

  #brokerOf(name: string): string {
    return this.ways
      .get(name)!
      .map(({ port }) => `nats://127.0.0.1:${port}`)
      .join(",");
  }
}

export function nameOf({ site, name }: Sensor): string {
  return `${site}-${name}`;
}
