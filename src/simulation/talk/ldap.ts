/** A client asks a directory what it is: LDAP, RFC 4511, the entry at its root. */
import { bytes, latin } from "../frames.ts";
import type { Line } from "../wire.ts";

const Tag = { boolean: 1, integer: 2, octets: 4, enumerated: 10, sequence: 0x30, set: 0x31, search: 0x63, entry: 0x64, done: 0x65, present: 0x87 } as const; // prettier-ignore

export function directorySearch(context: string, number: number): readonly Line[] {
  const small = (tag: number, value: number) => element(tag, Uint8Array.of(value));
  const text = (value: string) => element(Tag.octets, latin(value));
  const message = (operation: Uint8Array) => element(Tag.sequence, small(Tag.integer, number & 0x7f), operation);
  const wishes = element(Tag.sequence, text("defaultNamingContext"));
  const base = small(Tag.enumerated, 0);
  const search = element(
    Tag.search,
    text(""),
    base,
    base,
    small(Tag.integer, 0),
    small(Tag.integer, 0),
    small(Tag.boolean, 0),
    element(Tag.present, latin("objectClass")),
    wishes,
  );
  const attribute = element(Tag.sequence, text("defaultNamingContext"), element(Tag.set, text(context)));
  const entry = element(Tag.entry, text(""), element(Tag.sequence, attribute));
  const done = element(Tag.done, base, text(""), text(""));
  return [
    ["client", message(search)],
    ["server", bytes(message(entry), message(done))],
  ];
}

/** All lengths here fit a byte. */
function element(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = bytes(...parts);
  return bytes([tag, content.length], content);
}
