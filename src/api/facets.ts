/** How the devices that match part by a field: what stands beside the table with counts. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { opened } from "./problems.ts";
import type { Session } from "./session.ts";
import { Problem } from "./shapes.ts";

export function facets(session: Session): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      "/facets",
      {
        config: { right: "look" },
        schema: {
          summary: "Counts of each value of some fields, among the devices that match",
          tags: ["devices"],
          querystring: z.object({
            filter: z.string().max(2_000).default(""),
            fields: z.string().max(200).describe("Names with commas between, as in a filter."),
          }),
          response: {
            200: z
              .array(z.object({ field: z.string(), values: z.array(z.object({ value: z.string(), count: z.number().int() })).readonly() }))
              .readonly(),
            400: Problem,
          },
        },
      },
      async (request) => opened(session).facets(request.query.filter, request.query.fields.split(",").filter(Boolean)),
    );
  };
}
