/** A real nats-server on loopback, for tests of the broker. */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer, connect, type AddressInfo } from "node:net";
import { join } from "node:path";
import { after } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { findProgram } from "../link/sandbox.ts";

export const natsMissing = findProgram("nats-server") === undefined ? "needs nats-server: NOTHING WENT THROUGH A BROKER" : false;

const left = new Set<ChildProcess>();
after(() => {
  for (const child of left) child.kill("SIGKILL");
});

/** As `broker configure` writes it but for the port and the folder; absent: nobody needs credentials. */
export interface BrokerConfig {
  readonly text?: string;
}

export class TestBroker {
  readonly folder: string;
  readonly port: number;
  readonly #through: readonly string[];
  #child: ChildProcess | undefined;

  /** `through`: what starts it where it is not here, as a namespace does. */
  constructor(folder: string, port: number, through: readonly string[] = []) {
    this.folder = folder;
    this.port = port;
    this.#through = through;
    mkdirSync(folder, { recursive: true });
  }

  get url(): string {
    return `nats://127.0.0.1:${this.port}`;
  }

  /** Resolves when it lets somebody in. */
  async start({ text }: BrokerConfig = {}): Promise<void> {
    const file = join(this.folder, "nats.conf");
    writeFileSync(file, text ?? `listen: 127.0.0.1:${this.port}\njetstream { store_dir: "${join(this.folder, "jetstream")}" }\n`);
    const line = [...this.#through, findProgram("nats-server")!, "-c", file];
    const child = spawn(line[0]!, line.slice(1), { stdio: ["ignore", "ignore", "pipe"] });
    left.add(child);
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text_: string) => (said += text_));
    let ended = false;
    child.once("close", () => {
      ended = true;
      left.delete(child);
    });
    this.#child = child;
    while (!(this.#through.length > 0 ? said.includes("Server is ready") : await isOpen(this.port))) {
      if (ended) throw new Error(`nats-server ended: ${said}`);
      await sleep(20);
    }
  }

  /** SIGSTOP: it is there and answers nobody. */
  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  async end(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once("close", resolve));
    child.kill(signal);
    await gone;
  }
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
