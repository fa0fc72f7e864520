/** What a person meant who mistyped a word. */

/** The one at most two letters away, the nearest first; none when the word is too short to be told from others. */
export function nearest(word: string, among: readonly string[]): string | undefined {
  const far = Math.min(2, Math.floor(word.length / 2));
  const near = among.map((it) => ({ it, by: distance(word, it) })).filter(({ by }) => by <= far);
  return near.sort((a, b) => a.by - b.by)[0]?.it;
}

/** Letters to put in, take out, or change. */
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return Number.POSITIVE_INFINITY;
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length]!;
}
