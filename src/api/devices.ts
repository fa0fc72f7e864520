/** The table of devices: a page of it as JSON, or all that match as CSV. Filter, sort and paging are the store's. */
import { Readable } from "node:stream";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { CSV_COLUMNS, devicesCsv, type CsvColumn } from "./devices-csv.ts";
import { FHIR_VERSIONS, fhirBundle } from "./fhir.ts";
import { opened } from "./problems.ts";
import type { Session } from "./session.ts";
import { DeviceSummary, Page, Problem } from "./shapes.ts";

const FILTER_LENGTH_MAX = 2_000; // A longer filter is no question a person asks.

const Filter = {
  filter: z.string().max(FILTER_LENGTH_MAX).default("").describe("Words search; `field op value`, and, or, not filter."),
  sort: z.string().max(40).default("name"),
  descending: z.stringbool().default(false),
};

export function devices(session: Session): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      "/devices",
      {
        config: { right: "look" },
        schema: {
          summary: "One page of the devices that match",
          tags: ["devices"],
          querystring: z.object({ ...Filter, ...Page, limit: z.coerce.number().int().min(0).max(1_000).default(100) }),
          response: {
            200: z.object({
              total: z.number().int(),
              matching: z.number().int(),
              rows: z.array(DeviceSummary).readonly(),
              instead: z.string().optional(),
            }),
            400: Problem,
          },
        },
      },
      async (request) => opened(session).devices(request.query),
    );

    app.get(
      "/devices.csv",
      {
        config: { right: "look" },
        schema: {
          summary: "Every device that matches, as a table for a spreadsheet",
          tags: ["devices"],
          querystring: z.object({ ...Filter, columns: z.string().max(400).default(CSV_COLUMNS.join(",")) }),
        },
      },
      async (request, reply) => {
        const { columns: wanted, ...query } = request.query;
        const names = wanted.split(",").filter((name) => CSV_COLUMNS.includes(name as CsvColumn)) as CsvColumn[];
        const reader = opened(session);
        // Asked once before the answer begins, so that a filter that cannot be read is a 400 and no broken file.
        await reader.devices({ ...query, offset: 0, limit: 0 });
        return reply
          .header("content-type", "text/csv; charset=utf-8")
          .header("content-disposition", `attachment; filename="devices.csv"`)
          .send(Readable.from(devicesCsv(reader, query, names)));
      },
    );

    app.get(
      "/devices.fhir",
      {
        config: { right: "look" },
        schema: {
          summary: "Every device that matches, as FHIR Device resources in a Bundle; only what is asserted",
          tags: ["devices"],
          querystring: z.object({ ...Filter, version: z.enum(FHIR_VERSIONS).default("R4") }),
        },
      },
      async (request, reply) => {
        const { version, ...query } = request.query;
        const reader = opened(session);
        await reader.devices({ ...query, offset: 0, limit: 0 });
        return reply
          .header("content-type", `application/fhir+json; charset=utf-8; fhirVersion=${version === "R4" ? "4.0" : "5.0"}`)
          .header("content-disposition", `attachment; filename="devices.fhir.json"`)
          .send(Readable.from(fhirBundle(reader, query, version)));
      },
    );
  };
}
