/** Compares by these fields, the first first; text by code unit, null before everything. */
export function byFields<Name extends string>(names: readonly Name[]) {
  return (a: Readonly<Record<Name, string | number | null>>, b: typeof a): number => {
    for (const name of names) {
      const [x, y] = [a[name], b[name]];
      if (x === y) continue;
      if (x === null) return -1;
      if (y === null) return 1;
      return x < y ? -1 : 1;
    }
    return 0;
  };
}

/** Numbers in names and places count as numbers: bed 9 before bed 10. */
export function sortKey(text: string): string {
  return text.toLowerCase().replace(/\d+/g, (digits) => digits.padStart(10, "0"));
}
