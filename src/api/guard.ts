/**
 * Who may ask. The page lists every weakness of a hospital, and any web site open in the same browser can send requests here:
 *  - Host must be this server by address and port, or a name rebound to 127.0.0.1 would pass for it (DNS rebinding): 421.
 *  - Origin must be this server on whatever changes something, or a foreign page could post (cross-site request forgery): 403.
 *  - The cookie must hold the token of the printed address: 401. Cookies are shared between ports of one host, so the port is in its name.
 * Another program sends the token as `Authorization: Bearer`. A browser adds that to no request by itself, so no Origin is asked of it.
 */
import assert from "node:assert";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Right } from "../accounts/rights.ts";
import { nameOf, sameToken } from "./token.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** Every route of the API names what it takes to call it (src/accounts/rights.ts). */
    readonly right?: Right;
  }
  interface FastifyRequest {
    /** Who asks, as written beside every change. */
    who: string;
  }
}

interface GuardOptions {
  readonly token: string;
  /** `127.0.0.1:4180` and the like; known once the port is. */
  readonly hosts: () => ReadonlySet<string>;
}

export function guard(app: FastifyInstance, { token, hosts }: GuardOptions): void {
  app.addHook("onRoute", ({ url, config }) => {
    assert(!url.startsWith("/api/") || config?.right !== undefined, `expected the right it takes to call ${url}, as config: { right: … }`);
  });
  app.decorateRequest("who", nameOf(token));
  app.addHook("onRequest", async (request, reply) => {
    const host = request.headers.host ?? "";
    if (!hosts().has(host)) return refuse(reply, 421, `expected a request to ${[...hosts()][0]}, got one to "${host.slice(0, 80)}"`);

    const bearer = /^Bearer (\S+)$/.exec(request.headers.authorization ?? "")?.[1];
    if (request.method !== "GET" && request.method !== "HEAD" && bearer === undefined && !fromHere(request, hosts()))
      return refuse(reply, 403, "expected the page's own origin: another site may not change anything here");

    if (OTHER_HOST.test(request.url)) return refuse(reply, 404, "expected an address with one slash in front");
    const offered = tokenOf(request.url);
    if (offered !== null && request.method === "GET") {
      // With another run's token the page comes without a cookie, and says what to do.
      if (sameToken(offered, token)) reply.header("set-cookie", `${cookieName(host)}=${token}; Path=/; HttpOnly; SameSite=Strict`);
    }

    // The pages hold nothing secret; without them nobody could be told what is missing. What counts is the route that was found,
    // not the text of the address: "/%61pi/session" finds the same one.
    if (request.routeOptions.url?.startsWith("/api/") !== true) return;
    // What a hospital has and lacks stays in no cache of the browser.
    reply.header("cache-control", "no-store");
    if (!sameToken(bearer ?? cookieOf(request, cookieName(host)), token))
      return refuse(reply, 401, "expected the token: open the address that Auscult printed when it started");
  });

  // The page takes the token out of its address at once (web/src/token.ts), so that it ends in no bookmark and no screenshot; nor in a cache.
  app.addHook("onSend", async (_request, reply) => {
    if (reply.hasHeader("set-cookie")) reply.header("cache-control", "no-store");
  });
}

/** A browser reads what follows two slashes, or a slash and a backslash, as another host. */
const OTHER_HOST = /^\/[/\\]/;

function fromHere(request: FastifyRequest, hosts: ReadonlySet<string>): boolean {
  const origin = request.headers.origin;
  return origin !== undefined && origin.startsWith("http://") && hosts.has(origin.slice("http://".length));
}

/** Of the text after the question mark alone: what stands before it need be no address ("//"), and is nothing to this one. */
function tokenOf(address: string): string | null {
  const at = address.indexOf("?");
  return at === -1 ? null : new URLSearchParams(address.slice(at)).get("token");
}

function cookieName(host: string): string {
  return `auscult-${host.slice(host.lastIndexOf(":") + 1)}`;
}

function cookieOf(request: FastifyRequest, name: string): string {
  for (const part of (request.headers.cookie ?? "").split(";")) {
    const [key, value] = part.trim().split("=", 2);
    if (key === name && value !== undefined) return value;
  }
  return "";
}

function refuse(reply: FastifyReply, status: number, message: string): FastifyReply {
  return reply.code(status).send({ message });
}
