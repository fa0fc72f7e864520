/**
 * Who a request comes from. Where there are accounts, whoever signed in; where there are none, on loopback alone, whoever holds the token
 * of the printed address: their name is what they say it is, and is marked so wherever it stands.
 */
import type { FastifyRequest } from "fastify";
import type { Client } from "../accounts/client.ts";
import type { Door } from "../accounts/door.ts";
import type { SignOn } from "../accounts/sign-on.ts";
import type { Ending } from "../accounts/sign-ins.ts";
import { NOT_VERIFIED, type Account } from "../model/account.ts";
import type { Cookies } from "./cookies.ts";
import { nameOf, sameToken } from "./token.ts";

export interface Visitor {
  /** As written beside every change. */
  readonly who: string;
  /** Null: the holder of the token, who may do everything. */
  readonly account: Account | null;
  /** The name is an account's, or the person has said it. */
  readonly isNamed: boolean;
}
/** Why nobody is let in, and whether signing in would help. */
export interface Outsider {
  readonly message: string;
  readonly signIn: boolean;
  /** Of the button of single sign-on, where there is one. */
  readonly signOn?: string;
}

interface Ways {
  readonly door: Door | undefined;
  /** Null: no token lets anybody in. */
  readonly token: string | null;
  readonly cookies: Cookies;
  /** Absent: accounts of this computer alone. */
  readonly signOn?: Pick<SignOn, "title"> | undefined;
}

export const NAME = /^[\p{L}\p{N}][\p{L}\p{N} .'-]{0,39}$/u;

/** `isAsked`: it is a request, and not one that stays open and is looked at again. */
export function visitorOf(request: FastifyRequest, { door, token, cookies, signOn }: Ways, isAsked: boolean): Visitor | Outsider {
  if (door?.hasAccounts === true) {
    const found = door.whose(cookies.read(request, "signIn"), clientOf(request), isAsked);
    if (!("account" in found)) {
      const message = found.ending === null ? "Sign in to go on." : ENDINGS[found.ending];
      return { message, signIn: true, ...(signOn === undefined ? {} : { signOn: signOn.title }) };
    }
    return { who: found.account.name, account: found.account, isNamed: true };
  }
  if (token === null || !sameToken(bearerOf(request) ?? cookies.read(request, "token"), token))
    return { message: "expected the token: open the address that Auscult printed when it started", signIn: false };
  const name = saidName(cookies.read(request, "name"));
  return { who: `${name ?? nameOf(token)}${NOT_VERIFIED}`, account: null, isNamed: name !== null };
}

const ENDINGS: Readonly<Record<Ending, string>> = {
  idle: "Nothing was asked for an hour, so this sign-in has ended. Sign in again.",
  over: "This sign-in has ended after twelve hours. Sign in again.",
  elsewhere:
    "This sign-in was used from another browser or another network, and has ended. Sign in again. If that was not you, set another password and tell whoever keeps the accounts.",
  "signed out": "You are signed out.",
  "too many": "This account was signed in at more than ten places; this one, the oldest, has ended.",
  "account changed": "This account or its password was changed, or all its sign-ins were ended. Sign in again.",
  "ended by the provider": "The provider of single sign-on has ended this sign-in. Sign in again.",
};

export function clientOf(request: FastifyRequest): Client {
  return { address: request.socket.remoteAddress ?? "", agent: request.headers["user-agent"] ?? "" };
}

export function bearerOf(request: FastifyRequest): string | undefined {
  return /^Bearer (\S+)$/.exec(request.headers.authorization ?? "")?.[1];
}

function saidName(cookie: string): string | null {
  try {
    const name = decodeURIComponent(cookie);
    return NAME.test(name) ? name : null;
  } catch {
    return null; // A cookie that is no text of ours says no name.
  }
}
