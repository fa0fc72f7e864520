/** What people said, newest first, and what of it waits. */
import type { ChangeRow, WaitingRow } from "../../model/store.ts";
import { findingWordInWords } from "../finding-words.ts";
import { weaknessWordInWords } from "../weakness-words.ts";
import { paperWordInWords } from "../papers.ts";
import { scanningWordInWords } from "../do-not-scan-words.ts";
import { FINDING, PAPER, SCANNING, takenBack, WEAKNESS } from "../said.ts";
import type { Store } from "../reader.ts";
import { aboutInWords, namedIn } from "./divisions.ts";

interface Row extends Omit<ChangeRow, "undone"> {
  readonly attribute: string;
}

const COLUMNS = "number, at, who, what, about, attribute, value, reason";

export function changesFrom(store: Store, offset: number, limit: number): ChangeRow[] {
  const isTakenBack = takenBack(store.database);
  return store
    .all<Row>(`SELECT ${COLUMNS} FROM change ORDER BY number DESC LIMIT ? OFFSET ?`, limit, offset)
    .map((row) => ({ ...inWords(row), undone: isTakenBack(row.number) }));
}

/** More are not listed: who finds so many waiting has another trouble. */
const WAITING_MAX = 500;

export function waitingIn(store: Store): WaitingRow[] {
  return store
    .all<Row & Pick<WaitingRow, "fits">>(
      `SELECT ${COLUMNS}, fits FROM waiting JOIN change ON number = change ORDER BY number DESC LIMIT ${WAITING_MAX}`,
    )
    .map(({ fits, ...row }) => ({ ...inWords(row), undone: false, fits }));
}

function inWords({ attribute, ...row }: Row): Omit<ChangeRow, "undone"> {
  return {
    ...row,
    what: row.what === "say" ? attribute : row.what,
    about: aboutInWords(row.about),
    value: valueInWords(row, attribute),
  };
}

function valueInWords(row: Omit<Row, "attribute">, attribute: string): string {
  switch (row.what) {
    case "merge":
    case "split":
      return namedIn(row);
    case FINDING:
      return findingWordInWords(row.value);
    case WEAKNESS:
      return weaknessWordInWords(attribute, row.value);
    case PAPER:
      return paperWordInWords(row.value);
    case SCANNING:
      return scanningWordInWords(row.value);
    default:
      return row.value;
  }
}
