/** What a person wrote and can put right, told in one line. */
import { CommandError } from "./terminal.ts";

export function forPeople<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw new CommandError((error as Error).message);
  }
}
