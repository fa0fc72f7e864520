/** What waits, in a sentence, for pages, commands and outputs alike. */
import { thousands } from "../bytes/thousands.ts";
import { TEAM, type RoleAsked } from "./asking.ts";
import { SEVERITIES, type Finding, type Severity } from "./finding.ts";

/** "9,990 findings wait until one of the 10 that ask the team is taken: 9,000 × Network scan (high), and 2 other sorts". Null where none waits. */
export function waitingInWords({ role, atOnce, waiting, waits, waitsBeyond }: RoleAsked): string | null {
  if (waiting === 0) return null;
  const named = waits.map(({ title, severity, count }) => `${thousands(count)} × ${title} (${severity})`);
  const beyond = waitsBeyond === 0 ? [] : [`${waitsBeyond} other ${waitsBeyond === 1 ? "sort" : "sorts"}`];
  const whom = role === TEAM ? TEAM : `the role ${role}`;
  const places = atOnce === 1 ? "the one that asks" : `one of the ${thousands(atOnce)} that ask`;
  return `${thousands(waiting)} ${waiting === 1 ? "finding waits" : "findings wait"} until ${places} ${whom} is taken: ${[...named, ...beyond].join(", ")}`;
}

/** A clinical one from here on may cost a life. */
const DANGEROUS: Severity = "high";

export function isDangerous({ family, severity }: Pick<Finding, "family" | "severity">): boolean {
  return family === "clinical" && SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(DANGEROUS);
}

/** New, and its turn has not come. */
export function isWaiting({ id, standing, planned }: Pick<Finding, "id" | "standing" | "planned">, asked: readonly RoleAsked[]): boolean {
  return standing.state === "new" && planned === null && !asked.some(({ asking }) => asking.includes(id));
}
