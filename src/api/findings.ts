/** Findings: the list and one of it, the frames it rests on, and what a person says of it. That there are others is told as of devices: by `revision`. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { framesOf } from "../finding-frames.ts";
import { askRulesIn } from "../link/ask-rules.ts";
import { callsFor, contactsIn } from "../link/contacts.ts";
import {
  FAMILIES,
  FINDING_STATES,
  FINDING_VERDICTS,
  FINDING_WORDS,
  LAPSES,
  SEVERITIES,
  type FindingDetail,
  type FindingWord,
} from "../model/finding.ts";
import { endOfDay } from "../model/finding-words.ts";
import { opened } from "./problems.ts";
import type { Session } from "./session.ts";
import { DeviceId, list, Page, Problem, reason, text } from "./shapes.ts";

const LIMIT_MAX = 1_000;
const OWNER_LENGTH_MAX = 200;
const tags = ["findings"];
const micros = z.number().int().describe("Microseconds since 1970, by the packets' own clock.");

const Word = z.discriminatedUnion("what", [
  z.object({ what: z.enum(["acknowledge", "reopen"]) }),
  z.object({ what: z.literal("explain"), owner: z.string(), until: micros }),
  z.object({ what: z.literal("close"), verdict: z.enum(FINDING_VERDICTS) }),
]);
const Said = z
  .object({
    change: z.number().int(),
    at: z.number().int().describe("Microseconds since 1970, by the clock of who said it."),
    who: z.string(),
    reason: z.string(),
    word: Word,
    id: z.string(),
    last: micros,
    severity: z.enum(SEVERITIES),
  })
  .meta({ id: "FindingSaid" });
const Party = z
  .object({
    device: z.string().nullable(),
    name: z.string(),
    ip: z.string().nullable(),
    mac: z.string().nullable(),
    kind: z.string().nullable(),
    maker: z.string().nullable(),
    location: z.string().nullable(),
    lifeCritical: z.string(),
  })
  .meta({ id: "FindingParty" });
const finding = {
  id: z.string(),
  detector: z.string(),
  title: z.string(),
  family: z.enum(FAMILIES),
  severity: z.enum(SEVERITIES),
  harms: list(z.enum(["device", "network", "patient"])),
  remedy: z.string(),
  technique: list(z.string()),
  about: Party.nullable().describe("Null for a whole segment."),
  others: list(Party),
  othersBeyond: z.number().int(),
  first: micros,
  last: micros,
  count: z.number().int(),
  summary: z.string(),
  because: list(z.object({ at: micros, text: z.string() })),
  witnesses: z.number().int(),
  before: z.string().nullable(),
  standing: z.object({
    state: z.enum(FINDING_STATES),
    said: Said.nullable(),
    lapsed: z.object({ said: Said, why: z.enum(LAPSES) }).nullable(),
  }),
  planned: z
    .object({ what: z.string(), who: z.string(), from: micros, to: micros })
    .nullable()
    .describe("The announced work all of it lies inside of: it asks nobody to act."),
  hides: z.object({ findings: z.number().int(), count: z.number().int() }).nullable(),
};
const Finding = z.object(finding).meta({ id: "Finding" });
const Frame = z
  .tuple([z.string(), micros, z.number().int(), z.number().int(), z.string(), z.number().int()])
  .readonly()
  .describe("Input, time, number in the input, length on the wire, first bytes in base64, link type as pcap numbers them.");
const Detail = z
  .object({
    ...finding,
    frames: list(Frame),
    history: list(Said),
    usual: z.object({
      heardSince: micros.nullable(),
      before: z.number().int(),
      lastBefore: micros.nullable(),
      elsewhere: z.number().int(),
    }),
    losses: list(z.object({ words: z.string(), source: z.string() })).describe(
      "Lost when the one it is about leaves the network; empty: not known.",
    ),
    contacts: list(
      z.object({ ward: z.string(), kind: z.string(), maker: z.string(), hours: z.string(), who: z.string(), call: z.string() }),
    ),
    noContact: z.string().nullable().describe("For what nobody to call is written down."),
    detectorSays: z.object({ sees: z.string(), misses: z.string(), mistaken: z.string(), tune: z.string() }),
  })
  .meta({ id: "FindingDetail" });
const Asked = z
  .object({
    site: z.string(),
    role: z.string(),
    shift: z.object({ from: micros, to: micros }).nullable(),
    atOnce: z.number().int(),
    asking: list(z.string()).describe("Ids, the most harmful first."),
    waiting: z.number().int(),
    waits: list(z.object({ title: z.string(), severity: z.enum(SEVERITIES), count: z.number().int() })),
    waitsBeyond: z.number().int().describe("Sorts that are not named."),
  })
  .meta({ id: "RoleAsked" });
const Findings = z
  .object({
    total: z.number().int(),
    matching: z.number().int(),
    byState: z.record(z.enum(FINDING_STATES), z.number().int()).readonly().describe("Of all, whatever was asked for."),
    planned: z.number().int().describe("New ones inside of work that was announced."),
    urgent: z.number().int().describe("New ones that are high or critical, not planned, and have their turn."),
    asked: list(Asked).describe("Of all new ones that are not planned: which ask somebody now, and how many wait."),
    rows: list(Finding),
  })
  .meta({ id: "FindingPage" });

const Id = z.object({ id: z.string().regex(/^[0-9a-f]{16}$/, "expected the id of a finding: 16 hexadecimal digits") });
const Reason = reason("expected how you know");
const Saying = z.object({
  what: z.enum(FINDING_WORDS),
  reason: Reason,
  until: z.string().optional().describe("Of an explanation: the last day it covers, such as 2026-12-01 (UTC)."),
  owner: text(OWNER_LENGTH_MAX, "expected who answers for it").optional().describe("Of an explanation."),
  verdict: z.enum(FINDING_VERDICTS).optional().describe("Of closing."),
});

export function findings(session: Session): FastifyPluginAsyncZod {
  const known = async (id: string): Promise<FindingDetail | null> => opened(session).finding(id);
  const none = (id: string) => ({ message: `No finding of this recording is called ${id}.` });
  return async (app) => {
    app.get(
      "/findings",
      {
        config: { right: "look" },
        schema: {
          summary: "What happened that should not, the most severe first",
          tags,
          querystring: z.object({
            ...Page,
            limit: z.coerce.number().int().min(1).max(LIMIT_MAX).default(100),
            states: z
              .string()
              .default("")
              .transform((it) => it.split(",").filter((state) => state !== ""))
              .pipe(z.array(z.enum(FINDING_STATES)))
              .describe("Commas between them. Empty: all."),
            severity: z.enum(SEVERITIES).optional().describe("As severe or more."),
            family: z.enum(FAMILIES).optional(),
            device: DeviceId.optional(),
          }),
          response: { 200: Findings, 400: Problem },
        },
      },
      (request) => opened(session).findings({ ...request.query, asking: askRulesIn(session.dataDirectory) }),
    );

    app.get(
      "/findings/:id",
      {
        config: { right: "look" },
        schema: { summary: "One finding with its evidence", tags, params: Id, response: { 200: Detail, 404: Problem } },
      },
      async ({ params: { id } }, reply) => {
        const finding = await known(id);
        if (finding === null) return reply.code(404).send(none(id));
        const { contacts, missing } = callsFor(contactsIn(session.dataDirectory).contacts, finding.about, new Date().getHours());
        return { ...finding, contacts, noContact: missing };
      },
    );

    app.get(
      "/findings/:id/frames.pcapng",
      {
        config: { right: "look" },
        schema: { summary: "The frames it rests on, each cut after its transport header, as pcapng", tags, params: Id },
      },
      async ({ params: { id } }, reply) => {
        const finding = await known(id);
        if (finding === null) return reply.code(404).send(none(id));
        if (finding.frames.length === 0) return reply.code(404).send({ message: "No frames are kept of it: it rests on counts." });
        return reply
          .header("content-type", "application/x-pcapng")
          .header("content-disposition", `attachment; filename="finding-${id}.pcapng"`)
          .send(Buffer.from(framesOf(finding)));
      },
    );

    app.post(
      "/findings/:id/said",
      {
        config: { right: "judge" },
        schema: {
          summary: "Acknowledge, explain, close or open it again, with the reason; the answered change takes it back",
          tags,
          params: Id,
          body: Saying,
          response: { 200: z.object({ change: z.number().int() }), 400: Problem, 404: Problem },
        },
      },
      async ({ params: { id }, body, who }, reply) => {
        if ((await known(id)) === null) return reply.code(404).send(none(id));
        const word = wordOf(body);
        if (typeof word === "string") return reply.code(400).send({ message: word });
        return { change: await session.sayOfFinding({ who, reason: body.reason, finding: id, word }) };
      },
    );

    app.post(
      "/findings/:id/undo",
      {
        config: { right: "judge" },
        schema: {
          summary: "Take back what was said of it last; both stay written",
          tags,
          params: Id,
          body: z.object({ reason: Reason.default("taken back on the page") }),
          response: { 204: z.null(), 404: Problem, 409: Problem },
        },
      },
      async ({ params: { id }, body: { reason }, who }, reply) => {
        const finding = await known(id);
        if (finding === null) return reply.code(404).send(none(id));
        const [last] = finding.history;
        if (last === undefined) return reply.code(409).send({ message: "Nothing was said of it: there is nothing to take back." });
        await session.undo(last.change, who, reason);
        return reply.code(204).send(null);
      },
    );
  };
}

/** Or what is missing of it, in words. */
function wordOf({ what, until, owner, verdict }: z.infer<typeof Saying>): FindingWord | string {
  switch (what) {
    case "acknowledge":
    case "reopen":
      return { what };
    case "close":
      return verdict === undefined ? `expected a verdict, one of ${FINDING_VERDICTS.join(", ")}` : { what, verdict };
    case "explain": {
      const end = endOfDay(until ?? "");
      if (end === null) return `expected the last day it covers, such as 2026-12-01, got ${until === undefined ? "none" : `"${until}"`}`;
      return owner === undefined ? "expected who answers for it, got nobody" : { what, owner, until: end };
    }
  }
}
