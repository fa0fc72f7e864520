/**
 * What people said: an append-only table in which each row is chained to the one before by an HMAC under the recording's key, so that
 * a row changed, left out or put in between shows. Taking a word back is a row as well.
 */
import { createHmac } from "node:crypto";
import type { Engine } from "./engine.ts";
import type { Sayable } from "../model/device.ts";
import type { ChangeRow } from "../model/store.ts";

/** The keys a device was known by when something was said of it. */
export interface SaidAbout extends SaidApart {
  readonly serials: readonly string[];
}

/** Addresses that are another machine than the others of their device, as `value` of a split. */
export interface SaidApart {
  readonly macs: readonly string[];
  readonly ips: readonly string[];
  readonly children: readonly SaidChild[];
}

/** Who speaks through a gateway, by the address of that. */
export interface SaidChild {
  readonly serial: string;
  readonly gateway: string;
}

/** Either device of a merge: its number then, and its keys. */
export interface SaidOther extends SaidAbout {
  readonly device: string;
}

interface Word {
  readonly number: number;
  readonly at: number;
  readonly who: string;
  readonly what: "say" | "merge" | "split";
  readonly about: SaidAbout;
  readonly attribute: Sayable;
  readonly value: string | null;
  readonly reason: string;
}

type Head = Pick<Row, "number" | "hash">;

interface Row extends Omit<ChangeRow, "undone"> {
  readonly attribute: string;
  readonly undoes: number | null;
  readonly hash: string;
}

/** Appends one row and returns its number. `at` is the wall clock in microseconds. */
export function append(database: Engine, given: Omit<Row, "number" | "hash">): number {
  // As it will be read again: half a character is stored as another one, and the hash would be of what was never written.
  const row = {
    ...given,
    who: given.who.toWellFormed(),
    about: given.about.toWellFormed(),
    value: given.value.toWellFormed(),
    reason: given.reason.toWellFormed(),
  };
  const last = database.prepare("SELECT number, hash FROM change ORDER BY number DESC LIMIT 1").get() as Head | undefined;
  const number = (last?.number ?? 0) + 1;
  const hash = link(keyOf(database), last?.hash ?? "", { number, ...row });
  database
    .prepare(
      "INSERT INTO change (number, at, who, what, about, attribute, value, reason, undoes, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .run(number, row.at, row.who, row.what, row.about, row.attribute, row.value, row.reason, row.undoes, hash);
  database
    .prepare("INSERT INTO about (key, value) VALUES ('change_head', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value")
    .run(`${number} ${hash}`);
  return number;
}

/** Begins what is said at once and taken back at once: the next `count` rows. Answers its number. */
export function appendList(database: Engine, count: number, { who, reason, at }: Pick<Row, "who" | "reason" | "at">): number {
  return append(database, { at, who, what: LIST, about: "{}", attribute: "", value: String(count), reason, undoes: null });
}

/** Takes back one change, which is a row as well; of a list all that it says. Throws an Error for people when there is nothing to take back. */
export function undo(database: Engine, change: number, { who, reason, at }: Pick<Row, "who" | "reason" | "at">): void {
  const row = database.prepare("SELECT about, attribute, undoes FROM change WHERE number = ?").get(change) as Row | undefined;
  if (row === undefined) throw new Error(`expected the number of a change, got ${change}`);
  if (row.undoes !== null) throw new Error(`expected a change that says something, got ${change}, which takes another back`);
  if (takenBack(database)(change)) throw new Error(`change ${change} was taken back already`);
  append(database, { at, who, what: "undo", about: row.about, attribute: row.attribute, value: "", reason, undoes: change });
}

/**
 * The first row that does not follow from the one before it, in words; null when the chain holds. Whoever knows the key and rewrites the
 * end of the chain with it is found only by who noted the number and hash of the last change elsewhere.
 */
export function chainTrouble(database: Engine): string | null {
  const key = keyOf(database);
  let before = "";
  let number = 0;
  for (const row of database.prepare("SELECT * FROM change ORDER BY number").iterate() as Iterable<unknown> as Iterable<Row>) {
    number++;
    if (row.number !== number) return `expected change ${number}, got change ${row.number}: one is missing`;
    if (link(key, before, row) !== row.hash) return `change ${row.number} is not what was written: the chain breaks there`;
    before = row.hash;
  }
  const head = database.prepare("SELECT value FROM about WHERE key = 'change_head'").get()?.["value"] ?? "0 ";
  if (head !== `${number} ${before}`)
    return `expected the last change to be ${String(head).split(" ")[0]}, got ${number}: the end is cut off`;
  return null;
}

/** What was said and not undone, in its order. `value` is null where a person took back what was said of this before; of a merge and a split it is JSON. */
export function words(database: Engine): readonly Word[] {
  const isTakenBack = takenBack(database);
  const rows = database
    .prepare(`SELECT * FROM change WHERE undoes IS NULL AND what NOT IN (${OF_NO_DIVISION}) ORDER BY number`)
    .all() as unknown as Row[];
  return rows
    .filter(({ number }) => !isTakenBack(number))
    .map(({ number, at, who, what, about, attribute, value, reason }) => ({
      number,
      at,
      who,
      what: what === "merge" || what === "split" ? what : "say",
      // Whoever wrote the first ones knew of no children.
      about: { children: [], ...(JSON.parse(about) as Omit<SaidAbout, "children">) },
      attribute: attribute as Word["attribute"],
      value: what === "take back" ? null : value,
      reason,
    }));
}

const LIST = "list";
/** Said of a finding, and of no device (finding-words.ts). */
export const FINDING = "finding";
/** Said of a weakness, of a device or a whole model (weakness-words.ts). */
export const WEAKNESS = "weakness";
/** A maker's paper, attached to a model (papers.ts). */
export const PAPER = "paper";
/** Whether a device, or an address, may be scanned (do-not-scan-words.ts). */
export const SCANNING = "scanning";
const OF_NO_DIVISION = [LIST, FINDING, WEAKNESS, PAPER, SCANNING].map((it) => `'${it}'`).join(", ");

/** Whether a change was, by itself or with the list it belongs to. */
export function takenBack(database: Engine): (number: number) => boolean {
  const rows = database
    .prepare("SELECT number, what, value FROM change WHERE number IN (SELECT undoes FROM change) ORDER BY number")
    .all() as unknown as Pick<Row, "number" | "what" | "value">[];
  const single = new Set(rows.map(({ number }) => number));
  const lists = rows.filter(({ what }) => what === LIST).map(({ number, value }) => ({ from: number, to: number + Number(value) }));
  return (number) => single.has(number) || lists.some(({ from, to }) => number > from && number <= to);
}

function keyOf(database: Engine): Buffer {
  const row = database.prepare("SELECT value FROM about WHERE key = 'hash_key'").get() as { value: string } | undefined;
  return Buffer.from(row?.value ?? "", "hex");
}

function link(key: Buffer, before: string, { number, at, who, what, about, attribute, value, reason, undoes }: Omit<Row, "hash">): string {
  return createHmac("sha256", key)
    .update(JSON.stringify([before, number, at, who, what, about, attribute, value, reason, undoes]))
    .digest("hex");
}
