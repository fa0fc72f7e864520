/**
 * News for the pages as server-sent events (WHATWG HTML, section 9.2): `state` with the whole of it.
 * The session may have news a thousand times a second; a page gets it at most so often, and always the last.
 */
import type { ServerResponse } from "node:http";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { asking } from "./account.ts";
import type { Session } from "./session.ts";

const GAP_MS = 250;
/** Proxies and browsers close what is silent for a minute. */
const ALIVE_MS = 20_000;
/** One for each open tab. */
const LISTENERS_MAX = 64;

export function events(session: Session): FastifyPluginAsyncZod {
  return async (app) => {
    const open = new Set<ServerResponse>();
    app.addHook("preClose", async () => {
      for (const response of open) response.end();
    });

    app.get(
      "/events",
      { config: { right: "look" }, schema: { summary: "News as server-sent events: state", tags: ["session"] } },
      (request, reply) => {
        if (open.size >= LISTENERS_MAX) return reply.code(503).send({ message: `expected at most ${LISTENERS_MAX} open pages` });
        reply.hijack();
        const response = reply.raw;
        response.writeHead(200, { ...headersOf(reply.getHeaders()), "content-type": "text/event-stream", "cache-control": "no-store" });
        open.add(response);

        // In a timer nobody would catch it: who cannot be looked up is asked to come again.
        const isStillIn = () => {
          try {
            return request.isStillIn();
          } catch (error) {
            request.log.error({ err: error }, "whether a page is still signed in could not be looked up");
            return false;
          }
        };
        const state = throttled(GAP_MS, () => {
          // A tab that sleeps reads nothing: what it would hear late is kept nowhere, and the whole state comes when it wakes.
          if (response.writableNeedDrain) return;
          // Who signed out, or was taken away, hears no more; who has another role is told so.
          if (!isStillIn()) return void response.end();
          response.write(`event: state\ndata: ${JSON.stringify({ ...session.state(), ...asking(request) })}\n\n`);
        });
        response.on("drain", () => state.ask());
        state.ask();
        const leave = session.subscribe(() => state.ask());
        const alive = setInterval(() => (isStillIn() ? response.write(": alive\n\n") : response.end()), ALIVE_MS);

        request.raw.once("close", () => {
          leave();
          clearInterval(alive);
          state.cancel();
          open.delete(response);
        });
      },
    );
  };
}

/** Runs at once when it has rested for `gap`, else when it has; however often asked meanwhile, once. */
function throttled(gap: number, run: () => void): { ask(): void; cancel(): void } {
  let last = -Infinity;
  let timer: NodeJS.Timeout | undefined;
  const now = () => {
    timer = undefined;
    last = performance.now();
    run();
  };
  return {
    ask: () => {
      timer ??= setTimeout(now, Math.max(0, last + gap - performance.now()));
    },
    cancel: () => clearTimeout(timer),
  };
}

function headersOf(headers: Readonly<Record<string, string | number | readonly string[] | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]])));
}
