/**
 * Rows that arrive never move the row under the pointer or the focus: while a person is in the list its rows keep their order, and
 * newcomers wait. Only the order is held: what a row says, and every count, is as it is now.
 */
import { useEffect, useMemo, useState } from "react";
import type { DeviceSummary } from "../../../src/model/device.ts";
import { nameOf } from "./use-devices.ts";
import type { Shown } from "./use-devices.ts";

interface Hold {
  readonly rows: readonly DeviceSummary[];
  readonly matching: number;
  /** So many wait to be let in. */
  readonly waiting: number;
  readonly setHeld: (held: boolean) => void;
  readonly letIn: () => void;
}

/** `arriving`: newcomers may come. When they do not any more all are let in, and nothing is held: nothing will come that could be waited for. */
export function useHold(shown: Shown | null, arriving: boolean): Hold {
  const [held, setHeld] = useState<Shown | null>(null);
  // Another list, or another part of it: that one is held.
  if (held !== null && shown !== null && placeOf(held) !== placeOf(shown)) setHeld(shown);
  useEffect(() => {
    if (!arriving) setHeld(null);
  }, [arriving]);

  const rows = useMemo(() => {
    if (held === null) return shown?.page.rows ?? [];
    const now = new Map((shown?.page.rows ?? []).map((row) => [row.id, row]));
    return held.page.rows.map((row) => now.get(row.id) ?? row);
  }, [held, shown]);
  return {
    rows,
    matching: (held ?? shown)?.page.matching ?? 0,
    waiting: held === null || shown === null ? 0 : Math.max(0, shown.page.matching - held.page.matching),
    setHeld: (is) => setHeld((before) => (is && arriving ? (before ?? shown) : null)),
    letIn: () => setHeld(shown),
  };
}

function placeOf({ question, offset }: Shown): string {
  return `${offset} ${nameOf(question)}`;
}
