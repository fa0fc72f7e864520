/** What was heard and what was not: beside every claim stands whether we were listening. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { opened } from "./problems.ts";
import type { Session } from "./session.ts";
import { Coverage } from "./shapes.ts";

export function coverage(session: Session): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      "/coverage",
      {
        config: { right: "look" },
        schema: { summary: "What was heard, and what was not", tags: ["coverage"], response: { 200: Coverage } },
      },
      async () => opened(session).coverage(),
    );
  };
}
