/** Recalls that are searched for: lists begun, ticked off and taken back, with the count that closes each; printed as HTML or CSV. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { tickListOf } from "../lifecycle/index.ts";
import { beginRecall, recallIn, recallsIn, tickIn, type KeptRecall } from "../link/recalls.ts";
import { ENTRY_STATES, TICK_WORDS } from "../model/recall.ts";
import { HTML_POLICY } from "../reporting.ts";
import { tickCsv, tickSheet } from "../reports/tick-sheet.ts";
import { Recall } from "./lifecycle.ts";
import { LIST_BYTES_MAX } from "./list.ts";
import { opened } from "./problems.ts";
import type { Session } from "./session.ts";
import { list, Problem, text } from "./shapes.ts";

const tags = ["lifecycle"];
const count = z.number().int();
const micros = z.number().describe("Microseconds since 1970, by this computer's clock.");
const RecallNumber = z.coerce.number().int().min(1).max(999_999);

const counts = { all: count, found: count, notMeant: count, left: count, words: z.string() };
const about = {
  number: count,
  title: z.string(),
  recording: z.string(),
  who: z.string(),
  at: micros,
  closed: micros.nullable(),
  ...counts,
};
const About = z.object(about).meta({ id: "RecallAbout" });
const Tick = z.object({ entry: z.string(), word: z.enum(TICK_WORDS).nullable(), who: z.string(), at: micros, note: z.string() });
const Whole = z
  .object({
    ...about,
    question: Recall.omit({ list: true }),
    wards: list(
      z.object({
        ward: z.string().nullable(),
        ...counts,
        entries: list(
          z.object({
            id: z.string().describe("A device's id, or \"row 14\" of the hospital's list."),
            state: z.enum(ENTRY_STATES),
            name: z.string(),
            what: z.string(),
            missing: z.string(),
            ward: z.string().nullable(),
            place: z.string().nullable(),
            last: z.number().nullable().describe("When it was last heard, by the packets' clock."),
            tick: Tick.nullable(),
          }),
        ),
      }),
    ),
  })
  .meta({ id: "TickList" });

const Named = z
  .object({
    number: z.string(),
    day: z.string().describe("YYYY-MM-DD on which it was published."),
    firm: z.string(),
    class: z.enum(["", "I", "II", "III"]).describe("I: it may kill. Empty where nobody said."),
    product: z.string(),
    codes: z.string(),
    reason: z.string(),
    question: Recall.omit({ list: true }),
    heard: count,
    cannotTell: count,
  })
  .meta({ id: "NamedRecall" });

const Params = z.object({ number: RecallNumber });

export function recalls(session: Session): FastifyPluginAsyncZod {
  const data = session.dataDirectory;
  const shown = ({ begun, ticks }: KeptRecall) => tickListOf(begun, ticks);
  return async (app) => {
    app.get(
      "/recalls",
      {
        config: { right: "look" },
        schema: {
          summary: "Recalls that are searched for, the latest first, each with what is left",
          tags,
          response: { 200: list(About) },
        },
      },
      () => recallsIn(data).map(shown),
    );

    app.get(
      "/recalls/published",
      {
        config: { right: "look" },
        schema: {
          summary: "Recalls that authorities published and that name a model heard here, those that may kill first",
          tags,
          response: { 200: list(Named) },
        },
      },
      () => opened(session).publishedRecalls(),
    );

    app.post(
      "/recalls",
      {
        config: { right: "say" },
        bodyLimit: LIST_BYTES_MAX * 1.5,
        schema: {
          summary: "Begin a list to tick off: whom a recall means now, of whom nobody can tell, and who is only listed",
          tags,
          body: Recall.extend({ title: text(200, "expected what the recall is called") }),
          response: { 200: z.object({ number: count }), 400: Problem },
        },
      },
      async ({ body: { title, list: file, ...question }, who }) => {
        const report = await opened(session).recall(
          question,
          file === undefined ? undefined : { file: file.file, bytes: Buffer.from(file.bytes, "base64") },
        );
        const recording = session.state().recording ?? "";
        return { number: beginRecall(data, { title, recording, question, who, at: Date.now() * 1_000, entries: report.entries }) };
      },
    );

    app.get(
      "/recalls/:number",
      {
        config: { right: "look" },
        schema: {
          summary: "One list, ward by ward, with who found what and when",
          tags,
          params: Params,
          response: { 200: Whole, 404: Problem },
        },
      },
      async ({ params: { number } }, reply) => {
        const kept = recallIn(data, number);
        return kept === null ? reply.code(404).send({ message: `There is no recall ${number}.` }) : shown(kept);
      },
    );

    app.get(
      "/recalls/:number/sheet.:as",
      {
        config: { right: "look" },
        schema: {
          summary: "The list to print, with a box for each that is left, or as CSV",
          tags,
          params: Params.extend({ as: z.enum(["html", "csv"]) }),
          response: { 200: z.string(), 404: Problem },
        },
      },
      async ({ params: { number, as } }, reply) => {
        const kept = recallIn(data, number);
        if (kept === null) return reply.code(404).send({ message: `There is no recall ${number}.` });
        const ticked = shown(kept);
        return reply
          .header("content-security-policy", HTML_POLICY)
          .header("content-disposition", `${as === "csv" ? "attachment" : "inline"}; filename="recall-${number}.${as}"`)
          .type(as === "csv" ? "text/csv; charset=utf-8" : "text/html; charset=utf-8")
          .serializer((body: string) => body)
          .send(as === "csv" ? tickCsv(ticked) : tickSheet(ticked));
      },
    );

    app.post(
      "/recalls/:number/ticks",
      {
        config: { right: "say" },
        schema: {
          summary: "Tick an entry off, or take that back (word: null); each stays written with its name and date",
          tags,
          params: Params,
          body: z.object({
            entry: text(40, "expected an entry, such as d12 or row 14"),
            word: z.enum(TICK_WORDS).nullable(),
            note: z.string().max(1_000).default(""),
          }),
          response: { 204: z.null(), 400: Problem },
        },
      },
      async ({ params: { number }, body, who }, reply) => {
        tickIn(data, number, { ...body, who, at: Date.now() * 1_000 });
        return reply.code(204).send(null);
      },
    );
  };
}
