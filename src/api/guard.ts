/**
 * Who may ask. The page lists every weakness of a hospital, and any web site open in the same browser can send requests here:
 *  - Host must be this server by address and port, or a name rebound to 127.0.0.1 would pass for it (DNS rebinding): 421.
 *  - Origin must be this server on whatever changes something, or a foreign page could post (cross-site request forgery): 403. One route
 *    is the provider's of single sign-on, which is no browser: it takes a signed token and no cookie.
 *  - A cookie must say who it is: 401. Where there are accounts, that of a sign-in; on loopback without any, that of the printed address.
 *  - The role must have the right that the route names: 403.
 * A program that measures (`/metrics`) comes with a key of its own, which opens nothing else.
 * Where nobody has an account another program sends the token as `Authorization: Bearer`. A browser adds that to no request by itself, so
 * no Origin is asked of it.
 */
import assert from "node:assert";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Door } from "../accounts/door.ts";
import { may, maySee, RIGHTS, type Right } from "../accounts/rights.ts";
import type { SignOn } from "../accounts/sign-on.ts";
import type { Account } from "../model/account.ts";
import type { Cookies } from "./cookies.ts";
import type { MetricsKeys } from "../link/metrics-keys.ts";
import { sameToken } from "./token.ts";
import { bearerOf, clientOf, visitorOf, type Outsider } from "./visitor.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** Every route of the API names what it takes to call it (src/accounts/rights.ts). "anyone": who it is need not be known. */
    readonly right?: Right | "anyone";
    /** The provider of single sign-on calls it, from no page: what it sends is signed, and is nothing without that. */
    readonly isForProvider?: true;
  }
  interface FastifyRequest {
    /** Who asks, as written beside every change. */
    who: string;
    /** Null: the holder of the token on loopback, who may do everything. */
    account: Account | null;
    /** The name is an account's, or the person has said it. */
    isNamed: boolean;
    /** For what outlives its first answer: whether they would be let in now; then who they are is of now as well. */
    isStillIn(): boolean;
  }
}

export interface GuardOptions {
  /** Null: no token lets anybody in. */
  readonly token: string | null;
  /** Absent: nobody has an account. */
  readonly door: Door | undefined;
  /** Absent: accounts of this computer alone. */
  readonly signOn?: SignOn | undefined;
  readonly cookies: Cookies;
  /** Of many sites the one that is asked of; absent, or undefined of it: none of them alone. */
  readonly siteOf?: ((request: FastifyRequest) => string | undefined) | undefined;
  /** Absent: no program has a key to measure. */
  readonly metricsKeys?: MetricsKeys | undefined;
  readonly scheme: "http" | "https";
  /** `127.0.0.1:4180` and the like; known once the port is. */
  readonly hosts: () => ReadonlySet<string>;
}

export function guard(app: FastifyInstance, options: GuardOptions): void {
  const { token, door, signOn, cookies, siteOf, metricsKeys, scheme, hosts } = options;
  app.addHook("onRoute", ({ url, config }) => {
    assert(!url.startsWith("/api/") || config?.right !== undefined, `expected the right it takes to call ${url}, as config: { right: … }`);
  });
  app.decorateRequest("who", "");
  app.decorateRequest("account", null);
  app.decorateRequest("isNamed", false);
  app.decorateRequest("isStillIn", function (this: FastifyRequest) {
    return letIn(this, false) === null && lacks(this) === null && isOfSite(this);
  });

  app.addHook("onRequest", async (request, reply) => {
    const host = request.headers.host ?? "";
    if (!hosts().has(host)) return refuse(reply, 421, `expected a request to ${[...hosts()][0]}, got one to "${host.slice(0, 80)}"`);

    const isChange = request.method !== "GET" && request.method !== "HEAD";
    const bearer = door?.hasAccounts === true ? undefined : bearerOf(request);
    if (isChange && bearer === undefined && request.routeOptions.config.isForProvider !== true && !fromHere(request)) {
      door?.note("origin refused", "not known", routeOf(request), clientOf(request));
      return refuse(reply, 403, "expected the page's own origin: another site may not change anything here");
    }

    if (OTHER_HOST.test(request.url)) return refuse(reply, 404, "expected an address with one slash in front");
    const offered = tokenOf(request.url);
    if (offered !== null && token !== null && door?.hasAccounts !== true && request.method === "GET") {
      // With another run's token the page comes without a cookie, and says what to do.
      if (sameToken(offered, token)) cookies.write(request, reply, "token", token);
    }

    // The pages hold nothing secret; without them nobody could be told what is missing. What counts is the route that was found,
    // not the text of the address: "/%61pi/session" finds the same one.
    const { right } = request.routeOptions.config;
    if (right === undefined) return;
    // What a hospital has and lacks stays in no cache of the browser.
    reply.header("cache-control", "no-store");
    if (right === "anyone" || (right === "measure" && measures(request))) return;
    const outsider = letIn(request);
    if (outsider !== null) return reply.code(401).send(outsider);
    if (!isOfSite(request)) {
      door?.note(
        "right refused",
        request.who,
        `${routeOf(request)} of the site ${siteOf?.(request)?.slice(0, SITE_LENGTH_MAX)}, which is none of theirs`,
        clientOf(request),
      );
      return refuse(
        reply,
        403,
        `This is of the site ${siteOf?.(request)}, which your account does not see. Whoever keeps the accounts can say otherwise.`,
      );
    }
    const lacking = lacks(request);
    if (lacking === null) return;
    door?.note("right refused", request.who, `${routeOf(request)} takes the right to ${lacking}`, clientOf(request));
    return refuse(reply, 403, `This takes the right to ${lacking} (${RIGHTS[lacking]}), which a ${request.account?.role} does not have.`);
  });

  // The page takes the token out of its address at once (web/src/token.ts), so that it ends in no bookmark and no screenshot; nor in a cache.
  app.addHook("onSend", async (_request, reply) => {
    if (reply.hasHeader("set-cookie")) reply.header("cache-control", "no-store");
  });

  function isOfSite(request: FastifyRequest): boolean {
    const site = siteOf?.(request);
    return site === undefined || maySee(request.account, site);
  }

  /** A key that is none is written down; it may still be somebody who is let in. */
  function measures(request: FastifyRequest): boolean {
    const key = bearerOf(request);
    const program = key === undefined ? undefined : metricsKeys?.(key);
    if (program !== undefined) request.who = `program ${program}`;
    else if (key !== undefined && (token === null || !sameToken(key, token)))
      door?.note("right refused", "not known", `${routeOf(request)} with a key that is none`, clientOf(request));
    return program !== undefined;
  }

  /** Writes on the request who it comes from; null when they are let in. */
  function letIn(request: FastifyRequest, isAsked = true): Outsider | null {
    const visitor = visitorOf(request, { door, token, cookies, signOn }, isAsked);
    if ("message" in visitor) return visitor;
    Object.assign(request, visitor);
    return null;
  }

  function fromHere(request: FastifyRequest): boolean {
    const [own, host] = (request.headers.origin ?? "").split("://", 2);
    return own === scheme && host !== undefined && hosts().has(host);
  }
}

/** The right that is missing. */
function lacks({ account, routeOptions: { config } }: FastifyRequest): Right | null {
  const { right } = config;
  if (account === null || right === undefined || right === "anyone") return null;
  return may(account.role, right) ? null : right;
}

const SITE_LENGTH_MAX = 64;

/** A browser reads what follows two slashes, or a slash and a backslash, as another host. */
const OTHER_HOST = /^\/[/\\]/;

/** As we wrote it: an address as it was asked may hold anything. */
function routeOf({ method, routeOptions }: FastifyRequest): string {
  return `${method} ${routeOptions.url ?? "an address that is none"}`;
}

/** Of the text after the question mark alone: what stands before it need be no address ("//"), and is nothing to this one. */
function tokenOf(address: string): string | null {
  const at = address.indexOf("?");
  return at === -1 ? null : new URLSearchParams(address.slice(at)).get("token");
}

function refuse(reply: FastifyReply, status: number, message: string): FastifyReply {
  return reply.code(status).send({ message });
}
