/** What people said, newest first. */
import type { ChangeRow } from "../../model/store.ts";
import type { Store } from "../reader.ts";

interface Row extends Omit<ChangeRow, "undone"> {
  readonly attribute: string;
  readonly undone: number;
}

export function changesFrom(store: Store, offset: number, limit: number): ChangeRow[] {
  return store
    .all<Row>(
      `SELECT number, at, who, what, about, attribute, value, reason,
         EXISTS (SELECT 1 FROM change later WHERE later.undoes = change.number) AS undone
       FROM change ORDER BY number DESC LIMIT ? OFFSET ?`,
      limit,
      offset,
    )
    .map(({ attribute, undone, ...row }) => ({ ...row, what: row.what === "say" ? attribute : row.what, undone: undone === 1 }));
}
