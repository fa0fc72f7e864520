/**
 * A machine's system and processor in one line of text, in no protocol: so programs for remote control (RATs) introduce the machine they
 * run on, before they wait for orders. Agents that take stock say the same by HTTP or TLS, and are not taken for it.
 *
 * Both are needed, as Windows itself names them: the product's name, and the processor's brand (CPUID leaves 80000002h to 80000004h).
 */
import type { Protocol, Report, Side } from "../model/protocol.ts";

export const machineIntroduction: Protocol = {
  name: "machine-introduction",
  title: "Machine's introduction",
  over: [{ tcp: [] }],
  privacy: { reads: "That its first line names a system and a processor.", ends: "The line, and all after it.", keeps: [] },
  recognize: (message) => isIntroduction(message),
  speaker: (): Side => "unknown",
  read: (_message, report: Report) => {
    report.notable("machineIntroduced");
    report.enough();
  },
};

const FRONT_BYTES = 512;
const LINE_BYTES_MIN = 32;
const [TAB, SPACE] = [0x09, 0x20];
/** Text of one line, with tabs; anything else in front of both names is another protocol's. */
const LINE = /^[\t\x20-\x7e\x80-\xff]{32,512}/;
const SYSTEM = /\bWindows (?:2000|XP|Vista|7|8|8\.1|10|11|Server 20\d\d)\b/;
const PROCESSOR = /\b(?:Intel\(R\) [A-Z][a-z]+|AMD (?:Athlon|Phenom|Opteron|Ryzen|EPYC|FX)\b)/;

/** Asked of every stream that is not known yet, so short ones and those that begin with no text are not made text. */
function isIntroduction(message: Uint8Array): boolean {
  if (message.length < LINE_BYTES_MIN || (message[0]! < SPACE && message[0] !== TAB)) return false;
  const line = LINE.exec(Buffer.from(message.subarray(0, FRONT_BYTES)).toString("latin1"))?.[0] ?? "";
  return SYSTEM.test(line) && PROCESSOR.test(line);
}
