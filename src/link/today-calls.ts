/** Whom to call about each sentence and each piece of work of today, by ward, kind, maker and hour. */
import type { Called, Today, TodayCalled, Whereabouts } from "../model/today.ts";
import { callsFor, contactsIn } from "./contacts.ts";

/** `hour`: of the site's day. */
export function withCalls(today: Today, data: string, hour: number): TodayCalled {
  const { contacts } = contactsIn(data);
  const called = <Of extends { readonly party: Whereabouts | null }>(it: Of): Of & Called => {
    const { contacts: whom, missing } = callsFor(contacts, it.party, hour);
    return { ...it, contacts: whom, noContact: missing };
  };
  return { ...today, sentences: today.sentences.map(called), work: { ...today.work, items: today.work.items.map(called) } };
}
