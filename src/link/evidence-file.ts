/** Files of evidence a person named: what form each has, told by what stands in it and never by its name, and when it was written. */
import { closeSync, fstatSync, openSync } from "node:fs";
import { basename } from "node:path";
import { fileIdentity } from "../capture/index.ts";
import { evidenceForms, formOf } from "../evidence/index.ts";
import { EVIDENCE_RUN } from "../model/batch.ts";
import type { EvidenceFile, EvidenceForm } from "../model/evidence.ts";
import { isJson, linesOf, objectsOf, type Piece } from "./evidence-text.ts";
import { inWords } from "./refusals.ts";

/** A form shows itself in so many lines. */
const HEAD_LINES = 60;

/** No file of evidence: its message is for who named it. */
export class NoEvidence extends Error {}

/** A file whose form is known, open for reading; closed by `readEvidence`. */
export interface OpenEvidence {
  readonly path: string;
  readonly name: string;
  readonly fd: number;
  readonly form: EvidenceForm;
  readonly run: string;
  readonly about: EvidenceFile;
}

/** Throws NoEvidence where it cannot be opened or is of no form we know. `at`: when all of them were written; absent: as their file says. */
export function openEvidence(path: string, at?: number): OpenEvidence {
  let fd: number | undefined;
  try {
    fd = openSync(path, "r");
    const { size, mtimeMs } = fstatSync(fd);
    const lines = headOf(linesOf(fd));
    // JSON is one object a line, or one list of them over many.
    const form = isJson(fd) ? (formOf(lines, "lines") ?? formOf(headOf(objectsOf(fd)), true)) : formOf(lines, undefined);
    if (form === undefined) throw new NoEvidence(`${path}: expected ${FORMS}, got a file of none of these forms`);
    const name = basename(path);
    const said = at === undefined ? "" : `-${at}`;
    return {
      path,
      name,
      fd,
      form,
      run: `${EVIDENCE_RUN}${fileIdentity(fd, size)}${said}`,
      about: { name: name.replace(/\.\w{1,5}$/, ""), at: at ?? Math.round(mtimeMs * 1_000) },
    };
  } catch (error) {
    if (fd !== undefined) closeSync(fd);
    if (error instanceof NoEvidence) throw error;
    throw new NoEvidence(`${path}: expected a file that can be read, got ${inWords(error)}`);
  }
}

function headOf(pieces: Iterable<Piece>): readonly string[] {
  const head: string[] = [];
  for (const { text } of pieces) if (head.push(text ?? "") === HEAD_LINES) break;
  return head;
}

const FORMS = evidenceForms.map(({ title }) => title).join("; ");

/** All of them, or null where one is none; of a folder of files a person meant what is in it to be captures. */
export function evidenceAmong(paths: readonly string[]): readonly OpenEvidence[] | null {
  const files: OpenEvidence[] = [];
  try {
    for (const path of paths) files.push(openEvidence(path));
    return files;
  } catch (error) {
    closeEvidence(files);
    if (error instanceof NoEvidence) return null;
    throw error;
  }
}

export function closeEvidence(files: readonly OpenEvidence[]): void {
  for (const { fd } of files) closeSync(fd);
}
