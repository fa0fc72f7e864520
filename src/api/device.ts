/** One device: what we say of it and how we know, and what a person says instead. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { CARE_CLASSES, SAID_LENGTH_MAX, SAYABLE, STATUSES } from "../model/device.ts";
import { opened } from "./problems.ts";
import type { Session } from "./session.ts";
import { DeviceDetail, DeviceId, Problem, reason, text } from "./shapes.ts";

const ADDRESSES_MAX = 256;
const Id = z.object({ id: DeviceId });

export function device(session: Session): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      "/devices/:id",
      {
        config: { right: "look" },
        schema: { summary: "One device with its evidence", tags: ["device"], params: Id, response: { 200: DeviceDetail, 404: Problem } },
      },
      async (request, reply) => {
        const found = await opened(session).device(request.params.id);
        return found ?? reply.code(404).send({ message: `No device of this recording is called ${request.params.id}.` });
      },
    );

    app.post(
      "/devices/:id/said",
      {
        config: { right: "say" },
        schema: {
          summary: "Say what an attribute is, with the reason; null takes the word back",
          tags: ["device"],
          params: Id,
          body: z
            .object({
              attribute: z.enum(SAYABLE),
              value: text(SAID_LENGTH_MAX, "expected what it is").nullable(),
              reason: reason("expected how you know"),
            })
            // Of what it is a person may know more than we; how much depends on it, and whether it is in use, is one of a few.
            .superRefine(({ attribute, value }, context) => {
              const few = attribute === "lifeCritical" ? CARE_CLASSES : attribute === "status" ? STATUSES : null;
              if (few === null || value === null || few.some((it) => it === value)) return;
              context.addIssue({ code: "custom", path: ["value"], message: `expected one of ${few.join(", ")}` });
            }),
          response: { 204: z.null(), 400: Problem, 404: Problem },
        },
      },
      async (request, reply) => {
        const { id } = request.params;
        const found = await opened(session).device(id);
        if (found === null) return reply.code(404).send({ message: `No device of this recording is called ${id}.` });
        await session.say({ who: request.who, device: found.id, ...request.body });
        return reply.code(204).send(null);
      },
    );

    app.post(
      "/devices/:id/merge",
      {
        config: { right: "say" },
        schema: {
          summary: "Say that this device and another are one machine, with the reason; what was heard stays as it is",
          tags: ["device"],
          params: Id,
          body: z.object({ other: Id.shape.id, reason: reason("expected how you know") }),
          response: { 204: z.null(), 400: Problem, 404: Problem },
        },
      },
      async (request, reply) => {
        const { other, reason } = request.body;
        const ids: string[] = [];
        for (const id of [request.params.id, other]) {
          const found = await opened(session).device(id);
          if (found === null) return reply.code(404).send({ message: `No device of this recording is called ${id}.` });
          ids.push(found.id);
        }
        await session.merge({ who: request.who, reason, device: ids[0]!, other: ids[1]! });
        return reply.code(204).send(null);
      },
    );

    app.post(
      "/devices/:id/split",
      {
        config: { right: "say" },
        schema: {
          summary: "Say that some of its addresses are another machine, with the reason; what was heard stays as it is",
          tags: ["device"],
          params: Id,
          body: z.object({
            addresses: z
              .array(text(SAID_LENGTH_MAX, "expected an address"))
              .min(1)
              .max(ADDRESSES_MAX)
              .describe("MACs, with all addresses such a card wears, IPs, or serial numbers by which gateways speak for it."),
            reason: reason("expected how you know"),
          }),
          response: { 204: z.null(), 400: Problem, 404: Problem },
        },
      },
      async (request, reply) => {
        const found = await opened(session).device(request.params.id);
        if (found === null) return reply.code(404).send({ message: `No device of this recording is called ${request.params.id}.` });
        await session.split({ who: request.who, device: found.id, ...request.body });
        return reply.code(204).send(null);
      },
    );
  };
}
