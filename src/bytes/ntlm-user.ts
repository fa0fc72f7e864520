/**
 * Whom an NTLM message proves (MS-NLMP section 2.2.1.3), so that users can be told apart where NTLM is only carried: the bytes of the name,
 * never text anybody reads. "" for nobody (section 3.2.5.1.2: an anonymous log-in), null where no proof stands in `bytes`.
 */
import { find } from "./find.ts";
import { Reader } from "./reader.ts";

export function ntlmUser(bytes: Uint8Array): string | null {
  const at = find(bytes, SIGNATURE);
  if (at < 0) return null;
  const message = bytes.subarray(at);
  if (new Reader(message, SIGNATURE.length).u32le() !== AUTHENTICATE) return null;
  const field = new Reader(message, USER_OFFSET);
  const length = field.u16le();
  field.skip(2);
  const from = field.u32le();
  const user = new Reader(message, from).take(Math.min(length, USER_BYTES_MAX));
  return Buffer.from(user).toString("latin1").toLowerCase();
}

const SIGNATURE = "NTLMSSP\0";
const AUTHENTICATE = 3;
const USER_OFFSET = 36;
/** 104 characters are the longest name Windows takes (MS-SAMR section 3.1.1.8.1: 20 of a user; UPNs are longer). */
const USER_BYTES_MAX = 208;
