/** The table of devices: a page of it as JSON, or all that match as CSV. Filter, sort and paging are the store's. */
import { Readable } from "node:stream";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { LEAD_ASSERTED, LEAD_PROBABLY } from "../model/device.ts";
import type { DeviceSummary as Device, Stated } from "../model/device.ts";
import type { RecordingReader } from "../model/store.ts";
import { csvLine } from "./csv.ts";
import { opened } from "./problems.ts";
import type { Session } from "./session.ts";
import { DeviceSummary, Page, Problem } from "./shapes.ts";

const FILTER_LENGTH_MAX = 2_000; // A longer filter is no question a person asks.
const CSV_PAGE = 1_000;

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
          querystring: z.object({ ...Filter, columns: z.string().max(400).default(Object.keys(columns).join(",")) }),
        },
      },
      async (request, reply) => {
        const { columns: wanted, ...query } = request.query;
        const names = wanted.split(",").filter((name) => Object.hasOwn(columns, name)) as Column[];
        const reader = opened(session);
        // Asked once before the answer begins, so that a filter that cannot be read is a 400 and no broken file.
        await reader.devices({ ...query, offset: 0, limit: 0 });
        return reply
          .header("content-type", "text/csv; charset=utf-8")
          .header("content-disposition", `attachment; filename="devices.csv"`)
          .send(Readable.from(csv(reader, query, names)));
      },
    );
  };
}

type Question = { filter: string; sort: string; descending: boolean };

/** Begins with a byte order mark: without it Excel reads UTF-8 as Latin. The id comes first in every view, so that a row can be found again. */
async function* csv(reader: RecordingReader, query: Question, names: readonly Column[]): AsyncGenerator<string> {
  const shown: readonly Column[] = ["id", ...names.filter((name) => name !== "id")];
  yield `\uFEFF${csvLine(shown.map((name) => columns[name].title))}`;
  for (let offset = 0; ; offset += CSV_PAGE) {
    const { rows } = await reader.devices({ ...query, offset, limit: CSV_PAGE });
    if (rows.length === 0) return;
    yield rows.map((row) => csvLine(shown.map((name) => columns[name].text(row)))).join("");
    if (rows.length < CSV_PAGE) return;
  }
}

const columns = {
  id: { title: "Id", text: (it: Device) => it.id },
  name: { title: "Device", text: (it: Device) => it.name },
  care: { title: "Care class", text: (it: Device) => it.lifeCritical },
  kind: { title: "What it is", text: (it: Device) => words(it.kind) },
  maker: { title: "Maker", text: (it: Device) => words(it.maker) },
  model: { title: "Model", text: (it: Device) => words(it.model) },
  os: { title: "System", text: (it: Device) => words(it.os) },
  location: { title: "Last heard at", text: (it: Device) => words(it.location) },
  ip: { title: "Address", text: (it: Device) => it.ips.join(" ") },
  mac: { title: "Network card", text: (it: Device) => it.macs.join(" ") },
  services: { title: "Services", text: (it: Device) => String(it.services) },
  peers: { title: "Talks to", text: (it: Device) => String(it.peers) },
  first: { title: "First heard", text: (it: Device) => iso(it.first) },
  last: { title: "Last heard", text: (it: Device) => iso(it.last) },
} as const;
type Column = keyof typeof columns;

function words(stated: Stated | null): string {
  if (stated === null || stated.lead < LEAD_PROBABLY) return "Not known";
  return stated.lead >= LEAD_ASSERTED ? stated.value : `probably ${stated.value}`;
}

function iso(micros: number): string {
  return new Date(micros / 1000).toISOString();
}
