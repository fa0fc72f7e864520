/** The web edge: the API under /api, the pages under everything else. */
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { isIPv6 } from "node:net";
import helmet from "@fastify/helmet";
import Fastify, { LogController } from "fastify";
import type { FastifyBaseLogger, FastifyInstance } from "fastify";
import { serializerCompiler, validatorCompiler } from "fastify-type-provider-zod";
import type { Door } from "../accounts/door.ts";
import type { SignOn } from "../accounts/sign-on.ts";
import { account } from "./account.ts";
import { changes } from "./changes.ts";
import { Cookies } from "./cookies.ts";
import { clinicalGuards } from "./clinical-guards.ts";
import { conversations } from "./conversations.ts";
import { coverage } from "./coverage.ts";
import { device } from "./device.ts";
import { devices } from "./devices.ts";
import { outputs } from "./outputs.ts";
import { doNotScan } from "./do-not-scan.ts";
import { events } from "./events.ts";
import { facets } from "./facets.ts";
import { findings } from "./findings.ts";
import { health } from "./health.ts";
import { metrics } from "./metrics.ts";
import type { MetricsKeys } from "../link/metrics-keys.ts";
import { guard, type GuardOptions } from "./guard.ts";
import { interfaces } from "./interfaces.ts";
import { describe } from "./openapi.ts";
import { lifecycle } from "./lifecycle.ts";
import { ownList } from "./list.ts";
import { pages } from "./pages.ts";
import { policies } from "./policies.ts";
import { policyHistory } from "./policy-history.ts";
import { answerProblems, answerUnroutable } from "./problems.ts";
import { protocols } from "./protocols.ts";
import { recalls } from "./recalls.ts";
import { recordings } from "./recordings.ts";
import { risk } from "./risk.ts";
import { reports } from "./reports.ts";
import type { Session } from "./session.ts";
import { signOn } from "./sign-on.ts";
import { state } from "./state.ts";
import { NAME_BYTES_MAX, uploads } from "./uploads.ts";
import { views } from "./views.ts";
import { disclosure } from "./disclosure.ts";
import { weaknesses } from "./weaknesses.ts";

export interface DoorOptions {
  /** From `newToken`: its name is written beside every change. Null: whoever has no account is not let in. */
  readonly token: string | null;
  /** Absent: nobody has an account, and the token is the way in. */
  readonly door?: Door;
  /** Absent: no provider vouches for anybody. */
  readonly signOn?: SignOn;
  /** Absent: plain HTTP, which is for loopback alone. */
  readonly tls?: Tls;
  /** Absent: no program has a key to `/metrics`. */
  readonly metricsKeys?: MetricsKeys;
  readonly webRoot: string;
  readonly logger?: FastifyBaseLogger;
  /** Who asks for another address than ours is answered by it; absent: nobody. */
  readonly before?: (handler: RequestListener) => RequestListener;
}

export interface ApiOptions extends DoorOptions {
  readonly session: Session;
  /** Of many sites the one this is; absent: there is one. */
  readonly site?: string;
}

export interface Listening {
  readonly host: string;
  /** Taken already: a free one is used. 0: any free one. */
  readonly port: number;
}

export interface Tls {
  /** PEM: the certificate and what leads to it. */
  readonly certificate: string;
  readonly key: string;
  /** Names and addresses it is for: what a browser may call this server. */
  readonly names: readonly string[];
}

/** Where nobody has an account `url` carries the token: it is for the person at this terminal only. */
export function serve(options: ApiOptions & Listening): Promise<Served> {
  return served(options, (hosts) => api(options, hosts));
}

export interface Served {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** What `make` makes is given what this server may be called, once that is known. */
export async function served(
  options: DoorOptions & Listening,
  make: (hosts: () => ReadonlySet<string>) => Promise<FastifyInstance>,
): Promise<Served> {
  const hosts = new Set<string>();
  const app = await make(() => hosts);
  const port = await listenOn(app, options.host, options.port);
  const names = namesOf(options);
  for (const name of names) {
    hosts.add(`${name}:${port}`);
    // A browser leaves out the port that goes without saying.
    if (port === (options.tls === undefined ? 80 : 443)) hosts.add(name);
  }
  const { token, door, tls } = options;
  const isTokenIn = token !== null && door?.hasAccounts !== true;
  const url = `${tls === undefined ? "http" : "https"}://${names[0]}:${port}/${isTokenIn ? `?token=${token}` : ""}`;
  return { url, port, close: () => app.close() };
}

/** What this server may be called, the name it is told by first. On all addresses at once it is what its certificate says. */
function namesOf({ host, tls }: DoorOptions & Listening): readonly string[] {
  const own = isIPv6(host) ? `[${host}]` : host;
  const certified = (tls?.names ?? []).map((name) => (isIPv6(name) ? `[${name}]` : name));
  return [...new Set([...(host === "0.0.0.0" || host === "::" ? certified : [own, ...certified]), "localhost"])];
}

/** Without a socket: what the tests ask by `inject`. */
export async function api(options: ApiOptions, hosts: () => ReadonlySet<string>): Promise<FastifyInstance> {
  const { session, door, site } = options;
  const cookies = new Cookies(options.tls !== undefined);
  const app = await guarded({ ...options, ...(site === undefined ? {} : { siteOf: () => site }) }, cookies, hosts);
  await describe(app);
  const resources = [
    devices(session),
    device(session),
    conversations(session),
    clinicalGuards(session),
    facets(session),
    coverage(session),
    protocols(),
    changes(session),
    ownList(session),
    lifecycle(session),
    recalls(session),
    account(door, cookies),
    signOn(options.signOn, cookies),
    state(session),
    events(session),
    recordings(session),
    interfaces(session),
    uploads(session),
    views(session),
    policies(session),
    policyHistory(session),
    findings(session),
    risk(session),
    reports(session),
    weaknesses(session),
    doNotScan(session),
    outputs(session),
    disclosure(session),
  ];
  for (const resource of resources) await app.register(resource, { prefix: "/api" });
  for (const resource of [metrics(session), health(session)]) await app.register(resource);
  await pages(app, options.webRoot);
  await app.ready();
  return app;
}

/** Nothing in it yet but who may ask, and what becomes of what goes wrong. */
export async function guarded(
  { token, door, signOn: on, tls, logger, metricsKeys, before, siteOf }: DoorOptions & Pick<GuardOptions, "siteOf">,
  cookies: Cookies,
  hosts: () => ReadonlySet<string>,
): Promise<FastifyInstance> {
  const app = Fastify({
    ...(tls === undefined ? {} : { https: { cert: tls.certificate, key: tls.key } }),
    ...(before === undefined ? {} : { serverFactory: (handler: RequestListener) => serverOf(tls, before(handler)) }),
    ...(logger === undefined ? { logger: false } : { loggerInstance: logger }),
    // A request line may carry the token; nothing of it is logged.
    logController: new LogController({ disableRequestLogging: true }),
    frameworkErrors: answerUnroutable,
    // The longest is the name of an upload, percent-encoded.
    routerOptions: { maxParamLength: 3 * NAME_BYTES_MAX },
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  answerProblems(app);
  await app.register(helmet, HEADERS);
  guard(app, { token, door, signOn: on, cookies, siteOf, metricsKeys, scheme: tls === undefined ? "http" : "https", hosts });
  return app;
}

function serverOf(tls: Tls | undefined, handler: RequestListener): Server {
  return tls === undefined ? createServer(handler) : createTlsServer({ cert: tls.certificate, key: tls.key }, handler);
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
  // Loopback has no TLS, and a browser that remembered this would lock the person out; nothing answers in the clear where there is one.
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
