/**
 * Whom a header of the HTTP family proves (RFC 9110 section 11.4): HTTP, RTSP and SIP write it alike. For telling users apart within a
 * parser; neither part goes further.
 */
import { ntlmUser } from "./ntlm-user.ts";

export interface Authorization {
  readonly scheme: string;
  /** "" where it is hidden or nobody. */
  readonly user: string;
  /** Null where only a proof of it is there. */
  readonly password: string | null;
}

/** Null where nothing is proven yet: no header, or only the first of several steps. */
export function authorization(value: string): Authorization | null {
  const space = value.indexOf(" ");
  if (space < 0) return null;
  const scheme = value.slice(0, space).toLowerCase();
  const token = value.slice(space + 1).trim();
  switch (scheme) {
    case "basic": {
      // RFC 7617 section 2: the first colon parts them.
      const text = Buffer.from(token, "base64").toString("latin1");
      const colon = text.indexOf(":");
      return colon < 0 ? null : { scheme, user: text.slice(0, colon), password: text.slice(colon + 1) };
    }
    case "digest": {
      const user = /\busername="([^"]{0,256})"/i.exec(token)?.[1];
      return user === undefined ? null : { scheme, user, password: null };
    }
    case "ntlm":
    case "negotiate": {
      const user = ntlmUser(Buffer.from(token, "base64"));
      return user === null || user === "" ? null : { scheme, user, password: null };
    }
    default:
      return null;
  }
}
