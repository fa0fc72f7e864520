/** Where one was in the list when one opened a device: going back, one is there again. */
import type { Virtualizer } from "@tanstack/react-virtual";
import { useLayoutEffect, useState } from "react";
import type { RefObject } from "react";

interface Place {
  /** Of other rows it says nothing. */
  readonly list: string;
  readonly scrollTop: number;
  readonly index: number | null;
}
let left: Place | null = null;
/** Whoever came back has long moved on if the rows are not there by then. */
const TRIED_MS = 2_000;

interface ListAt {
  readonly list: string;
  readonly scroller: RefObject<HTMLElement | null>;
  readonly virtual: Virtualizer<HTMLElement, Element>;
  /** Its rows are here, or others took their place. */
  readonly rows: readonly unknown[];
  readonly onLook: (scrollTop: number) => void;
}

export function usePlace({ list, scroller, virtual, rows, onLook }: ListAt): void {
  const [place, setPlace] = useState(() => (left?.list === list ? left : null));

  useLayoutEffect(() => {
    const box = scroller.current;
    if (place === null || box === null || rows.length === 0) return;
    scrollTo(box, virtual, place.scrollTop);
    onLook(place.scrollTop);
    const link = place.index === null ? null : linkAt(box, place.index);
    if (link === null && place.index !== null) {
      const timer = setTimeout(() => setPlace(null), TRIED_MS);
      return () => clearTimeout(timer);
    }
    if (document.activeElement === document.body || document.activeElement?.id === "main") link?.focus({ preventScroll: true });
    setPlace(null);
  }, [place, rows, scroller, virtual, onLook]);

  useLayoutEffect(() => {
    const box = scroller.current;
    return () => {
      const row = document.activeElement?.closest<HTMLElement>("tr[data-index]");
      left = box === null ? null : { list, scrollTop: box.scrollTop, index: row === null || row === undefined ? null : indexOf(row) };
    };
  }, [list, scroller]);
}

/** At once: the event that tells the list of it comes a frame later. */
export function scrollTo(box: HTMLElement, virtual: Virtualizer<HTMLElement, Element>, top: number): void {
  if (box.scrollTop === top) return;
  box.scrollTop = top;
  virtual.scrollOffset = top;
  virtual.measure();
}

export function indexOf(row: HTMLElement): number {
  return Number(row.dataset["index"]);
}

export function linkAt(box: HTMLElement | null, index: number): HTMLElement | null {
  return box?.querySelector<HTMLElement>(`tr[data-index="${index}"] .row-link`) ?? null;
}
