/** Group by group: read across, the group on the left may open a conversation to the group above. One tab stop; arrows move in it. */
import { IconCheck, IconClock, IconHandStop, IconQuestionMark } from "@tabler/icons-react";
import { memo, useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { KeyboardEvent } from "react";
import type { PolicyReport, ReportedCell, ReportedGroup } from "../../../src/model/policy-report.ts";
import { CareMark } from "../marks/care.tsx";
import { words } from "../words.ts";
import { CellSheet } from "./cell-sheet.tsx";
import { STATES, stateOf } from "./cell-state.ts";
import type { CellState } from "./cell-state.ts";

export const ICONS = { kept: IconCheck, blocks: IconHandStop, unsure: IconQuestionMark, waits: IconClock } as const;

export function Matrix({ report, name }: { readonly report: PolicyReport; readonly name: string | null }) {
  const { groups, cells } = report;
  const [[row, column], setAt] = useState<readonly [number, number]>(() => first(cells));
  const body = useRef<HTMLTableElement>(null);
  const scrolled = useRef<HTMLDivElement>(null);
  const byRow = useMemo(() => {
    const rows = groups.map(() => new Map<number, ReportedCell>());
    for (const it of cells) rows[it.from]?.set(it.to, it);
    return rows;
  }, [groups, cells]);
  const shown = useRef(false);
  useEffect(() => {
    // Of a large one what needs a person may lie far to the right; the page itself stays where it is.
    const chosen = body.current?.querySelector('[tabindex="0"]');
    if (!shown.current && chosen != null && scrolled.current !== null) bringInto(scrolled.current, chosen);
    shown.current = true;
  });
  // Rows are drawn again only where something of theirs changes: what they call stays the same.
  const choose = useCallback((to: number, across: number) => setAt([to, across]), []);
    if (groups.length === 0) return <p className="notice">It names no group yet: write some into its text.</p>;

  const go = (to: readonly [number, number]) => {
    setAt(to);
    body.current?.querySelector<HTMLElement>(`[data-at="${to[0]} ${to[1]}"]`)?.focus();
  };
  const asking = cells.filter((it) => it.blocked + it.unsure > 0);
  return (
    <div className="policy-split">
      <div>
        <div ref={scrolled} className="scroll-x policy-scroll">
          <table ref={body} className="matrix" aria-label="Who may talk to whom">
            <thead>
              <tr>
                <th scope="col" className="matrix-corner">
                  From ↓ to →
                </th>
                {groups.map((group, place) => (
                  <th key={group.name} scope="col" className={place === column ? "lit" : undefined}>
                    <span className="matrix-to">{group.name}</span>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {groups.map((group, place) => (
                <Row
                  key={group.name}
                  groups={groups}
                  place={place}
                  cells={byRow[place]!}
                  chosen={place === row ? column : null}
                  choose={choose}
                  keys={moved}
                />
              ))}
            </tbody>
          </table>
        </div>
        <ul className="legend policy-legend">
          {(Object.keys(ICONS) as (keyof typeof ICONS)[]).map((state) => {
            const Icon = ICONS[state];
            return (
              <li key={state}>
                <Icon className="icon" size={14} stroke={1.8} aria-hidden="true" /> {STATES[state][1]}
              </li>
            );
          })}
          <li>· {STATES.denied[1]}</li>
          <li>blank: {STATES.free[1]}</li>
        </ul>
      </div>
      <aside className="policy-side" aria-label="Of this cell, and what needs a person">
        <CellSheet report={report} from={row} to={column} name={name} />
        <section className="sheet">
          <header>
            <h2>{asking.length === 0 ? "No cell needs you" : `${words.plural(asking.length, "cell")} need${asking.length === 1 ? "s" : ""} you`}</h2>
          </header>
          {asking.length > 0 && (
            <ul className="policy-list">
              {asking.map((it) => (
                <li key={`${it.from} ${it.to}`}>
                  <button type="button" className="link" onClick={() => go([it.from, it.to])}>
                    {groups[it.from]!.name} → {groups[it.to]!.name}
                  </button>
                  <span className="quiet">{words.count(it.blocked + it.unsure)} heard</span>
                </li>
              ))}
            </ul>
          )}
        </section>
      </aside>
    </div>
  );
} // prettier-ignore

/** Arrows, Home and End move the focus from cell to cell; Enter goes to what stands behind the cell. */
function moved(event: KeyboardEvent): void {
  if (event.key === "Enter") {
    event.preventDefault();
    return document.getElementById("cell-sheet")?.focus();
  }
  const cell = event.currentTarget.closest("td")!;
  const row = cell.parentElement as HTMLTableRowElement;
  const rows = [...row.parentElement!.children] as HTMLTableRowElement[];
  const [down, across] = [rows.indexOf(row), cell.cellIndex];
  const last = row.cells.length - 1;
  const at = (
    {
      ArrowUp: [down - 1, across],
      ArrowDown: [down + 1, across],
      ArrowLeft: [down, across - 1],
      ArrowRight: [down, across + 1],
      Home: [event.ctrlKey ? 0 : down, 1],
      End: [event.ctrlKey ? rows.length - 1 : down, last],
    } as Readonly<Record<string, readonly [number, number]>>
  )[event.key];
  if (at === undefined) return;
  event.preventDefault();
  // The first of a row is its name.
  if (at[1] > 0) rows[at[0]]?.cells[at[1]]?.querySelector("button")?.focus();
}

function bringInto(box: Element, cell: Element): void {
  const [of, it] = [box.getBoundingClientRect(), cell.getBoundingClientRect()];
  box.scrollBy({ left: Math.max(0, it.right - of.right), top: Math.max(0, it.bottom - of.bottom) });
}

/** The first that asks for a person, else the first with anything in it. */
function first(cells: readonly ReportedCell[]): readonly [number, number] {
  const cell = cells.find((it) => it.blocked + it.unsure > 0) ?? cells[0];
  return cell === undefined ? [0, 0] : [cell.from, cell.to];
}

interface RowProps {
  readonly groups: readonly ReportedGroup[];
  readonly place: number;
  readonly cells: ReadonlyMap<number, ReportedCell>;
  /** The column that is chosen, if this is its row. */
  readonly chosen: number | null;
  readonly choose: (row: number, column: number) => void;
  readonly keys: (event: KeyboardEvent) => void;
}

const Row = memo(
  function Row({ groups, place, cells, chosen, choose, keys }: RowProps) {
    const group = groups[place]!;
    return (
      <tr>
        <th scope="row" className={chosen === null ? undefined : "lit"}>
          {group.care !== null && <CareMark care={group.care} />} {group.name}{" "}
          {!group.builtIn && <span className="quiet">{words.count(group.members)}</span>}
        </th>
        {groups.map((to, column) => (
          <Cell
            key={to.name}
            at={`${place} ${column}`}
            state={stateOf(group, to, cells.get(column))}
            cell={cells.get(column)}
            label={`${group.name} to ${to.name}`}
            chosen={chosen === column}
            choose={() => choose(place, column)}
            keys={keys}
          />
        ))}
      </tr>
    );
  },
  (a, b) => a.groups === b.groups && a.cells === b.cells && a.chosen === b.chosen,
);

interface CellProps {
  readonly at: string;
  readonly state: CellState;
  readonly cell: ReportedCell | undefined;
  readonly label: string;
  readonly chosen: boolean;
  readonly choose: () => void;
  readonly keys: (event: KeyboardEvent) => void;
}

function Cell({ at, state, cell, label, chosen, choose, keys }: CellProps) {
  const [word, means] = STATES[state];
  const heard = cell === undefined ? 0 : cell.kept + cell.blocked + cell.unsure;
  const Icon = state === "denied" || state === "free" ? null : ICONS[state];
  return (
    <td className={`cell-${state}`}>
      <button
        type="button"
        data-at={at}
        tabIndex={chosen ? 0 : -1}
        aria-current={chosen}
        aria-label={`${label}: ${means}${heard > 0 ? `, ${words.plural(heard, "conversation")} heard` : ""}`}
        onFocus={choose}
        onClick={choose}
        onKeyDown={keys}
      >
        {Icon === null ? (
          state === "denied" && "·"
        ) : (
          <>
            <Icon className="icon" size={14} stroke={1.8} aria-hidden="true" /> {word}
            {heard > 0 && (
              <b className="block">{words.count(state === "blocks" ? cell!.blocked : state === "unsure" ? cell!.unsure : heard)}</b>
            )}
          </>
        )}
      </button>
    </td>
  );
}
