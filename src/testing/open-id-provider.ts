/**
 * A real OpenID Connect provider (the package `oidc-provider`) on a free port of this computer. Whoever comes is signed in at once as the
 * person a test names; what it signs is falsified where a test says so, and its keys are changed.
 */
import { createPrivateKey, generateKeyPairSync, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { SignJWT, type JWK, type JWTPayload } from "jose";
import { Provider, type Adapter, type AdapterPayload, type Configuration } from "oidc-provider";

export const CLIENT = { id: "auscult", secret: "a secret of the tests alone" };

export interface Person {
  /** `preferred_username`. */
  readonly name: string;
  readonly groups?: readonly string[];
}

interface Setup {
  readonly tls?: { readonly certificate: string; readonly key: string };
  /** Groups are told by the userinfo address alone, as some providers have it. */
  readonly isTerse?: boolean;
  /** Its own pages ask for a name; else the person a test named is signed in unasked. */
  readonly isAsking?: boolean;
}

export class OpenIdProvider {
  /** By subject. */
  people: Readonly<Record<string, Person>> = {};
  /** Subject of whoever comes next. */
  who = "";
  /** Makes another identity token of the one that was to be given. */
  falsified: ((claims: JWTPayload) => Promise<string>) | null = null;
  /** Takes a request before the provider does; false: it did not. */
  intercept: (request: IncomingMessage, response: ServerResponse) => boolean = () => false;
  /** Paths asked for, the oldest first. */
  readonly asked: string[] = [];
  readonly #setup: Setup;
  readonly #server: Server;
  #listener: RequestListener = (_request, response) => void response.writeHead(503).end();
  #made: Provider | null = null;
  #key = newKey();
  #backs: readonly string[] = [];
  #issuer = "";
  readonly #kept = new Map<string, AdapterPayload>();

  private constructor(setup: Setup) {
    this.#setup = setup;
    const listener: RequestListener = (request, response) => {
      this.asked.push(request.url?.split("?")[0] ?? "");
      if (!this.intercept(request, response)) this.#listener(request, response);
    };
    const { tls } = setup;
    this.#server = tls === undefined ? createServer(listener) : createTlsServer({ cert: tls.certificate, key: tls.key }, listener);
  }

  static async start(setup: Setup = {}): Promise<OpenIdProvider> {
    const provider = new OpenIdProvider(setup);
    provider.#server.listen(0, "127.0.0.1");
    await once(provider.#server, "listening");
    const { port } = provider.#server.address() as AddressInfo;
    provider.#issuer = `${setup.tls === undefined ? "http://127.0.0.1" : "https://localhost"}:${port}`;
    return provider;
  }

  get issuer(): string {
    return this.#issuer;
  }

  /** Pages that may send people here, by their origins; the first one is told of sign-ins that end. */
  serves(...origins: readonly string[]): void {
    this.#backs = origins;
    this.#make();
  }

  /** From now on another key signs, and is published alone. */
  changeKey(): void {
    this.#key = newKey();
    this.#make();
  }

  /** Signed as the provider signs. */
  signed(claims: JWTPayload, header: object = {}): Promise<string> {
    return new SignJWT(claims)
      .setProtectedHeader({ alg: "ES256", kid: this.#key["kid"] as string, typ: "JWT", ...header })
      .sign(createPrivateKey({ key: this.#key, format: "jwk" }));
  }

  /** Tells the first page that this session, or all of the person, is over: back-channel logout. */
  async logOut(subject: string, session: string): Promise<void> {
    const client = await this.#made!.Client.find(CLIENT.id);
    await (client as unknown as { backchannelLogout(sub: string, sid: string): Promise<void> }).backchannelLogout(subject, session);
  }

  /** As a browser goes: follows it to where it leads back, and answers what stands behind the question mark there. */
  async visit(address: string): Promise<string> {
    const cookies = new Map<string, string>();
    for (let at = address, steps = 0; steps < STEPS_MAX; steps++) {
      const response = await fetch(at, {
        redirect: "manual",
        headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") },
      });
      for (const cookie of response.headers.getSetCookie()) {
        const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
        cookies.set(name, value);
      }
      const next = response.headers.get("location");
      if (next === null)
        throw new Error(`expected the provider to lead on, got ${response.status}: ${(await response.text()).slice(0, 500)}`);
      const url = new URL(next, at);
      if (this.#backs.includes(url.origin)) return url.search.slice(1);
      at = url.href;
    }
    throw new Error(`expected the provider to lead back within ${STEPS_MAX} steps`);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  #make(): void {
    const { isTerse = false, isAsking = false } = this.#setup;
    const configuration: Configuration = {
      adapter: keptIn(this.#kept),
      clients: [
        {
          client_id: CLIENT.id,
          client_secret: CLIENT.secret,
          redirect_uris: this.#backs.map((origin) => `${origin}/signed-in`),
          id_token_signed_response_alg: "ES256",
          backchannel_logout_uri: `${this.#backs[0]}/api/sign-on/ended`,
          backchannel_logout_session_required: true,
        },
      ],
      claims: { openid: ["sub"], profile: ["preferred_username", "groups"] },
      conformIdTokenClaims: isTerse,
      cookies: { keys: [randomUUID()] },
      jwks: { keys: [this.#key] },
      pkce: { required: () => true },
      features: { devInteractions: { enabled: isAsking }, backchannelLogout: { enabled: true } },
      ...(isAsking ? {} : { interactions: { url: (_context, { uid }) => `/interaction/${uid}` } }),
      findAccount: (_context, subject) => {
        const person = this.people[subject];
        const { name, groups } = person ?? { name: subject, groups: [] };
        return {
          accountId: subject,
          claims: () => ({ sub: subject, preferred_username: name, ...(groups === undefined ? {} : { groups }) }),
        };
      },
      loadExistingGrant: async ({ oidc }) => {
        const grant = new oidc.provider.Grant({ clientId: oidc.client!.clientId, accountId: oidc.session!.accountId! });
        grant.addOIDCScope("openid profile");
        await grant.save();
        return grant;
      },
      // It refuses addresses of this computer by itself, and this is where ours are.
      fetch: (address, options) => {
        const { dispatcher: _, ...asked } = options as RequestInit & { readonly dispatcher?: unknown };
        return fetch(address, asked);
      },
      ttl: { AccessToken: 60, AuthorizationCode: 60, IdToken: 60, Grant: 600, Interaction: 600, Session: 600 },
    };
    const made = new Provider(this.#issuer, configuration);
    made.use(async (context, next) => {
      if (context.path.startsWith("/interaction/") && !isAsking) {
        await made.interactionFinished(context.req, context.res, { login: { accountId: this.who } });
        context.respond = false;
        return;
      }
      await next();
      const body = context.body as { id_token?: string } | undefined;
      if (context.path !== "/token" || body?.id_token === undefined || this.falsified === null) return;
      const claims = JSON.parse(Buffer.from(body.id_token.split(".")[1]!, "base64url").toString()) as JWTPayload;
      context.body = { ...body, id_token: await this.falsified(claims) };
    });
    this.#made = made;
    this.#listener = made.callback();
  }
}

/** What it remembers outlives a change of its keys. */
function keptIn(kept: Map<string, AdapterPayload>): (model: string) => Adapter {
  return (model) => {
    const keyOf = (id: string) => `${model}:${id}`;
    const findBy = async (property: "uid" | "userCode", value: string) =>
      [...kept].find(([key, it]) => key.startsWith(`${model}:`) && it[property] === value)?.[1];
    return {
      upsert: async (id, payload) => void kept.set(keyOf(id), payload),
      find: async (id) => kept.get(keyOf(id)),
      findByUid: (uid) => findBy("uid", uid),
      findByUserCode: (code) => findBy("userCode", code),
      consume: async (id) => {
        const payload = kept.get(keyOf(id));
        if (payload !== undefined) kept.set(keyOf(id), { ...payload, consumed: Math.floor(Date.now() / 1_000) });
      },
      destroy: async (id) => void kept.delete(keyOf(id)),
      revokeByGrantId: async (grant) => {
        for (const [key, { grantId }] of kept) if (grantId === grant) kept.delete(key);
      },
    };
  };
}

const STEPS_MAX = 10;

function newKey(): JWK {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return { ...privateKey.export({ format: "jwk" }), kid: randomUUID(), alg: "ES256", use: "sig" };
}
