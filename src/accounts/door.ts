/**
 * The door of the pages: signing in and out, and who a request comes from. It knows neither HTTP nor a terminal. Accounts are asked of
 * their file each time, so that one removed or given another role there is so at once.
 */
import type { Account, Audited, Deed } from "../model/account.ts";
import type { Accounts, Vouched } from "../store/accounts.ts";
import { sourceOf, type Client } from "./client.ts";
import { LockOut } from "./lock-out.ts";
import { hashed, isPassword, nobodysPassword, passwordTrouble } from "./password.ts";
import { SignIns, type Ending } from "./sign-ins.ts";
import { Trail } from "./trail.ts";

const MINUTE_MS = 60_000;
/** Whoever guesses at a colleague's account keeps them waiting a minute at most: longer would be a way to lock them out. */
const BY_ACCOUNT = { free: 3, delayMsMax: MINUTE_MS, forgetMs: 24 * 60 * MINUTE_MS, subjectsMax: 10_000 };
/** Many may sit behind one address, so it has more tries before it waits, and then waits longer. */
const BY_ADDRESS = { free: 10, delayMsMax: 15 * MINUTE_MS, forgetMs: 60 * MINUTE_MS, subjectsMax: 10_000 };
/** Each takes 19 MiB and a thread of Node's four; the others read captures. */
const CHECKED_AT_ONCE_MAX = 2;
const WAITING_MAX = 20;

const NOBODY = "no such account";

/** What is written of whoever comes with a sign-in after its end. */
const AFTER: Partial<Readonly<Record<Ending, string>>> = {
  "signed out": "refused: it was signed out before",
  "account changed": "refused: the account was changed, or all its sign-ins were ended before",
  "ended by the provider": "refused: the provider of single sign-on had ended it",
};

export type Refusal =
  | { readonly refused: "wrong" }
  | { readonly refused: "wait"; readonly ms: number }
  | { readonly refused: "busy" }
  | { readonly refused: "unfit"; readonly words: string };

export class Door {
  readonly #accounts: Accounts;
  readonly #now: () => number;
  readonly #signIns = new SignIns();
  readonly #byAccount = new LockOut(BY_ACCOUNT);
  readonly #byAddress = new LockOut(BY_ADDRESS);
  readonly #trail: Trail;
  /** What is compared where there is no such account: an unknown name takes the same path, and as long. */
  readonly #nobodys = nobodysPassword();
  #checking = 0;
  readonly #waiting: (() => void)[] = [];

  /** `now` in milliseconds since 1970. */
  constructor(accounts: Accounts, now: () => number = Date.now) {
    this.#accounts = accounts;
    this.#now = now;
    this.#trail = new Trail((deed) => accounts.record(deed));
  }

  /** Whether anybody can sign in. While nobody can, the printed address is the way in. */
  get hasAccounts(): boolean {
    return !this.#accounts.isEmpty;
  }

  /** Answers the secret of a new sign-in; `before` is the one this browser held, which ends. */
  async signIn(typed: string, password: string, client: Client, before: string): Promise<{ readonly secret: string } | Refusal> {
    const name = typed.trim().toLowerCase();
    const known = this.#own(name);
    const refusal = await this.#check(known, name, password, client);
    if (refusal !== null) return refusal;
    // It may have been removed, or given another password, while this one was compared.
    const account = this.#own(name);
    if (account === undefined || account.stamp !== known?.stamp) return { refused: "wrong" };
    this.#signIns.end(before, "signed out");
    this.note("sign-in", name, account.role, client);
    return { secret: this.#signIns.begin(account, client, this.#now()) };
  }

  /** Lets in whom the provider of single sign-on vouches for; `session` is its name for its own session, "" where it has none. */
  admit(vouched: Vouched, session: string, client: Client, before: string): { readonly secret: string } {
    const account = this.#accounts.vouch(vouched, { at: this.#micros(), who: vouched.name, client: client.address });
    this.#signIns.end(before, "signed out");
    this.note("sign-in", account.name, `${account.role}, by single sign-on`, client);
    return { secret: this.#signIns.begin(account, client, this.#now(), session) };
  }

  /** Every sign-in of the account ends, here and wherever else its file is read. */
  signOutEverywhere({ name }: Account, client: Client): void {
    this.#accounts.endSignIns(name, { at: this.#micros(), who: name, client: client.address });
  }

  /** The provider ended this session of its own, or "": all of that person (null: it named the session alone). Answers how many ended here. */
  endByProvider(subject: string | null, session: string, client: Client): number {
    const account = subject === null ? null : this.#accounts.bySubject(subject);
    if (account === undefined) return 0;
    const ended = this.#signIns.endOf(account?.name ?? null, session, "ended by the provider");
    const by = { at: this.#micros(), who: "provider of single sign-on", client: client.address };
    if (account !== null && session === "") this.#accounts.endSignIns(account.name, by);
    else this.note("sign-ins ended", by.who, `${account?.name ?? "whoever it was of"}: ${ended} of one session there`, client);
    return ended;
  }

  signOut(secret: string, name: string, client: Client): void {
    this.#signIns.end(secret, "signed out");
    this.note("sign-out", name, "", client);
  }

  /** Everything that was signed in under the old password ends; this browser gets a new secret. */
  async changePassword(
    { name, subject }: Account,
    { current, next }: { readonly current: string; readonly next: string },
    client: Client,
  ): Promise<{ readonly secret: string } | Refusal> {
    const words =
      subject === null ? passwordTrouble(next, name) : "This account has no password here: the provider of single sign-on keeps it.";
    if (words !== null) return { refused: "unfit", words };
    const refusal = await this.#check(this.#accounts.find(name), name, current, client);
    if (refusal !== null) return refusal;
    this.#accounts.setPassword(name, await hashed(next), { at: this.#micros(), who: name, client: client.address });
    return { secret: this.#signIns.begin(this.#accounts.find(name)!, client, this.#now()) };
  }

  /**
   * Whose secret it is, by the file as it stands now; or why it is nobody's. `isAsked`: somebody comes with it; what only stays open is
   * looked at again in silence.
   */
  whose(secret: string, client: Client, isAsked = true): { readonly account: Account } | { readonly ending: Ending | null } {
    let found = this.#signIns.find(secret, client, this.#now());
    if ("signIn" in found) {
      const account = this.#accounts.find(found.signIn.name);
      if (account !== undefined && account.stamp === found.signIn.stamp) return { account };
      this.#signIns.end(secret, "account changed");
      found = this.#signIns.find(secret, client, this.#now());
    }
    if ("signIn" in found) return { ending: "account changed" };
    const { ending, name } = found;
    if (name !== undefined && ending === "elsewhere") this.note("cookie from elsewhere", name, "the sign-in was ended", client);
    else if (name !== undefined && ending !== null && AFTER[ending] !== undefined && isAsked)
      this.note("ended sign-in used", name, AFTER[ending], client);
    return { ending };
  }

  note(what: Audited, who: string, about: string, { address }: Pick<Client, "address">): void {
    const deed: Deed = { at: this.#micros(), who, what, about, client: address };
    this.#trail.write(deed);
  }

  /** One with a password: whom the provider of single sign-on vouches for has none here. */
  #own(name: string): Account | undefined {
    const account = this.#accounts.find(name);
    return account?.subject === null ? account : undefined;
  }

  /** Null when it is the account's password. The name is written only where it is an account's: people type passwords into the wrong field. */
  async #check(account: Account | undefined, name: string, password: string, client: Client): Promise<Refusal | null> {
    const now = this.#now();
    const source = sourceOf(client.address);
    const ms = Math.max(this.#byAddress.wait(source, now), this.#byAccount.wait(name, now));
    if (ms > 0)
      return this.#refused(account, `too soon after wrong ones, ${Math.ceil(ms / 1_000)} s early`, { refused: "wait", ms }, client);
    if (this.#checking >= CHECKED_AT_ONCE_MAX && this.#waiting.length >= WAITING_MAX) return { refused: "busy" };
    this.#byAddress.count(source, now);
    this.#byAccount.count(name, now);
    const isRight = await this.#inTurn(() => isPassword(password, account?.password ?? this.#nobodys));
    if (!isRight || account === undefined) return this.#refused(account, "wrong password", { refused: "wrong" }, client);
    this.#byAddress.takeBack(source);
    this.#byAccount.forgive(name);
    return null;
  }

  #refused(account: Account | undefined, about: string, refusal: Refusal, client: Client): Refusal {
    this.note("sign-in refused", account?.name ?? NOBODY, about, client);
    return refusal;
  }

  async #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    while (this.#checking >= CHECKED_AT_ONCE_MAX) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#checking++;
    try {
      return await work();
    } finally {
      this.#checking--;
      this.#waiting.shift()?.();
    }
  }

  #micros(): number {
    return this.#now() * 1_000;
  }
}
