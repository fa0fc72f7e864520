/** Every condition there is: one file each, one line here. Docs, pages and `auscult vulnerabilities` take them from this list. */
import type { Condition } from "../model/weakness.ts";
import { telnetAnswers } from "./telnet-answers.ts";

export { weaknessesOf } from "./examining.ts";

export const conditions: readonly Condition[] = [
  // Log-ins and commands in the clear.
  telnetAnswers,
];
