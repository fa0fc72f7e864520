/** Signing in and out, one's own password, and the name changes are written under. Accounts are made at a terminal: `auscult account`. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Door, Refusal } from "../accounts/door.ts";
import { PASSWORD_LENGTH_MAX } from "../accounts/password.ts";
import { RIGHTS, ROLES, type Right } from "../accounts/rights.ts";
import { ROLE_NAMES } from "../model/account.ts";
import type { Cookies } from "./cookies.ts";
import { Problem, text } from "./shapes.ts";
import { askAnew } from "./sign-on.ts";
import { clientOf, NAME } from "./visitor.ts";

const NAME_COOKIE_SECONDS = 400 * 86_400; // Longer no browser keeps one.

const password = z.string().min(1, "expected a password").max(PASSWORD_LENGTH_MAX, `expected at most ${PASSWORD_LENGTH_MAX} characters`);

/** Who is asking, for whoever shows it. */
export const Asking = z.object({
  who: z.string(),
  isNamed: z.boolean().describe("False until whoever holds the token has said a name."),
  account: z
    .object({ role: z.enum(ROLE_NAMES), hasPassword: z.boolean().describe("False where single sign-on vouches for them.") })
    .nullable()
    .describe("Null where nobody has an account: then the name is not verified."),
  rights: z.array(z.enum(Object.keys(RIGHTS) as [Right])).readonly(),
});

export function asking({ who, isNamed, account }: FastifyRequest): z.infer<typeof Asking> {
  const rights = account === null ? (Object.keys(RIGHTS) as Right[]) : ROLES[account.role];
  return { who, isNamed, account: account === null ? null : { role: account.role, hasPassword: account.subject === null }, rights };
}

export function account(door: Door | undefined, cookies: Cookies): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      "/sign-in",
      {
        config: { right: "anyone" },
        schema: {
          summary: "Sign in; the answer carries the cookie",
          tags: ["account"],
          security: [],
          body: z.object({ name: text(64, "expected a name"), password }),
          response: { 204: z.null(), 400: Problem, 401: Problem, 409: Problem, 429: Problem, 503: Problem },
        },
      },
      async (request, reply) => {
        if (door?.hasAccounts !== true)
          return reply.code(409).send({ message: "Nobody has an account yet: auscult account add NAME --role ROLE makes one." });
        const { name, password: given } = request.body;
        const before = cookies.read(request, "signIn");
        return answer(request, reply, await door.signIn(name, given, clientOf(request), before));
      },
    );

    app.post(
      "/sign-out",
      {
        config: { right: "look" },
        schema: {
          summary: "End this sign-in, for every tab of this browser",
          tags: ["account"],
          response: { 204: z.null(), 409: Problem },
        },
      },
      async (request, reply) => {
        if (door === undefined || request.account === null) return reply.code(409).send({ message: NOBODY });
        door.signOut(cookies.read(request, "signIn"), request.who, clientOf(request));
        cookies.write(request, reply, "signIn", "", 0);
        if (request.account.subject !== null) askAnew(request, reply, cookies);
        return reply.code(204).send(null);
      },
    );

    app.post(
      "/sign-out/everywhere",
      {
        config: { right: "look" },
        schema: {
          summary: "End every sign-in of this account, in all browsers",
          tags: ["account"],
          response: { 204: z.null(), 409: Problem },
        },
      },
      async (request, reply) => {
        if (door === undefined || request.account === null) return reply.code(409).send({ message: NOBODY });
        door.signOutEverywhere(request.account, clientOf(request));
        cookies.write(request, reply, "signIn", "", 0);
        if (request.account.subject !== null) askAnew(request, reply, cookies);
        return reply.code(204).send(null);
      },
    );

    app.put(
      "/account/password",
      {
        config: { right: "look" },
        schema: {
          summary: "Set one's own password; every other sign-in of the account ends",
          tags: ["account"],
          body: z.object({ current: password, next: password }),
          response: { 204: z.null(), 400: Problem, 401: Problem, 409: Problem, 429: Problem, 503: Problem },
        },
      },
      async (request, reply) => {
        if (door === undefined || request.account === null) return reply.code(409).send({ message: NOBODY });
        return answer(request, reply, await door.changePassword(request.account, request.body, clientOf(request)));
      },
    );

    app.put(
      "/account/name",
      {
        config: { right: "look" },
        schema: {
          summary: "Say under which name changes are written, where nobody has an account; it is marked as not verified",
          tags: ["account"],
          body: z.object({ name: text(40, "expected a name").regex(NAME, "expected a name of letters, digits, spaces, dots and dashes") }),
          response: { 204: z.null(), 400: Problem, 409: Problem },
        },
      },
      async (request, reply) => {
        if (request.account !== null) return reply.code(409).send({ message: "Changes are written under the account's own name." });
        cookies.write(request, reply, "name", encodeURIComponent(request.body.name), NAME_COOKIE_SECONDS);
        return reply.code(204).send(null);
      },
    );

    function answer(request: FastifyRequest, reply: FastifyReply, given: { readonly secret: string } | Refusal): FastifyReply {
      if ("secret" in given) {
        cookies.write(request, reply, "signIn", given.secret);
        return reply.code(204).send(null);
      }
      switch (given.refused) {
        case "wrong":
          // Not 401 alone tells it: the page asks again in place, and is not sent to sign in anew.
          return reply.code(401).send({ message: "Name and password do not fit each other." });
        case "unfit":
          return reply.code(400).send({ message: given.words });
        case "wait": {
          const seconds = Math.ceil(given.ms / 1_000);
          const words = `Too many wrong passwords. The next one is looked at in ${seconds} s.`;
          return reply.code(429).header("retry-after", seconds).send({ message: words });
        }
        case "busy":
          return reply.code(503).header("retry-after", 5).send({ message: "Too many sign in at once. Try again in a moment." });
      }
    }
  };
}

const NOBODY = "Nobody is signed in: without accounts the printed address is the way in.";
