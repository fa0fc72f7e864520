/** Weaknesses: by weakness, one with its devices, those of one device, and what a person says of one. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { CARE_CLASSES } from "../model/device.ts";
import { SEVERITIES } from "../model/finding.ts";
import { ANSWERS, WEAKNESS_KINDS } from "../model/weakness.ts";
import { opened } from "./problems.ts";
import type { Session } from "./session.ts";
import { DeviceId, list, Page, Problem, reason, text } from "./shapes.ts";

const LIMIT_MAX = 1_000;
const NAME_LENGTH_MAX = 200;
const tags = ["weaknesses"];
const micros = z.number().int().describe("Microseconds since 1970, by the packets' own clock.");
const Harms = list(z.enum(["device", "network", "patient"]));

const Word = z
  .object({
    word: z.enum(["confirmed", "dismissed"]),
    scope: z.enum(["device", "model"]),
    who: z.string(),
    reason: z.string(),
    at: z.number().int().describe("Microseconds since 1970, by the clock of who said it."),
    change: z.number().int(),
  })
  .meta({ id: "WeaknessWord" });
const Advisory = z
  .object({
    id: z.string(),
    title: z.string(),
    cves: list(z.string()),
    vendor: z.string(),
    product: z.string(),
    theirVersion: z.string().describe("The advisory's own words."),
    ourVersion: z.string().nullable(),
    level: z.enum(["model", "family", "component"]),
    updated: z.string(),
  })
  .meta({ id: "AdvisoryMatch" });
const Weakness = z
  .object({
    name: z.string(),
    device: z.string(),
    kind: z.enum(WEAKNESS_KINDS),
    title: z.string(),
    answer: z.enum(ANSWERS),
    severity: z.enum(SEVERITIES),
    harms: Harms,
    because: list(z.object({ at: micros, text: z.string() })),
    first: micros,
    last: micros,
    remedy: z.string(),
    control: z.string().nullable(),
    cured: z.string().nullable(),
    minutes: z.number(),
    cves: list(z.string()),
    danger: z.object({
      cvss: z.number().nullable(),
      vector: z.string().nullable(),
      knownExploited: z.boolean(),
      epss: z.number().nullable(),
      worm: z.boolean(),
    }),
    advisory: Advisory.nullable(),
    word: Word.nullable(),
    source: z.string(),
  })
  .meta({ id: "Weakness" });
const row = {
  name: z.string(),
  kind: z.enum(WEAKNESS_KINDS),
  title: z.string(),
  severity: z.enum(SEVERITIES),
  harms: Harms,
  affected: z.number().int(),
  possible: z.number().int(),
  dismissed: z.number().int(),
  confirmed: z.number().int(),
  byCare: z.partialRecord(z.enum(CARE_CLASSES), z.number().int()).readonly(),
  knownExploited: z.boolean(),
  first: micros,
  last: micros,
};
const Weaknesses = z
  .object({
    total: z.number().int(),
    matching: z.number().int(),
    devices: z.number().int().describe("That have one which nobody dismissed."),
    of: z.number().int(),
    knowledge: z.record(z.string(), z.string()).readonly().describe("Day on which each source was last changed."),
    rows: list(z.object(row).meta({ id: "WeaknessRow" })),
  })
  .meta({ id: "WeaknessPage" });
const Detail = z
  .object({
    ...row,
    matching: z.number().int(),
    kinds: list(z.object({ kind: z.string(), devices: z.number().int() })).describe("Of those of which nobody dismissed it."),
    devices: list(
      z
        .object({
          id: z.string(),
          name: z.string(),
          kind: z.string().nullable(),
          maker: z.string().nullable(),
          model: z.string().nullable(),
          location: z.string().nullable(),
          lifeCritical: z.enum(CARE_CLASSES),
          weakness: Weakness,
        })
        .meta({ id: "WeakDevice" }),
    ),
  })
  .meta({ id: "WeaknessDetail" });

const Papers = z
  .object({
    sbom: z
      .object({ day: z.string(), version: z.string().nullable().describe("Of the model's software."), components: z.number().int() })
      .nullable(),
    mds2: z
      .object({
        day: z.string().describe("As written where it is no date."),
        answers: list(
          z.object({
            id: z.string(),
            question: z.string(),
            answer: z.enum(["yes", "no", "not applicable", "see note", "words"]),
            words: z.string().describe("The answer where it is words, else the note."),
          }),
        ),
      })
      .nullable(),
  })
  .meta({ id: "MakersPapers" });

const Name = z.object({ name: text(NAME_LENGTH_MAX, "expected the name of a weakness, such as telnet-answers") });
const Limit = z.coerce.number().int().min(1).max(LIMIT_MAX).default(100);

export function weaknesses(session: Session): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      "/weaknesses",
      {
        config: { right: "look" },
        schema: {
          summary: "What is wrong with devices as they stand, by weakness, the worst first",
          tags,
          querystring: z.object({
            ...Page,
            limit: Limit,
            kind: z.enum(WEAKNESS_KINDS).optional(),
            severity: z.enum(SEVERITIES).optional().describe("As severe or more."),
            answer: z.enum(ANSWERS).optional(),
            device: DeviceId.optional(),
            dismissed: z.stringbool().default(false).describe("With those that were dismissed of all their devices."),
          }),
          response: { 200: Weaknesses, 400: Problem },
        },
      },
      (request) => opened(session).weaknesses(request.query),
    );

    app.get(
      "/weaknesses/:name",
      {
        config: { right: "look" },
        schema: {
          summary: "One weakness with the devices that have it, those on which a life hangs first",
          tags,
          params: Name,
          querystring: z.object({ ...Page, limit: Limit }),
          response: { 200: Detail, 400: Problem, 404: Problem },
        },
      },
      async ({ params: { name }, query: { offset, limit } }, reply) => {
        const weakness = await opened(session).weakness(name, offset, limit);
        return weakness ?? reply.code(404).send({ message: `No device has a weakness called ${name}.` });
      },
    );

    app.get(
      "/devices/:id/weaknesses",
      {
        config: { right: "look" },
        schema: {
          summary: "Weaknesses of one device, the worst first, those that were dismissed last",
          tags,
          params: z.object({ id: DeviceId }),
          response: { 200: list(Weakness), 400: Problem },
        },
      },
      ({ params: { id } }) => opened(session).weaknessesOf(id),
    );

    app.get(
      "/devices/:id/papers",
      {
        config: { right: "look" },
        schema: {
          summary: "What its maker says of its model: the SBOM and the MDS2 form that a person attached",
          tags,
          params: z.object({ id: DeviceId }),
          response: { 200: Papers, 400: Problem },
        },
      },
      ({ params: { id } }) => opened(session).papersOf(id),
    );

    app.post(
      "/weaknesses/:name/said",
      {
        config: { right: "judge" },
        schema: {
          summary: "Confirm or dismiss it, of one device or of all of its model, with the reason; the answered change takes it back",
          tags,
          params: Name,
          body: z.object({
            device: DeviceId,
            word: z.enum(["confirmed", "dismissed"]),
            scope: z.enum(["device", "model"]),
            reason: reason("expected how you know"),
          }),
          response: { 200: z.object({ change: z.number().int() }), 400: Problem, 404: Problem },
        },
      },
      async ({ params: { name }, body, who }, reply) => {
        const own = await opened(session).weaknessesOf(body.device);
        if (!own.some((it) => it.name === name)) return reply.code(404).send({ message: `${body.device} has no weakness called ${name}.` });
        return { change: await session.sayOfWeakness({ ...body, who, name }) };
      },
    );

    app.post(
      "/weaknesses/:name/undo",
      {
        config: { right: "judge" },
        schema: {
          summary: "Take back what was said of it of this device, or of its model; both stay written",
          tags,
          params: Name,
          body: z.object({ device: DeviceId, reason: reason("expected why").default("taken back on the page") }),
          response: { 204: z.null(), 400: Problem, 409: Problem },
        },
      },
      async ({ params: { name }, body: { device, reason }, who }, reply) => {
        const word = (await opened(session).weaknessesOf(device)).find((it) => it.name === name)?.word ?? null;
        if (word === null) return reply.code(409).send({ message: "Nothing was said of it: there is nothing to take back." });
        await session.undo(word.change, who, reason);
        return reply.code(204).send(null);
      },
    );
  };
}
