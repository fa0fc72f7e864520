/**
 * One line for words and typed filters. The field on top is real and see-through; under it lies the same text in ink: field names
 * gentian, operators quiet, a word that cannot be read underlined where it stands.
 */
import { IconAlertTriangle, IconFilter, IconX } from "@tabler/icons-react";
import { memo, useEffect, useId, useMemo, useRef, useState } from "react";
import type { Refused } from "../api.ts";
import { useKeys } from "../keys.ts";
import { words } from "../words.ts";
import { pieces } from "./filter-text.ts";

interface FilterBoxProps {
  readonly filter: string;
  readonly matching: number | null;
  readonly total: number | null;
  readonly wrong: Refused | null;
  /** What is listed meanwhile: all, or what the last filter that could be read asked for. */
  readonly keptAll: boolean;
  /** The filter with a value that devices have, where none has the one asked for. */
  readonly instead: string | undefined;
  readonly onFilter: (filter: string) => void;
}

export const FilterBox = memo(({ filter, matching, total, wrong: refused, keptAll, instead, onFilter }: FilterBoxProps) => {
  const [typed, setTyped] = useState(filter);
  const [scrolled, setScrolled] = useState(0);
  const field = useRef<HTMLInputElement>(null);
  const problem = useId();
  // What ends too early goes on: that is no fault yet.
  const unfinished = refused?.column !== undefined && refused.column > filter.trimEnd().length;
  const wrong = unfinished ? null : refused;

  // Facets and views write into the same text.
  useEffect(() => setTyped(filter), [filter]);
  useKeys(useMemo(() => ({ "/": () => field.current?.focus() }), []));

  const write = (text: string) => {
    setTyped(text);
    onFilter(text);
  };
  const corrected =
    wrong?.suggestion === undefined || wrong.column === undefined ? null : replaced(typed, wrong.column, wrong.suggestion, wrong.length);

  return (
    <search className="filter" aria-label="Filter devices">
      <div className={wrong === null ? "filter-box" : "filter-box wrong"}>
        <IconFilter className="icon" size={18} stroke={1.6} color="var(--gentian)" aria-hidden="true" />
        <div className="filter-line">
          <div className="filter-ink" aria-hidden="true">
            <span style={{ transform: `translateX(${-scrolled}px)` }}>
              <Ink text={typed} wrongAt={wrong?.column} length={wrong?.length ?? 1} />
            </span>
          </div>
          <input
            ref={field}
            value={typed}
            placeholder="Words, or kind = printer and last < 5m"
            aria-label="Filter"
            aria-invalid={wrong !== null}
            aria-describedby={wrong === null && !unfinished ? undefined : problem}
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            onChange={(event) => write(event.currentTarget.value)}
            onScroll={(event) => setScrolled(event.currentTarget.scrollLeft)}
            onKeyDown={(event) => event.key === "Escape" && event.currentTarget.blur()}
          />
        </div>
        {matching !== null && total !== null && (
          <span className="filter-count">
            <b>{words.count(matching)}</b> of {words.count(total)}
          </span>
        )}
        {typed !== "" && (
          <button
            type="button"
            className="button alone small"
            aria-label="Clear the filter"
            onClick={() => (write(""), field.current?.focus())}
          >
            <IconX className="icon" size={16} stroke={1.8} aria-hidden="true" />
          </button>
        )}
      </div>
      {wrong !== null && (
        <p className="filter-wrong" id={problem} role="alert">
          <IconAlertTriangle className="icon" size={16} stroke={1.6} aria-hidden="true" />
          <span>
            {words.capital(wrong.message)}
            {wrong.column !== undefined && !/column/.test(wrong.message) && ` (column ${wrong.column})`}
            {!/[.?]$/.test(wrong.message) && "."}{" "}
            {corrected !== null && (
              <button type="button" className="link" onClick={() => (write(corrected), field.current?.focus())}>
                Use “{wrong.suggestion}”
              </button>
            )}
            <span className="filter-kept">
              {keptAll ? "All devices are listed until it can be read." : "The list still shows the last filter that could be read."}
            </span>
          </span>
        </p>
      )}
      {unfinished && (
        <p className="filter-hint" id={problem}>
          It goes on: {refused?.message.replace(/, got the end$/, "")}.
        </p>
      )}
      {wrong === null && !unfinished && instead !== undefined && (
        <p className="filter-hint">
          No device has that value. Did you mean{" "}
          <button type="button" className="link" onClick={() => (write(instead), field.current?.focus())}>
            {instead}
          </button>
          ?
        </p>
      )}
      <p className="unseen" aria-live="polite">
        {matching !== null && total !== null && typed !== "" && wrong === null ? `${matching} of ${total} devices` : ""}
      </p>
    </search>
  );
});

interface InkProps {
  readonly text: string;
  readonly wrongAt: number | undefined;
  readonly length: number;
}

function Ink({ text, wrongAt, length }: InkProps) {
  let column = 1;
  return pieces(text).map((piece) => {
    const from = column;
    column += piece.text.length;
    const marked = wrongAt !== undefined && piece.role !== "space" && from < wrongAt + length && wrongAt < column;
    return (
      <span key={from} className={`ink-${piece.role}${marked ? " ink-wrong" : ""}`}>
        {piece.text}
      </span>
    );
  });
}

function replaced(text: string, column: number, word: string, length?: number): string {
  const rest = text.slice(column - 1);
  const old = /^("[^"]*"?|[^\s()=~<>!,]+)/.exec(rest)?.[0] ?? "";
  return text.slice(0, column - 1) + word + rest.slice(length ?? old.length);
}
