/** A machine tells its log to a server: RFC 5424. */
import { latin } from "../frames.ts";
import type { Station, Wire } from "../wire.ts";

const PORT = 514;
/** Facility local 0, severity "informational". */
const PRIORITY = 16 * 8 + 6;

export function tellsLog(wire: Wire, at: number, it: Station, server: Station, name: string, program: string, text: string): void {
  const time = new Date(Math.floor(at / 1_000)).toISOString();
  wire.datagram(at, it, server, PORT, PORT, latin(`<${PRIORITY}>1 ${time} ${name} ${program} - - - ${text}`));
}
