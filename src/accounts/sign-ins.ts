/**
 * Who is signed in: random secrets, kept as hashes in memory, so that a restart ends all of them and no file holds any. A sign-in is bound
 * to the browser's own name and its network (`client.ts`): presented from elsewhere it was taken from its owner, and ends for both.
 */
import { createHash, randomBytes } from "node:crypto";
import type { Account } from "../model/account.ts";
import { networkOf, type Client } from "./client.ts";

const SECRET_BYTES = 32;
/** Without a request. A page left open asks by itself, so for that the other life counts. */
const IDLE_MS = 60 * 60_000;
/** A long shift. */
const LIFE_MS = 12 * 3_600_000;
/** Of one account at once, and of all; the oldest goes first. */
const ACCOUNT_MAX = 10;
const SIGN_INS_MAX = 1_000;
/** Endings remembered, to tell the person why. */
const ENDINGS_MAX = 1_000;

export type Ending = "idle" | "over" | "elsewhere" | "signed out" | "too many" | "account changed" | "ended by the provider";
/** After these nobody has a reason to come with it again: whoever does may have stolen it before. */
const TELLING: ReadonlySet<Ending> = new Set(["signed out", "account changed", "ended by the provider"]);

interface SignIn {
  readonly name: string;
  readonly stamp: string;
  readonly bound: string;
  readonly began: number;
  /** The provider's own session it came of; "" where that said none. */
  readonly session: string;
  used: number;
}

interface Ended {
  readonly ending: Ending;
  readonly name: string;
  /** Who was told last. */
  told: string;
}

/** `ending` is null for a secret nobody was given, or one that is forgotten. `name`: this is news for the audit log. */
export type Found = { readonly signIn: Pick<SignIn, "name" | "stamp"> } | { readonly ending: Ending | null; readonly name?: string };

export class SignIns {
  /** By the hash of the secret, the oldest first. */
  readonly #open = new Map<string, SignIn>();
  readonly #endings = new Map<string, Ended>();

  /** Answers the secret, which is nowhere else. */
  begin({ name, stamp }: Account, client: Client, now: number, session = ""): string {
    const secret = randomBytes(SECRET_BYTES).toString("base64url");
    this.#open.set(keyOf(secret), { name, stamp, bound: boundTo(client), began: now, session, used: now });
    const own = [...this.#open].filter(([, it]) => it.name === name);
    if (own.length > ACCOUNT_MAX) this.#end(own[0]![0], "too many");
    else if (this.#open.size > SIGN_INS_MAX) this.#end(this.#open.keys().next().value!, "too many");
    return secret;
  }

  find(secret: string, client: Client, now: number): Found {
    const key = keyOf(secret);
    const signIn = this.#open.get(key);
    if (signIn === undefined) return this.#ended(key, client);
    const ending = endingOf(signIn, client, now);
    if (ending !== null) {
      this.#end(key, ending);
      return { ending, name: signIn.name };
    }
    signIn.used = now;
    return { signIn };
  }

  end(secret: string, ending: Ending): void {
    this.#end(keyOf(secret), ending);
  }

  /** Those of the account (null: of whomever) that came of this session of the provider's; "": all of the account. Answers how many. */
  endOf(name: string | null, session: string, ending: Ending): number {
    const ended = [...this.#open].filter(
      ([, it]) => (name === null ? session !== "" : it.name === name) && (session === "" || it.session === session),
    );
    for (const [key] of ended) this.#end(key, ending);
    return ended.length;
  }

  /** Each browser that comes with one is news once: a page left open asks again and again. */
  #ended(key: string, client: Client): Found {
    const ended = this.#endings.get(key);
    if (ended === undefined) return { ending: null };
    const { ending, name, told } = ended;
    if (!TELLING.has(ending) || told === boundTo(client)) return { ending };
    ended.told = boundTo(client);
    return { ending, name };
  }

  #end(key: string, ending: Ending): void {
    const signIn = this.#open.get(key);
    if (signIn === undefined) return;
    this.#open.delete(key);
    this.#endings.set(key, { ending, name: signIn.name, told: "" });
    if (this.#endings.size > ENDINGS_MAX) this.#endings.delete(this.#endings.keys().next().value!);
  }
}

function endingOf(signIn: SignIn, client: Client, now: number): Ending | null {
  if (now - signIn.began >= LIFE_MS) return "over";
  if (now - signIn.used >= IDLE_MS) return "idle";
  return signIn.bound === boundTo(client) ? null : "elsewhere";
}

function boundTo({ agent, address }: Client): string {
  return JSON.stringify([networkOf(address), agent]);
}

/** What is looked up is the hash, so that the time it takes tells nothing of the secret. */
function keyOf(secret: string): string {
  return createHash("sha256").update(secret).digest("base64");
}
