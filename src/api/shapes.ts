/** The nouns as they cross the wire. `model/` says what they mean; the compiler holds each answer against both. */
import { z } from "zod";
import { attributes } from "../model/observation.ts";
import type { Attribute } from "../model/observation.ts";
import { CARE_CLASSES, JOINED_BY, SAYABLE, STANDINGS } from "../model/device.ts";
import { POLICY_NAME, POLICY_NAME_EXPECTED } from "../link/policy-folder.ts";
import { SENSOR_STATES } from "../model/sensor.ts";
import { INPUT_STATES, VERDICTS } from "../model/store.ts";
import { HEARINGS } from "./session.ts";

const micros = z.number().int().describe("Microseconds since 1970, by the packets' own clock.");
const days = z
  .tuple([z.number().int(), z.number().int()])
  .readonly()
  .describe("One bit a day for 64 days, newest lowest, as two unsigned 32-bit numbers.");
/** As `model/` has lists: nobody changes them on the way. */
export const list = <Shape extends z.ZodType>(shape: Shape) => z.array(shape).readonly();

const Stated = z
  .object({
    value: z.string(),
    confidence: z.number().min(0).max(1),
    lead: z.number().describe("Decibans: from 20 known, from 5 probably; 99 is a person's word."),
    saidBy: z.string().optional(),
    against: z.string().optional().describe("The runner-up, when sources disagree."),
  })
  .meta({ id: "Stated" });
const stated = Stated.nullable();

const summary = {
  id: z.string(),
  name: z.string(),
  names: list(Stated),
  kind: stated,
  maker: stated,
  model: stated,
  serial: stated,
  udi: stated,
  software: stated,
  os: stated,
  location: stated,
  controlNumber: stated,
  owner: stated,
  status: stated,
  lifeCritical: z.enum(CARE_CLASSES),
  macs: list(z.string()),
  ips: list(z.string()),
  standing: z.enum(STANDINGS),
  first: micros,
  last: micros,
  frames: z.number(),
  bytes: z.number(),
  days,
  services: z.number().int(),
  peers: z.number().int(),
};
export const DeviceSummary = z.object(summary).meta({ id: "DeviceSummary" });

const EvidenceRow = z
  .object({
    attribute: z.enum(SAYABLE),
    value: z.string(),
    observed: z.enum([...(Object.keys(attributes) as Attribute[]), "prefix", "operator", "conclusion"]),
    raw: z.string(),
    protocol: z.string(),
    via: z.string().nullable(),
    group: z.string(),
    weight: z.number().describe("Decibans; 0 when a stronger claim of its group counts instead."),
    why: z.string(),
    first: micros,
    last: micros,
    count: z.number().int(),
  })
  .meta({ id: "EvidenceRow" });

const Join = z
  .object({ by: z.enum(JOINED_BY), value: z.string(), addresses: list(z.string()) })
  .meta({ id: "Join", description: "Why several cards or addresses are one device: all of them said this." });

const SaidDivision = z
  .object({
    change: z.number().int(),
    what: z.enum(["merge", "split"]),
    at: micros,
    who: z.string(),
    reason: z.string(),
    named: z.string().describe("Of a merge the two devices, of a split the addresses that are another machine."),
  })
  .meta({ id: "SaidDivision" });

const SpokenFor = z
  .object({ device: z.string().nullable(), name: z.string(), reports: z.number().int() })
  .meta({ id: "SpokenFor", description: "Of a device that was not heard itself: the gateway whose word all of it is." });

export const DeviceDetail = z
  .object({
    ...summary,
    joined: list(Join),
    apart: list(z.object({ serial: z.string(), devices: list(z.string()) })).describe("Others that say a serial number of its own too."),
    divided: list(SaidDivision),
    children: list(z.string()).describe("Serial numbers by which gateways speak for it."),
    spokenFor: SpokenFor.nullable(),
    servicesAnswered: list(z.object({ ip: z.string(), transport: z.string(), port: z.number().int(), protocol: z.string().nullable() })),
    evidence: list(EvidenceRow),
  })
  .meta({ id: "DeviceDetail" });

const end = z.object({ device: z.string().nullable(), name: z.string(), ip: z.string() });
const bothWays = z.tuple([z.number(), z.number()]).readonly();
export const Conversation = z
  .object({
    client: end,
    server: end,
    transport: z.string(),
    port: z.number().int(),
    protocol: z.string().nullable(),
    operations: list(z.string()),
    packets: bothWays,
    bytes: bothWays,
    refused: z.number().int(),
    answered: z.number().int(),
    first: micros,
    last: micros,
    side: z.string().describe("How the direction is known: handshake, protocol, port or guessed."),
    encrypted: z.boolean(),
    days,
  })
  .meta({ id: "Conversation" });

const MirrorVerdict = z
  .object({
    kind: z.enum(VERDICTS),
    words: z.string(),
    cure: z.string(),
  })
  .meta({ id: "MirrorVerdict" });

const counts = z.record(z.string(), z.number()).readonly();
export const Coverage = z
  .object({
    recording: z.string(),
    frames: z.number(),
    bytes: z.number(),
    malformed: z.number(),
    gaps: z.number(),
    duplicates: z.number(),
    drops: z.number(),
    from: micros.nullable(),
    to: micros.nullable(),
    devices: z.number().int(),
    conversations: z.number().int(),
    inputs: list(
      z.object({
        name: z.string(),
        live: z.boolean(),
        frames: z.number(),
        bytes: z.number(),
        drops: z.number(),
        duplicates: z.number(),
        from: micros.nullable(),
        to: micros.nullable(),
        verdict: MirrorVerdict.nullable(),
        state: z.enum(INPUT_STATES),
      }),
    ),
    limits: counts,
    unheard: counts,
    notes: list(z.string()),
  })
  .meta({ id: "Coverage" });

const change = {
  number: z.number().int(),
  at: micros,
  who: z.string(),
  what: z.string(),
  about: z.string(),
  value: z.string(),
  reason: z.string(),
  undone: z.boolean(),
};
export const Change = z.object(change).meta({ id: "Change" });
export const WaitingChange = z
  .object({ ...change, fits: z.number().int().describe("How many devices it fits now: none, or several.") })
  .meta({ id: "WaitingChange" });

const Broker = z.object({
  trouble: z.string().describe("Why no batches come; empty while they do."),
  pending: z.number().int().describe("Batches at the broker that are not stored."),
  deafSince: z.number().nullable(),
  sensors: list(
    z.object({
      name: z.string(),
      state: z.enum(SENSOR_STATES),
      words: z.string(),
      lastAt: z.number().describe("Of its last word, in milliseconds since 1970."),
      waiting: z.number().int().describe("Batches it keeps that are not stored."),
      waitingBytes: z.number(),
      oldestAt: z.number().nullable(),
      inputs: list(z.object({ name: z.string(), live: z.boolean(), frames: z.number(), drops: z.number() })),
    }),
  ),
});

export const SessionState = z
  .object({
    site: z.string(),
    recording: z.string().nullable(),
    sample: z.boolean(),
    reading: z
      .object({
        file: z.string(),
        bytesRead: z.number(),
        bytesTotal: z.number().nullable(),
        frames: z.number(),
        bytesPerSecond: z.number(),
        secondsLeft: z.number().nullable(),
        playedBack: z.number().nullable(),
        devices: z.number().int(),
      })
      .nullable(),
    listening: list(
      z.object({
        name: z.string(),
        frames: z.number(),
        framesPerSecond: z.number(),
        drops: z.number(),
        verdict: MirrorVerdict.nullable(),
      }),
    ),
    hearing: z
      .object({ kind: z.enum(HEARINGS), since: z.number().nullable() })
      .describe("What everything shown rests on; the worst counts. Deaf since when, in microseconds since 1970."),
    broker: Broker.nullable().describe("What comes from sensors elsewhere; null where all is heard on this machine."),
    revision: z.number().int().describe("Grows each time the recording answers otherwise than before."),
    devices: z.number().int(),
    lost: z.object({ drops: z.number(), frames: z.number() }),
    notes: list(z.string()),
  })
  .meta({ id: "SessionState" });

// oxlint-disable-next-line no-control-regex -- control characters are exactly what is looked for
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;
/** What a person writes, on one line and whole: what is kept is read again as it was, by whatever shows it. */
export const text = (lengthMax: number, wanted?: string) =>
  (wanted === undefined ? z.string() : z.string().trim().min(1, wanted))
    .max(lengthMax)
    .refine((it) => it.isWellFormed(), "expected whole characters, got half of one (a lone surrogate)")
    .refine((it) => !CONTROL.test(it), "expected text on one line, got a control character");

/** Why somebody says something, as the audit log keeps it. */
export const reason = (wanted: string) => text(1_000, wanted);
export const DeviceId = z.string().regex(/^d\d{1,12}$/, "expected a device's id, such as d12");

/** Of a policy that is written. */
export const PolicyName = z.string().regex(POLICY_NAME, POLICY_NAME_EXPECTED);
export const Reason = reason("expected why").describe("Why, as it stands in the history.");

export const Page = { offset: z.coerce.number().int().min(0).max(10_000_000).default(0) } as const;
export const Problem = z
  .object({
    message: z.string(),
    column: z.number().int().optional(),
    suggestion: z.string().optional(),
    length: z.number().int().optional(),
  })
  .meta({ id: "Problem" });
