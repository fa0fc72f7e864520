/** `j` and `k`: the next or previous of what a selector finds gets the focus. */
export function stepThrough(selector: string, by: number): void {
  const all = [...document.querySelectorAll<HTMLElement>(selector)];
  const at = all.findIndex((it) => it === document.activeElement);
  all[Math.min(Math.max(at + by, 0), all.length - 1)]?.focus();
}
