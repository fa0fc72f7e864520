/** How many findings ask whom at one time, as the site's settings say. */
import { readSettings, type Settings } from "../config.ts";
import type { AskRules } from "../model/asking.ts";

export function askRulesOf({ site, askedAtOnce, shifts, askedRoles }: Settings): AskRules {
  return { site, atOnce: askedAtOnce, shifts, roles: askedRoles };
}

export function askRulesIn(data: string): AskRules {
  return askRulesOf(readSettings(data));
}
