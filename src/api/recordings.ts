/** What was recorded before, and opening it again. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Session } from "./session.ts";
import { Problem } from "./shapes.ts";

const Recording = z
  .object({ name: z.string(), devices: z.number().int(), from: z.number().nullable(), to: z.number().nullable() })
  .meta({ id: "Recording" });

export function recordings(session: Session): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      "/recordings",
      {
        config: { right: "look" },
        schema: { summary: "Every recording kept here", tags: ["recordings"], response: { 200: z.array(Recording).readonly() } },
      },
      async () => session.recordings(),
    );

    app.post(
      "/recordings/:name/open",
      {
        config: { right: "operate" },
        schema: {
          summary: "Show a recording made before",
          tags: ["recordings"],
          params: z.object({ name: z.string().min(1).max(200) }),
          response: { 204: z.null(), 404: Problem },
        },
      },
      async (request, reply) => {
        const { name } = request.params;
        // Only a name from the list reaches the session, so no name is ever a path.
        if (!(await session.recordings()).some((it) => it.name === name))
          return reply.code(404).send({ message: `No recording is called ${name}.` });
        await session.openRecording(name);
        return reply.code(204).send(null);
      },
    );
  };
}
