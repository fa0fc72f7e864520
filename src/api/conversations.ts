/** Whom one device talks to. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { opened } from "./problems.ts";
import type { Session } from "./session.ts";
import { Conversation, Page } from "./shapes.ts";

export function conversations(session: Session): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      "/devices/:id/conversations",
      {
        config: { right: "look" },
        schema: {
          summary: "One page of a device's conversations",
          tags: ["conversations"],
          params: z.object({ id: z.string().max(20) }),
          querystring: z.object({ ...Page, limit: z.coerce.number().int().min(1).max(500).default(100) }),
          response: { 200: z.object({ total: z.number().int(), rows: z.array(Conversation).readonly() }) },
        },
      },
      async (request) => opened(session).conversations(request.params.id, request.query.offset, request.query.limit),
    );
  };
}
