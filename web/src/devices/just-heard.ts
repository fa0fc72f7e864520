/** Rows that were not among those shown a moment ago, for as long as it is news. Another question, or a mere look further down, makes no row news. */
import { useEffect, useRef, useState } from "react";
import type { DeviceSummary } from "../../../src/model/device.ts";

const NEWS_MS = 10_000;
const NONE: ReadonlySet<string> = new Set();

export function useJustHeard(rows: readonly DeviceSummary[] | undefined, question: string, total: number): ReadonlySet<string> {
  const known = useRef({ question, total: 0, ids: new Set<string>() });
  const [just, setJust] = useState<ReadonlySet<string>>(NONE);
  useEffect(() => {
    if (rows === undefined) return;
    const before = known.current;
    const same = before.question === question && before.ids.size > 0;
    const arrived = same && total > before.total ? rows.filter((row) => !before.ids.has(row.id)).map((row) => row.id) : [];
    known.current = { question, total, ids: same ? before.ids : new Set() };
    for (const row of rows) known.current.ids.add(row.id);
    if (arrived.length === 0) return;
    setJust(new Set(arrived));
    const timer = setTimeout(() => setJust(NONE), NEWS_MS);
    return () => clearTimeout(timer);
  }, [rows, question, total]);
  return just;
}
