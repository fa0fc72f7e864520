/**
 * The hospital's provider by OpenID Connect: authorization code with PKCE, state and nonce. What an identity token must hold is openid-client's
 * to check (OpenID Connect Core section 3.1.3.7), with its signature always: the standard lets that go where TLS brought it, and TLS of a
 * hospital ends in many places. Keys are asked for at each sign-in, so one that was changed is known at once.
 */
import { createRemoteJWKSet, customFetch as fetchOfKeys, jwtVerify } from "jose";
import * as openId from "openid-client";
import { SignOnTrouble, type Identity, type Provider, type Way } from "../../accounts/sign-on.ts";
import { fetching } from "./fetching.ts";
import { troubleOf } from "./words.ts";

export interface ProviderOptions {
  readonly issuer: string;
  readonly client: string;
  /** Absent: a public client, which PKCE alone protects. */
  readonly secret?: string;
  readonly ca?: string;
  readonly scopes: readonly string[];
  /** Asked for anew where the identity token does not have it. */
  readonly groupsClaim: string;
  /** Of all that one step asks together; absent: `ANSWER_MS`. */
  readonly answerMs?: number;
}

/** Somebody sits in front of it and can take a local account. */
const ANSWER_MS = 10_000;
/** A provider changes its addresses seldom; and who presses the button a thousand times asks it once. */
const KNOWN_MS = 60_000;
/** After no answer it is left alone for a moment. */
const AWAY_MS = 3_000;
const CLOCKS_DIFFER_SECONDS = 30;
/** OpenID Connect Back-Channel Logout section 2.4; one that is older was copied. */
const LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout";
const LOGOUT_SECONDS_MAX = 120;
/** Signed by a key that only the provider has: none that is shared, and not "none". */
const ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"];

/** What the provider's discovery document says. */
interface Described {
  /** Where it is asked. */
  readonly endpoints: readonly string[];
  /** What it says nothing of, and would be of use. */
  readonly lacks: readonly string[];
}

export function openIdProvider(options: ProviderOptions, now: () => number = Date.now): Provider & { described(): Promise<Described> } {
  const { issuer, client, secret, ca, scopes, groupsClaim, answerMs = ANSWER_MS } = options;
  const isInTheClear = issuer.startsWith("http:");
  let known: { readonly until: number; readonly metadata: Promise<openId.ServerMetadata> } | null = null;

  async function metadata(): Promise<openId.ServerMetadata> {
    if (known !== null && now() < known.until) return known.metadata;
    const asked = discovered();
    const own = { until: now() + answerMs + KNOWN_MS, metadata: asked };
    known = own;
    asked.catch(() => {
      if (known === own) known = { until: now() + AWAY_MS, metadata: asked };
    });
    return asked;
  }

  async function discovered(): Promise<openId.ServerMetadata> {
    const found = await openId.discovery(new URL(issuer), client, undefined, undefined, {
      [openId.customFetch]: fetching(ca, AbortSignal.timeout(answerMs)),
      ...(isInTheClear ? { execute: [openId.allowInsecureRequests] } : {}),
    });
    return found.serverMetadata();
  }

  /** New each time, so that the provider's keys are those of now. */
  async function configuration(): Promise<openId.Configuration> {
    const server = await metadata();
    const made = new openId.Configuration(
      server,
      client,
      { ...(secret === undefined ? {} : { client_secret: secret }), [openId.clockTolerance]: CLOCKS_DIFFER_SECONDS },
      authenticationOf(server),
    );
    made[openId.customFetch] = fetching(ca, AbortSignal.timeout(answerMs));
    openId.enableNonRepudiationChecks(made);
    if (isInTheClear) openId.allowInsecureRequests(made);
    return made;
  }

  /** RFC 6749 section 2.3.1: by header where the provider says nothing else. */
  function authenticationOf(server: openId.ServerMetadata): openId.ClientAuth {
    if (secret === undefined) return openId.None();
    const methods = server.token_endpoint_auth_methods_supported ?? ["client_secret_basic"];
    return methods.includes("client_secret_basic") ? openId.ClientSecretBasic(secret) : openId.ClientSecretPost(secret);
  }

  return {
    address: (way) =>
      inWords(async () => {
        const address = openId.buildAuthorizationUrl(await configuration(), {
          redirect_uri: way.back,
          scope: ["openid", ...scopes].join(" "),
          state: way.state,
          nonce: way.nonce,
          code_challenge: await openId.calculatePKCECodeChallenge(way.verifier),
          code_challenge_method: "S256",
          ...(way.isAnew ? { prompt: "login" } : {}),
        });
        return address.href;
      }),

    identity: (way: Way, answer) =>
      inWords(async () => {
        const asked = await configuration();
        const tokens = await openId.authorizationCodeGrant(asked, new URL(`?${answer}`, way.back), {
          pkceCodeVerifier: way.verifier,
          expectedState: way.state,
          expectedNonce: way.nonce,
          idTokenExpected: true,
        });
        const claims = tokens.claims();
        if (claims === undefined) throw new SignOnTrouble("refused", "the provider gave no identity token");
        // Some tell groups only where they are asked for (OpenID Connect Core section 5.3).
        const isMore = claims[groupsClaim] === undefined && asked.serverMetadata().userinfo_endpoint !== undefined;
        const more = isMore ? await openId.fetchUserInfo(asked, tokens.access_token, claims.sub) : {};
        const session = claims["sid"];
        return {
          issuer: claims.iss,
          subject: claims.sub,
          session: typeof session === "string" ? session : "",
          claims: { ...more, ...claims },
        };
      }),

    described: () =>
      inWords(async () => {
        const { authorization_endpoint: at, token_endpoint: token, jwks_uri: keys, ...more } = await metadata();
        if (at === undefined || token === undefined || keys === undefined)
          throw new SignOnTrouble(
            "away",
            "the provider leaves out of its discovery document where it is asked for sign-ins, tokens or keys",
          );
        const lacks = [
          ...(more.code_challenge_methods_supported?.includes("S256") === true ? [] : ["PKCE with S256"]),
          ...(more.backchannel_logout_supported === true ? [] : ["back-channel logout"]),
        ];
        return { endpoints: [at, token, keys], lacks };
      }),

    ended: (token) => inWords(async () => endedBy(token, await metadata())),
  };

  async function endedBy(token: string, server: openId.ServerMetadata): Promise<Pick<Identity, "issuer" | "subject" | "session">> {
    if (server.jwks_uri === undefined) throw new SignOnTrouble("away", "the provider publishes no keys");
    const keys = createRemoteJWKSet(new URL(server.jwks_uri), { [fetchOfKeys]: fetching(ca, AbortSignal.timeout(answerMs)) });
    const { payload } = await jwtVerify(token, keys, {
      issuer: server.issuer,
      audience: client,
      algorithms: ALGORITHMS,
      maxTokenAge: LOGOUT_SECONDS_MAX,
      clockTolerance: CLOCKS_DIFFER_SECONDS,
      requiredClaims: ["events", "jti"],
    });
    const { sub = "", events, sid, nonce } = payload;
    // An identity token has a nonce and no such event: it ends nobody's sign-in.
    const session = typeof sid === "string" ? sid : "";
    const isLogout = typeof events === "object" && events !== null && Object.hasOwn(events, LOGOUT_EVENT) && nonce === undefined;
    if (!isLogout || (sub === "" && session === "")) throw new SignOnTrouble("refused", "something that is no logout token came for one");
    return { issuer: server.issuer, subject: sub, session };
  }
}

async function inWords<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw troubleOf(error);
  }
}
