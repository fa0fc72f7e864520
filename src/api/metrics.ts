/** How Auscult itself runs, for Prometheus: sums of all that was heard, never anything of a device, a person or a network. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { Counter, Gauge, Registry } from "prom-client";
import { z } from "zod";
import { PARTS } from "../link/memory.ts";
import { VERSION } from "../version.ts";
import type { BrokerAbout } from "../model/sensor.ts";
import type { Figures, Session, SessionState } from "./session.ts";

export function metrics(session: Session): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      "/metrics",
      {
        config: { right: "measure" },
        schema: {
          summary: "How Auscult itself runs, as Prometheus reads it; for the programs of the setting metricsKeys",
          tags: ["health"],
          response: { 200: z.string() },
        },
      },
      async (_, reply) =>
        reply.type(Registry.PROMETHEUS_CONTENT_TYPE).send(await metricsText(session.figures(), session.state(), Date.now())),
    );
  };
}

/** `now` in milliseconds since 1970. */
export async function metricsText(
  figures: Figures,
  { site, devices, hearing, listening, broker }: SessionState,
  now: number,
): Promise<string> {
  const registry = new Registry();
  const registers = [registry];
  const count = (name: string, help: string, value: number) => new Counter({ name, help, registers }).inc(value);
  const gauge = (name: string, help: string, value: number) => new Gauge({ name, help, registers }).set(value);
  const { taken, bytesWaiting, memory, diskRefuses } = figures;

  new Gauge({ name: "auscult_build_info", help: "1, by version.", labelNames: ["version"], registers }).set({ version: VERSION }, 1);
  count("auscult_frames_total", "Frames heard, and stored what they said.", taken.frames);
  count("auscult_dropped_frames_total", "Frames the capture program or the kernel dropped.", taken.drops);
  count("auscult_stream_gaps_total", "Holes in TCP streams.", taken.gaps);
  const malformed = new Counter({
    name: "auscult_malformed_total",
    help: "Messages and frames that were not as their protocol has them.",
    labelNames: ["protocol"],
    registers,
  });
  for (const [protocol, times] of Object.entries(taken.malformed)) malformed.inc({ protocol }, times);
  count("auscult_batches_stored_total", "Batches of sensors that are stored.", taken.batchesStored);
  count("auscult_batches_refused_total", "Batches of sensors that were none, and are missing.", taken.batchesRefused);
  count("auscult_flushes_total", "Times that what was held was stored.", taken.flushes);
  count("auscult_flush_seconds_total", "What that took.", taken.flushSeconds);
  count("auscult_take_seconds_total", "What taking in took of what a broker delivered, without storing it.", taken.takeSeconds);
  gauge("auscult_waiting_bytes", "Given by sensors and not taken yet.", bytesWaiting);
  // Of a file it would say how old the capture is.
  if ((listening.length > 0 || broker !== null) && taken.heardUntil > 0)
    gauge(
      "auscult_lag_seconds",
      "Age of the last packet that is stored, while listening; it grows where nothing is heard too.",
      now / 1000 - taken.heardUntil / 1e6,
    );
  gauge("auscult_listening_interfaces", "Interfaces that are listened to.", listening.length);
  gauge("auscult_deaf", "1 while it is to listen and hears nothing.", hearing.kind === "deaf" ? 1 : 0);
  if (broker !== null) measureBroker(site, broker, now, registers);
  gauge("auscult_disk_refuses", "1 while the disk takes nothing.", diskRefuses ? 1 : 0);
  gauge("auscult_devices", "Devices of the recording that is shown.", devices);
  const bytes = new Gauge({
    name: "auscult_memory_bytes",
    help: "Resident memory, by part of the program.",
    labelNames: ["process"],
    registers,
  });
  for (const part of PARTS) bytes.set({ process: part }, memory[part]);
  return registry.metrics();
}

/** Sensors have the names a person gave them; there are few. */
function measureBroker(site: string, { trouble, pending, sensors }: BrokerAbout, now: number, registers: Registry[]): void {
  const ofSite = (name: string, help: string, value: number) =>
    new Gauge({ name, help, labelNames: ["site"], registers }).set({ site }, value);
  ofSite("auscult_broker_trouble", "1 while no batches come from the broker.", trouble === "" ? 0 : 1);
  ofSite("auscult_broker_pending_batches", "Batches at the broker that are not stored.", pending);
  const ofSensors = (name: string, help: string, value: (sensor: BrokerAbout["sensors"][number]) => number) => {
    const gauge = new Gauge({ name, help, labelNames: ["site", "sensor"], registers });
    for (const sensor of sensors) gauge.set({ site, sensor: sensor.name }, value(sensor));
  };
  ofSensors("auscult_sensor_hears", "0 while it is silent or its capture does not run.", ({ state }) =>
    state === "silent" || state === "deaf" ? 0 : 1,
  );
  ofSensors("auscult_sensor_spool_batches", "Batches it keeps that are not stored.", ({ waiting }) => waiting);
  ofSensors("auscult_sensor_spool_bytes", "What they take on its disk.", ({ waitingBytes }) => waitingBytes);
  ofSensors("auscult_sensor_lag_seconds", "Age of the oldest of them, by both clocks; 0 where there is none.", ({ oldestAt }) =>
    oldestAt === null ? 0 : Math.max(0, (now - oldestAt) / 1_000),
  );
}
