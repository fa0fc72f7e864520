/** The protocols that are read, under the titles they give themselves. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { protocols as list } from "../protocols/index.ts";

const Protocol = z.object({ name: z.string(), title: z.string() }).meta({ id: "Protocol" });

export function protocols(): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      "/protocols",
      {
        config: { right: "look" },
        schema: { summary: "What protocols are called", tags: ["protocols"], response: { 200: z.array(Protocol).readonly() } },
      },
      async () => list,
    );
  };
}
