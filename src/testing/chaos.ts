/**
 * Many sites as they run: three nats-server nodes as one cluster, PostgreSQL, two cores of all sites, four sensors; each a machine of its
 * own, as far as the network is concerned. Sensors read one capture after the other for as long as somebody breaks something.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { makeCertificate } from "../accounts/certificate.ts";
import { simulate } from "../simulation/index.ts";
import { recordingIn } from "../store/postgres/place.ts";
import { run, start, type Running } from "./command.ts";
import { TestBroker } from "./nats.ts";
import { Postgres } from "./postgres.ts";
import { differences, sumsOf } from "./sums.ts";
import { Switch } from "./switch.ts";

export const SITES = ["north", "south", "west"] as const;
/** Two of one site: they hear other machines of it, under the same addresses as those of the next site. */
export const SENSORS = [
  { site: "north", name: "er-1" },
  { site: "north", name: "ward-2" },
  { site: "south", name: "er-1" },
  { site: "west", name: "er-1" },
] as const;
export const CORES = ["core-one", "core-two"] as const;
export const NODES = ["node-0", "node-1", "node-2"] as const;
export const DATABASE = "database";
const BROKER_PORT = 4222;
const ROUTE_PORT = 6222;
const CAPTURE_MINUTES = 10;
const CAPTURE_SIZE = 40;
/** Disks of their own, so that a ballast fills them. A sensor's has room for what is committed within some minutes. */
const SPOOL_BYTES = 24_000_000;
const DATABASE_BYTES = 800_000_000;
const LOOK_MS = 500;
/** A sensor whose batches are committed no more after so long never goes on. */
const STILL_MS_MAX = 600_000;
const COMMITTED = `SELECT site.name || '-' || sensor, sum(sequence) FROM auscult.run JOIN auscult.site ON site.number = run.site GROUP BY 1`;

type Sensor = (typeof SENSORS)[number];

export class World {
  readonly folder: string;
  readonly switch = new Switch([DATABASE, ...NODES, ...CORES, ...SENSORS.map(nameOf)]);
  readonly postgres: Postgres;
  readonly nodes: readonly TestBroker[];
  readonly cores = new Map<string, Running>();
  readonly sensors = new Map<Sensor, Running>();
  /** What each sensor read or reads, oldest first. */
  readonly captures = new Map<Sensor, string[]>(SENSORS.map((sensor) => [sensor, []]));
  readonly #feeding = new Map<Sensor, Promise<void>>();
  readonly #endings: (() => void)[] = [];
  #goesOn = true;
  /** Whoever is killed now does not begin again. */
  #isOver = false;
  #seed: number;
  /** False while it is made not to be: whoever asked it then would wait for us, and we for him. */
  isDatabaseThere = true;
  /** What ended otherwise than it was made to, in words. */
  readonly surprises: string[] = [];

  constructor(folder: string, seed: number) {
    this.folder = folder;
    this.#seed = seed * 1_000;
    this.nodes = NODES.map((name) => new TestBroker(join(folder, name), BROKER_PORT, this.switch.space(name).through));
    const reached = { address: this.switch.address(DATABASE), through: this.switch.space(DATABASE).through };
    const disk = { diskBytes: DATABASE_BYTES, reached };
    this.postgres = new Postgres({ after: (work) => this.#endings.push(work) }, "C.UTF-8", disk);
  }

  async start(): Promise<void> {
    this.postgres.database("chaos");
    const { certificate, key } = makeCertificate(
      NODES.map((name) => this.switch.address(name)),
      Date.now(),
    );
    writeFileSync(this.#certificate, certificate);
    writeFileSync(join(this.folder, "key.pem"), key);
    await Promise.all(NODES.map((_, at) => this.startNode(at)));
    for (const name of CORES) this.startCore(name);
    for (const sensor of SENSORS) {
      const spool = this.spoolOf(sensor);
      mkdirSync(spool, { recursive: true });
      execFileSync("mount", ["-t", "tmpfs", "-o", `size=${SPOOL_BYTES}`, "tmpfs", spool]);
      this.#feeding.set(sensor, this.#feed(sensor));
    }
  }

  startNode(at: number): Promise<void> {
    const node = this.nodes[at]!;
    const address = this.switch.address(NODES[at]!);
    const routes = NODES.map((name) => `"nats://${this.switch.address(name)}:${ROUTE_PORT}"`).join(", ");
    return node.start({
      text: `server_name: ${NODES[at]}
listen: ${address}:${BROKER_PORT}
max_payload: 2097152
tls { cert_file: "${this.#certificate}", key_file: "${join(this.folder, "key.pem")}" }
jetstream { store_dir: "${join(node.folder, "jetstream")}" }
cluster { name: chaos, listen: "${address}:${ROUTE_PORT}", routes: [${routes}] }
`,
    });
  }

  startCore(name: string): void {
    const database = `postgres://writer@${this.switch.address(DATABASE)}:5432/chaos`;
    const line = ["core", "--broker", this.#broker, "--sites", SITES.join(","), "--database", database, "--replicas", "3"];
    const { through } = this.switch.space(name);
    const core = start(["--data", join(this.folder, name), ...line, "--no-open"], { ...this.#trusting, AUSCULT_PORT: "0" }, { through });
    this.cores.set(name, core);
    // Killed by a signal, or told to end: all else nobody asked for.
    void this.#watch(name, core);
  }

  spoolOf(sensor: Sensor): string {
    return join(this.folder, `spool-${nameOf(sensor)}`);
  }

  /** Batches that are committed, of each sensor. */
  committed(): ReadonlyMap<string, number> {
    const rows = this.postgres.sql("chaos", COMMITTED).split("\n").filter(Boolean).map((row) => row.split("|")); // prettier-ignore
    return new Map(rows.map(([sensor, batches]) => [sensor!, Number(batches)]));
  }

  /** Resolves when more is committed than `before` of some sensor, or of every one; how long that took, in milliseconds. */
  async progressed(before: ReadonlyMap<string, number>, of: "some" | "every"): Promise<number> {
    const began = performance.now();
    for (;;) {
      const now = this.isDatabaseThere ? this.committed() : before;
      const still = SENSORS.map(nameOf).filter((name) => (now.get(name) ?? 0) <= (before.get(name) ?? 0));
      const ms = performance.now() - began;
      if (still.length < (of === "some" ? SENSORS.length : 1) || this.surprises.length > 0) return ms;
      if (ms > STILL_MS_MAX) this.surprises.push(`nothing more was committed of ${still.join(", ")} within ${STILL_MS_MAX / 1_000} s`);
      await sleep(LOOK_MS);
    }
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
      const captures = [...this.captures].flatMap(([sensor, read]) => (sensor.site === site ? read : []));
      const { code, stderr } = await run("--data", join(this.folder, "reference"), "open", ...captures, "--into", site, "--exit");
      if (code !== 0) throw new Error(stderr);
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
    for (const sensor of this.#feeding.keys()) execFileSync("umount", ["-l", this.spoolOf(sensor)]);
    for (const end of this.#endings.splice(0)) end();
    this.switch.delete();
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
        const line = ["--broker", this.#broker, "--site", site, "--name", name, "--spool", this.spoolOf(sensor)];
        const { through } = this.switch.space(nameOf(sensor));
        const running = start(["--data", data, "sensor", capture, ...line], this.#trusting, { through });
        this.sensors.set(sensor, running);
        const { code, stderr } = await running.ended;
        if (code === 0 || this.#isOver) break;
        // Killed, told to end, or its disk was full as it began.
        if (code !== null && code !== 143 && !/ENOSPC|a full disk/.test(stderr)) this.surprises.push(`${nameOf(sensor)} ended with ${code}: ${stderr.slice(-300)}`); // prettier-ignore
        await sleep(LOOK_MS);
      }
    }
  }

  async #watch(name: string, { ended }: Running): Promise<void> {
    const { code, stderr } = await ended;
    if (code !== null && code !== 0) this.surprises.push(`the core ${name} ended with ${code}: ${stderr.slice(-300)}`);
  }

  get #broker(): string {
    return NODES.map((name) => `tls://${this.switch.address(name)}:${BROKER_PORT}`).join(",");
  }

  get #certificate(): string {
    return join(this.folder, "certificate.pem");
  }

  get #trusting(): NodeJS.ProcessEnv {
    return { NODE_EXTRA_CA_CERTS: this.#certificate };
  }
}

export function nameOf({ site, name }: Sensor): string {
  return `${site}-${name}`;
}
