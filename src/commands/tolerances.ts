/** `auscult tolerances`: what devices and segments are held to bear, by our table and by the site's own; `tolerances check FILE` reads such a file. */
import { readFileSync } from "node:fs";
import { ourTolerances, TOLERATED } from "../knowledge/hazards.ts";
import { inWords } from "../link/refusals.ts";
import { siteTolerancesIn, startWithSiteTolerances, tolerancesOf, type CheckedTolerances } from "../link/site-tolerances.ts";
import { CommandError, plural, print, say, table } from "./terminal.ts";

export async function tolerances({ data, json }: { readonly data: string; readonly json?: boolean }): Promise<void> {
  const site = siteTolerancesIn(data);
  const rows = TOLERATED.map((what) => {
    const own = site?.tolerances[what];
    return { what, whose: own === undefined ? "Auscult" : "the site's own", ...(own ?? ourTolerances()[what]) };
  });
  if (json) await print(`${JSON.stringify({ schema: "auscult.tolerances/1", tolerances: rows, troubles: site?.troubles ?? [] })}\n`);
  else
    await print(
      table(
        [
          { title: "What", text: (it) => it.what },
          { title: "A second", text: (it) => String(it.warn) },
          { title: "For seconds", text: (it) => String(it.seconds) },
          { title: "At once from", text: (it) => (it.alarm === null ? "never" : String(it.alarm)) },
          { title: "Whose", text: (it) => it.whose },
          { title: "Source", text: (it) => it.why, drop: 1 },
        ],
        rows,
      ),
    );
  if (site !== null) sayTolerances(site);
}

/** Exit 2 where something would be refused. */
export async function checkTolerancesFile(file: string): Promise<void> {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new CommandError(`expected a file of tolerances that can be read, got ${inWords(error)}: ${file}`);
  }
  const site = tolerancesOf(text, file);
  for (const trouble of site.troubles) await print(`${trouble}\n`);
  if (site.troubles.length > 0) throw new CommandError(sumOfTolerances(site));
  say(sumOfTolerances(site));
}

/** Before a recording is opened; what is refused is said. */
export function sayTolerancesAtStart(data: string): void {
  const site = startWithSiteTolerances(data);
  if (site !== null) sayTolerances(site);
}

function sayTolerances(site: CheckedTolerances): void {
  for (const trouble of site.troubles) say(trouble);
  say(sumOfTolerances(site));
}

/** "1 tolerance of the site's own serves, 2 things are wrong and ours serve there: FILE". */
export function sumOfTolerances({ file, tolerances: own, troubles: { length } }: CheckedTolerances): string {
  const count = Object.keys(own).length;
  const wrong = length === 0 ? "" : `, ${plural(length, "thing")} ${length === 1 ? "is" : "are"} wrong and ours serve there`;
  return `${plural(count, "tolerance")} of the site's own ${count === 1 ? "serves" : "serve"}${wrong}: ${file}`;
}
