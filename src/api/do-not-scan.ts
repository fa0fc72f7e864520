/** The do-not-scan list: who is on it, as scanners take it, and what a person says of it. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { readSettings } from "../config.ts";
import { DO_NOT_SCAN_EXPORTERS } from "../do-not-scan/export.ts";
import { CARE_CLASSES } from "../model/device.ts";
import { DO_NOT_SCAN_BY, DO_NOT_SCAN_STATES } from "../model/do-not-scan.ts";
import { endOfDay } from "../model/finding-words.ts";
import { opened } from "./problems.ts";
import type { Session } from "./session.ts";
import { DeviceId, list, Page, Problem, reason, text } from "./shapes.ts";

const LIMIT_MAX = 1_000;
/** An IPv6 network is the longest. */
const ABOUT_LENGTH_MAX = 50;
const tags = ["do not scan"];
const micros = z.number().int().describe("Microseconds since 1970, by the packets' own clock.");

const Word = z
  .object({
    word: z.enum(["list", "take off"]),
    who: z.string(),
    reason: z.string(),
    at: z.number().int().describe("Microseconds since 1970, by the clock of who said it."),
    until: micros.nullable().describe("Null where no day was named."),
    change: z.number().int(),
  })
  .meta({ id: "DoNotScanWord" });
const Line = z
  .object({
    about: z.string().describe("The device's id, or the address or network a person wrote it of."),
    device: z.string().nullable(),
    name: z.string(),
    kind: z.string().nullable(),
    location: z.string().nullable(),
    lifeCritical: z.enum(CARE_CLASSES),
    state: z.enum(DO_NOT_SCAN_STATES).describe("Only what is listed is exported for scanners."),
    addresses: list(z.object({ ip: z.string(), since: micros.nullable(), last: micros.nullable() })).describe(
      "Where it was heard, and no other device since; or what a person named.",
    ),
    written: list(z.string()).describe("Addresses others wrote down for it, at which it was not heard."),
    reasons: list(z.object({ by: z.enum(DO_NOT_SCAN_BY), words: z.string(), source: z.string(), sure: z.boolean() })),
    sure: z.boolean(),
    confirmed: micros.nullable().describe("When it was last heard there."),
    ends: micros.nullable().describe("It holds until then, unless it is heard there again or a person says so."),
    word: Word.nullable(),
  })
  .meta({ id: "DoNotScanLine" });
const Lines = z
  .object({
    at: micros.describe("The recording's last moment: ends are held against it."),
    days: z.number().int(),
    devices: z.number().int().describe("Of the recording, listed or not."),
    byState: z.record(z.enum(DO_NOT_SCAN_STATES), z.number().int()).readonly(),
    spared: z.number().int().describe("Devices that are listed: lines of no device are none."),
    matching: z.number().int(),
    rows: list(Line),
  })
  .meta({ id: "DoNotScanPage" });

const About = text(ABOUT_LENGTH_MAX, "expected a device's id such as d12, an address, or a network such as 10.20.30.0/24");
const Reason = reason("expected how you know");

export function doNotScan(session: Session): FastifyPluginAsyncZod {
  const days = () => readSettings(session.dataDirectory).doNotScanDays;
  return async (app) => {
    app.get(
      "/do-not-scan",
      {
        config: { right: "look" },
        schema: {
          summary: "Devices that no scanner should ask, with why and until when",
          tags,
          querystring: z.object({
            ...Page,
            limit: z.coerce.number().int().min(1).max(LIMIT_MAX).default(100),
            states: z
              .string()
              .default("")
              .transform((it) => it.split(",").filter((state) => state !== ""))
              .pipe(z.array(z.enum(DO_NOT_SCAN_STATES)))
              .describe("Commas between them. Empty: all."),
          }),
          response: { 200: Lines, 400: Problem },
        },
      },
      ({ query }) => opened(session).doNotScan({ ...query, days: days() }),
    );

    app.get(
      "/do-not-scan/export/:to",
      {
        config: { right: "look" },
        schema: {
          summary: "The list as a scanner takes it, as a file; refused where nobody would stand in it",
          tags,
          params: z.object({ to: z.enum(DO_NOT_SCAN_EXPORTERS) }),
        },
      },
      async ({ params: { to } }, reply) => {
        const { text: body, file, mediaType } = await opened(session).doNotScanExported({ to, days: days(), empty: false });
        return reply.header("content-type", mediaType).header("content-disposition", `attachment; filename="${file}"`).send(body);
      },
    );

    app.get(
      "/devices/:id/do-not-scan",
      {
        config: { right: "look" },
        schema: {
          summary: "The device's line on the do-not-scan list; null where it has none",
          tags,
          params: z.object({ id: DeviceId }),
          response: { 200: z.object({ line: Line.nullable() }), 400: Problem },
        },
      },
      async ({ params: { id } }) => ({ line: await opened(session).doNotScanOf(id, days()) }),
    );

    app.post(
      "/do-not-scan/said",
      {
        config: { right: "judge" },
        schema: {
          summary: "Put a device, an address or a network on the list, or take it off, with the reason; the answered change takes it back",
          tags,
          body: z.object({
            about: About,
            word: z.enum(["list", "take off"]),
            reason: Reason,
            until: z.string().optional().describe("Where it lists: the last day it holds, such as 2026-12-01 (UTC)."),
          }),
          response: { 200: z.object({ change: z.number().int() }), 400: Problem },
        },
      },
      async ({ body: { about, word, reason, until }, who }, reply) => {
        const end = until === undefined ? null : endOfDay(until);
        if (until !== undefined && (end === null || word === "take off"))
          return reply.code(400).send({ message: `expected the last day it holds, such as 2026-12-01, got "${until}"` });
        return { change: await session.sayOfScanning({ about, word, reason, who, until: end }) };
      },
    );

    app.post(
      "/do-not-scan/undo",
      {
        config: { right: "judge" },
        schema: {
          summary: "Take back what was said last of a line; both stay written",
          tags,
          body: z.object({ about: About, reason: Reason.default("taken back on the page") }),
          response: { 204: z.null(), 400: Problem, 409: Problem },
        },
      },
      async ({ body: { about, reason }, who }, reply) => {
        const all = await opened(session).doNotScan({ states: [], days: days(), offset: 0, limit: Number.MAX_SAFE_INTEGER });
        const word = all.rows.find((it) => it.about === about)?.word ?? null;
        if (word === null) return reply.code(409).send({ message: "Nothing was said of it: there is nothing to take back." });
        await session.undo(word.change, who, reason);
        return reply.code(204).send(null);
      },
    );
  };
}
