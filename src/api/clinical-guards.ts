/** What clinical guards hear, of all devices they are for or of one: where a guard is blind, that it found nothing is no good news. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { CARE_CLASSES } from "../model/device.ts";
import { GUARD_STATES } from "../model/guard.ts";
import { opened } from "./problems.ts";
import type { Session } from "./session.ts";
import { DeviceId, Problem } from "./shapes.ts";

const count = z.number().int();
const Guard = z
  .object({
    name: z.string(),
    title: z.string(),
    care: z.enum(CARE_CLASSES).describe("What a patient loses where what it is for goes wrong."),
    isUrgent: z.boolean().describe("Where it does not hear, that is a sentence of Today; else a line beside."),
    state: z.enum(GUARD_STATES),
    devices: count.describe("Those it is for, as this recording knows them."),
    heard: count.describe("Whose orders, or whose talk, are heard."),
    answered: count,
    compared: count,
    uncompared: count.describe("Orders nobody could compare."),
    cannotTell: count.describe("Orders in which ten times the rate would not stand out."),
    encrypted: count.describe("Where it is blind: machines that speak to them or to their gateway encrypted."),
    unnoticed: z.string().describe("What goes unnoticed where it does not hear, with its figures."),
    cure: z.string().describe("The first step that would better it."),
    says: z.string().describe("The state in a sentence with its figures, and what would better it."),
  })
  .meta({ id: "ClinicalGuard" });

export function clinicalGuards(session: Session): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      "/guards",
      {
        config: { right: "look" },
        schema: {
          summary: "What clinical guards hear of all devices they are for, or of one; none of a device that no guard is for",
          tags: ["findings"],
          querystring: z.object({
            device: DeviceId.optional(),
          }),
          response: { 200: z.array(Guard).readonly(), 400: Problem },
        },
      },
      (request) => opened(session).guards(request.query.device),
    );
  };
}
