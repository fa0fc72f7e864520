/** What the dry run of a policy and its comparison say, as they cross the wire. `model/policy-report.ts` says what they mean. */
import { z } from "zod";
import { CARE_CLASSES } from "../model/device.ts";
import { COMPARED } from "../model/policy-report.ts";
import { POLICY_STATES, VERDICTS_OF_POLICY } from "../model/policy.ts";
import { list } from "./shapes.ts";

const Care = z.enum(CARE_CLASSES);
const End = z.object({ device: z.string(), name: z.string(), kind: z.string(), group: z.number().int() });
const Count = z.object({ conversations: z.number().int(), days: z.number().int() });
export const Report = z
  .object({
    name: z.string(),
    text: z.string(),
    window: z.object({ from: z.number(), to: z.number(), days: z.number().int(), onceIn: z.number().int() }),
    answer: z.object({ verdict: z.enum(["would block", "cannot tell", "kept"]), because: list(z.string()) }),
    counts: z.record(z.enum(VERDICTS_OF_POLICY), Count).readonly(),
    coverage: z.number().nullable(),
    overPermission: z.number().nullable(),
    groups: list(
      z.object({
        name: z.string(),
        builtIn: z.boolean(),
        governs: z.boolean(),
        select: z.string(),
        members: z.number().int(),
        waiting: z.number().int(),
        care: Care.nullable(),
        state: z.string(),
      }),
    ),
    rules: list(
      z.object({
        rule: z.number().int(),
        from: z.string(),
        to: z.string(),
        service: z.string(),
        origin: z.enum(["learned", "expected", "said"]),
        because: z.string(),
        same: z.string().nullable(),
        conversations: z.number().int(),
        days: z.number().int(),
        ended: z.boolean(),
      }),
    ),
    cells: list(
      z.object({
        from: z.number().int(),
        to: z.number().int(),
        kept: z.number().int(),
        blocked: z.number().int(),
        unsure: z.number().int(),
        rules: list(z.number().int()),
      }),
    ),
    verdicts: list(
      z.object({
        verdict: z.enum(["would block", "cannot tell"]),
        client: End,
        server: End,
        service: z.string(),
        spoken: z.string(),
        purpose: z.string(),
        without: z.string(),
        care: z.union([Care, z.literal("not known")]),
        days: z.number().int(),
        last: z.number(),
        packets: z.number(),
        side: z.string(),
        because: z.string(),
        edit: z.string(),
      }),
    ),
    verdictsTotal: z.number().int(),
    notHeard: list(
      z.object({
        client: z.string(),
        server: z.string(),
        service: z.string(),
        purpose: z.string(),
        without: z.string(),
        rhythm: z.string(),
        source: z.string(),
        rule: z.number().int().nullable(),
      }),
    ),
    waiting: list(z.object({ group: z.string(), name: z.string(), device: z.string(), because: z.string() })),
    tests: list(z.object({ text: z.string(), held: z.boolean(), because: z.string() })),
    notLearned: list(
      z.object({
        client: z.string(),
        server: z.string(),
        service: z.string(),
        why: z.string(),
        pairs: z.number().int(),
        days: z.number().int(),
        last: z.number(),
        who: list(z.string()),
      }),
    ),
    hashes: z.record(z.string(), z.string()).readonly(),
  })
  .meta({ id: "PolicyReport" });
export const Group = z
  .object({
    group: z.string(),
    newcomers: z.enum(["hold", "admit"]),
    members: list(
      z.object({
        device: z.string(),
        name: z.string(),
        kind: z.string(),
        care: Care,
        ward: z.string().nullable(),
        addresses: list(z.string()),
      }),
    ).describe("At most 500 of them."),
    membersTotal: z.number().int(),
    waiting: list(z.object({ name: z.string(), device: z.string(), because: z.string() })),
    fit: z
      .object({ heard: z.number().int(), kept: z.number().int(), allowed: z.number().int() })
      .nullable()
      .describe("Triples of device, peer and service that its members open and that are judged; null for a group that does not govern."),
    disclosed: list(
      z.object({
        model: z.string(),
        device: z.string().describe("One of them."),
        members: z.number().int(),
        heard: z.number().int().describe("Flows declared and heard."),
        notHeard: z.number().int(),
        notDeclared: z.number().int(),
        cannotTell: z.number().int(),
      }),
    ),
  })
  .meta({ id: "PolicyGroup" });
const Reach = z.object({ devices: z.number().int(), lifeSupporting: z.number().int(), steps: list(z.number().int()) });
export const Reaches = z
  .object({
    from: list(z.object({ from: z.string(), began: z.number().int(), heard: Reach, kept: Reach, allowed: Reach })),
    lifeSupporting: z.number().int(),
    pairs: z.number().int().nullable(),
    cuts: list(z.object({ what: z.string(), fewer: z.number().int() })).nullable(),
  })
  .meta({ id: "PolicyReach" });
const Party = z.object({ device: z.string(), name: z.string(), kind: z.string() });
const Rule = z.number().int().nullable();
export const Comparison = z
  .object({
    window: z.object({ from: z.number(), to: z.number(), days: z.number().int() }),
    rows: list(
      z.discriminatedUnion("what", [
        z.object({
          what: z.enum(["newly blocked", "blocked no more"]),
          client: Party,
          server: Party,
          service: z.string(),
          purpose: z.string(),
          without: z.string(),
          care: z.union([Care, z.literal("not known")]),
          days: z.number().int(),
          last: z.number(),
          rule: Rule,
          edit: z.string(),
        }),
        z.object({ what: z.enum(["newly open", "closed"]), rule: Rule, text: z.string(), triples: z.number() }),
      ]),
    ),
    counts: z.record(z.enum(COMPARED), z.number().int()).readonly(),
    triples: z.object({ opened: z.number(), closed: z.number() }),
  })
  .meta({ id: "PolicyComparison" });
export const Reasoned = z
  .object({
    device: z.object({ id: z.string(), name: z.string() }),
    answer: z.enum(["yes", "no", "cannot tell"]),
    sentence: z.string(),
    state: z.enum([...POLICY_STATES, "not governed"]),
    since: z.number(),
    sources: list(z.string()),
    stopped: list(
      z.object({
        client: z.string(),
        server: z.string(),
        service: z.string(),
        last: z.number(),
        count: z.number().int(),
        from: z.enum(["counters", "log", "evaluator"]),
        rule: z.string(),
        near: z.string(),
        edit: z.string(),
      }),
    ),
    reasons: list(
      z.object({
        client: z.string(),
        server: z.string(),
        service: z.string(),
        how: z.enum(["refused", "not answered"]),
        last: z.number(),
        rule: z.string().nullable(),
        answersOthers: z.boolean(),
      }),
    ),
    usual: z.number().int(),
    silent: list(z.string()),
    heardUntil: z.number(),
  })
  .meta({ id: "IsItUs" });
