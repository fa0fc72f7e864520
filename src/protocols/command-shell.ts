/**
 * A command prompt, in the clear and in no protocol: what programs leave open that were never meant to (Blaster on 4444), and what
 * intruders have call back. A terminal by Telnet negotiates before it speaks, so it is not taken for one.
 *
 * Windows: cmd.exe greets with its version, then says where it is. Unix: bash and sh complain when nobody's terminal is theirs, and with one they
 * say who is where, or which shell they are.
 */
import type { Protocol, Report, Side } from "../model/protocol.ts";

export const commandShell: Protocol = {
  name: "command-shell",
  title: "Command shell",
  over: [{ tcp: [] }],
  privacy: { reads: "That it begins as a command prompt does.", ends: "Everything typed and answered.", keeps: [] },
  recognize: (message) => isPrompt(message),
  speaker: (): Side => "unknown",
  read: (_message, report: Report) => {
    report.notable("commandShell");
    report.enough();
  },
};

const FRONT_BYTES = 256;
/** A greeting by its front; a prompt alone must be all there is. */
const GREETING = /^(?:\r?\n)?Microsoft Windows[^\r\n[]{0,40}\[[^\r\n\]]{0,16}\d+\.\d+[^\r\n\]]{0,16}\]/;
const PROMPT = /^(?:\r?\n)*[A-Z]:\\[^\r\n<>|"?*]{0,200}>$/;
const NO_TERMINAL =
  /^(?:\/bin\/)?(?:ba|da)?sh: (?:\d+: )?(?:no job control in this shell|can't access tty; job control turned off|cannot set terminal process group)/;
/** As Debian, Red Hat and Alpine ship them; before it bash may ask for a terminal's bracketed paste, or set its title. */
const UNIX_PROMPT =
  // oxlint-disable-next-line no-control-regex -- what a terminal is told begins with one
  /^(?:\x1b\[\?2004h|\x1b\]0;[^\x07\r\n]{0,100}\x07){0,2}(?:\[?[a-z_][a-z0-9_-]{0,31}@[\w.-]{1,63}[: ][~/][\w./~-]{0,150}\]?[$#] |(?:ba|da)?sh-\d\.\d{1,2}[$#] |[~/][\w./-]{0,150} [$#] )$/;

function isPrompt(message: Uint8Array): boolean {
  const text = Buffer.from(message.subarray(0, FRONT_BYTES)).toString("latin1");
  return GREETING.test(text) || PROMPT.test(text) || UNIX_PROMPT.test(text) || NO_TERMINAL.test(text);
}
