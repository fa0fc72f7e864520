/** What two rows of one key make of their lists, each a text: the same whichever comes first. For statements as functions of the engine. */

/** In order, a space between them; verbs that have one themselves wear a line in its place. */
export function wordsOf(operations: readonly string[]): string {
  if (operations.length === 0) return "";
  const words = operations.map((word) => (word.includes(" ") ? word.replaceAll(" ", "_") : word));
  return words.length === 1 ? words[0]! : [...new Set(words)].sort().join(" ");
}

/** In statements: `joined_words`. */
export function joinedWords(a: string, b: string): string {
  if (a === b || b === "") return a;
  return a === "" ? b : wordsOf([...a.split(" "), ...b.split(" ")]);
}

/** Ports kept of the attempts between two: the lowest, so that it does not matter which were tried first. */
export const PORTS_MAX = 8;

export function lowestPorts(ports: readonly number[]): string {
  return JSON.stringify([...new Set(ports)].sort((a, b) => a - b).slice(0, PORTS_MAX));
}

/** In statements: `lowest_ports`. */
export function joinedPorts(a: string, b: string): string {
  return a === b ? a : lowestPorts([...(JSON.parse(a) as number[]), ...(JSON.parse(b) as number[])]);
}
