/** Whether it runs, and whether it does what it is there for: for whoever starts it again or watches it, with nothing of what was heard. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Session } from "./session.ts";

const Health = z.object({ alive: z.literal(true) });
const WHY_NOT = ["deaf", "disk"] as const;

/** The answer of `/readyz`: in words of a machine why not, by `all`. */
export function readiness<const Why extends readonly [string, ...string[]]>(all: Why, meaning: string) {
  return z.object({ ready: z.boolean(), why: z.array(z.enum(all)).readonly().describe(meaning) });
}

const Readiness = readiness(WHY_NOT, "deaf: it is to listen and hears nothing; disk: it, or the database, takes nothing more.");

/** Whether it runs. */
export const healthz: FastifyPluginAsyncZod = async (app) => {
  app.get(
    "/healthz",
    {
      config: { right: "anyone" },
      schema: { summary: "Whether it runs", tags: ["health"], security: [], response: { 200: Health } },
    },
    async () => ({ alive: true }) as const,
  );
};

export function health(session: Session): FastifyPluginAsyncZod {
  return async (app) => {
    await app.register(healthz);
    app.get(
      "/readyz",
      {
        config: { right: "anyone" },
        schema: {
          summary: "Whether it hears what it is to hear and can store it",
          tags: ["health"],
          security: [],
          response: { 200: Readiness, 503: Readiness },
        },
      },
      async (_, reply) => {
        const is = { deaf: session.state().hearing.kind === "deaf", disk: session.figures().diskRefuses };
        const why = WHY_NOT.filter((it) => is[it]);
        return reply.code(why.length === 0 ? 200 : 503).send({ ready: why.length === 0, why });
      },
    );
  };
}
