/** What went wrong with the provider of single sign-on, in words. Of what it sent nothing is repeated but short codes of the standard. */
import { SignOnTrouble } from "../../accounts/sign-on.ts";

interface Clue {
  readonly code?: string;
  readonly name?: string;
  readonly message?: string;
  readonly error?: unknown;
  readonly claim?: string;
  readonly cause?: unknown;
}

export function troubleOf(error: unknown): SignOnTrouble {
  if (error instanceof SignOnTrouble) return error;
  const clues = [...chain(error)];
  const away = first(clues, ({ code = "", name = "" }) => AWAY[code] ?? AWAY[name] ?? certificateWords(code));
  if (away !== undefined) return new SignOnTrouble("away", `the provider ${away}`, { cause: error });
  const refused =
    first(clues, ({ error: said, code }) =>
      code?.startsWith("OAUTH_") === true && typeof said === "string" ? saidWords(said) : undefined,
    ) ??
    first(clues, tokenWords) ??
    first(clues, ({ code = "" }) => REFUSED[code]);
  if (refused !== undefined) return new SignOnTrouble("refused", refused, { cause: error });
  // What the provider answered is none of these: neither is it ours, and nobody is let in by it.
  return new SignOnTrouble("away", "the provider answered what OpenID Connect does not provide for", { cause: error });
}

const NOT_IN_TIME = "did not answer in time";
const AWAY: Readonly<Record<string, string>> = {
  ECONNREFUSED: "cannot be reached: nothing answers at its address",
  ECONNRESET: "cannot be reached: it ended the connection",
  EHOSTUNREACH: "cannot be reached: no way leads there",
  ENETUNREACH: "cannot be reached: no way leads there",
  ENOTFOUND: "cannot be reached: its name is not known here",
  EAI_AGAIN: "cannot be reached: its name could not be looked up",
  ETIMEDOUT: NOT_IN_TIME,
  ABORT_ERR: NOT_IN_TIME,
  OAUTH_TIMEOUT: NOT_IN_TIME,
  OAUTH_ABORT: NOT_IN_TIME,
  ERR_JWKS_TIMEOUT: NOT_IN_TIME,
  OAUTH_RESPONSE_IS_NOT_CONFORM: "answered with an error of its own",
  OAUTH_RESPONSE_IS_NOT_JSON: "answered with something that is no JSON",
  OAUTH_PARSE_ERROR: "answered with something that cannot be read",
  OAUTH_HTTP_REQUEST_FORBIDDEN: "names an address without TLS",
  OAUTH_REQUEST_PROTOCOL_FORBIDDEN: "names an address that is none of the web",
  OAUTH_MISSING_SERVER_METADATA: "leaves out of its discovery document what is needed",
  OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED: "calls itself otherwise than the setting signOnIssuer does",
};

function certificateWords(code: string): string | undefined {
  const isOfTls = /CERT|SIGNATURE_FAILURE|^ERR_TLS|^ERR_SSL/.test(code) && !code.startsWith("OAUTH") && !code.startsWith("ERR_J");
  return isOfTls ? `has a certificate that does not hold (${code}); the setting signOnCa names its authority` : undefined;
}

function tokenWords({ code, message = "", cause }: Clue): string | undefined {
  const claim = claimIn(cause);
  switch (code) {
    case "OAUTH_JWT_TIMESTAMP_CHECK_FAILED":
      return claim === "exp" ? "the identity token has expired" : "the identity token is of another time than this computer's clock";
    case "OAUTH_JWT_CLAIM_COMPARISON_FAILED":
      return CLAIMS[claim] ?? "the identity token says something else than it must";
    case "OAUTH_KEY_SELECTION_FAILED":
      return "the identity token is signed with a key that the provider does not publish";
    case "OAUTH_UNSUPPORTED_OPERATION":
      return NOT_SIGNED;
    case "OAUTH_INVALID_RESPONSE":
      if (/"alg"/.test(message)) return NOT_SIGNED;
      if (/signature/.test(message)) return "the signature of the identity token does not fit it";
      if (/state/.test(message)) return "the answer belongs to another sign-in (state)";
      // One that is missing, or stands in the address.
      return CLAIMS[/"(iss|aud|nonce)"/.exec(message)?.[1] ?? ""];
    default:
      return undefined;
  }
}

const NOT_SIGNED = "the identity token is not signed, or in a way that is not allowed";
const CLAIMS: Readonly<Record<string, string>> = {
  aud: "the identity token is for another audience",
  azp: "the identity token is for another audience",
  iss: "the identity token is of another issuer",
  nonce: "the identity token belongs to another sign-in (nonce)",
};

/** RFC 6749 sections 4.1.2.1 and 5.2. */
const SAID: Readonly<Record<string, string>> = {
  access_denied: "the provider let nobody in (access_denied)",
  invalid_client: "the provider does not take the client id and secret of the settings (invalid_client)",
  unauthorized_client: "the provider does not take the client id and secret of the settings (unauthorized_client)",
  invalid_grant: "the provider does not know this sign-in any more (invalid_grant)",
  invalid_scope: "the provider has not all scopes of the setting signOnScopes (invalid_scope)",
};

function saidWords(said: string): string {
  return SAID[said] ?? (/^[a-z_]{1,60}$/.test(said) ? `the provider refused (${said})` : "the provider refused");
}

/** Where nothing before it says more; of a logout token by jose's codes. */
const REFUSED: Readonly<Record<string, string>> = {
  OAUTH_INVALID_RESPONSE: "the provider's answer is not complete, or not as it must be",
  ERR_JWT_EXPIRED: "a logout token had expired",
  ERR_JWT_CLAIM_VALIDATION_FAILED: "a logout token says something else than it must",
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: "the signature of a logout token does not fit it",
  ERR_JWKS_NO_MATCHING_KEY: "a logout token is signed with a key that the provider does not publish",
  ERR_JWS_INVALID: "something that is no logout token came for one",
  ERR_JWT_INVALID: "something that is no logout token came for one",
  ERR_JOSE_ALG_NOT_ALLOWED: "a logout token is not signed, or in a way that is not allowed",
  ERR_JOSE_NOT_SUPPORTED: "a logout token is not signed, or in a way that is not allowed",
};

const CAUSES_MAX = 8;

function* chain(error: unknown): Generator<Clue> {
  let at = error;
  for (let depth = 0; depth < CAUSES_MAX && typeof at === "object" && at !== null; depth++) {
    yield at;
    at = (at as Clue).cause;
  }
}

/** The library tells it of the error it is about, or of that one's cause. */
function claimIn(cause: unknown): string {
  for (const { claim } of chain(cause)) if (typeof claim === "string") return claim;
  return "";
}

function first(clues: readonly Clue[], words: (clue: Clue) => string | undefined): string | undefined {
  for (const clue of clues) {
    const found = words(clue);
    if (found !== undefined) return found;
  }
  return undefined;
}
