/** One leg of what a mirror shows, as it is when it is not what it was: cut, one-sided, or inside TLS as Node's own seals it. */
import { once } from "node:events";
import { Duplex } from "node:stream";
import { connect, TLSSocket, type SecureVersion } from "node:tls";
import { makeCertificate } from "../accounts/certificate.ts";
import { ipv4, mac } from "../bytes/text.ts";
import { Decoder } from "../decode/index.ts";
import type { Frame } from "./frames.ts";
import { Lan, type Machine } from "./lan.ts";

/** A TCP segment of the leg: to the port of its server, or from it. */
interface Segment {
  readonly by: "client" | "server";
  readonly at: number;
  readonly client: Machine;
  readonly server: Machine;
  /** The same in both directions. */
  readonly connection: string;
  readonly payload: Uint8Array;
}

const ETHERNET = 1;
const TCP = 6;
/** Between two flights that are said at one moment. */
const FLIGHT_US = 1_000;

/** Without the leg to this TCP port, or without one side of it. */
export function cut(frames: readonly Frame[], port: number, sides: readonly Segment["by"][] = ["client", "server"]): readonly Frame[] {
  const read = segments(port);
  return frames.filter((frame) => {
    const segment = read(frame);
    return segment === null || !sides.includes(segment.by);
  });
}

/** The same is said over the leg, inside TLS. */
export async function sealed(frames: readonly Frame[], port: number, version: SecureVersion = "TLSv1.3"): Promise<readonly Frame[]> {
  const read = segments(port);
  const lan = new Lan();
  const said: Segment[] = [];
  for (const frame of frames) {
    const segment = read(frame);
    if (segment === null) lan.frame(frame.at!, frame.bytes);
    else said.push(segment);
  }
  for (const together of Map.groupBy(said, ({ connection }) => connection).values()) {
    const [first] = together as [Segment, ...Segment[]];
    const connection = lan.connect(first.at, first.client, first.server, port);
    const tunnel = new Tunnel(version);
    const tell = (at: number) => {
      for (const [number, { by, bytes }] of tunnel.flights().entries()) connection.say(at + (number + 1) * FLIGHT_US, by, bytes);
    };
    await tunnel.open();
    tell(first.at);
    for (const { by, at, payload } of together.filter((it) => it.payload.length > 0)) {
      await tunnel.say(by, payload);
      tell(at);
    }
    tunnel.close();
  }
  return lan.frames;
}

/** Reads frames of one port in turn; null of all others. */
function segments(port: number): (frame: Frame) => Segment | null {
  const decoder = new Decoder();
  return ({ at, bytes }) => {
    decoder.decode(bytes, 0, bytes.length, bytes.length, at!, ETHERNET);
    const it = decoder.packet;
    if (it.ipProtocol !== TCP || !it.hasTransport || (it.sourcePort !== port && it.targetPort !== port)) return null;
    const by = it.targetPort === port ? "client" : "server";
    // Frames of `Lan`, without tags and options.
    const target = { mac: mac(bytes.subarray(0, 6)), ip: ipv4(bytes.subarray(30, 34)) };
    const source = { mac: mac(bytes.subarray(6, 12)), ip: ipv4(bytes.subarray(26, 30)) };
    const [client, server] = by === "client" ? [source, target] : [target, source];
    return {
      by,
      at: at!,
      client,
      server,
      connection: `${client.ip} ${by === "client" ? it.sourcePort : it.targetPort} ${server.ip}`,
      payload: it.bytes.slice(it.payloadStart, it.payloadEnd),
    };
  };
}

/** Two ends of Node's TLS on a wire that keeps what crosses it. */
class Tunnel {
  readonly #crossed: { readonly by: Segment["by"]; readonly bytes: Uint8Array }[] = [];
  readonly #ends: Readonly<Record<Segment["by"], TLSSocket>>;

  constructor(version: SecureVersion) {
    const { certificate, key } = makeCertificate(["gateway.example"], Date.now());
    const client = new Wire((bytes) => this.#crossed.push({ by: "client", bytes }));
    const server = new Wire((bytes) => this.#crossed.push({ by: "server", bytes }));
    [client.other, server.other] = [server, client];
    this.#ends = {
      server: new TLSSocket(server, { isServer: true, cert: certificate, key, minVersion: version, maxVersion: version }),
      client: connect({ socket: client, servername: "gateway.example", ca: certificate, minVersion: version, maxVersion: version }),
    };
  }

  async open(): Promise<void> {
    await Promise.all([once(this.#ends.server, "secure"), once(this.#ends.client, "secureConnect")]);
  }

  /** Resolves when the other end has read all of it. */
  async say(by: Segment["by"], payload: Uint8Array): Promise<void> {
    const reader = this.#ends[by === "client" ? "server" : "client"];
    this.#ends[by].write(payload);
    for (let left = payload.length; left > 0;) {
      const piece = reader.read() as Uint8Array | null;
      if (piece === null) await once(reader, "readable");
      else left -= piece.length;
    }
  }

  /** What crossed since it was asked last. */
  flights(): readonly { readonly by: Segment["by"]; readonly bytes: Uint8Array }[] {
    return this.#crossed.splice(0);
  }

  close(): void {
    for (const end of Object.values(this.#ends)) end.destroy();
  }
}

class Wire extends Duplex {
  other: Wire | undefined;
  readonly #crosses: (bytes: Uint8Array) => void;

  constructor(crosses: (bytes: Uint8Array) => void) {
    super();
    this.#crosses = crosses;
  }

  override _read(): void {
    // It is given what the other end writes.
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#crosses(chunk);
    this.other?.push(chunk);
    done();
  }
}
