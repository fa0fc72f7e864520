/** People who may use the pages, and what is written of what they do there. */

export const ROLE_NAMES = ["viewer", "biomed", "pharmacy", "security", "network", "safety", "admin"] as const;
export type Role = (typeof ROLE_NAMES)[number];

/** Stands behind every name that nobody signed in with, so no name can pass for an account's. */
export const NOT_VERIFIED = " (not verified)";

/** Whoever the provider of single sign-on says is in the group has the role, at one of many sites or at all (null). */
export interface GroupRole {
  readonly group: string;
  readonly role: Role;
  readonly site: string | null;
}

export interface Account {
  readonly name: string;
  readonly role: Role;
  /** Sites of many that it may see; null: all there are. */
  readonly sites: readonly string[] | null;
  /** Argon2id with its parameters and salt, in the PHC string format; "" where the provider of single sign-on vouches for them. */
  readonly password: string;
  /** Who that is to the provider, as it wrote issuer and subject; null: an account of this computer. */
  readonly subject: string | null;
  /** Drawn anew with each password, and when all sign-ins are ended: what was signed in under another one has ended. */
  readonly stamp: string;
  /** Microseconds since 1970, by the wall clock. */
  readonly made: number;
}

/** Everything the audit log tells apart. */
export const AUDITED = [
  "page served",
  "settings",
  "account added",
  "account removed",
  "account renamed",
  "role changed",
  "sites changed",
  "password changed",
  "sign-in",
  "sign-in refused",
  "sign-out",
  "sign-ins ended",
  "ended sign-in used",
  "cookie from elsewhere",
  "right refused",
  "origin refused",
  "wall put up",
  "wall confirmed",
  "wall taken back",
  "group opened",
  "group closed",
  "wall followed",
] as const;
export type Audited = (typeof AUDITED)[number];

/** What somebody did, or was refused. */
export interface Deed {
  /** Microseconds since 1970, by the wall clock. */
  readonly at: number;
  readonly who: string;
  readonly what: Audited;
  readonly about: string;
  /** The address it came from, or "terminal". */
  readonly client: string;
}

export interface AuditRow extends Deed {
  readonly number: number;
}

/** The file of accounts is there and cannot be used. Nothing is served then: without it nobody could be told apart. */
export class UnusableAccounts extends Error {}
