/**
 * A maker's Manufacturer Disclosure Statement for Medical Device Security (ANSI/NEMA HN 1-2019) as it is published, a workbook, or as a
 * table saved from it (CSV) → its answers. A row is told by its question's id ("MPII-1"); the question stands behind it, then the answer,
 * then the note.
 */
import type { Mds2, Mds2Answer } from "../../model/paper.ts";

const QUESTION_ID = /^[A-Z]{3,5}-\d{1,2}(?:\.\d{1,2}){0,3}$/;
/** The form has 216 questions. */
const ANSWERS_MAX = 1_000;
const WORDS_LENGTH_MAX = 300;
/** "Document Release Date". */
const RELEASED = "DOC-7";
const DAY_MS = 86_400_000;

const ANSWERS: readonly [answer: Mds2Answer["answer"], written: RegExp][] = [
  ["yes", /^(?:yes|y)$/i],
  ["no", /^(?:no|n)$/i],
  ["not applicable", /^n\/?a$|^not applicable$/i],
  ["see note", /^see notes?$/i],
];

/** Throws an Error for people where it is no such form. */
export function readMds2(rows: readonly (readonly string[])[]): Mds2 {
  const answers = new Map<string, Mds2Answer>();
  for (const row of rows) {
    const at = row.findIndex((cell) => QUESTION_ID.test(cell.trim()));
    if (at < 0 || answers.size === ANSWERS_MAX) continue;
    const [id = "", question = "", answer = "", note = ""] = row.slice(at).map((it) => it.trim());
    // A form lists its questions again where notes are explained.
    if (answer !== "" && !answers.has(id)) answers.set(id, answerOf(id, question, answer, note));
  }
  if (answers.size === 0) throw new Error("expected an MDS2 form with answers behind question ids such as MPII-1, got none");
  return { kind: "mds2", day: dayOf(answers.get(RELEASED)?.words ?? ""), answers: [...answers.values()] };
}

function answerOf(id: string, question: string, written: string, note: string): Mds2Answer {
  const answer = ANSWERS.find(([, it]) => it.test(written))?.[0] ?? "words";
  return {
    id,
    question: question.slice(0, WORDS_LENGTH_MAX),
    answer,
    words: (answer === "words" ? written : note).slice(0, WORDS_LENGTH_MAX),
  };
}

/** Workbooks keep days as numbers since 1899-12-30. As written where it is no day; "no day" where nothing is. */
function dayOf(written: string): string {
  if (/^\d{5}(?:\.\d+)?$/.test(written)) return new Date(Date.UTC(1899, 11, 30) + Number(written) * DAY_MS).toISOString().slice(0, 10);
  const [day] = /^\d{4}-\d\d-\d\d/.exec(written) ?? [];
  return day ?? (written.slice(0, 40) || "no day");
}
