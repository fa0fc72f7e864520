/**
 * Single sign-on: the way to the hospital's provider (OpenID Connect Core 1.0) and back, and what its groups may do here. It knows neither
 * HTTP nor a terminal; what the provider is asked, and what its answers must hold, is `link/sign-on/provider.ts`. Nothing of the
 * provider's is kept but who somebody is: its tokens are read once.
 */
import { createHash, randomBytes } from "node:crypto";
import type { Account, GroupRole } from "../model/account.ts";
import { TakenName } from "../store/accounts.ts";
import { networkOf, sourceOf, type Client } from "./client.ts";
import type { Door } from "./door.ts";

/** RFC 7636 section 4.1 asks for 32 bytes; state and nonce are no shorter. */
const SECRET_BYTES = 32;
/** To type a password there and take a telephone out of a pocket. */
const WAY_MS = 10 * 60_000;
/** Begun and not ended, in memory: the oldest goes first, and one address has few, so that it does not drive out others'. */
const WAYS_MAX = 1_000;
const WAYS_OF_SOURCE_MAX = 20;
/** Plain letters: two names that look alike would be two people in the audit log. The @ keeps it from being a local account's. */
const NAME = /^[a-z0-9][a-z0-9._+-]{0,63}@[a-z0-9][a-z0-9.-]{0,189}$/;
const NOT_KNOWN = "not known";

/** What one way remembers: RFC 6749 section 10.12 (state), RFC 7636 (verifier), OpenID Connect Core section 15.5.2 (nonce). */
export interface Way {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  /** Where the provider sends the browser afterwards. */
  readonly back: string;
  /** Whoever it is must sign in at the provider anew: somebody else may sit there now. */
  readonly isAnew: boolean;
}

/** Read of an identity token that holds. */
export interface Identity {
  readonly issuer: string;
  readonly subject: string;
  /** The provider's name for its session; "" where it has none. */
  readonly session: string;
  /** As they came: `unknown` until read. */
  readonly claims: Readonly<Record<string, unknown>>;
}

export interface Provider {
  /** Where the browser goes to sign in. */
  address(way: Way): Promise<string>;
  /** `answer`: what the provider put behind the address it sent the browser back to. */
  identity(way: Way, answer: string): Promise<Identity>;
  /** Whose sign-ins it ends by this token of its own: of this subject, this session of theirs, or this session whose ever it is (subject ""). */
  ended(token: string): Promise<Pick<Identity, "issuer" | "subject" | "session">>;
}

/** In words for the person and for the audit log. `away`: the provider cannot be asked now; `refused`: what came was not good enough. */
export class SignOnTrouble extends Error {
  readonly kind: "away" | "refused";
  constructor(kind: "away" | "refused", words: string, options?: ErrorOptions) {
    super(words, options);
    this.kind = kind;
  }
}

export interface SignOnRules {
  /** On the button, after "Sign in with". */
  readonly title: string;
  readonly roles: readonly GroupRole[];
  readonly groupsClaim: string;
  readonly nameClaim: string;
}

interface Begun extends Way {
  readonly bound: string;
  readonly source: string;
  readonly at: number;
}

export class SignOn {
  readonly #door: Door;
  readonly #provider: Provider;
  readonly #rules: SignOnRules;
  readonly #now: () => number;
  /** By the hash of the browser's secret, the oldest first. */
  readonly #ways = new Map<string, Begun>();

  /** `now` in milliseconds since 1970. */
  constructor(door: Door, provider: Provider, rules: SignOnRules, now: () => number = Date.now) {
    this.#door = door;
    this.#provider = provider;
    this.#rules = rules;
    this.#now = now;
  }

  get title(): string {
    return this.#rules.title;
  }

  /** Answers where the browser goes, and the secret it comes back with: what another browser brings back is nobody's. */
  begin(back: string, isAnew: boolean, client: Client): Promise<{ readonly address: string; readonly secret: string }> {
    return this.#told(client, async () => {
      const [secret, state, nonce, verifier] = [newSecret(), newSecret(), newSecret(), newSecret()];
      const way = { state, nonce, verifier, back, isAnew };
      const address = await this.#provider.address(way);
      this.#remember(secret, { ...way, bound: boundTo(client), source: sourceOf(client.address), at: this.#now() });
      return { address, secret };
    });
  }

  /** Answers the secret of the new sign-in; `before` is the one this browser held, which ends. */
  finish(secret: string, answer: string, client: Client, before: string): Promise<{ readonly secret: string }> {
    return this.#told(client, async () => {
      const key = keyOf(secret);
      const way = this.#ways.get(key);
      // Once: a code that comes again was copied.
      this.#ways.delete(key);
      if (way === undefined || this.#now() - way.at > WAY_MS || way.bound !== boundTo(client))
        throw new SignOnTrouble("refused", "it was begun in another browser, in another tab, or more than ten minutes ago");
      const { issuer, subject, session, claims } = await this.#provider.identity(way, answer);
      const name = nameIn(claims, this.#rules.nameClaim, issuer);
      const allowed = allowedTo(groupsIn(claims, this.#rules.groupsClaim), this.#rules.roles);
      if (allowed === null)
        throw new SignOnTrouble("refused", `${name} is in no group that may come in here (claim ${this.#rules.groupsClaim})`);
      return this.#door.admit({ name, ...allowed, subject: JSON.stringify([issuer, subject]) }, session, client, before);
    });
  }

  /** Back-channel logout: answers how many sign-ins ended. */
  ended(token: string, client: Client): Promise<number> {
    return this.#told(client, async () => {
      const { issuer, subject, session } = await this.#provider.ended(token);
      return this.#door.endByProvider(subject === "" ? null : JSON.stringify([issuer, subject]), session, client);
    });
  }

  #remember(secret: string, begun: Begun): void {
    const own = [...this.#ways].filter(([, it]) => it.source === begun.source);
    if (own.length >= WAYS_OF_SOURCE_MAX) this.#ways.delete(own[0]![0]);
    else if (this.#ways.size >= WAYS_MAX) this.#ways.delete(this.#ways.keys().next().value!);
    this.#ways.set(keyOf(secret), begun);
  }

  /** What goes wrong is written in the audit log before anybody is told. */
  async #told<Result>(client: Client, work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      const trouble = error instanceof TakenName ? new SignOnTrouble("refused", error.message, { cause: error }) : error;
      if (trouble instanceof SignOnTrouble) this.#door.note("sign-in refused", NOT_KNOWN, `single sign-on: ${trouble.message}`, client);
      throw trouble;
    }
  }
}

/** The first role that fits, at all sites that groups name for it; null: none. */
export function allowedTo(groups: readonly string[], rules: readonly GroupRole[]): Pick<Account, "role" | "sites"> | null {
  const fitting = rules.filter(({ group }) => groups.includes(group));
  const [first] = fitting;
  if (first === undefined) return null;
  const sites = new Set(fitting.filter(({ role }) => role === first.role).map(({ site }) => site));
  return { role: first.role, sites: sites.has(null) ? null : ([...sites] as string[]).toSorted() };
}

/** A list, or one alone. */
function groupsIn(claims: Identity["claims"], claim: string): readonly string[] {
  const groups = claims[claim];
  return [groups].flat().filter((it): it is string => typeof it === "string");
}

function nameIn(claims: Identity["claims"], claim: string, issuer: string): string {
  const given = claims[claim];
  const plain = typeof given === "string" ? given.trim().toLowerCase() : "";
  const name = plain === "" || plain.includes("@") ? plain : `${plain}@${new URL(issuer).hostname}`;
  if (NAME.test(name)) return name;
  // Not repeated: it may be anything.
  throw new SignOnTrouble("refused", `the claim ${claim} holds no name of letters a to z, digits, dots and dashes to write changes under`);
}

function newSecret(): string {
  return randomBytes(SECRET_BYTES).toString("base64url");
}

function keyOf(secret: string): string {
  return createHash("sha256").update(secret).digest("base64");
}

function boundTo({ agent, address }: Client): string {
  return JSON.stringify([networkOf(address), agent]);
}
