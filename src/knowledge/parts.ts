/** What is known to be exploited in a part of a device, by the part's name as an SBOM says it: `part-names.tsv` beside CISA's catalogue. */
import type { Exploited } from "./exploited.ts";
import { spelled } from "./families.ts";
import { table } from "./table.ts";

export interface ExploitedPart {
  readonly cve: string;
  /** As the catalogue calls it: "Apache Log4j2". It says no versions. */
  readonly called: string;
}

export interface Parts {
  of(name: string): readonly ExploitedPart[];
}

/** Shorter ones are a word of many: "Core", "Edge". */
const PRODUCT_LENGTH_MIN = 5;
/** Names that mean another product than the part that is called so, or hundreds of any version. */
const TOO_WIDE: ReadonlySet<string> = new Set(["kernel", "framework", "windows", "office", "frontend", "firewall", "webmail", "server"]);

export function loadParts(exploited: ReadonlyMap<string, Exploited>): Parts {
  const byName = new Map<string, ExploitedPart[]>();
  const aliases = Map.groupBy(
    table("part-names.tsv", 4).map(([part = "", vendor = "", product = ""]) => ({ part: spelled(part), of: spelled(`${vendor} ${product}`) })), // prettier-ignore
    ({ of }) => of,
  );
  for (const [cve, { vendor, product }] of exploited) {
    const whole = spelled(`${vendor} ${product}`);
    const short = spelled(product);
    const isTelling = short.length >= PRODUCT_LENGTH_MIN && !TOO_WIDE.has(short);
    const names = [...(isTelling ? [whole, short] : []), ...(aliases.get(whole) ?? []).map(({ part }) => part)];
    for (const name of new Set(names)) {
      const known = byName.get(name);
      const part = { cve, called: vendor === product ? product : `${vendor} ${product}` };
      if (known === undefined) byName.set(name, [part]);
      else known.push(part);
    }
  }
  return { of: (name) => byName.get(spelled(name)) ?? [] };
}
