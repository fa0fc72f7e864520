/** `auscult families`: what models we know, and what the site's own people added; `families check FILE` reads such a file and says what is wrong. */
import { ourFamilies, type FamilyRow } from "../knowledge/families.ts";
import { familiesIn, siteFamiliesIn, startWithSiteFamilies, type SiteFamilies } from "../link/site-families.ts";
import { CommandError, plural, print, say, table } from "./terminal.ts";

/** At a start the first ones are enough to know where to look. */
const TROUBLES_SAID = 10;

export async function families({ data, json }: { readonly data: string; readonly json?: boolean }): Promise<void> {
  const site = siteFamiliesIn(data);
  const rows = [...(site?.families ?? []), ...ourFamilies()].map((row) => ({ ...row, line: row.line ?? null }));
  if (json) {
    const own = site === null ? null : { file: site.file, serving: site.families.length, refused: site.refused, troubles: site.troubles };
    return print(`${JSON.stringify({ schema: "auscult.families/1", site: own, families: rows })}\n`);
  }
  await print(
    table(
      [
        { title: "Maker", text: (it) => it.maker },
        { title: "Models", text: (it) => it.models.join("; ") },
        { title: "Family", text: (it) => it.name, drop: 1 },
        { title: "Kind", text: (it) => it.kind },
        { title: "Whose", text: whose },
        { title: "Source", text: (it) => it.source, drop: 2 },
      ],
      rows,
    ),
  );
  if (site !== null) sayFamilies(site);
}

function whose({ line }: { readonly line: FamilyRow["line"] | null }): string {
  return line === null ? "Auscult" : `the site's own, line ${line}`;
}

/** Exit 2 where a line would be refused. */
export async function checkFamiliesFile(file: string): Promise<void> {
  const site = familiesIn(file);
  for (const trouble of site.troubles) await print(`${trouble}\n`);
  if (site.troubles.length > 0) throw new CommandError(sumOf(site));
  say(sumOf(site));
}

/** Before a recording is opened; what is refused is said. */
export function sayFamiliesAtStart(data: string): void {
  const site = startWithSiteFamilies(data);
  if (site !== null) sayFamilies(site);
}

function sayFamilies(site: SiteFamilies): void {
  for (const trouble of firstTroubles(site)) say(trouble);
  say(sumOf(site));
}

export function firstTroubles({ file, troubles }: SiteFamilies): readonly string[] {
  return troubles.length <= TROUBLES_SAID
    ? troubles
    : [...troubles.slice(0, TROUBLES_SAID), `All that is wrong there: auscult families check ${file}`];
}

/** "3 families of the site's own serve, 1 line is refused: FILE". */
export function sumOf({ file, families: { length }, refused, troubles }: SiteFamilies): string {
  const serving = `${plural(length, "family", "families")} of the site's own ${length === 1 ? "serves" : "serve"}`;
  const left =
    troubles.length === 0
      ? ""
      : refused === 0
        ? ", the file is refused"
        : `, ${plural(refused, "line")} ${refused === 1 ? "is" : "are"} refused`;
  return `${serving}${left}: ${file}`;
}
