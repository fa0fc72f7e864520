/**
 * The rows in view out of any number: a window of three steps around the one that is looked at, so that scrolling over an edge finds the
 * next rows there already. While a new window, order or filter is on its way, the last good one stays.
 */
import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useState } from "react";
import type { DevicePage } from "../../../src/model/store.ts";
import { api, Refused } from "../api.ts";

/** More than fit the tallest screen. */
const STEP = 40;
/** A filter half typed is not wrong yet: what is said of it, and what is counted beside it, waits until the hand rests. The rows do not. */
export const RESTED_MS = 600;

export interface Question {
  readonly filter: string;
  readonly sort: string;
  readonly descending: boolean;
}

interface Devices {
  /** Null until the first page has come. */
  readonly shown: Shown | null;
  /** Why the filter cannot be read, once the hand rests. Then the rows are those of the last filter that could be, or all. */
  readonly wrong: Refused | null;
  readonly keptAll: boolean;
  /** Why no rows came. */
  readonly error: Error | null;
  readonly again: () => void;
  /** The first row in view, of what is shown. */
  readonly look: (first: number) => void;
  /** Asks before the address has changed, so that the answer is on its way while the page is drawn. */
  readonly ahead: (question: Question) => void;
}

export interface Shown {
  readonly offset: number;
  readonly question: Question;
  /** What the recording was when it was asked. */
  readonly version: number;
  readonly page: DevicePage;
}

export function useDevices(question: Question, version: number): Devices {
  const client = useQueryClient();
  const [unreadable, setUnreadable] = useState<{ readonly filter: string; readonly error: Refused } | null>(null);
  const [kept, setKept] = useState(question.filter);
  const wrong = unreadable?.filter === question.filter ? unreadable.error : null;
  const asked = wrong === null ? question : { ...question, filter: kept };
  // Another question is looked at from its first row.
  const [at, setAt] = useState({ offset: 0, of: nameOf(asked) });
  const offset = at.of === nameOf(asked) ? at.offset : 0;

  const { data, error, refetch } = useQuery(pageAt(asked, offset, version));
  const refused = error instanceof Refused && error.status === 400 ? error : null;
  const readable = data !== undefined && wrong === null;
  useEffect(() => {
    if (refused === null && !readable) return;
    const timer = setTimeout(() => {
      if (refused === null) return setKept(question.filter);
      setUnreadable({ filter: question.filter, error: refused });
      // It came with the address, so no other was read before it: all devices stand in.
      setKept((before) => (before === question.filter ? "" : before));
    }, RESTED_MS);
    return () => clearTimeout(timer);
  }, [refused, readable, question.filter]);

  const [last, setLast] = useState<Shown | null>(null);
  if (data !== undefined && data !== last) setLast(data);
  const shown = data ?? last;

  const lookedAt = shown?.question;
  const look = useCallback(
    (first: number) => {
      if (lookedAt === undefined) return;
      const next = Math.max(0, Math.floor(first / STEP) - 1) * STEP;
      void client.prefetchQuery(pageAt(lookedAt, next, version));
      setAt((before) => (before.offset === next && before.of === nameOf(lookedAt) ? before : { offset: next, of: nameOf(lookedAt) }));
    },
    [client, lookedAt, version],
  );
  const ahead = useCallback((next: Question) => void client.prefetchQuery(pageAt(next, 0, version)), [client, version]);
  return { shown, wrong, keptAll: kept === "", error: refused === null ? error : null, again: () => void refetch(), look, ahead };
}

function pageAt(question: Question, offset: number, version: number) {
  return queryOptions({
    queryKey: ["devices", question.filter, question.sort, question.descending, offset, version],
    queryFn: async ({ signal }): Promise<Shown> => ({
      offset,
      question,
      version,
      page: await api.devices({ ...question, offset, limit: 3 * STEP }, signal),
    }),
    staleTime: 60_000,
    gcTime: 30_000,
  });
}

export function nameOf({ filter, sort, descending }: Question): string {
  return `${sort} ${descending} ${filter}`;
}
