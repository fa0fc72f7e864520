/** How it goes with whoever is told of findings. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { readSettings } from "../config.ts";
import { outputStandings } from "../link/outputs/standing.ts";
import type { Session } from "./session.ts";

const moment = z.number().int().describe("Milliseconds since 1970, by this machine's clock.");
const Standing = z
  .object({
    name: z.string(),
    where: z.string(),
    waiting: z.number().int(),
    since: moment.nullable().describe("Since when the first of those that wait does."),
    sent: z.number().int(),
    lastSent: moment.nullable(),
    dead: z.number().int().describe("Given up: refused for good, or tried for days."),
    lastRefusal: z.object({ at: moment, why: z.string() }).nullable(),
  })
  .meta({ id: "OutputStanding" });

export function outputs(session: Session): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      "/outputs",
      {
        config: { right: "look" },
        schema: {
          summary: "Whoever is told of findings: what was sent, what waits, what was refused",
          tags: ["findings"],
          response: { 200: z.object({ outputs: z.array(Standing).readonly() }) },
        },
      },
      async () => ({ outputs: outputStandings(session.dataDirectory, readSettings(session.dataDirectory)) }),
    );
  };
}
