/** What became of each policy's text: who changed what, when and why; one change taken back, or the whole text written as it once was. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { PolicyFolder } from "../link/policy-folder.ts";
import { POLICY_DEEDS } from "../model/policy-history.ts";
import { changedParts } from "../policies/changed-lines.ts";
import { PolicyChanged } from "./policies.ts";
import type { Session } from "./session.ts";
import { PolicyName, Problem, Reason } from "./shapes.ts";

const number = z.number().int();
const Change = z
  .object({
    number,
    at: number.describe("Microseconds since 1970, by this computer's clock."),
    who: z.string().describe("Empty: something other than Auscult changed the file, and who did it is not known."),
    what: z.enum(POLICY_DEEDS),
    why: z.string(),
    of: number.nullable().describe("The change that was taken back, or written again."),
    isThere: z.boolean().describe("False: from then on there was no such policy."),
  })
  .meta({ id: "PolicyChange" });
const Part = z.object({
  before: number.describe("Its first line's number before, from 1."),
  after: number,
  lines: z.array(z.object({ mark: z.enum(["same", "gone", "new"]), text: z.string() })).readonly(),
});
const One = z.object({ name: PolicyName, number: z.coerce.number().int().min(1) });

export function policyHistory(session: Session): FastifyPluginAsyncZod {
  return async (app) => {
    const folder = new PolicyFolder(session.dataDirectory);
    const tags = ["policies"];

    app.get(
      "/policies-taken-away",
      {
        config: { right: "look" },
        schema: {
          summary: "Policies that were written once and are no more; their history tells what they said",
          tags,
          response: { 200: z.array(z.object({ name: z.string(), at: number, who: z.string(), change: number })).readonly() },
        },
      },
      async () => folder.gone().map(({ policy, at, who, number: change }) => ({ name: policy, at, who, change })),
    );

    app.get(
      "/policies/:name/history",
      {
        config: { right: "look" },
        schema: {
          summary: "Every change of a policy's text, newest first",
          tags,
          params: z.object({ name: PolicyName }),
          response: {
            200: z.object({
              changes: z.array(Change).readonly(),
              trouble: z.string().nullable().describe("Where the history of all policies is not as it was written."),
            }),
            400: Problem,
          },
        },
      },
      async (request) => folder.history(request.params.name),
    );

    app.get(
      "/policies/:name/history/:number",
      {
        config: { right: "look" },
        schema: {
          summary: "What one change changed, and the text from then on",
          tags,
          params: One,
          response: { 200: z.object({ text: z.string().nullable(), parts: z.array(Part).readonly() }), 404: Problem },
        },
      },
      async (request, reply) => {
        const found = folder.change(request.params.name, request.params.number);
        if (found === null) return reply.code(404).send({ message: `There is no such change of ${request.params.name}.` });
        return { text: found.text, parts: changedParts(found.before ?? "", found.text ?? "") };
      },
    );

    app.post(
      "/policies/:name/history/:number/undo",
      {
        config: { right: "say" },
        schema: {
          summary: "Take one change back and leave what came after it; refused where the two are about the same lines",
          tags,
          params: One,
          body: z.object({ reason: Reason }),
          response: { 200: PolicyChanged, 400: Problem },
        },
      },
      async ({ params, body, who }) => ({ change: folder.undo(params.name, params.number, { who, why: body.reason }) }),
    );

    app.post(
      "/policies/:name/history/:number/restore",
      {
        config: { right: "say" },
        schema: {
          summary: "Write the whole text as it was after that change",
          tags,
          params: One,
          body: z.object({ reason: Reason }),
          response: { 200: PolicyChanged, 400: Problem },
        },
      },
      async ({ params, body, who }) => ({ change: folder.restore(params.name, params.number, { who, why: body.reason }) }),
    );
  };
}
