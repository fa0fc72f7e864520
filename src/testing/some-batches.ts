/** Batches drawn at random: few machines with few addresses, so that they change hands, join and part as it goes on. */
import * as fc from "fast-check";
import type { Batch } from "../model/batch.ts";
import { udpFrame } from "./frames.ts";
import { hear } from "./hear.ts";

export const someBatches = fc
  .array(
    fc.record({
      addresses: fc.array(
        fc.record({ mac: fc.integer({ min: 0, max: 6 }), ip: fc.integer({ min: 0, max: 7 }), ttls: fc.constantFrom(0, 2, 4, 34, 66) }),
        { minLength: 2, maxLength: 6 },
      ),
      claims: fc.array(
        fc.tuple(fc.nat(5), fc.constantFrom("address", "answersFor", "toldAddress", "serial", "model", "carrier", "hostname"), fc.nat(3)),
        {
          maxLength: 6,
        },
      ),
      conversations: fc.array(fc.tuple(fc.nat(5), fc.nat(5), fc.constantFrom(80, 104)), { maxLength: 6 }),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((all) => all.map((it, index) => batch(index + 1, it)));

interface Sketch {
  readonly addresses: readonly { readonly mac: number; readonly ip: number; readonly ttls: number }[];
  readonly claims: readonly (readonly [place: number, attribute: string, value: number])[];
  readonly conversations: readonly (readonly [client: number, server: number, port: number])[];
}

/** Of a real batch everything that is not drawn. */
const REAL = hear([udpFrame({ to: 5001 }, new Uint8Array(Buffer.from("hello")))])[0]!;

function batch(sequence: number, { addresses, claims, conversations }: Sketch): Batch {
  const at = 1_700_000_000_000_000 + sequence * 1_000_000;
  const values: Record<string, (value: number) => string> = {
    address: (value) => `10.0.0.${value}`,
    answersFor: (value) => `10.0.0.${value}`,
    toldAddress: (value) => `10.0.0.${value}`,
    serial: (value) => `AB${value}73625`,
    model: () => "Alaris 8015",
  };
  return {
    ...REAL,
    sequence,
    from: at,
    to: at + 10,
    addresses: addresses.map(({ mac, ip, ttls }) => [
      0,
      mac === 0 ? null : `00:09:fb:00:00:0${mac}`,
      mac !== 0 && ip === 0 ? null : `10.0.0.${ip}`,
      null,
      ttls === 0 ? 0 : 1,
      60,
      at,
      at,
      ttls,
    ]),
    observations: claims.map(([place, attribute, value]) => [
      place % addresses.length,
      attribute as "serial",
      values[attribute]?.(value) ?? `said ${value}`,
      "test",
      -1,
      at,
      at,
      1,
    ]),
    conversations: conversations.map(([from, to, port]) => {
      const [client, server] = [from % addresses.length, to % addresses.length];
      return [client, server, "tcp", port, "", [], 1, 1, 60, 60, 1, 0, at, at, "handshake", 0];
    }),
    attempts: [],
    signals: [],
  };
}
