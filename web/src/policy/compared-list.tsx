/**
 * The list of a comparison: a real table whose rows exist only where one looks. One tab stop; arrows, j and k, Home and End move within,
 * Enter leads to what stands behind a row.
 */
import { useVirtualizer } from "@tanstack/react-virtual";
import { IconArrowForwardUp, IconHandStop, IconLock, IconLockOpen } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useCallback, useMemo, useRef, useState, type KeyboardEvent } from "react";
import type { ComparedRow } from "../../../src/model/policy-report.ts";
import { useKeys } from "../keys.ts";
import { CareMark } from "../marks/care.tsx";
import { words } from "../words.ts";

const ROW_HEIGHT = 46;
const PAGE_ROWS = 10;
const DETAIL = "compared-row";
const WHATS = {
  "newly blocked": ["blocks", "Newly blocked", IconHandStop],
  "newly open": ["unsure", "Newly open", IconLockOpen],
  "blocked no more": ["keeps", "Blocked no more", IconArrowForwardUp],
  closed: ["", "Closed", IconLock],
} as const;

export function ComparedList({ rows }: { readonly rows: readonly ComparedRow[] }) {
  const scroller = useRef<HTMLDivElement>(null);
  /** The one that takes the focus; what stands behind it is told beside. */
  const [at, setAt] = useState(0);
  const [isTold, setTold] = useState(false);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 6,
    initialRect: { width: 900, height: 500 },
    // The row with the focus stays, however far one scrolls.
    rangeExtractor: ({ startIndex, endIndex, overscan, count }) => {
      const [from, to] = [Math.max(0, startIndex - overscan), Math.min(count - 1, endIndex + overscan)];
      const seen = Array.from({ length: Math.max(0, to - from + 1) }, (_, place) => from + place);
      return at < from ? [at, ...seen] : at > to && at < count ? [...seen, at] : seen;
    },
  });

  const go = useCallback(
    (index: number) => {
      const next = Math.min(rows.length - 1, Math.max(0, index));
      setAt(next);
      virtual.scrollToIndex(next);
      // The row may have to be made first.
      requestAnimationFrame(() =>
        scroller.current?.querySelector<HTMLElement>(`tr[data-index="${next}"] button`)?.focus({ preventScroll: true }),
      );
    },
    [rows.length, virtual],
  );
  useKeys(useMemo(() => ({ j: () => go(at + 1), k: () => go(at - 1) }), [go, at]));
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    PageDown: at + PAGE_ROWS,
    PageUp: at - PAGE_ROWS,
    Home: 0,
    End: rows.length - 1,
  };
  const pressed = (event: KeyboardEvent) => {
    const next = steps[event.key];
    if (next === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    go(next);
  };
  const tell = (index: number) => {
    setAt(index);
    setTold(true);
    requestAnimationFrame(() => document.getElementById(DETAIL)?.focus());
  };

  if (rows.length === 0) return <p className="notice">Nothing of what was heard, and no way, is other than before.</p>;
  const items = virtual.getVirtualItems();
  const chosen = rows[at];
  return (
    <div className="policy-split">
      <div ref={scroller} className="sheet compared">
        <table aria-rowcount={rows.length + 1}>
          <caption className="unseen">What is other between the two: work that stops first, by what a patient loses</caption>
          <colgroup>
            <col className="compared-what" />
            <col />
            <col className="compared-service" />
            <col className="compared-much" />
          </colgroup>
          <thead>
            <tr aria-rowindex={1}>
              <th scope="col">What</th>
              <th scope="col">Who</th>
              <th scope="col">Service</th>
              <th scope="col">How much</th>
            </tr>
          </thead>
          <tbody>
            {items.map((item, place) => {
              const gap = item.start - (items[place - 1]?.end ?? 0);
              return [
                gap > 0 && <Gap key={`gap ${item.index}`} height={gap} />,
                <Row
                  key={item.index}
                  index={item.index}
                  row={rows[item.index]!}
                  isStop={item.index === at}
                  onFocus={setAt}
                  onTell={tell}
                  onKey={pressed}
                />,
              ];
            })}
            <Gap height={virtual.getTotalSize() - (items.at(-1)?.end ?? 0)} />
          </tbody>
        </table>
      </div>
      <aside className="policy-side" aria-label="The chosen row">
        {isTold && chosen !== undefined ? (
          <Detail row={chosen} back={() => go(at)} />
        ) : (
          <p className="notice">Choose a row: what stands behind it is told here.</p>
        )}
      </aside>
    </div>
  );
}

function Gap({ height }: { readonly height: number }) {
  if (height <= 0) return null;
  return (
    <tr aria-hidden="true" className="gap">
      <td colSpan={4} style={{ height }} />
    </tr>
  );
}

interface RowProps {
  readonly index: number;
  readonly row: ComparedRow;
  /** The list's one tab stop. */
  readonly isStop: boolean;
  readonly onFocus: (index: number) => void;
  readonly onTell: (index: number) => void;
  readonly onKey: (event: KeyboardEvent) => void;
}

function Row({ index, row, isStop, onFocus, onTell, onKey }: RowProps) {
  const [kind, word, Icon] = WHATS[row.what];
  const isConversation = "client" in row;
  return (
    <tr data-index={index} aria-rowindex={index + 2} style={{ height: ROW_HEIGHT }} className={isStop ? "current" : undefined}>
      <td>
        <button
          type="button"
          className={`compared-word verdict-word ${kind}`}
          tabIndex={isStop ? 0 : -1}
          aria-label={`${word}: ${titleOf(row)}`}
          onFocus={() => onFocus(index)}
          onClick={() => onTell(index)}
          onKeyDown={onKey}
        >
          <Icon className="icon" size={16} stroke={1.8} aria-hidden="true" /> {word}
        </button>
        {isConversation && row.care !== "not known" && (
          <span className="second block">
            <CareMark care={row.care} /> {row.care}
          </span>
        )}
      </td>
      <td>
        <b>{isConversation ? `${row.client.name} → ${row.server.name}` : row.text}</b>
        <span className="second block">{isConversation ? words.capital(row.purpose) : "Whether anybody was heard there or not"}</span>
      </td>
      <td>{isConversation ? row.service : row.rule === null ? "" : `Rule ${row.rule}`}</td>
      <td>
        {isConversation ? words.plural(row.days, "day") : words.plural(row.triples, "way")}
        {isConversation && <span className="second block">last {words.day(row.last)}</span>}
      </td>
    </tr>
  );
}

function titleOf(row: ComparedRow): string {
  return "client" in row ? `${row.client.name} → ${row.server.name}, ${row.service}` : row.text;
}

function Detail({ row, back }: { readonly row: ComparedRow; readonly back: () => void }) {
  const [, word] = WHATS[row.what];
  return (
    <section
      className="sheet"
      id={DETAIL}
      tabIndex={-1}
      aria-labelledby={`${DETAIL}-title`}
      onKeyDown={(event) => {
        if (event.key === "Escape") back();
      }}
    >
      <header>
        <h2 id={`${DETAIL}-title`}>
          {word}: {titleOf(row)}
        </h2>
      </header>
      <div className="sheet-body policy-cell">
        {"client" in row ? (
          <>
            <p>
              <End end={row.client} /> → <End end={row.server} />, heard on {words.plural(row.days, "day")}, last {words.time(row.last)}.
            </p>
            {row.without !== "" && <p>Without it: {row.without}.</p>}
            {row.what === "blocked no more" && <p>{row.rule === null ? "Nothing governs it any more." : `Rule ${row.rule} keeps it.`}</p>}
            {row.edit !== "" && (
              <>
                <h3>The edit that would allow it</h3>
                <pre className="policy-edit">{row.edit}</pre>
              </>
            )}
          </>
        ) : (
          <p>
            {words.count(row.triples)} triples of device, peer and port{" "}
            {row.what === "closed" ? "were let through and are no more" : "are let through that were not"}
            {row.rule === null ? ", since nothing governs them" : ` by rule ${row.rule}`}. Nobody need have been heard there.
          </p>
        )}
      </div>
    </section>
  );
}

function End({ end: { device, name, kind } }: { readonly end: Extract<ComparedRow, { readonly client: unknown }>["client"] }) {
  return (
    <>
      <Link to="/devices/$id" params={{ id: device }}>
        {name}
      </Link>
      {kind !== "" && <span className="quiet"> {kind}</span>}
    </>
  );
}
