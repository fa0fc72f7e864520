/** A unique identifier as DICOM writes it (PS3.5 section 9.1: digits and dots, at most 64, a NUL to make it even), "" when it is none. */
import { ascii } from "../../bytes/text.ts";

export function uid(bytes: Uint8Array): string {
  const text = ascii(bytes);
  return UID.test(text) ? text : "";
}

const UID = /^[0-9][0-9.]{0,63}$/;
