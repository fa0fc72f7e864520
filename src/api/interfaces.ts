/** The interfaces of this computer with the kernel's counters: a mirror port shows itself by much coming in and nothing going out. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Session } from "./session.ts";

const Interface = z
  .object({
    name: z.string(),
    up: z.boolean(),
    framesIn: z.number(),
    framesOut: z.number(),
    missing: z.object({ words: z.string(), cure: z.string() }).nullable(),
  })
  .meta({ id: "Interface" });

export function interfaces(session: Session): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      "/interfaces",
      {
        config: { right: "look" },
        schema: { summary: "Where one could listen", tags: ["interfaces"], response: { 200: z.array(Interface).readonly() } },
      },
      async () => session.interfaces(),
    );
  };
}
