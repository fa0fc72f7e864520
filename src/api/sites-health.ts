/** Whether a core of many sites runs and does what it is there for, and how, for Prometheus: nothing of a device or a person. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { Gauge, Registry } from "prom-client";
import { z } from "zod";
import { memoryByPart, PARTS } from "../link/memory.ts";
import { SITE_STATES } from "../model/site.ts";
import { VERSION } from "../version.ts";
import { healthz, readiness } from "./health.ts";
import type { ManySites } from "./sites.ts";

const Readiness = readiness(["database"], "database: it does not answer.");

export function sitesHealth(many: Pick<ManySites, "away">): FastifyPluginAsyncZod {
  return async (app) => {
    await app.register(healthz);
    app.get(
      "/readyz",
      {
        config: { right: "anyone" },
        schema: {
          summary: "Whether it reaches the database; how a site stands is no matter of one core",
          tags: ["health"],
          security: [],
          response: { 200: Readiness, 503: Readiness },
        },
      },
      async (_, reply) => {
        const ready = many.away === "";
        return reply.code(ready ? 200 : 503).send({ ready, why: ready ? [] : ["database"] });
      },
    );
  };
}

export function sitesMetrics(many: Pick<ManySites, "all" | "held">): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      "/metrics",
      {
        config: { right: "measure" },
        schema: { summary: "How the core and its sites run, as Prometheus reads it", tags: ["health"], response: { 200: z.string() } },
      },
      async (_, reply) => reply.type(Registry.PROMETHEUS_CONTENT_TYPE).send(await sitesMetricsText(many)),
    );
  };
}

async function sitesMetricsText({ all, held }: Pick<ManySites, "all" | "held">): Promise<string> {
  const registry = new Registry();
  const registers = [registry];
  const gauge = <Label extends string>(name: string, help: string, ...labelNames: readonly Label[]) =>
    new Gauge({ name, help, labelNames: [...labelNames], registers });
  gauge("auscult_build_info", "1, by version.", "version").set({ version: VERSION }, 1);
  gauge("auscult_sites_here", "Sites this core has.").set(held.length);
  const state = gauge("auscult_site_state", "1 for how the site stands, 0 for how it does not.", "site", "state");
  const pending = gauge("auscult_broker_pending_batches", "Batches at the broker that are not stored.", "site");
  const devices = gauge("auscult_devices", "Devices of the site.", "site");
  for (const site of all()) {
    for (const it of SITE_STATES) state.set({ site: site.name, state: it }, site.state === it ? 1 : 0);
    pending.set({ site: site.name }, site.pending);
    devices.set({ site: site.name }, site.devices);
  }
  const memory = memoryByPart();
  const bytes = gauge("auscult_memory_bytes", "Resident memory, by part of the program.", "process");
  for (const part of PARTS) bytes.set({ process: part }, memory[part]);
  return registry.metrics();
}
