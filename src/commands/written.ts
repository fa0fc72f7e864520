/** What goes into a file that a person named. */
import { inWords } from "../link/refusals.ts";
import { CommandError } from "./terminal.ts";

/** That nothing can be written there is said, and is no defect. */
export function writtenTo(option: string, file: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    throw new CommandError(`${option}: expected a file that can be written, got ${inWords(error)}: ${file}`);
  }
}
