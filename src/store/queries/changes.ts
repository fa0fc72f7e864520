/** What people said, newest first. */
import type { ChangeRow } from "../../model/store.ts";
import { takenBack } from "../said.ts";
import type { Store } from "../reader.ts";

interface Row extends Omit<ChangeRow, "undone"> {
  readonly attribute: string;
}

export function changesFrom(store: Store, offset: number, limit: number): ChangeRow[] {
  const isTakenBack = takenBack(store.database);
  return store
    .all<Row>(
      "SELECT number, at, who, what, about, attribute, value, reason FROM change ORDER BY number DESC LIMIT ? OFFSET ?",
      limit,
      offset,
    )
    .map(({ attribute, ...row }) => ({ ...row, what: row.what === "say" ? attribute : row.what, undone: isTakenBack(row.number) }));
}
