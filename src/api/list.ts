/** The hospital's own list: a dry run that writes nothing, and its words said, all or none, when a person has seen them. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { wordsOf } from "../list/plan.ts";
import { LIST_FIELDS, ROW_STATES, type ListQuestion } from "../model/list.ts";
import { SAYABLE } from "../model/device.ts";
import { opened } from "./problems.ts";
import type { Session } from "./session.ts";
import { list, Problem, reason, text } from "./shapes.ts";

/** A list of 100,000 devices in UTF-16. */
export const LIST_BYTES_MAX = 32 * 1024 * 1024;
/** In base64, with what was chosen beside it. */
const BODY_BYTES_MAX = LIST_BYTES_MAX * 1.5;

const Field = z.enum(LIST_FIELDS);
const Question = z.object({
  file: text(255, "expected the name of the file"),
  bytes: z.base64().describe("The file as it is: UTF-8, UTF-16 or Windows-1252; commas, semicolons or tabs."),
  columns: z.partialRecord(Field, z.string().nullable()).optional().describe("Title of the column that holds a field; null: none does."),
  chosen: z
    .record(z.string().regex(/^\d{1,7}$/, "expected the number of a row"), z.string().nullable())
    .optional()
    .describe("By row: the device a person says it is; null for none of those heard."),
});

const About = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.string(),
  made: z.string(),
  serial: z.string(),
  mac: z.string(),
  ip: z.string(),
});
const Row = z.object({
  row: z.number().int().describe("As a spreadsheet counts."),
  state: z.enum(ROW_STATES),
  cells: z.partialRecord(Field, z.string()).readonly(),
  candidates: list(z.object({ device: About, agrees: list(z.string()), against: list(z.string()) })),
  chosen: z.boolean(),
  changes: list(z.object({ attribute: z.enum(SAYABLE), from: z.string(), to: z.string() })),
  notes: list(z.string()),
});
const Plan = z
  .object({
    file: z.string(),
    encoding: z.string(),
    separator: z.string(),
    titleRow: z.number().int(),
    ours: z.boolean(),
    columns: list(z.object({ title: z.string(), field: Field.nullable() })),
    rows: list(Row),
    heard: z.number().int(),
    heardOnly: list(About),
    heardOnlyTotal: z.number().int(),
    changes: z.number().int(),
    notes: list(z.string()),
    digest: z.string(),
  })
  .meta({ id: "ListPlan" });

export function ownList(session: Session): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      "/list",
      {
        config: { right: "look" },
        bodyLimit: BODY_BYTES_MAX,
        schema: {
          summary: "Hold the hospital's own list against what was heard; nothing is written",
          tags: ["list"],
          body: Question,
          response: { 200: Plan, 400: Problem },
        },
      },
      (request) => opened(session).list(questionOf(request.body)),
    );

    app.post(
      "/list/apply",
      {
        config: { right: "say" },
        bodyLimit: BODY_BYTES_MAX,
        schema: {
          summary: "Say what the list says, all or none; one undo of the answered change takes all of it back",
          tags: ["list"],
          body: Question.extend({
            digest: z.string().describe("Of the dry run that was seen: if other words would be said by now, none is."),
            reason: reason("expected where the list is from"),
          }),
          response: { 200: z.object({ change: z.number().int(), words: z.number().int() }), 400: Problem, 409: Problem },
        },
      },
      async (request, reply) => {
        const { digest, reason, ...asked } = request.body;
        const plan = await opened(session).list(questionOf(asked));
        if (plan.digest !== digest)
          return reply.code(409).send({ message: "Other words would be said by now: look at the dry run again. Nothing was written." });
        const words = wordsOf(plan);
        if (words.length === 0) return reply.code(409).send({ message: "The list changes nothing: there is nothing to apply." });
        return { change: await session.sayList({ who: request.who, reason: `${plan.file}: ${reason}`, words }), words: words.length };
      },
    );
  };
}

function questionOf({ file, bytes, columns, chosen }: z.infer<typeof Question>): ListQuestion {
  return {
    file,
    bytes: Buffer.from(bytes, "base64"),
    ...(columns === undefined ? {} : { columns }),
    ...(chosen === undefined ? {} : { chosen }),
  };
}
