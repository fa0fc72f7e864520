/** Single sign-on as the settings have it. Of the secret nothing is ever printed. */
import { readFileSync } from "node:fs";
import type { SignOnRules } from "../../accounts/sign-on.ts";
import { WrongSettings, type Settings } from "../../config.ts";
import { inWords } from "../refusals.ts";
import type { ProviderOptions } from "./provider.ts";

export interface SignOnAsSet extends SignOnRules {
  readonly provider: ProviderOptions;
}

/** Null: the settings name no provider. Throws WrongSettings where they say half of it, or a file cannot be read. */
export function signOnIn(settings: Settings): SignOnAsSet | null {
  const { signOnIssuer, signOnClient, signOnSecret, signOnTitle, signOnRoles, signOnGroups, signOnName, signOnScopes, signOnCa } = settings;
  if (signOnIssuer === "") return null;
  if (signOnClient === "")
    throw new WrongSettings("signOnClient: expected what Auscult is called at the provider of signOnIssuer, got nothing");
  if (signOnRoles.length === 0)
    throw new WrongSettings("signOnRoles: expected the provider's groups with their roles, such as auscult-biomed=biomed, got none");
  return {
    title: signOnTitle,
    roles: signOnRoles,
    groupsClaim: signOnGroups,
    nameClaim: signOnName,
    provider: {
      issuer: signOnIssuer,
      client: signOnClient,
      scopes: signOnScopes,
      groupsClaim: signOnGroups,
      ...(signOnSecret === "" ? {} : { secret: secretIn(signOnSecret) }),
      ...(signOnCa === "" ? {} : { ca: textIn("signOnCa", signOnCa) }),
    },
  };
}

function secretIn(path: string): string {
  const secret = textIn("signOnSecret", path).trim();
  if (secret === "") throw new WrongSettings(`signOnSecret: expected a file with the secret in it, got an empty one: ${path}`);
  return secret;
}

function textIn(setting: string, path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new WrongSettings(`${setting}: expected a file that can be read, got ${inWords(error)}: ${path}`, { cause: error });
  }
}
