/** Opening an association: PS3.8 section 9.3.2 to 9.3.4, its user information in PS3.7 annex D. */
import { Reader } from "../../bytes/reader.ts";
import { ascii } from "../../bytes/text.ts";
import type { Context, Report } from "../../model/protocol.ts";
import type { Memory, Syntax } from "./memory.ts";
import { ITEMS_OFFSET } from "./pdu.ts";
import { clientRoles, serverRoles } from "./roles.ts";
import { uid } from "./uid.ts";

/** The client says who it is, whom it asks for, and what it wants. */
export function readRequest(message: Uint8Array, report: Report, { sender, memory, cut }: Context<Memory>): void {
  memory.called = title(message, CALLED_OFFSET);
  memory.calling = title(message, CALLING_OFFSET);
  memory.proposed.clear();
  memory.retrieved.clear();
  memory.syntaxes.clear();
  const items = readItems(message, cut, report);

  report.observe(sender, "aeTitle", memory.calling);
  report.observe(sender, "dicomImplementation", items.implementation);
  for (const context of items.contexts) if (context.id !== 0) memory.proposed.set(context.id, context.sopClass);
  for (const sopClass of items.served) memory.retrieved.add(sopClass);
  const classes = new Set(memory.proposed.values());
  for (const sopClass of classes) report.observe(sender, "sopClass", sopClass);
  for (const role of clientRoles(classes, memory.retrieved)) report.observe(sender, "dicomRole", role);
  // PS3.7 annex D.3.3.7: a name with a passcode, an assertion or a token, as they are. A name alone, or a Kerberos ticket, opens nothing.
  if (SECRETS.has(items.userIdentity)) report.observe(sender, "clearCredentials", "dicom");
}

/** The server answers to the title it was called by, and says which of the services it gives. */
export function readAnswer(message: Uint8Array, report: Report, { sender, memory, cut }: Context<Memory>): void {
  const items = readItems(message, cut, report);
  report.attempt("association", "accepted");
  report.notable("dicomAssociation");
  // The answer's own title fields are echoes "not to be tested", so what was asked for counts. Without the request nothing does.
  report.observe(sender, "aeTitle", memory.called);
  report.observe(sender, "dicomImplementation", items.implementation);

  const granted = new Set<string>();
  for (const { id, result, syntax } of items.contexts) {
    if (result !== GRANTED) continue;
    memory.syntaxes.set(id, syntax);
    const sopClass = memory.proposed.get(id);
    if (sopClass !== undefined) granted.add(sopClass);
  }
  memory.proposed.clear();
  for (const sopClass of granted) report.observe(sender, "sopClass", sopClass);
  for (const role of serverRoles(granted, memory.retrieved)) report.observe(sender, "dicomRole", role);
}

const CALLED_OFFSET = 10;
const CALLING_OFFSET = 26;
const TITLE_BYTES = 16;

const Item = {
  contextRequest: 0x20,
  contextAnswer: 0x21,
  abstractSyntax: 0x30,
  transferSyntax: 0x40,
  userInformation: 0x50,
  implementationClass: 0x52,
  role: 0x54,
  implementationVersion: 0x55,
  userIdentity: 0x58,
} as const;
const GRANTED = 0;
/** A passcode, SAML, JSON Web Token. */
const SECRETS = new Set([2, 4, 5]);

/** PS3.8 section 9.3.2.2: numbers are odd and fit in a byte, so there can be no more. */
const CONTEXTS_MAX = 128;
/** An association's contexts with their syntaxes, and as many items of user information. */
const ITEMS_MAX = 8192;

const IMPLICIT = "1.2.840.10008.1.2";
const BIG_ENDIAN = "1.2.840.10008.1.2.2";
/** The data set is one compressed block: PS3.5 annex A.5. */
const DEFLATED = new Set(["1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.4.95", "1.2.840.10008.1.2.4.205"]);

interface PresentationContext {
  id: number;
  result: number;
  sopClass: string;
  syntax: Syntax;
}

interface Items {
  readonly contexts: PresentationContext[];
  /** Classes the client offers to be the server of. */
  readonly served: string[];
  implementation: string;
  /** 0 when none is given. */
  userIdentity: number;
}

function title(message: Uint8Array, offset: number): string {
  return ascii(message.subarray(offset, offset + TITLE_BYTES));
}

/** Items nest two deep at most, and a nested one begins at its parent's front: so a flat walk that steps into parents sees them all. */
function readItems(message: Uint8Array, cut: boolean, report: Report): Items {
  const found: Items = { contexts: [], served: [], implementation: "", userIdentity: 0 };
  const reader = new Reader(message, ITEMS_OFFSET);
  let context: PresentationContext | undefined;
  let implementationClass = "";
  let version = "";
  for (let i = 0; i < ITEMS_MAX && reader.remaining > 0; i++) {
    const type = reader.u8();
    reader.skip(1);
    const length = reader.u16();
    if (type === Item.userInformation) continue;
    if (type === Item.contextRequest || type === Item.contextAnswer) {
      context = { id: reader.u8(), result: reader.u16() & 0xff, sopClass: "", syntax: "unknown" };
      reader.skip(1);
      if (!reader.overrun && found.contexts.length < CONTEXTS_MAX) found.contexts.push(context);
      continue;
    }
    const value = reader.take(length);
    if (reader.overrun) break;
    switch (type) {
      case Item.abstractSyntax:
        if (context !== undefined) context.sopClass = uid(value);
        break;
      case Item.transferSyntax:
        if (context !== undefined) context.syntax = syntaxOf(uid(value));
        break;
      case Item.implementationClass:
        implementationClass = uid(value);
        break;
      case Item.implementationVersion:
        version = ascii(value, VERSION_BYTES_MAX);
        break;
      case Item.role: {
        const sopClass = uid(value.subarray(2, 2 + ((value[0]! << 8) | value[1]!)));
        if (value.at(-1) === 1 && sopClass !== "" && found.served.length < CONTEXTS_MAX) found.served.push(sopClass);
        break;
      }
      case Item.userIdentity:
        found.userIdentity = value[0] ?? 0;
    }
  }
  if (reader.overrun && !cut) report.malformed("an item runs past the end of the association");
  found.implementation = `${implementationClass} ${version}`.trim();
  return found;
}

/** PS3.7 annex D.3.3.2.3. */
const VERSION_BYTES_MAX = 16;

function syntaxOf(transferSyntax: string): Syntax {
  if (transferSyntax === IMPLICIT) return "implicit";
  if (transferSyntax === BIG_ENDIAN) return "bigEndian";
  return transferSyntax === "" || DEFLATED.has(transferSyntax) ? "unknown" : "explicit";
}
