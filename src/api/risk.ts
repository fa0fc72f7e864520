/** Risk on three sides, point by point; what needs someone today; and the team's hours that cut the work list. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { standingWallsIn } from "../link/standing-walls.ts";
import { Hours, keepTeam, teamIn } from "../link/team.ts";
import { askRulesIn } from "../link/ask-rules.ts";
import { withCalls } from "../link/today-calls.ts";
import { CARE_CLASSES } from "../model/device.ts";
import { SEVERITIES } from "../model/finding.ts";
import { RISK_SIDES } from "../model/risk.ts";
import { SENTENCE_KINDS } from "../model/today.ts";
import { opened } from "./problems.ts";
import type { Session } from "./session.ts";
import { DeviceId, list, Page, Problem } from "./shapes.ts";

const tags = ["risk"];
const LIMIT_MAX = 1_000;
const micros = z.number().int().describe("Microseconds since 1970, by the packets' own clock.");
const points = z.number().int();
const OF = z.enum(["weakness", "finding"]);

const OnSides = z.object({ patient: points, device: points, network: points });
const TakesAway = OnSides.extend({ total: points });
const row = {
  device: z.string(),
  name: z.string(),
  kind: z.string().nullable(),
  location: z.string().nullable(),
  lifeCritical: z.enum(CARE_CLASSES),
  total: points.describe("0 to 100, the worst of the three sides."),
  band: z.enum(SEVERITIES).describe("Critical from 85, high from 60, medium from 30."),
  on: OnSides,
  worst: z.object({ of: OF, name: z.string(), title: z.string(), takesAway: TakesAway }).nullable(),
  troubles: z.number().int(),
  reach: z
    .object({ from: z.number().int(), to: z.number().int(), keptAway: z.number().int() })
    .nullable()
    .describe("Who comes to it and whom it comes to, counted up to 100; null where nothing is wrong."),
};
const RiskRow = z.object(row).meta({ id: "RiskRow" });
const RiskPoint = z
  .object({ rule: z.string(), points, because: z.string(), source: z.string() })
  .meta({ id: "RiskPoint", description: "One rule of the table of weights that holds here, and why." });
const RiskSide = z
  .object({
    side: z.enum(RISK_SIDES),
    total: points.describe("What is counted of each trouble and the circumstances, added, at least 0 and at most 100."),
    circumstances: list(RiskPoint).describe("Empty where nothing is wrong."),
    troubles: list(
      z.object({
        of: OF,
        name: z.string(),
        title: z.string(),
        parts: list(RiskPoint),
        raw: points.describe("The sum of its parts."),
        share: points.describe("Of it so many percent count: the worst whole, then less."),
        counted: points.describe("raw × share ÷ 100, rounded down."),
      }),
    ),
  })
  .meta({ id: "RiskSide" });
const DeviceRisk = z
  .object({
    ...row,
    sides: list(RiskSide),
    ifDone: list(
      z.object({
        of: OF,
        name: z.string(),
        title: z.string(),
        troubles: list(z.string()).describe("Names of all it deals with."),
        remedy: z.string(),
        control: z.string().nullable(),
        minutes: z.number().nullable(),
        takesAway: TakesAway,
      }),
    ),
    left: list(z.object({ name: z.string(), title: z.string(), why: z.string() })).describe("What counts no more."),
  })
  .meta({ id: "DeviceRisk" });
const RiskList = z
  .object({
    total: z.number().int(),
    matching: z.number().int(),
    byBand: z.record(z.enum(SEVERITIES), z.number().int()).readonly(),
    nothing: z.number().int().describe("Of those that are low, with nothing wrong that is known."),
    rows: list(RiskRow),
    rules: list(z.object({ rule: z.string(), points: OnSides, reason: z.string() })).describe("The table of weights."),
    shares: list(points),
  })
  .meta({ id: "RiskPage" });

const Whom = z.object({ location: z.string().nullable(), kind: z.string().nullable(), maker: z.string().nullable() });
const calls = {
  contacts: list(z.object({ ward: z.string(), kind: z.string(), maker: z.string(), hours: z.string(), who: z.string(), call: z.string() })),
  noContact: z.string().nullable().describe("For what nobody to call is written down."),
};
const TodayShape = z
  .object({
    at: micros.nullable(),
    title: z.string(),
    sentences: list(
      z.object({
        kind: z.enum(SENTENCE_KINDS),
        severity: z.enum(SEVERITIES),
        care: z.enum(CARE_CLASSES).nullable(),
        where: z.string().nullable(),
        since: micros.nullable(),
        text: list(z.object({ text: z.string(), device: z.string().nullable() })),
        why: z.string(),
        do: z.string(),
        devices: list(z.string()),
        finding: z.string().nullable(),
        weakness: z.string().nullable(),
        party: Whom.nullable(),
        ...calls,
      }),
    ),
    beyond: z.number().int(),
    waiting: list(z.string()).describe("Findings that wait until others are taken, a sentence for each role."),
    work: z.object({
      hours: z.number().nullable(),
      minutes: z.object({ planned: z.number(), most: z.number() }).nullable(),
      items: list(
        z.object({
          of: OF,
          name: z.string(),
          trouble: z.string().describe("Name of a weakness, or id of a finding, where it is told."),
          title: z.string(),
          step: z.string(),
          danger: z.string(),
          control: z.string().nullable(),
          severity: z.enum(SEVERITIES),
          care: z.enum(CARE_CLASSES),
          kind: z.string().nullable(),
          where: z.string().nullable(),
          devices: list(z.object({ id: z.string(), name: z.string(), risk: points })),
          all: z.number().int(),
          thisWeek: z.number().int(),
          takesAway: points.describe("Points of total risk, over all devices of it that fit this week."),
          minutesEach: z.number(),
          minutes: z.number(),
          party: Whom,
          ...calls,
        }),
      ),
      beyond: z.object({ items: z.number().int(), devices: z.number().int() }),
    }),
    done: list(
      z.object({
        title: z.string(),
        words: z.string(),
        days: z.number().int(),
        devices: list(z.object({ id: z.string(), name: z.string() })),
        all: z.number().int(),
      }),
    ),
    unheard: list(z.object({ words: z.string(), cure: z.string() })),
    trend: z.string().describe("Against a month ago, in one sentence, or why that is not told."),
    knowledge: z.record(z.string(), z.string()).readonly().describe("Day on which each source was last changed."),
    keptOut: list(z.string()).describe("Newer knowledge that was brought and could not be believed, until it is brought whole."),
    devices: z.number().int(),
    hoursSaid: z.object({ who: z.string(), at: z.number().int() }).nullable().describe("Who said how many hours there are, and when."),
  })
  .meta({ id: "Today" });

export function risk(session: Session): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      "/risk",
      {
        config: { right: "look" },
        schema: {
          summary: "Devices by their risk, the most endangered first, and the weights it is made of",
          tags,
          querystring: z.object({
            ...Page,
            limit: z.coerce.number().int().min(1).max(LIMIT_MAX).default(100),
            band: z.enum(SEVERITIES).optional(),
          }),
          response: { 200: RiskList, 400: Problem },
        },
      },
      ({ query }) => opened(session).risks({ ...query, ...standingWallsIn(session.dataDirectory).asked }),
    );

    app.get(
      "/devices/:id/risk",
      {
        config: { right: "look" },
        schema: {
          summary: "One device's risk, point by point, and what each step would take away",
          tags,
          params: z.object({ id: DeviceId }),
          response: { 200: DeviceRisk, 404: Problem },
        },
      },
      async ({ params: { id } }, reply) => {
        const found = await opened(session).risk(id, standingWallsIn(session.dataDirectory).asked);
        return found ?? reply.code(404).send({ message: `No device of this recording is called ${id}.` });
      },
    );

    app.get(
      "/today",
      {
        config: { right: "look" },
        schema: {
          summary: "What needs someone today, and the work that fits the team's week",
          tags,
          response: { 200: TodayShape, 409: Problem },
        },
      },
      async () => {
        const { asked, troubles } = standingWallsIn(session.dataDirectory);
        const team = teamIn(session.dataDirectory);
        const today = await opened(session).today({ ...asked, hours: team?.hours ?? null, asking: askRulesIn(session.dataDirectory) });
        return {
          ...withCalls(today, session.dataDirectory, new Date().getHours()),
          unheard: [...today.unheard, ...troubles.map((words) => ({ words, cure: "" }))],
          hoursSaid: team === null ? null : { who: team.who, at: team.at },
        };
      },
    );

    app.put(
      "/today/hours",
      {
        config: { right: "say" },
        schema: {
          summary: "Say how many hours a week the team has for the work list",
          tags,
          body: z.object({ hours: Hours }),
          response: { 204: z.null(), 400: Problem },
        },
      },
      async ({ body: { hours }, who }, reply) => {
        keepTeam(session.dataDirectory, { hours, who, at: Date.now() * 1_000 });
        return reply.code(204).send(null);
      },
    );
  };
}
