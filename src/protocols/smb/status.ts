import type { Report } from "../../model/protocol.ts";
import type { Memory } from "./memory.ts";

/** What the answer to a session setup says of a log-in. While both still talk, or for a fault that is not the log-in's, nothing. */
export function readStatus(status: number, report: Report, memory: Memory): void {
  if (status === MORE_TO_COME) return;
  if (status === 0) report.attempt("login", "accepted");
  // A server that turns nobody away, or a first question, is no refusal of anybody.
  else if (memory.offered !== null && REFUSED.has(status)) report.attempt("login", "refused", memory.offered);
  memory.offered = null;
}

const MORE_TO_COME = 0xc0000016;

/** MS-ERREF section 2.3.1, in its order: names, passwords and accounts that are not taken. */
const REFUSED: ReadonlySet<number> = new Set([
  0xc0000022, // ACCESS_DENIED
  0xc0000064, // NO_SUCH_USER
  0xc000006a, // WRONG_PASSWORD
  0xc000006d, // LOGON_FAILURE
  0xc000006e, // ACCOUNT_RESTRICTION
  0xc000006f, // INVALID_LOGON_HOURS
  0xc0000070, // INVALID_WORKSTATION
  0xc0000071, // PASSWORD_EXPIRED
  0xc0000072, // ACCOUNT_DISABLED
  0xc000015b, // LOGON_TYPE_NOT_GRANTED
  0xc0000193, // ACCOUNT_EXPIRED
  0xc0000224, // PASSWORD_MUST_CHANGE
  0xc0000234, // ACCOUNT_LOCKED_OUT
]);
