/**
 * Single keys, as on the sheet behind `?`. They rest while someone types, and can be switched off (WCAG 2.1.4), since speech input
 * types letters nobody meant.
 */
import { useEffect, useSyncExternalStore } from "react";

const STORED = "auscult.keys";
const listeners = new Set<() => void>();

export function useSingleKeys(): readonly [on: boolean, set: (on: boolean) => void] {
  const on = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => localStorage.getItem(STORED) !== "off",
  );
  return [
    on,
    (next) => {
      localStorage.setItem(STORED, next ? "on" : "off");
      for (const listener of listeners) listener();
    },
  ];
}

/** `keys` may be two strokes: "g d". A handler that answers false did not use the key. */
export function useKeys(keys: Readonly<Record<string, (event: KeyboardEvent) => unknown>>): void {
  const [on] = useSingleKeys();
  useEffect(() => {
    let before = "";
    let beforeAt = 0;
    const pressed = (event: KeyboardEvent) => {
      if (
        (!on && event.key.length === 1) ||
        event.ctrlKey ||
        event.metaKey ||
        event.altKey ||
        event.defaultPrevented ||
        typing(event.target)
      )
        return;
      const pair = event.timeStamp - beforeAt < PAIR_MS ? `${before} ${event.key}` : "";
      const use = keys[pair] ?? keys[event.key];
      before = event.key;
      beforeAt = event.timeStamp;
      if (use !== undefined && use(event) !== false) event.preventDefault();
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  }, [keys, on]);
}

const PAIR_MS = 1_500;

function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  const field = target instanceof HTMLInputElement && !["checkbox", "radio", "button"].includes(target.type);
  return (
    field ||
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement ||
    // Also in the moment before its own field has the focus: a `u` meant for the palette takes nothing back.
    document.querySelector("[role=dialog],[role=menu]") !== null
  );
}
