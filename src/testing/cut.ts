/** A way between two programs that a test can cut: in one direction, which is the cut that finds most, or in both. */
import { connect, createServer, type AddressInfo, type NetConnectOpts, type Server, type Socket } from "node:net";

/** "to server" and "to client": nothing goes that way, and neither end is told. */
export const CUTS = ["to server", "to client", "both"] as const;
export type Cut = (typeof CUTS)[number];

export class Way {
  readonly #server: Server;
  readonly #pairs = new Set<readonly [client: Socket, server: Socket]>();
  #cut: Cut | null = null;

  /** `to`: where it leads. */
  static async to(to: NetConnectOpts): Promise<Way> {
    const way = new Way(to);
    await new Promise<void>((resolve) => way.#server.listen(0, "127.0.0.1", resolve));
    return way;
  }

  private constructor(to: NetConnectOpts) {
    this.#server = createServer((client) => {
      const server = connect(to);
      const pair = [client, server] as const;
      this.#pairs.add(pair);
      for (const socket of pair)
        socket
          .on("error", () => undefined) // The other end is ended below.
          .on("close", () => {
            this.#pairs.delete(pair);
            for (const it of pair) it.destroy();
          });
      client.on("data", (bytes) => this.#cut !== "to server" && this.#cut !== "both" && server.write(bytes));
      server.on("data", (bytes) => this.#cut !== "to client" && this.#cut !== "both" && client.write(bytes));
    });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  cut(cut: Cut): void {
    this.#cut = cut;
  }

  /** Connections that were cut lost bytes: they are ended, as a network that comes back ends them. */
  mend(): void {
    this.#cut = null;
    for (const pair of this.#pairs) for (const socket of pair) socket.destroy();
  }

  close(): void {
    this.#server.close();
    for (const pair of this.#pairs) for (const socket of pair) socket.destroy();
  }
}
