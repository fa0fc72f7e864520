/** All sites a person may see: how each stands, and what is asked of many at once. */
import type { FastifyRequest } from "fastify";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { maySee } from "../accounts/rights.ts";
import { GROWTH_BY } from "../model/lifecycle.ts";
import { SITE_STATES, type SiteAbout } from "../model/site.ts";
import { token } from "../link/broker/subjects.ts";
import type { AcrossThread } from "../link/sites/across-thread.ts";
import { asking, Asking } from "./account.ts";
import { Lifecycle, Recall, Recalled } from "./lifecycle.ts";
import type { Session } from "./session.ts";
import { DeviceSummary, Problem, text } from "./shapes.ts";

/** What the pages can see of many sites. */
export interface ManySites {
  /** How each stands. */
  all(): readonly SiteAbout[];
  /** Of one that is there. */
  sessionOf(site: string): Promise<Session | undefined>;
  readonly across: Pick<AcrossThread, "ask">;
  /** Those the core has. */
  readonly held: readonly string[];
  /** Why the database does not answer; "" while it does. */
  readonly away: string;
}

const FILTER_LENGTH_MAX = 1_000;
const ROWS_MAX = 200;
const tags = ["sites"];
const count = z.number().int();

// Without ids: the document of one site, which lists all that have one, has nothing to do with these.
const Site = z.object({
  name: z.string(),
  address: z.string().describe("Of its pages here."),
  state: z.enum(SITE_STATES),
  words: z.string().describe("What that is, and why."),
  page: z.string().describe('Where its own core serves pages: what people say of it is said there. "": nowhere.'),
  isHere: z.boolean().describe("This core has it."),
  devices: count,
  pending: count.describe("Batches at the broker that are not stored."),
  at: z.number().nullable().describe("When its core last said so, in milliseconds since 1970."),
});
const Grown = Lifecycle.omit({ support: true });
const Found = z.object({
  sites: z.array(z.object({ site: z.string(), total: count, matching: count })).readonly(),
  rows: z.array(z.object({ site: z.string(), address: z.string(), device: DeviceSummary })).readonly(),
});

/** Named, or all the person may see. A name that is none of theirs is refused before it gets here. */
const Which = z.object({ site: z.string().max(64).optional().describe("Only this one.") });

export function sites(many: ManySites): FastifyPluginAsyncZod {
  return async (app) => {
    const seenBy = ({ account }: FastifyRequest) => many.all().filter(({ name }) => maySee(account, name));
    const asked = (request: FastifyRequest, site: string | undefined) =>
      site === undefined ? seenBy(request).map(({ name }) => name) : [site];

    app.get(
      "/sites",
      {
        config: { right: "look" },
        schema: {
          summary: "How each site stands that the person may see: which is behind, blind or silent, and why",
          tags,
          response: { 200: z.object({ sites: z.array(Site).readonly(), away: z.string() }).extend(Asking.shape) },
        },
      },
      async (request) => {
        const held = new Set(many.held);
        const shown = seenBy(request).map((site) => ({ ...site, address: siteAddress(site.name), isHere: held.has(site.name) }));
        return { sites: shown, away: many.away, ...asking(request) };
      },
    );

    app.get(
      "/sites/devices",
      {
        config: { right: "look" },
        schema: {
          summary: "Devices that fit a filter, of all sites the person may see",
          tags,
          querystring: Which.extend({
            filter: text(FILTER_LENGTH_MAX, "expected a filter").or(z.literal("")).default(""),
            limit: z.coerce.number().int().min(0).max(ROWS_MAX).default(50),
          }),
          response: { 200: Found, 400: Problem, 403: Problem },
        },
      },
      async (request) => {
        const { filter, limit, site } = request.query;
        const found = await many.across.ask("devices", asked(request, site), filter, limit);
        return { sites: found.sites, rows: found.rows.map((row) => ({ ...row, address: siteAddress(row.site) })) };
      },
    );

    app.get(
      "/sites/lifecycle",
      {
        config: { right: "look" },
        schema: {
          summary: "How all of it grows and how it goes on, as of one site; a device is SITE/ID",
          tags,
          querystring: Which.extend({ by: z.enum(GROWTH_BY).default("kind") }),
          response: { 200: Grown, 403: Problem },
        },
      },
      (request) => many.across.ask("growth", asked(request, request.query.site), request.query.by),
    );

    app.post(
      "/sites/recall",
      {
        config: { right: "look" },
        schema: {
          summary: "Which devices of all sites a recall means; nothing is written; a device is SITE/ID",
          tags,
          querystring: Which,
          body: Recall.omit({ list: true }),
          response: { 200: Recalled, 400: Problem, 403: Problem },
        },
      },
      (request) => many.across.ask("recall", asked(request, request.query.site), request.body),
    );
  };
}

/** Where the pages of a site are. */
export function siteAddress(site: string): string {
  return `/sites/${token(site)}/`;
}
