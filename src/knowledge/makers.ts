/** Makers by one name: `makers.tsv`. */
import { table } from "./table.ts";

type Sector = "medical" | "network" | "building" | "module" | "virtual" | "other";

interface Maker {
  readonly name: string;
  readonly sector: Sector;
}

export interface Makers {
  /**
   * `where` it was read: the protocol, or "registry", since some words mean one maker there and another in an image. A maker nobody listed
   * keeps its name, without its legal form.
   */
  called(name: string, where?: string): Maker;
}

export function loadMakers(): Makers {
  const known = new Map<string, Maker>();
  for (const [name = "", sector, where = "", spellings = ""] of table("makers.tsv", 5)) {
    const maker = { name, sector: sector as Sector };
    const all = where === "any" ? [name, ...spellings.split("; ")] : spellings.split("; ");
    for (const spelling of all) if (spelling !== "") known.set(`${where} ${plain(spelling)}`, maker);
  }
  const answers = new Map<string, Maker>();
  return {
    called(name, where = "any") {
      const asked = `${where} ${name}`;
      const answer = answers.get(asked);
      if (answer !== undefined) return answer;
      const key = plain(name);
      const maker = known.get(`${where} ${key}`) ?? known.get(`any ${key}`) ?? { name: tidy(name), sector: "other" };
      if (answers.size < ANSWERS_MAX) answers.set(asked, maker);
      return maker;
    },
  };
}

/** A third of the names in the registry; a hospital's cards have some hundreds. */
const ANSWERS_MAX = 10_000;

const LEGAL_FORMS = new Set(
  "inc corp corporation ag gmbh co ltd limited se kg kga llc bv nv sa spa plc company as oy pty srl kk ab b v n s p a".split(" "),
);

/** Without case, punctuation and the legal forms at the end. */
function plain(name: string): string {
  const words = name.normalize("NFKC").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim().split(" "); // prettier-ignore
  while (words.length > 1 && LEGAL_FORMS.has(words.at(-1)!)) words.pop();
  return words.join(" ");
}

/** As a person would write it: without the legal form, and not in capitals. */
function tidy(name: string): string {
  let short = name.normalize("NFKC").trim();
  for (let before = ""; before !== short;) {
    before = short;
    const whole = withoutEnd(short);
    const last = /[\p{L}.]+$/u.exec(whole);
    if (last !== null && last.index > 0 && LEGAL_FORMS.has(last[0].replaceAll(".", "").toLowerCase()))
      short = withoutEnd(whole.slice(0, last.index));
  }
  return short.replace(/\p{Lu}{5,}/gu, (word) => word[0]! + word.slice(1).toLowerCase());
}

function withoutEnd(name: string): string {
  return name.replace(/[\s,.]+$/u, "");
}
