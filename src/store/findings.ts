/** What watches made of what was heard, and what they remember, written with the batches it came of. */
import { bulk } from "./bulk.ts";
import type { Bulk, Engine, Statement } from "./engine.ts";
import type { StoredFinding, StoredMemory } from "../model/finding.ts";

/** Stories that may still go on are at hand; a watch looks back a day at most. */
const AT_HAND_MAX = 20_000;

export class FindingStore {
  readonly #database: Engine;
  readonly #put: Bulk;
  readonly #remember: Bulk;
  readonly #forget: Statement;

  constructor(database: Engine) {
    this.#database = database;
    this.#put = bulk(database, { table: "finding", columns: COLUMNS, key: ["id"] });
    this.#remember = bulk(database, { table: "finding_memory", columns: MEMORY_COLUMNS, key: ["detector", "subject"] });
    this.#forget = database.prepare("DELETE FROM finding_memory WHERE detector = ? AND subject = ?");
  }

  /** As it was left. */
  stored(): { readonly memories: readonly StoredMemory[]; readonly findings: readonly StoredFinding[] } {
    const memories = this.#database.prepare("SELECT detector, subject, last, memory FROM finding_memory").all();
    const findings = this.#database.prepare(`SELECT ${FINDING_COLUMNS} FROM finding ORDER BY last DESC LIMIT ${AT_HAND_MAX}`).all();
    return {
      memories: memories.map((row) => ({ ...(row as unknown as StoredMemory), memory: JSON.parse(row["memory"] as string) as unknown })),
      findings: findings.map((row) => findingOf(row as unknown as FindingRow)),
    };
  }

  /** Within the caller's transaction. */
  write({ findings, memories, forgotten }: Written): void {
    for (const { detector, subject } of forgotten) this.#forget.run(detector, subject);
    this.#remember.begin();
    for (const { detector, subject, last, memory } of memories) this.#remember.add(true, detector, subject, last, JSON.stringify(memory));
    this.#remember.end();
    this.#put.begin();
    for (const it of findings)
      this.#put.add(
        true, it.id, it.detector, it.key, it.about, it.severity, it.first, it.last, it.count, it.summary, JSON.stringify(it.because),
        JSON.stringify(it.others), it.othersBeyond, JSON.stringify(it.witnesses), JSON.stringify(it.rhythm), it.before,
      ); // prettier-ignore
    this.#put.end();
  }
}

interface Written {
  readonly findings: readonly StoredFinding[];
  readonly memories: readonly StoredMemory[];
  readonly forgotten: readonly Pick<StoredMemory, "detector" | "subject">[];
}

const MEMORY_COLUMNS = ["detector", "subject", "last", "memory"];
const COLUMNS = [
  "id", "detector", "key", "about", "severity", "first", "last", "count", "summary", "because", "others", "others_beyond", "witnesses",
  "rhythm", "before",
] as const; // prettier-ignore

export const FINDING_COLUMNS = COLUMNS.join(", ");

type Texts = "because" | "others" | "witnesses" | "rhythm";
export type FindingRow = Omit<StoredFinding, Texts | "othersBeyond"> & Readonly<Record<Texts, string>> & { readonly others_beyond: number };

export function findingOf({ because, others, others_beyond: othersBeyond, witnesses, rhythm, ...row }: FindingRow): StoredFinding {
  return {
    ...row,
    othersBeyond,
    because: JSON.parse(because) as StoredFinding["because"],
    others: JSON.parse(others) as StoredFinding["others"],
    witnesses: JSON.parse(witnesses) as StoredFinding["witnesses"],
    rhythm: JSON.parse(rhythm) as StoredFinding["rhythm"],
  };
}
