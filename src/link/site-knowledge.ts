/** What a site added to what we know: its families and its registry of prefixes. */
import { startWithSiteFamilies } from "./site-families.ts";
import { startWithSiteRegistry } from "./site-registry.ts";

/** Before a recording is opened: whatever works devices out here then knows what the pages know. */
export function startWithSiteKnowledge(data: string): void {
  startWithSiteFamilies(data);
  startWithSiteRegistry(data);
}
