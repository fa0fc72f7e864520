/** What changes from one ruleset to the next, line by line, each line with the part it stands in: an address alone would say nothing. */

/** "- set pump_server_v4: 10.20.0.5", "+ chain judge: …", in the order of the texts; what only moved is no change. */
export function textDifference(before: string, after: string): readonly string[] {
  const [old, fresh] = [placed(before), placed(after)];
  return [...without(old, fresh).map((it) => `- ${it}`), ...without(fresh, old).map((it) => `+ ${it}`)];
}

/** Those of `all` that `others` has less often. */
function without(all: readonly string[], others: readonly string[]): readonly string[] {
  const left = new Map<string, number>();
  for (const it of others) left.set(it, (left.get(it) ?? 0) + 1);
  return all.filter((it) => {
    const count = left.get(it) ?? 0;
    left.set(it, count - 1);
    return count <= 0;
  });
}

/** Lines as they stand in a set or chain; heads and brackets say nothing by themselves, and a mark always differs. */
function placed(text: string): readonly string[] {
  const lines: string[] = [];
  let part = "";
  for (const line of text.split("\n").map((it) => it.trim())) {
    const head = /^((?:set|chain) \S+) \{$/.exec(line)?.[1];
    if (head !== undefined) part = head;
    else if (line === "}" || line === "" || part === "" || /^(type|flags|elements|policy)\b|^#/.test(line)) continue;
    else lines.push(`${part}: ${line.replace(/,$/, "")}`);
  }
  return lines;
}
