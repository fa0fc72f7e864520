/** How long two have known each other: what a stranger does is judged otherwise than what somebody does who comes every day. */
import type { Known, Party } from "../model/finding.ts";

const SECOND_US = 1_000_000;
const DAY_US = 24 * 3600 * SECOND_US;
/** Before so long everybody is a stranger, so nobody is. */
const LEARNING_US = 3 * DAY_US;
/** Routers, bridges and servers of addresses are heard every day. Of those silent for longer nobody takes anything over: they are of another place, or were replaced. */
const STANDS_US = 2 * DAY_US;

/** They conversed a day ago or longer (in this protocol, where one is given); what began with the very thing that is judged does not count. */
export function areAcquainted(known: Known, client: Party, server: Party, at: number, protocol?: string): boolean {
  const since = known.conversedSince(client, server, protocol);
  return since !== null && at - since >= DAY_US;
}

/** The site is heard for long enough that "never before" means something. */
export function isLearned(known: Known, at: number): boolean {
  return at - known.since >= LEARNING_US;
}

/** It was heard for so long by then that what it never did means something. */
export function wasHeardLong(known: Known, party: Party, at: number): boolean {
  const since = known.heardSince(party);
  return since !== null && at - since >= LEARNING_US;
}

/** Who did the same a day ago does it as a rule: it was told then, and people said what it was. */
export function isRule(first: number | null, at: number): boolean {
  return first !== null && at - first >= DAY_US;
}

/** It was heard to do so lately, so that who does it now does it beside or instead of it. */
export function stillStands(last: number | undefined, at: number): boolean {
  return last !== undefined && at - last <= STANDS_US;
}
