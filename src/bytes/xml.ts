/** Elements of small, flat XML, found by scanning: there is no parser to attack, and no entity is ever resolved. */

/** What stands in the first element of this name, up to any tag: these hold no others. */
export function textOf(text: string, name: string): string {
  return /^[^<]*/.exec(elements(text, name, 1)[0] ?? "")![0];
}

/** The insides of the first elements of this local name, whatever their prefix; each byte is looked at once for each name. */
export function elements(text: string, name: string, max: number): string[] {
  const found: string[] = [];
  const open = new RegExp(`<((?:[\\w-]{1,32}:)?${name})(?=[\\s>/])`, "g");
  for (let match = open.exec(text); match !== null && found.length < max; match = open.exec(text)) {
    const start = text.indexOf(">", open.lastIndex);
    if (start < 0) break;
    // Everything up to there was looked at: an element that closes itself, however often it opens before.
    open.lastIndex = start;
    if (text[start - 1] === "/") continue;
    const end = text.indexOf(`</${match[1]}>`, start);
    found.push(text.slice(start + 1, end < 0 ? undefined : end));
    if (end < 0) break;
    open.lastIndex = end;
  }
  return found;
}
