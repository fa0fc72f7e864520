/**
 * The devices that have a weakness, any number of them: a real table whose rows exist only where one looks. Each opens in place to what
 * it rests on and what people say of it; what is open stays, however far one scrolls, so that nothing half written is lost.
 */
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useVirtualizer, type Range } from "@tanstack/react-virtual";
import { useCallback, useMemo, useRef, useState } from "react";
import type { Weakness } from "../../../src/model/weakness.ts";
import type { WeakDevice, WeaknessDetail } from "../../../src/model/weakness-report.ts";
import { indexOf, linkAt, usePlace } from "../devices/place.ts";
import { useKeys } from "../keys.ts";
import { CareMark } from "../marks/care.tsx";
import { SeverityWord } from "../marks/severity.tsx";
import { words } from "../words.ts";
import { Held } from "./held.tsx";
import { useWeakDevices } from "./use-weak-devices.ts";
import { WeaknessActs } from "./weakness-acts.tsx";
import { ANSWER_WORDS } from "./weakness-words.ts";

/** Two lines. Of 350,000 the table is 16 million pixels high, which every browser takes; of rows twice as high it would not be. */
const ROW_HEIGHT = 46;
const COLUMNS = 5;

interface WeakDevicesProps {
  /** With its first devices. */
  readonly detail: WeaknessDetail;
  /** What of another device is otherwise is said. */
  readonly first: Weakness;
  readonly version: number;
}

export function WeakDevices({ detail, first, version }: WeakDevicesProps) {
  const { name, matching } = detail;
  const scroller = useRef<HTMLDivElement>(null);
  const [look, setLook] = useState(0);
  const { data } = useWeakDevices(name, look, version);
  /** By place; the first is open, since it is what was asked for. */
  const [opened, setOpened] = useState<ReadonlySet<number>>(() => new Set([0]));
  const [focused, setFocused] = useState<number | null>(null);
  const rows = data?.devices ?? detail.devices;
  const offset = data?.offset ?? 0;
  /** What is open is shown from here while its row is far from those that are asked for. */
  const last = useRef(new Map<number, WeakDevice>());
  const rowAt = (index: number): WeakDevice | null => {
    const row = rows[index - offset];
    if (row !== undefined && opened.has(index)) last.current.set(index, row);
    return row ?? last.current.get(index) ?? null;
  };

  const virtual = useVirtualizer<HTMLElement, Element>({
    count: matching,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 6,
    initialRect: { width: 900, height: 500 },
    rangeExtractor: (range) => withThese(range, [...opened, ...(focused === null ? [] : [focused])]),
    onChange: (list) => setLook(list.range?.startIndex ?? 0),
  });
  usePlace({ list: `weakness ${name}`, scroller, virtual, rows, onLook: useCallback((top: number) => setLook(Math.floor(top / ROW_HEIGHT)), []) }); // prettier-ignore

  const step = useCallback(
    (by: number) => {
      const row = document.activeElement?.closest<HTMLElement>("tbody[data-index]") ?? null;
      const here = row !== null && scroller.current?.contains(row) ? indexOf(row) : -1;
      const index = Math.min(matching - 1, Math.max(0, here + by));
      setFocused(index);
      virtual.scrollToIndex(index);
      // The row may have to be made first.
      requestAnimationFrame(() => linkAt(scroller.current, index)?.focus({ preventScroll: true }));
    },
    [matching, virtual],
  );
  useKeys(useMemo(() => ({ j: () => step(1), k: () => step(-1) }), [step]));
  const toggle = (index: number) => {
    last.current.delete(index);
    setOpened((before) => new Set(before.has(index) ? [...before].filter((it) => it !== index) : [...before, index]));
  };

  const items = virtual.getVirtualItems();
  return (
    <div ref={scroller} className="weak-table">
      <table aria-rowcount={matching + 1}>
        <caption className="unseen">{words.plural(matching, "device")}, those on which a life hangs first, those dismissed last</caption>
        <colgroup>
          <col className="weak-toggle" />
          <col className="weak-device" />
          <col className="weak-where" />
          <col />
          <col className="weak-answer" />
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            <th scope="col">Why</th>
            <th scope="col">Device</th>
            <th scope="col">Where</th>
            <th scope="col">What it is</th>
            <th scope="col">Answer</th>
          </tr>
        </thead>
        {items.map(({ index, start }, place) => [
          <Gap key={`before ${index}`} height={start - (items[place - 1]?.end ?? 0)} />,
          <tbody
            key={index}
            ref={virtual.measureElement}
            data-index={index}
            onFocus={() => setFocused(index)}
            onBlur={(event) => event.currentTarget.contains(event.relatedTarget) || setFocused(null)}
          >
            <WeakOne index={index} it={rowAt(index)} first={first} isOpen={opened.has(index)} onToggle={toggle} />
          </tbody>,
        ])}
        <Gap height={virtual.getTotalSize() - (items.at(-1)?.end ?? 0)} />
      </table>
    </div>
  );
}

/** What is in view, and these with it; in their order. */
function withThese({ startIndex, endIndex, overscan, count }: Range, also: readonly number[]): number[] {
  const [from, to] = [Math.max(0, startIndex - overscan), Math.min(count - 1, endIndex + overscan)];
  const seen = Array.from({ length: Math.max(0, to - from + 1) }, (_, place) => from + place);
  return [...new Set([...seen, ...also.filter((it) => it < count)])].toSorted((a, b) => a - b);
}

function Gap({ height }: { readonly height: number }) {
  if (height <= 0) return null;
  return (
    <tbody aria-hidden="true" className="gap">
      <tr>
        <td colSpan={COLUMNS} style={{ height }} />
      </tr>
    </tbody>
  );
}

interface WeakOneProps {
  readonly index: number;
  /** Null while it is on its way. */
  readonly it: WeakDevice | null;
  readonly first: Weakness;
  readonly isOpen: boolean;
  readonly onToggle: (index: number) => void;
}

function WeakOne({ index, it, first, isOpen, onToggle }: WeakOneProps) {
  if (it === null)
    return (
      <tr aria-rowindex={index + 2} className="waiting" style={{ height: ROW_HEIGHT }}>
        <td colSpan={COLUMNS}>
          <span className="bar" />
        </td>
      </tr>
    );
  const { id, name, kind, maker, model, location, lifeCritical, weakness } = it;
  const { answer, severity, word, last } = weakness;
  const shown = `weak-${id}`;
  const Toggle = isOpen ? IconChevronDown : IconChevronRight;
  return (
    <>
      <tr
        data-index={index}
        aria-rowindex={index + 2}
        className={word?.word === "dismissed" ? "dismissed" : undefined}
        style={{ height: ROW_HEIGHT }}
      >
        <td>
          <button
            type="button"
            className="weak-why"
            aria-expanded={isOpen}
            aria-controls={isOpen ? shown : undefined}
            aria-label={`Why, and what is said of ${name}`}
            onClick={() => onToggle(index)}
          >
            <Toggle className="icon" size={18} stroke={1.6} aria-hidden="true" />
          </button>
        </td>
        <th scope="row">
          <Link to="/devices/$id" params={{ id }} search={{ tab: "weaknesses" }} className="row-link">
            {name}
          </Link>{" "}
          <CareMark care={lifeCritical} />
        </th>
        <td>{location ?? <span className="quiet">Place not known</span>}</td>
        <td>
          {kind ?? <span className="quiet">Kind not known</span>}
          <span className="second block">{[maker, model].filter((part) => part !== null).join(" ")}</span>
        </td>
        <td>
          {word === null ? ANSWER_WORDS[answer] : words.capital(word.word)}
          {severity !== first.severity && <SeverityWord severity={severity} />}
          <span className="second block">last {words.day(last)}</span>
        </td>
      </tr>
      {isOpen && (
        <tr id={shown}>
          <td colSpan={COLUMNS}>
            <div className={word?.word === "dismissed" ? "weak-told dismissed" : "weak-told"}>
              {weakness.title !== first.title && (
                <p>
                  <b>{weakness.title}</b>
                </p>
              )}
              <Held weakness={weakness} />
              {weakness.remedy !== first.remedy && (
                <p>
                  <b>What to do here:</b> {weakness.remedy}
                </p>
              )}
              <WeaknessActs weakness={weakness} device={it} />
            </div>
          </td>
        </tr>
      )}
    </>
  );
}
