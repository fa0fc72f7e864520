/**
 * The web edge of a core of many sites: under `/sites/SITE/` the API and the pages of each as they are of one, an instance of its own that
 * is given its session alone, so no route can name another's; beside them `/sites`, which shows all that a person may see, and what is
 * asked of many.
 */
import type { RequestListener } from "node:http";
import type { FastifyInstance } from "fastify";
import { nameOf } from "../link/broker/subjects.ts";
import { account } from "./account.ts";
import { Cookies } from "./cookies.ts";
import { api, guarded, served, type DoorOptions, type Listening, type Served } from "./index.ts";
import { describe } from "./openapi.ts";
import { pages } from "./pages.ts";
import { signOn } from "./sign-on.ts";
import type { Session } from "./session.ts";
import { sitesHealth, sitesMetrics } from "./sites-health.ts";
import { sites, type ManySites } from "./sites.ts";

const NOT_SHOWN = "This site cannot be shown now. The log of the core says why; it is tried again with the next look.";
const OF_A_SITE = /^\/sites\/([^/?]+)(\/[^?]*)?(\?.*)?$/;

export function serveSites(options: DoorOptions & Listening, many: ManySites): Promise<Served> {
  return served(options, (hosts) => sitesApi(options, many, hosts));
}

/** Without a socket: what the tests ask by `inject`, of the front alone. */
export async function sitesApi(options: DoorOptions, many: ManySites, hosts: () => ReadonlySet<string>): Promise<FastifyInstance> {
  const instances = new Map<string, Promise<FastifyInstance>>();
  const instanceOf = (site: string, session: Session) => {
    const known = instances.get(site);
    if (known !== undefined) return known;
    const made = api({ ...options, session, site }, hosts);
    instances.set(site, made);
    // Whoever asks next tries it anew; who asked now is told.
    made.catch(() => instances.delete(site));
    return made;
  };
  const before =
    (handler: RequestListener): RequestListener =>
    (request, response) => {
      const [, part = "", path, search = ""] = OF_A_SITE.exec(request.url ?? "") ?? [];
      const site = nameOf(part);
      if (part === "" || site === null) return handler(request, response);
      const answer = async () => {
        const session = await many.sessionOf(site);
        if (session === undefined) return handler(request, response);
        const instance = await instanceOf(site, session);
        request.url = `${path ?? "/"}${search}`;
        instance.routing(request, response);
      };
      answer().catch((error: unknown) => {
        options.logger?.error({ err: error }, "a site could not be shown");
        // Nobody was asked yet who they are: why stands in the log.
        response.writeHead(503, { "content-type": "application/json" }).end(JSON.stringify({ message: NOT_SHOWN }));
      });
    };
  const cookies = new Cookies(options.tls !== undefined);
  const app = await guarded({ ...options, before, siteOf: ({ query }) => (query as { readonly site?: string }).site }, cookies, hosts);
  await describe(app);
  for (const resource of [sites(many), account(options.door, cookies), signOn(options.signOn, cookies)])
    await app.register(resource, { prefix: "/api" });
  for (const resource of [sitesMetrics(many), sitesHealth(many)]) await app.register(resource);
  app.get("/", (request, reply) => reply.redirect(`/sites${new URL(request.url, "http://here").search}`));
  await pages(app, options.webRoot);
  app.addHook("onClose", async () => {
    for (const instance of await Promise.allSettled(instances.values())) if (instance.status === "fulfilled") await instance.value.close();
  });
  await app.ready();
  return app;
}
