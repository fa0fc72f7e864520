/** Reports: what one covers, figure by figure with its devices; the same bytes as `auscult report` as a file; which were made last. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { keepReportMade, MadeReport, reportsMadeIn } from "../link/reports-made.ts";
import { REPORTS_FOR, type Report } from "../model/report.ts";
import { csvOf, DAYS_MAX, HTML_POLICY, htmlOf, reportFrom, SAMPLE_MAX, type ReportAsked } from "../reporting.ts";
import { opened } from "./problems.ts";
import type { Session } from "./session.ts";
import { list, Problem } from "./shapes.ts";

/** Of a figure so many devices are named here: a filter of the page takes no more. The file has all. */
const DEVICES_NAMED_MAX = 100;
const tags = ["reports"];
const count = z.number().int();

const Asked = z.object({
  for: z.enum(REPORTS_FOR).default("biomed"),
  days: z.coerce.number().int().min(1).max(DAYS_MAX).optional().describe("Only findings of the recording's last so many days."),
  sample: z.coerce.number().int().min(1).max(SAMPLE_MAX).optional().describe("Draw so many devices, each from claim to what was heard."),
  seed: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).default(1).describe("The same seed draws the same devices."),
});
const Whole = z
  .object({
    digest: z.string().describe("SHA-256 of the inputs: the same inputs make the same bytes."),
    title: z.string(),
    about: list(z.tuple([z.string(), z.string()])),
    sections: list(
      z.object({
        id: z.string(),
        title: z.string(),
        lead: list(z.string()),
        columns: list(z.string()),
        numbers: list(count).describe("Columns that are numbers."),
        rows: list(list(z.object({ text: z.string(), devices: list(z.string()).describe("At most 100."), counted: count }))),
        beyond: count,
        empty: z.string().nullable(),
        bars: z
          .object({ parts: list(z.string()), rows: list(z.object({ label: z.string(), parts: list(count) })) })
          .nullable()
          .describe("A picture of the table."),
        line: z
          .object({
            counted: list(z.object({ label: z.string(), value: count })),
            ahead: list(z.object({ label: z.string(), value: count, low: count, high: count })),
          })
          .nullable()
          .describe("As above, over time; what is ahead is foretold."),
      }),
    ),
  })
  .meta({ id: "Report" });

export function reports(session: Session): FastifyPluginAsyncZod {
  const made = (asked: ReportAsked) => reportFrom(opened(session), session.dataDirectory, asked);
  return async (app) => {
    app.post(
      "/reports",
      {
        config: { right: "look" },
        schema: {
          summary: "Make a report: its figures with their devices; that it was made is kept by its digest",
          tags,
          body: Asked,
          response: { 200: Whole, 400: Problem },
        },
      },
      async ({ body, who }) => {
        const asked = askedOf(body);
        const report = await made(asked);
        const recording = session.state().recording ?? "";
        keepReportMade(session.dataDirectory, { ...asked, digest: report.digest, recording, who, at: Date.now() * 1_000 });
        return shown(report);
      },
    );

    app.get(
      "/reports",
      {
        config: { right: "look" },
        schema: { summary: "Reports that were made last, the latest first", tags, response: { 200: list(MadeReport) } },
      },
      () => [...reportsMadeIn(session.dataDirectory)],
    );

    app.get(
      "/report.:as",
      {
        config: { right: "look" },
        schema: {
          summary: "A report as one HTML file that prints well, or its tables as CSV: the same bytes as auscult report",
          tags,
          params: z.object({ as: z.enum(["html", "csv"]) }),
          querystring: Asked.extend({ download: z.stringbool().default(false) }),
          response: { 200: z.string(), 400: Problem },
        },
      },
      async ({ params: { as }, query }, reply) => {
        const report = await made(askedOf(query));
        const kind = as === "csv" || query.download ? "attachment" : "inline";
        // It is opened in a tab of its own: no script runs there, ours neither.
        return reply
          .header("content-security-policy", HTML_POLICY)
          .header("content-disposition", `${kind}; filename="auscult-${report.audience}-${report.digest.slice(0, 16)}.${as}"`)
          .type(as === "csv" ? "text/csv; charset=utf-8" : "text/html; charset=utf-8")
          .serializer((text: string) => text)
          .send(as === "csv" ? csvOf(report) : htmlOf(report));
      },
    );
  };
}

function askedOf({ for: audience, days, sample, seed }: z.infer<typeof Asked>): ReportAsked {
  return { audience, days: days ?? null, sample: sample === undefined ? null : { count: sample, seed } };
}

function shown({ digest, title, about, sections }: Report): z.infer<typeof Whole> {
  return {
    digest,
    title,
    about: about.map(([what, text]): [string, string] => [what, text]),
    sections: sections.map(({ id, title: of, lead, table, bars = null, line = null, empty = null }) => ({
      id,
      title: of,
      lead,
      columns: table?.columns ?? [],
      numbers: table?.numbers ?? [],
      rows: (table?.rows ?? []).map((row) =>
        row.map(({ text, devices = [] }) => ({ text, devices: devices.slice(0, DEVICES_NAMED_MAX), counted: devices.length })),
      ),
      beyond: table?.beyond ?? 0,
      empty,
      bars,
      line,
    })),
  };
}
