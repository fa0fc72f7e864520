/**
 * Machines on one switch, each in a namespace of its own, and an ear that hears every frame: real programs talk, and what went over the
 * wire is a capture nobody made up. Needs root, and ip and tcpdump from Debian.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, openSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Namespace } from "./namespace.ts";
import { until } from "./processes.ts";

/** No program of the lab is given longer to say what it was asked. */
const ASKED_SECONDS = 20;
const CAPTURE_HEADER_BYTES = 24;

export interface LabHost {
  readonly name: string;
  readonly mac: string;
  readonly ip: string;
  readonly space: Namespace;
  /** Where its programs keep what they keep. */
  readonly folder: string;
}

export interface Asked {
  readonly code: number | null;
  /** What it said, on either way out. */
  readonly text: string;
}

export class Lab {
  readonly capture: string;
  readonly #folder: string;
  readonly #switch = new Namespace("lab");
  readonly #ear = new Namespace("ear");
  readonly #hosts: LabHost[] = [];
  readonly #running: ChildProcess[] = [];

  /** What is left of it stands in `folder`. */
  constructor(folder: string) {
    this.#folder = folder;
    chmodSync(folder, 0o755);
    this.capture = join(folder, "lab.pcap");
    // A switch that learns nothing hands every frame to every port, so the ear needs no mirror.
    this.#switch.type(
      "sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1",
      "ip link add hub type bridge ageing_time 0",
      "ip link set dev hub up",
      `ip link add ear type veth peer name mirror netns ${this.#ear.name}`,
      "ip link set dev ear master hub up",
    );
    this.#ear.type("sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1", "ip link set dev mirror up");
  }

  /** The switch itself: where a wall on a bridge stands, and where all of them are heard on `hub`, what it stops as well. */
  get switch(): Namespace {
    return this.#switch;
  }

  async listen(): Promise<void> {
    this.#start(this.#ear, "ear", ["tcpdump", "-i", "mirror", "-w", this.capture, "-U", "-s", "0", "-Z", "root"]);
    await until("tcpdump to listen", () => existsSync(this.capture) && statSync(this.capture).size >= CAPTURE_HEADER_BYTES);
  }

  /** Without an address it asks for one by DHCP, if it has a program that does. */
  host(name: string, mac: string, ip: string, hasAddress = true): LabHost {
    const space = new Namespace(name);
    const port = `port${this.#hosts.length}`;
    const folder = join(this.#folder, name);
    mkdirSync(folder, { mode: 0o777 });
    chmodSync(folder, 0o777);
    const host: LabHost = { name, mac, ip, space, folder };
    this.#hosts.push(host);
    this.#switch.type(`ip link add ${port} type veth peer name eth0 netns ${space.name}`, `ip link set dev ${port} master hub up`);
    space.type(
      "sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1",
      `ip link set dev eth0 address ${mac}`,
      "ip link set dev lo up",
      "ip link set dev eth0 up",
      ...(hasAddress ? [`ip address add ${ip}/24 dev eth0`] : []),
    );
    return host;
  }

  /** Starts a program that goes on; what it says stands in its folder. */
  serve(host: LabHost, ...command: readonly string[]): void {
    this.#start(host.space, `${host.name}-${this.#running.length}`, command, host.folder);
  }

  /** Runs a program to its end; what it answers is its own affair: a refusal is traffic too. `input` is typed a line each half second. */
  async ask(host: LabHost, command: readonly string[], input: readonly string[] = []): Promise<Asked> {
    const name = `${host.name}-${this.#running.length}`;
    const child = this.#start(host.space, name, ["timeout", String(ASKED_SECONDS), ...command], host.folder, "pipe");
    const ended = once(child, "close");
    child.stdin!.on("error", () => undefined);
    for (const line of input) {
      await sleep(500);
      child.stdin!.write(`${line}\n`);
    }
    if (input.length > 0) await sleep(500);
    child.stdin!.end();
    await ended;
    return { code: child.exitCode, text: readFileSync(join(this.#folder, `${name}.log`), "utf8") };
  }

  file(host: LabHost, name: string, text: string): string {
    const path = join(host.folder, name);
    writeFileSync(path, text, { mode: 0o755 });
    return path;
  }

  /** Ends all programs, and with the namespaces everything in them. */
  async close(): Promise<void> {
    const ended = this.#running.filter((it) => it.exitCode === null && it.signalCode === null).map((it) => once(it, "close"));
    const spaces = [...this.#hosts.map((it) => it.space), this.#ear, this.#switch];
    for (const pid of spaces.flatMap((it) => it.pids())) endProcess(pid);
    await Promise.all(ended);
    for (const space of spaces) space.delete();
  }

  #start(
    space: Namespace,
    name: string,
    command: readonly string[],
    cwd = this.#folder,
    stdin: "ignore" | "pipe" = "ignore",
  ): ChildProcess {
    const log = openSync(join(this.#folder, `${name}.log`), "w");
    const child = spawn(space.through[0]!, [...space.through.slice(1), ...command], { cwd, stdio: [stdin, log, log] });
    this.#running.push(child);
    return child;
  }
}

/** Whoever ended by itself meanwhile has ended. */
function endProcess(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
