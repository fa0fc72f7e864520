/** A policy's counters beside it: where `auscult policy counters --save` writes them, and the page reads them. */
import { z } from "zod";
import { POLICY_TRANSPORTS } from "../model/policy.ts";
import { COUNTERS_SCHEMA, type WallCounts } from "../model/wall.ts";

export function countersFileOf(policyFile: string): string {
  return `${policyFile.replace(/\.ya?ml$/, "")}.counters.json`;
}

const list = <Shape extends z.ZodType>(shape: Shape) => z.array(shape).max(300_000).readonly();
const Words = z.string().max(500);
const Count = z.number().int().nonnegative();
const Moment = z.number().int().nonnegative();
const DeniedShape = z.object({
  client: z.union([z.ipv4(), z.ipv6()]),
  server: z.union([z.ipv4(), z.ipv6()]),
  transport: z.enum(POLICY_TRANSPORTS),
  port: z.number().int().min(0).max(65_535).nullable(),
  packets: Count,
  last: Moment,
});

export const WallCountsShape = z.object({
  schema: z.literal(COUNTERS_SCHEMA),
  on: z.enum(["bridge", "router"]),
  policy: Words,
  mark: Words,
  at: Moment,
  since: Moment,
  waits: z.boolean(),
  rules: list(z.object({ from: Words, to: Words, service: Words, packets: Count, bytes: Count, answers: Count })),
  denied: list(z.object({ group: Words, from: Count, to: Count })),
  totals: z.object({ stopped: Count, watched: Count, spared: Count, opened: Count }),
  stopped: list(DeniedShape),
  watched: list(DeniedShape),
  full: z.boolean(),
  openings: list(z.object({ group: Words, reason: Words, by: Words, from: Moment, until: Moment, used: list(DeniedShape).nullable() })),
});

/** Null where the text is something else. */
export function wallCountsIn(text: string): WallCounts | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const read = WallCountsShape.safeParse(value);
  return read.success ? read.data : null;
}
