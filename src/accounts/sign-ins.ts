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

export type Ending = "idle" | "over" | "elsewhere" | "signed out" | "too many" | "account changed";

interface SignIn {
  readonly name: string;
  readonly stamp: string;
  readonly bound: string;
  readonly began: number;
  used: number;
}

/** `ending` is null for a secret nobody was given, or one that is forgotten. */
export type Found = { readonly signIn: Pick<SignIn, "name" | "stamp"> } | { readonly ending: Ending | null; readonly name?: string };

export class SignIns {
  /** By the hash of the secret, the oldest first. */
  readonly #open = new Map<string, SignIn>();
  readonly #endings = new Map<string, Ending>();

  /** Answers the secret, which is nowhere else. */
  begin({ name, stamp }: Account, client: Client, now: number): string {
    const secret = randomBytes(SECRET_BYTES).toString("base64url");
    this.#open.set(keyOf(secret), { name, stamp, bound: boundTo(client), began: now, used: now });
    const own = [...this.#open].filter(([, it]) => it.name === name);
    if (own.length > ACCOUNT_MAX) this.#end(own[0]![0], "too many");
    else if (this.#open.size > SIGN_INS_MAX) this.#end(this.#open.keys().next().value!, "too many");
    return secret;
  }

  find(secret: string, client: Client, now: number): Found {
    const key = keyOf(secret);
    const signIn = this.#open.get(key);
    if (signIn === undefined) return { ending: this.#endings.get(key) ?? null };
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

  #end(key: string, ending: Ending): void {
    if (!this.#open.delete(key)) return;
    this.#endings.set(key, ending);
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
