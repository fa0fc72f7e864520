/** What people said, newest first, and taking a word back. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { opened } from "./problems.ts";
import type { Session } from "./session.ts";
import { Change, Page, Problem, text, WaitingChange } from "./shapes.ts";

export function changes(session: Session): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      "/changes",
      {
        config: { right: "look" },
        schema: {
          summary: "What people changed, newest first",
          tags: ["changes"],
          querystring: z.object({ ...Page, limit: z.coerce.number().int().min(1).max(500).default(50) }),
          response: { 200: z.array(Change).readonly() },
        },
      },
      async (request) => opened(session).changes(request.query.offset, request.query.limit),
    );

    app.get(
      "/changes/waiting",
      {
        config: { right: "look" },
        schema: {
          summary: "What people said that fits no device now, or several: it holds again as soon as it fits one",
          tags: ["changes"],
          response: { 200: z.array(WaitingChange).readonly() },
        },
      },
      async () => opened(session).waiting(),
    );

    app.post(
      "/changes/:number/undo",
      {
        config: { right: "say" },
        schema: {
          summary: "Take one change back; the change and its undoing both stay written",
          tags: ["changes"],
          params: z.object({ number: z.coerce.number().int().min(1) }),
          body: z.object({ reason: text(1_000, "expected why").default("taken back on the page") }),
          response: { 204: z.null(), 400: Problem },
        },
      },
      async (request, reply) => {
        await session.undo(request.params.number, request.who, request.body.reason);
        return reply.code(204).send(null);
      },
    );
  };
}
