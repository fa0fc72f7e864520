/** The web edge: the API under /api, the pages under everything else, on loopback. */
import helmet from "@fastify/helmet";
import Fastify, { LogController } from "fastify";
import type { FastifyBaseLogger, FastifyInstance } from "fastify";
import { serializerCompiler, validatorCompiler } from "fastify-type-provider-zod";
import { changes } from "./changes.ts";
import { conversations } from "./conversations.ts";
import { coverage } from "./coverage.ts";
import { device } from "./device.ts";
import { devices } from "./devices.ts";
import { events } from "./events.ts";
import { facets } from "./facets.ts";
import { guard } from "./guard.ts";
import { interfaces } from "./interfaces.ts";
import { describe } from "./openapi.ts";
import { pages } from "./pages.ts";
import { answerProblems } from "./problems.ts";
import { protocols } from "./protocols.ts";
import { recordings } from "./recordings.ts";
import type { Session } from "./session.ts";
import { state } from "./state.ts";
import { NAME_BYTES_MAX, uploads } from "./uploads.ts";
import { views } from "./views.ts";

interface ApiOptions {
  /** From `newToken`: its name is written beside every change. */
  readonly token: string;
  readonly session: Session;
  readonly webRoot: string;
  readonly logger?: FastifyBaseLogger;
}

interface ServeOptions extends ApiOptions {
  readonly host: string;
  /** Taken already: a free one is used. 0: any free one. */
  readonly port: number;
}

/** `url` carries the token: it is for the person at this terminal only. */
export async function serve(options: ServeOptions): Promise<{ url: string; close(): Promise<void> }> {
  const hosts = new Set<string>();
  const app = await api(options, () => hosts);
  const port = await listenOn(app, options.host, options.port);
  const name = options.host.includes(":") ? `[${options.host}]` : options.host;
  for (const host of [name, "localhost"]) hosts.add(`${host}:${port}`);
  return { url: `http://${name}:${port}/?token=${options.token}`, close: () => app.close() };
}

/** Without a socket: what the tests ask by `inject`. */
export async function api(options: ApiOptions, hosts: () => ReadonlySet<string>): Promise<FastifyInstance> {
  const { session, token, logger } = options;
  const app = Fastify({
    ...(logger === undefined ? { logger: false } : { loggerInstance: logger }),
    // A request line may carry the token; nothing of it is logged.
    logController: new LogController({ disableRequestLogging: true }),
    // The longest is the name of an upload, percent-encoded.
    routerOptions: { maxParamLength: 3 * NAME_BYTES_MAX },
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  answerProblems(app);
  await app.register(helmet, HEADERS);
  guard(app, { token, hosts });

  await describe(app);
  const resources = [
    devices(session),
    device(session),
    conversations(session),
    facets(session),
    coverage(session),
    protocols(),
    changes(session),
    state(session),
    events(session),
    recordings(session),
    interfaces(session),
    uploads(session),
    views(session),
  ];
  for (const resource of resources) await app.register(resource, { prefix: "/api" });
  await pages(app, options.webRoot);
  await app.ready();
  return app;
}

/** What devices call themselves reaches these pages: no script but ours runs, and no text becomes markup. */
const HEADERS = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      "default-src": ["'self'"],
      "base-uri": ["'none'"],
      "connect-src": ["'self'"],
      "font-src": ["'self'"],
      "form-action": ["'self'"],
      "frame-ancestors": ["'none'"],
      "img-src": ["'self'", "data:"],
      "object-src": ["'none'"],
      "script-src": ["'self'"],
      "style-src": ["'self'"],
      "require-trusted-types-for": ["'script'"],
    },
  },
  frameguard: { action: "deny" },
  referrerPolicy: { policy: "no-referrer" },
  // Loopback has no TLS, and a browser that remembered this would lock the person out.
  strictTransportSecurity: false,
} as const;

async function listenOn(app: FastifyInstance, host: string, port: number): Promise<number> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE" || port === 0) throw error;
    await app.listen({ host, port: 0 });
  }
  const address = app.server.address();
  if (address === null || typeof address === "string") throw new Error(`expected an address and port, got ${String(address)}`);
  return address.port;
}
