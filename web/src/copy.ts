/** To the clipboard, and what came of it. */
import { say, sayWrong } from "./say.tsx";

export function copy(text: string, message: string): void {
  navigator.clipboard
    .writeText(text)
    .then(() => say(message))
    .catch(sayWrong);
}
