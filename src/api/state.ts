/** What Auscult is doing now, and the buttons for it: open, listen, stop. */
import { join } from "node:path";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { asking, Asking } from "./account.ts";
import type { Session } from "./session.ts";
import { Problem, SessionState } from "./shapes.ts";
import { UPLOAD, uploadsOf } from "./uploads.ts";

export function state(session: Session): FastifyPluginAsyncZod {
  return async (app) => {
    const done = { 204: z.null(), 400: Problem };

    app.get(
      "/session",
      {
        config: { right: "look" },
        schema: {
          summary: "What is read or listened to now, and under whose name changes are written",
          tags: ["session"],
          response: { 200: SessionState.extend(Asking.shape) },
        },
      },
      async (request) => ({ ...session.state(), ...asking(request) }),
    );

    app.post(
      "/session/sample",
      { config: { right: "operate" }, schema: { summary: "Open the sample hospital", tags: ["session"], response: done } },
      async (_, reply) => {
        await session.openSample();
        return reply.code(204).send(null);
      },
    );

    app.post(
      "/session/open",
      {
        config: { right: "operate" },
        schema: {
          summary: "Read captures that were uploaded before",
          tags: ["session"],
          body: z.object({ uploads: z.array(z.string().regex(UPLOAD, "expected the name an upload was answered with")).min(1).max(1_000) }),
          response: done,
        },
      },
      async (request, reply) => {
        await session.openFiles(request.body.uploads.map((upload) => join(uploadsOf(session), upload)));
        return reply.code(204).send(null);
      },
    );

    app.post(
      "/session/listen",
      {
        config: { right: "operate" },
        schema: {
          summary: "Listen on interfaces, without sending anything",
          tags: ["session"],
          body: z.object({ interfaces: z.array(z.string().min(1).max(64)).min(1).max(64) }),
          response: done,
        },
      },
      async (request, reply) => {
        const known = (await session.interfaces()).map((it) => it.name);
        const unknown = request.body.interfaces.find((name) => !known.includes(name));
        if (unknown !== undefined) throw new Error(`expected one of ${known.join(", ")}, got "${unknown}"`);
        await session.listen(request.body.interfaces);
        return reply.code(204).send(null);
      },
    );

    app.post(
      "/session/stop",
      { config: { right: "operate" }, schema: { summary: "Stop here; what was found stays", tags: ["session"], response: done } },
      async (_, reply) => {
        await session.stop();
        return reply.code(204).send(null);
      },
    );
  };
}
