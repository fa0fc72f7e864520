/** One TCP connection as frames: handshake, what each side says in turn, and its end. For fixtures and tests of streams. */
import { tcpFrame } from "./frames.ts";
import type { TcpFields } from "./frames.ts";

interface DialogueFields {
  readonly client?: string;
  readonly server?: string;
  readonly clientPort?: number;
  readonly port: number;
  /** First numbers of client and server. */
  readonly sequences?: readonly [client: number, server: number];
  /** How it ends: with good-byes, or not, as after a loss of power. */
  readonly end?: "good-bye" | "silence";
}

export type Said = readonly [by: "client" | "server", bytes: Uint8Array];

/** What an Ethernet frame leaves for a segment. */
const SEGMENT_BYTES_MAX = 1460;

export function dialogue(
  { client = "192.0.2.7", server = "192.0.2.66", clientPort = 49_152, port, sequences = [1000, 5000], end = "good-bye" }: DialogueFields,
  said: readonly Said[],
): Uint8Array[] {
  const sequence = { client: sequences[0], server: sequences[1] };
  const frames: Uint8Array[] = [];
  const send = (by: "client" | "server", flags: string, payload?: Uint8Array) => {
    const fields: TcpFields & { fromIp: string; toIp: string } = {
      ...(by === "client"
        ? { from: clientPort, to: port, fromIp: client, toIp: server }
        : { from: port, to: clientPort, fromIp: server, toIp: client }),
      sequence: sequence[by],
      acknowledgment: flags === "S" ? 0 : sequence[by === "client" ? "server" : "client"],
      flags,
    };
    frames.push(tcpFrame(fields, payload));
    sequence[by] += (payload?.length ?? 0) + (/[SF]/.test(flags) ? 1 : 0);
  };

  send("client", "S");
  send("server", "SA");
  send("client", "A");
  for (const [by, bytes] of said)
    for (let at = 0; at < bytes.length; at += SEGMENT_BYTES_MAX) send(by, "PA", bytes.subarray(at, at + SEGMENT_BYTES_MAX));
  if (end === "silence") return frames;
  send("client", "FA");
  send("server", "FA");
  send("client", "A");
  return frames;
}
