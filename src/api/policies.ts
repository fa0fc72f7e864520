/**
 * Policies: texts in a folder of the data directory, the same that `auscult policy` reads, and what each would do to the recording that is
 * open. Nothing here changes any equipment.
 */
import { readFile, rename, writeFile } from "node:fs/promises";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { readSettings } from "../config.ts";
import { DENIED } from "../exporting.ts";
import { PolicyFolder } from "../link/policy-folder.ts";
import { countersFileOf, wallCountsIn, WallCountsShape } from "../link/counters-file.ts";
import { exporters } from "../policies/exporters/index.ts";
import { POLICY_BYTES_MAX } from "../policies/file.ts";
import { Comparison, Group, Reaches, Reasoned, Report } from "./policy-shapes.ts";
import { opened } from "./problems.ts";
import type { Session } from "./session.ts";
import { list, PolicyName, Problem, Reason, text } from "./shapes.ts";

/** What the kernel remembers at most, written down. */
const COUNTERS_BYTES_MAX = 64 << 20;
const LOG_LENGTH_MAX = 8 << 20;
const END = ".yaml";
export const PolicyChanged = z.object({
  change: z.number().int().nullable().describe("Its number in the history; null: it said so already."),
});
const Text = z.string().max(POLICY_BYTES_MAX, "expected a policy of at most 4 MB");

const Said = z.object({ text: Text, file: text(120, "expected what it is called") });

const Written = z.object({
  name: z.string(),
  at: z.number().describe("Milliseconds since 1970, by this computer's clock."),
  kinds: list(z.string()).describe("Kinds of devices that its groups govern, in lower case."),
});

export function policies(session: Session): FastifyPluginAsyncZod {
  return async (app) => {
    const folder = new PolicyFolder(session.dataDirectory);
    const ownRanges = () => readSettings(session.dataDirectory).ownRanges;
    const tags = ["policies"];
    const countsOf = async (name: string) => wallCountsIn((await textOf(countersFileOf(folder.fileOf(name)))) ?? "");
    /** Counters that come wait for each other, or two of one policy would write into one file. */
    let turn: Promise<unknown> = Promise.resolve();
    const afterOthers = <Value>(work: () => Promise<Value>): Promise<Value> => {
      const done = turn.then(work);
      turn = done.catch(() => undefined);
      return done;
    };

    app.get("/policies", { config: { right: "look" }, schema: { summary: "Policies that are written", tags, response: { 200: list(Written) } } }, () =>
      [...folder.governing()],
    );

    app.get(
      "/policies/:name",
      {
        config: { right: "look" },
        schema: { summary: "A policy's text", tags, params: z.object({ name: PolicyName }), response: { 200: z.object({ text: z.string() }), 404: Problem } },
      },
      async (request, reply) => {
        const found = folder.text(request.params.name);
        return found === null ? reply.code(404).send({ message: `There is no policy ${request.params.name}.` }) : { text: found };
      },
    );

    app.put(
      "/policies/:name",
      {
        config: { right: "say" },
        bodyLimit: 2 * POLICY_BYTES_MAX,
        schema: {
          summary: "Write a policy; what one of the same name said is kept in its history",
          tags,
          params: z.object({ name: PolicyName }),
          body: z.object({ text: Text, reason: Reason }),
          response: { 200: PolicyChanged, 400: Problem },
        },
      },
      async ({ params, body, who }) => ({ change: folder.write(params.name, body.text, { who, why: body.reason }) }),
    );

    app.delete(
      "/policies/:name",
      {
        config: { right: "say" },
        schema: {
          summary: "Take a policy away; all it ever said stays in its history",
          tags,
          params: z.object({ name: PolicyName }),
          querystring: z.object({ reason: Reason.default("taken away on the page") }),
          response: { 200: PolicyChanged, 404: Problem },
        },
      },
      async ({ params: { name }, query, who }, reply) => {
        const change = folder.remove(name, { who, why: query.reason });
        return change === null ? reply.code(404).send({ message: `There is no policy ${name}.` }) : { change };
      },
    );

    app.post(
      "/policies/report",
      {
        config: { right: "look" },
        bodyLimit: 2 * POLICY_BYTES_MAX,
        schema: {
          summary: "Replay the recording against a policy's text, or learn one from it; nothing is written",
          tags,
          body: z.object({
            text: Text.nullable().describe("Null: learn the least that covers what was heard."),
            file: text(120, "expected what it is called"),
            only: z.array(text(80)).max(200).optional().describe("Of one that is learned: the kinds whose devices are judged. All unless said."),
          }),
          response: { 200: Report, 400: Problem, 409: Problem },
        },
      },
      ({ body }) => opened(session).policy({ text: body.text, file: body.file, only: body.only ?? [], ownRanges: ownRanges() }),
    );

    app.post(
      "/policies/group",
      {
        config: { right: "look" },
        bodyLimit: 2 * POLICY_BYTES_MAX,
        schema: {
          summary: "One group of a policy: who is in it, how well its rules fit, and what makers say of its models",
          tags,
          body: z.object({ text: Text, file: text(120, "expected what it is called"), group: text(200, "expected a group of the policy") }),
          response: { 200: Group, 400: Problem, 404: Problem, 409: Problem },
        },
      },
      async ({ body: { group, ...asked } }, reply) => {
        const found = await opened(session).policyGroup({ ...asked, only: [], ownRanges: ownRanges() }, group);
        return found ?? reply.code(404).send({ message: `The policy has no group ${group}.` });
      },
    );

    app.post(
      "/policies/reach",
      {
        config: { right: "look" },
        bodyLimit: 2 * POLICY_BYTES_MAX,
        schema: {
          summary: "How far a worm could come from each group: over what was heard, and under the policy; and what cuts it most",
          tags,
          body: z.object({ text: Text, file: text(120, "expected what it is called") }),
          response: { 200: Reaches, 400: Problem, 409: Problem },
        },
      },
      ({ body }) => opened(session).reach({ ...body, only: [], ownRanges: ownRanges() }),
    );

    app.post(
      "/policies/compare",
      {
        config: { right: "look" },
        bodyLimit: 4 * POLICY_BYTES_MAX,
        schema: {
          summary: "Two policies against the recording: what newly breaks, what is newly open, and the other way round, as one list",
          tags,
          body: z.object({ before: Said, after: Said }),
          response: { 200: Comparison, 400: Problem, 409: Problem },
        },
      },
      ({ body }) => opened(session).compare({ ...body, ownRanges: ownRanges() }),
    );

    app.get(
      "/policies/:name/counters",
      {
        config: { right: "look" },
        schema: {
          summary: "What our wall counted at each rule, as it was saved last",
          tags,
          params: z.object({ name: PolicyName }),
          response: { 200: z.object({ counts: WallCountsShape.nullable().describe("Null: none were saved.") }) },
        },
      },
      async (request) => ({ counts: await countsOf(request.params.name) }),
    );

    app.put(
      "/policies/:name/counters",
      {
        config: { right: "say" },
        bodyLimit: COUNTERS_BYTES_MAX,
        schema: { summary: "Keep what auscult policy counters --save wrote on another machine", tags, params: z.object({ name: PolicyName }), body: WallCountsShape, response: { 204: z.null(), 400: Problem, 404: Problem } },
      },
      async (request, reply) => {
        const { name } = request.params;
        if (folder.text(name) === null) return reply.code(404).send({ message: `There is no policy ${name}.` });
        await afterOthers(() => writeWhole(countersFileOf(folder.fileOf(name)), `${JSON.stringify(request.body)}\n`));
        return reply.code(204).send(null);
      },
    );

    app.post(
      "/policies/why",
      {
        config: { right: "look" },
        bodyLimit: 2 * POLICY_BYTES_MAX + LOG_LENGTH_MAX,
        schema: {
          summary: "Is it us? Whether a rule stopped anything to or from a device, from where we know, and whether its usual work goes on",
          tags,
          body: z.object({
            name: PolicyName.describe("Whose counters are used, where some were saved."),
            text: Text,
            device: text(300, "expected its id, or a name or an address that no other has"),
            minutes: z.number().int().min(1).max(7 * 24 * 60).describe("So far back from the recording's last moment."),
            log: z.string().max(LOG_LENGTH_MAX, "expected a log of at most 8 MB: cut it to the time that is asked about").optional().describe("What equipment wrote of what it denied."),
            zoneMinutes: z.number().int().min(-14 * 60).max(14 * 60).default(0).describe("East of UTC, of clocks of equipment whose lines name no zone."),
          }),
          response: { 200: Reasoned, 400: Problem, 409: Problem },
        },
      },
      async ({ body: { name, text: policyText, device, minutes, log, zoneMinutes } }) =>
        opened(session).why({
          text: policyText,
          file: `${name}${END}`,
          only: [],
          ownRanges: ownRanges(),
          device,
          minutes,
          counts: await countsOf(name),
          log: log === undefined ? null : { text: log, written: Date.now() * 1_000, offsetMinutes: zoneMinutes },
        }),
    );

    app.get("/policy-targets", { config: { right: "look" }, schema: { summary: "What a policy can be written for", tags, response: { 200: list(z.object({ name: z.string(), title: z.string() })) } } }, () =>
      exporters.map(({ name, title }) => ({ name, title })),
    );

    app.post(
      "/policies/export",
      {
        config: { right: "look" },
        bodyLimit: 2 * POLICY_BYTES_MAX,
        schema: {
          summary: "A policy as equipment takes it, what takes it back, and a page for those who decide; nothing is put up",
          tags,
          body: z.object({ text: Text, file: text(120, "expected what it is called"), to: text(40, "expected a target"), denied: z.enum(DENIED) }),
          response: {
            200: z.object({
              title: z.string(),
              extension: z.string(),
              text: z.string(),
              files: list(z.object({ name: z.string(), text: z.string() })).describe("Where equipment fetches several files: each of them"),
              rollback: z.string(),
              change: z.string(),
            }),
            400: Problem,
            409: Problem,
          },
        },
      },
      ({ body }) => opened(session).exported({ ...body, only: [], ownRanges: ownRanges() }),
    );
  };
} // prettier-ignore

/** Null where there is none. */
async function textOf(file: string): Promise<string | null> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/** Whole or not at all. */
async function writeWhole(file: string, content: string): Promise<void> {
  await writeFile(`${file}.new`, content, { mode: 0o600, flush: true });
  await rename(`${file}.new`, file);
}
