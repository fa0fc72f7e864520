/** Lists of security groups, counted: held against the table a switch is given, line by line. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { csvRecords } from "../../bytes/csv.ts";
import { platforms } from "../../knowledge/switches.ts";
import { SAMPLE_WALL } from "../../testing/sample-wall.ts";
import { DoesNotFit } from "../budget.ts";
import { countedSecurityGroupLists } from "./security-group-budget.ts";
import { trustsec } from "./trustsec.ts";

const platform = (name: string) => platforms().find((it) => it.name === name)!;
const PLAIN = platform("plain");
/** Of each list that stands in the table its lines; a name alone names it again. */
const [HEAD, ...ROWS] = csvRecords(trustsec.write(SAMPLE_WALL), ",");
const column = (title: string) => HEAD!.indexOf(title);
const TEXTS = ROWS.map((row) => row[column("lines")] ?? "").filter((text) => text !== "");

test("a line is an entry, each list counts once, and the longest is named", () => {
  const [sum = "", longest = ""] = countedSecurityGroupLists(SAMPLE_WALL, { entries: 100, platform: PLAIN });
  const counts = TEXTS.map((text) => text.split("\n").length);
  const all = counts.reduce((total, count) => total + count, 0);
  assert.ok(sum.startsWith(`${counts.length} lists in ${ROWS.length} cells: ${all} entries, as plain counts; `), sum);
  assert.match(longest, new RegExp(`^The longest is Auscult_[0-9a-f]{12} \\(.+ → .+\\): ${Math.max(...counts)} entries\\.`));
});

test("a range of ports costs its prefixes where the equipment counts so, and no more where it counts it as one", () => {
  const entriesAs = (name: string) => Number(/: (\d+) entries/.exec(countedSecurityGroupLists(SAMPLE_WALL, { entries: 100, platform: platform(name) })[0]!)![1]!); // prettier-ignore
  const ranges = TEXTS.flatMap((text) => text.split("\n").filter((line) => line.includes("range 8000 8010")));
  // 8000 to 8007, 8008 to 8009, and 8010.
  assert.ok(ranges.length > 0);
  assert.equal(entriesAs("value and mask"), entriesAs("plain") + 2 * ranges.length);
  assert.equal(entriesAs("Cisco Catalyst 4500"), entriesAs("plain"));
});

test("what has an entry too many is refused by name, what has just as many is not", () => {
  const most = Math.max(...TEXTS.map((text) => text.split("\n").length));
  assert.equal(countedSecurityGroupLists(SAMPLE_WALL, { entries: most, platform: PLAIN }).length, 2);
  assert.throws(
    () => countedSecurityGroupLists(SAMPLE_WALL, { entries: most - 1, platform: PLAIN }),
    (error) => error instanceof DoesNotFit && new RegExp(`^expected lists of at most ${most - 1} entries, as plain counts; Auscult_[0-9a-f]{12} \\(.+\\) has ${most}`).test(error.message), // prettier-ignore
  );
});
