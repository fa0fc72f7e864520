/** Single sign-on: to the hospital's provider, back from it, and what it ends by itself. The pages hand over what it put behind their address. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { SignOnTrouble, type SignOn } from "../accounts/sign-on.ts";
import type { Cookies } from "./cookies.ts";
import { Problem, text } from "./shapes.ts";
import { clientOf } from "./visitor.ts";

/** Of the page, as the provider knows it: the redirect URI. */
export const BACK = "/signed-in";
/** Code, state and issuer; a provider's code may hold a token of its own. */
const ANSWER_LENGTH_MAX = 8_192;
const TOKEN_BYTES_MAX = 64 * 1_024;
/** As long as a way stays open. */
const COOKIE_SECONDS = 600;
const SIGNED_OUT = "out";
/** As long as a sign-in lives. */
const SIGNED_OUT_SECONDS = 12 * 3_600;

/** In this browser somebody signed out: whoever comes next is not let in as them because the provider still knows them. */
export function askAnew(request: FastifyRequest, reply: FastifyReply, cookies: Cookies): void {
  cookies.write(request, reply, "signOn", SIGNED_OUT, SIGNED_OUT_SECONDS);
}

export function signOn(on: SignOn | undefined, cookies: Cookies): FastifyPluginAsyncZod {
  return async (app) => {
    // OpenID Connect Back-Channel Logout section 2.5: that is how it comes, and nothing else here does.
    app.addContentTypeParser<string>(FORM, { parseAs: "string", bodyLimit: TOKEN_BYTES_MAX }, (_request, body, done) =>
      done(null, Object.fromEntries(new URLSearchParams(body))),
    );

    app.post(
      "/sign-on",
      {
        config: { right: "anyone" },
        schema: {
          summary: "Begin single sign-on: where the browser goes for it",
          tags: ["account"],
          security: [],
          response: { 200: z.object({ address: z.string() }), 409: Problem, 503: Problem },
        },
      },
      async (request, reply) => {
        const { origin } = request.headers;
        if (on === undefined || origin === undefined) return reply.code(409).send({ message: NONE });
        try {
          const isAnew = cookies.read(request, "signOn") === SIGNED_OUT;
          const { address, secret } = await on.begin(`${origin}${BACK}`, isAnew, clientOf(request));
          cookies.write(request, reply, "signOn", secret, COOKIE_SECONDS);
          return { address };
        } catch (error) {
          return reply.code(503).send({ message: `${wordsOf(error)} ${MEANWHILE}` });
        }
      },
    );

    app.post(
      "/sign-on/answer",
      {
        config: { right: "anyone" },
        schema: {
          summary: "End single sign-on with what the provider put behind the page's address; the answer carries the cookie",
          tags: ["account"],
          security: [],
          body: z.object({ answer: text(ANSWER_LENGTH_MAX, "expected what stands behind the question mark") }),
          response: { 204: z.null(), 403: Problem, 409: Problem, 503: Problem },
        },
      },
      async (request, reply) => {
        if (on === undefined) return reply.code(409).send({ message: NONE });
        const secret = cookies.read(request, "signOn");
        cookies.write(request, reply, "signOn", "", 0);
        try {
          const made = await on.finish(secret, request.body.answer, clientOf(request), cookies.read(request, "signIn"));
          cookies.write(request, reply, "signIn", made.secret);
          return await reply.code(204).send(null);
        } catch (error) {
          const isAway = error instanceof SignOnTrouble && error.kind === "away";
          return reply.code(isAway ? 503 : 403).send({ message: `${wordsOf(error)} ${isAway ? MEANWHILE : WRITTEN}` });
        }
      },
    );

    app.post(
      "/sign-on/ended",
      {
        config: { right: "anyone", isForProvider: true },
        schema: {
          summary: "The provider ends sign-ins by a signed logout token (OpenID Connect Back-Channel Logout 1.0)",
          tags: ["account"],
          security: [],
          consumes: [FORM],
          body: z.object({ logout_token: text(TOKEN_BYTES_MAX, "expected a logout token") }),
          response: { 204: z.null(), 400: Problem, 409: Problem },
        },
      },
      async (request, reply) => {
        if (on === undefined) return reply.code(409).send({ message: NONE });
        try {
          await on.ended(request.body.logout_token, clientOf(request));
          return await reply.code(204).send(null);
        } catch (error) {
          return reply.code(400).send({ message: wordsOf(error) });
        }
      },
    );
  };
}

const FORM = "application/x-www-form-urlencoded";
const NONE = "Single sign-on is not set up here: the setting signOnIssuer names its provider.";
const MEANWHILE = "Try again in a moment, or sign in with a local account.";
const WRITTEN = "It is written in the audit log. Try again, or ask whoever keeps the accounts.";

/** What is none of the provider's troubles is ours, and is answered as such. */
function wordsOf(error: unknown): string {
  if (error instanceof SignOnTrouble) return `Single sign-on: ${error.message}.`;
  throw error;
}
