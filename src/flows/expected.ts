/** Flows that others agreed on: FTP data, TFTP answers, RPC endpoints. Known for a few minutes, the oldest let go first. */

const EXPECTED_MAX = 4_096;
const LIFE_US = 300_000_000;

interface Agreed {
  readonly protocol: string;
  readonly other: string | undefined;
  /** Whether it serves whose port it is. */
  readonly serves: boolean;
  /** The server's port in the conversation that agreed on it, under which it is filed; 0: under its own. */
  readonly filedPort: number;
  readonly at: number;
}

export class Expected {
  readonly #all = new Map<string, Agreed>();
  /** Ports that were ever agreed on, so that hardly any new flow has to be looked for by its addresses. */
  readonly #ports = new Uint8Array(65_536);

  /** False where no flow to this port was agreed on. */
  mayBe(port: number): boolean {
    return this.#ports[port] === 1;
  }

  /** `ip` and `port` will be spoken to; by `other`, or by anyone where that is undefined. */
  add(
    transport: string,
    ip: string,
    port: number,
    other: string | undefined,
    protocol: string,
    serves: boolean,
    filedPort: number,
    at: number,
  ): void {
    if (this.#all.size >= EXPECTED_MAX) this.#all.delete(this.#all.keys().next().value!);
    this.#ports[port] = 1;
    this.#all.set(`${transport} ${ip} ${port}`, { protocol, other, serves, filedPort, at });
  }

  /** What a flow to this port was agreed on for. */
  of(transport: string, ip: string | undefined, port: number, other: string | undefined, at: number): Agreed | undefined {
    const found = this.#all.get(`${transport} ${ip} ${port}`);
    if (found === undefined || at - found.at > LIFE_US) return undefined;
    return found.other === undefined || found.other === other ? found : undefined;
  }
}
