/**
 * Lists of security groups, counted as a switch counts them. They name no addresses, so whatever two lines of one were merged into would
 * open a port to a whole group: nothing is merged, and a list that has too many entries is refused by name. A switch asks for the cells of
 * those destinations only whose devices it has learned behind itself (conscia.com, "Trustsec and the use of hundreds of SGTs in one ISE matrix").
 */
import type { Platform } from "../../knowledge/switches.ts";
import { DoesNotFit } from "../budget.ts";
import { Slots } from "../slots.ts";
import type { Wall } from "./exporter.ts";
import { securityGroupLists } from "./trustsec.ts";

/** In lines for people: how many entries there are. Throws DoesNotFit where a list has more than `entries`, as the platform counts. */
export function countedSecurityGroupLists(wall: Wall, { entries, platform }: { readonly entries: number; readonly platform: Platform }): readonly string[] {
  const lists = securityGroupLists(wall).map((it) => ({ ...it, entries: entriesOf(it.lines, platform) }));
  const beyond = lists.filter((it) => it.entries > entries).map((it) => `${it.name} (${it.between}) has ${it.entries}`);
  if (beyond.length > 0)
    throw new DoesNotFit(
      `expected lists of at most ${entries} entries, as ${platform.name} counts; ${beyond.slice(0, NAMED_MAX).join(", ")}${beyond.length > NAMED_MAX ? ` and ${beyond.length - NAMED_MAX} more` : ""}. They name no addresses, so merging would open ports to whole groups: part a group, or its rules`,
    );
  const longest = lists.reduce((most, it) => (it.entries > most.entries ? it : most));
  const cells = lists.reduce((sum, it) => sum + it.cells, 0);
  return [
    `${several(lists.length, "list")} in ${several(cells, "cell")}: ${lists.reduce((sum, it) => sum + it.entries, 0)} entries, as ${platform.name} counts; ${lists.reduce((sum, it) => sum + it.entries * it.cells, 0)} where a switch keeps those of each cell apart. Nothing is merged.`,
    `The longest is ${longest.name} (${longest.between}): ${longest.entries} entries. A switch loads only the cells towards groups behind its own ports.`,
  ];
} // prettier-ignore
const NAMED_MAX = 5;

const several = (count: number, word: string) => `${count} ${word}${count === 1 ? "" : "s"}`;

function entriesOf(lines: readonly string[], platform: Platform): number {
  const slots = new Slots(platform);
  return lines.reduce((sum, line) => {
    const [, side = "", from = "", to = ""] = /^permit (\S+ (?:src|dst)) range (\d+) (\d+)$/.exec(line) ?? [];
    return sum + (side === "" ? 1 : slots.add(side, { from: Number(from), to: Number(to) }));
  }, 0);
}
