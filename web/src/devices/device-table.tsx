/**
 * The table: a real one, whose rows exist only where one looks. Rows that arrive never move the row under the pointer or the focus:
 * they wait, and a line says how many.
 */
import { useVirtualizer } from "@tanstack/react-virtual";
import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import { useRouter } from "@tanstack/react-router";
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import type { DeviceSummary } from "../../../src/model/device.ts";
import { useKeys } from "../keys.ts";
import { words } from "../words.ts";
import { aboutColumn, DAYS_SHOWN } from "./columns.tsx";
import type { ColumnName, Surroundings } from "./columns.tsx";
import { DeviceRow } from "./device-row.tsx";
import { RowMenu } from "./row-menu.tsx";
import { indexOf, linkAt, scrollTo, usePlace } from "./place.ts";
import { nameOf } from "./use-devices.ts";
import type { Question } from "./use-devices.ts";

interface DeviceTableProps {
  readonly rows: readonly DeviceSummary[];
  readonly offset: number;
  readonly matching: number;
  /** Not one page has come yet: bars stand in its columns. */
  readonly waiting: boolean;
  readonly question: Question;
  readonly columns: readonly ColumnName[];
  readonly rowHeight: number;
  readonly surroundings: Surroundings;
  readonly justHeard: ReadonlySet<string>;
  readonly onSort: (sort: string, descending: boolean) => void;
  readonly onFilter: (filter: string) => void;
  readonly onLook: (first: number) => void;
  /** The pointer was moved within the list, or the focus is in it. A pointer that rests where a list appears holds nothing. */
  readonly onHeld: (held: boolean) => void;
}

export function DeviceTable(props: DeviceTableProps) {
  const { rows, offset, matching, waiting, question, columns, rowHeight, surroundings, justHeard, onLook, onHeld } = props;
  const scroller = useRef<HTMLElement>(null);
  const pointer = useRef<{ readonly x: number; readonly y: number } | null>(null);
  const [menu, setMenu] = useState<{ readonly device: DeviceSummary; readonly x: number; readonly y: number } | null>(null);

  const virtual = useVirtualizer({
    count: matching,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 5,
    initialRect: { width: 1000, height: 600 },
    // Asked in the event that scrolls: an effect would come a frame later.
    onChange: (list, isScrolling) => isScrolling && onLook(list.range?.startIndex ?? 0),
  });
  useEffect(() => virtual.measure(), [virtual, rowHeight]);
  const items = virtual.getVirtualItems();

  // An event that came while the list was drawn anew may have been told of the place before.
  const first = virtual.range?.startIndex ?? 0;
  const isBare = !waiting && first < matching && rows[first - offset] === undefined;
  useEffect(() => {
    if (isBare) onLook(first);
  }, [isBare, first, onLook]);

  const list = nameOf(question);
  usePlace({
    list,
    scroller,
    virtual,
    rows,
    onLook: useCallback((top: number) => onLook(Math.floor(top / rowHeight)), [onLook, rowHeight]),
  });
  // Other rows are read from their first one.
  const before = useRef(list);
  useLayoutEffect(() => {
    if (before.current !== list && scroller.current !== null) scrollTo(scroller.current, virtual, 0);
    before.current = list;
  }, [list, virtual]);

  /** On its way into focus, so that keys pressed faster than rows are drawn each count. */
  const going = useRef<number | null>(null);
  const focusRow = useCallback(
    (step: number) => {
      const row = document.activeElement?.closest<HTMLElement>("tr[data-index]") ?? null;
      const here = row !== null && scroller.current?.contains(row) ? indexOf(row) : (virtual.range?.startIndex ?? 0) - Math.max(0, step);
      const index = Math.min(matching - 1, Math.max(0, (going.current ?? here) + step));
      going.current = index;
      virtual.scrollToIndex(index);
      // The row may have to be made first.
      requestAnimationFrame(() => {
        if (going.current !== index) return;
        going.current = null;
        linkAt(scroller.current, index)?.focus();
      });
    },
    [matching, virtual],
  );
  const router = useRouter();
  const open = useCallback(({ id }: DeviceSummary) => void router.navigate({ to: "/devices/$id", params: { id } }), [router]);
  const openMenu = useCallback(
    (row: HTMLElement, x?: number, y?: number) => {
      const device = rows[indexOf(row) - offset];
      const box = row.getBoundingClientRect();
      if (device !== undefined) setMenu({ device, x: x ?? box.left + 60, y: y ?? box.bottom - 6 });
    },
    [rows, offset],
  );
  useKeys(
    useMemo(
      () => ({
        j: () => focusRow(1),
        k: () => focusRow(-1),
        ".": () => {
          const row = document.activeElement?.closest<HTMLElement>("tr[data-index]");
          if (row === null || row === undefined) return false;
          openMenu(row);
        },
      }),
      [focusRow, openMenu],
    ),
  );

  const above = items[0]?.start ?? 0;
  const below = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    <section
      ref={scroller}
      className="table-scroller"
      aria-label="Devices, scrolls"
      tabIndex={-1}
      onPointerMove={(event) => {
        const { clientX: x, clientY: y } = event;
        const before = pointer.current;
        pointer.current = { x, y };
        // A list that changes under a pointer at rest makes moves of its own.
        if (before !== null && (before.x !== x || before.y !== y)) onHeld(true);
      }}
      onPointerLeave={(event) => {
        pointer.current = null;
        onHeld(event.currentTarget.contains(document.activeElement));
      }}
      onFocus={() => onHeld(true)}
      onBlur={(event) => onHeld(event.currentTarget.contains(event.relatedTarget))}
    >
      {waiting && (
        <p className="unseen" role="status">
          Devices are on their way
        </p>
      )}
      <table
        className={waiting ? "devices waiting" : "devices"}
        aria-busy={waiting}
        aria-rowcount={waiting ? -1 : matching + 1}
        data-dense={rowHeight < 40 || undefined}
      >
        <caption className="unseen">Devices, sorted by {question.sort}</caption>
        <colgroup>
          {columns.map((name) => (
            <col key={name} className={`col-${name}`} style={{ width: aboutColumn(name).width }} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map((name) => (
              <HeadCell key={name} name={name} {...props} />
            ))}
          </tr>
        </thead>
        <tbody>
          {above > 0 && <Gap height={above} />}
          {items.map(({ index }) => {
            const device = rows[index - offset] ?? null;
            return (
              <DeviceRow
                key={index}
                index={index}
                device={device}
                columns={columns}
                height={rowHeight}
                surroundings={surroundings}
                justHeard={device !== null && justHeard.has(device.id)}
                onOpen={open}
                onMenu={openMenu}
              />
            );
          })}
          {below > 0 && <Gap height={below} />}
        </tbody>
      </table>
      {menu !== null && <RowMenu {...menu} filter={question.filter} onFilter={props.onFilter} close={() => setMenu(null)} />}
    </section>
  );
}

function Gap({ height }: { readonly height: number }) {
  return (
    <tr aria-hidden="true" className="gap">
      <td style={{ height }} />
    </tr>
  );
}

function HeadCell({ name, question, onSort, surroundings }: { readonly name: ColumnName } & DeviceTableProps) {
  const { title, sort, right } = aboutColumn(name);
  const days = Math.min(surroundings.listened.span, DAYS_SHOWN);
  const heading = name === "heard" ? `Heard, ${words.plural(days, "day")}` : title;
  const sorted = sort !== undefined && sort === question.sort;
  return (
    <th
      scope="col"
      className={right ? "number" : undefined}
      aria-sort={sorted ? (question.descending ? "descending" : "ascending") : undefined}
    >
      {sort === undefined ? (
        heading
      ) : (
        <button type="button" className="sort" onClick={() => onSort(sort, sorted && !question.descending)}>
          {heading}
          {sorted &&
            (question.descending ? (
              <IconArrowDown className="icon" size={14} stroke={1.8} aria-hidden="true" />
            ) : (
              <IconArrowUp className="icon" size={14} stroke={1.8} aria-hidden="true" />
            ))}
        </button>
      )}
    </th>
  );
}
