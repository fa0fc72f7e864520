/** What is wrong with a fleet → its risk on three sides, and what to do today. */
export { HeardWays, type Way } from "./reach.ts";
export { dailySums } from "./daily.ts";
export { riskOf, shares, type Endangered } from "./risk.ts";
export { todayOf } from "./today.ts";
export type { Heard } from "./sentences.ts";
export type { Rated } from "./group.ts";
