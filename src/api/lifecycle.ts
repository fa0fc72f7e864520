/** How the fleet grows and changes, and which of it a recall means. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { CARE_CLASSES } from "../model/device.ts";
import { GROWTH_BY } from "../model/lifecycle.ts";
import { LIST_BYTES_MAX } from "./list.ts";
import { opened } from "./problems.ts";
import type { Session } from "./session.ts";
import { list, Problem, text } from "./shapes.ts";

const ASKED_LENGTH_MAX = 200;
const SERIALS_LENGTH_MAX = 20_000;
const tags = ["lifecycle"];
const micros = z.number().describe("Microseconds since 1970, by the packets' own clock.");
const count = z.number().int();

const Grown = z
  .object({
    of: z.string().nullable().describe('Null: all of them. "": of those of which nobody knows which.'),
    now: count,
    yearAgo: count.nullable(),
    growth: z.number().nullable().describe("Since a year ago, as a share."),
    months: list(z.object({ until: micros, count })),
    ahead: list(z.object({ until: micros, likely: z.number(), low: z.number(), high: z.number() })).nullable(),
    idle: count,
  })
  .meta({ id: "Grown" });
const Events = z
  .object({
    total: count,
    rows: list(
      z.object({
        id: z.string(),
        name: z.string(),
        kind: z.string().nullable(),
        lifeCritical: z.enum(CARE_CLASSES),
        location: z.string().nullable(),
        at: micros,
        note: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: "LifeEvents" });
const RollOut = z
  .object({
    maker: z.string().nullable(),
    model: z.string(),
    product: z.string(),
    version: z.string(),
    since: micros,
    done: count,
    waiting: Events,
    notHeard: Events,
    versions: list(z.object({ version: z.string(), devices: count })),
  })
  .meta({ id: "RollOut" });
const day = z.string().describe("YYYY-MM-DD.");
const SupportEnd = z
  .object({
    of: z.enum(["system", "model"]),
    what: z.string(),
    first: day,
    last: day,
    source: z.string(),
    ended: z.boolean(),
    devices: Events,
  })
  .meta({ id: "SupportEnd" });
export const Lifecycle = z
  .object({
    growth: z.object({
      by: z.enum(GROWTH_BY),
      chance: z.number().describe("Of the interval: in how many of such fleets the count lies within."),
      all: Grown,
      groups: list(Grown),
      notes: list(z.string()),
    }),
    events: z.object({ days: count, came: Events, silent: Events, moved: Events, retiredHeard: Events, idle: Events }),
    rollOuts: list(RollOut),
    support: list(SupportEnd).describe("In the order of their last days."),
    devices: count,
    from: micros.nullable(),
    to: micros.nullable(),
  })
  .meta({ id: "Lifecycle" });

const asked = (what: string, max = ASKED_LENGTH_MAX) => text(max, `expected ${what}`).optional();
export const Recall = z.object({
  maker: asked("a maker"),
  model: asked("a model"),
  serials: asked("serial numbers and ranges like B200..B299", SERIALS_LENGTH_MAX),
  version: asked("a version"),
  udi: asked("a UDI, or its device identifier"),
  lot: asked("a lot"),
  list: z
    .object({ file: text(255, "expected the name of the file"), bytes: z.base64() })
    .optional()
    .describe("The hospital's own list, as for /list: rows of it that the recall means and nobody heard are told."),
});
export const Recalled = z
  .object({
    heard: Events,
    cannotTell: Events,
    listedOnly: list(z.object({ row: count.describe("As a spreadsheet counts."), says: z.string() })),
    devices: count,
  })
  .meta({ id: "Recalled" });

export function lifecycle(session: Session): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      "/lifecycle",
      {
        config: { right: "look" },
        schema: {
          summary: "How the fleet grows and how it goes on, what came, went quiet, moved or stands idle, and versions on their way",
          tags,
          querystring: z.object({ by: z.enum(GROWTH_BY).default("kind") }),
          response: { 200: Lifecycle },
        },
      },
      (request) => opened(session).lifecycle(request.query.by),
    );
    app.post(
      "/recall",
      {
        config: { right: "look" },
        bodyLimit: LIST_BYTES_MAX * 1.5,
        schema: {
          summary: "Which devices a recall means; nothing is written",
          tags,
          body: Recall,
          response: { 200: Recalled, 400: Problem },
        },
      },
      ({ body: { list: file, ...question } }) =>
        opened(session).recall(question, file === undefined ? undefined : { file: file.file, bytes: Buffer.from(file.bytes, "base64") }),
    );
  };
}
