/** A command set: PS3.7 section 6.3 and annex E. Always group 0000 in implicit little endian, whatever else was agreed. */
import { Reader } from "../../bytes/reader.ts";
import { uid } from "./uid.ts";

export interface Command {
  readonly verb: string;
  readonly isRequest: boolean;
  /** Empty in commands that name none. */
  readonly sopClass: string;
  readonly dataSetFollows: boolean;
  /** Sent because somebody else asked for it by C-MOVE. */
  readonly isOnBehalf: boolean;
}

/** `null` when it holds no command anybody defined. */
export function readCommand(bytes: Uint8Array): Command | null {
  const elements = new Reader(bytes);
  let field = 0;
  let sopClass = "";
  let dataSetFollows = false;
  let isOnBehalf = false;
  for (let i = 0; i < ELEMENTS_MAX && elements.remaining > 0; i++) {
    const group = elements.u16le();
    const element = elements.u16le();
    const value = elements.take(elements.u32le());
    if (elements.overrun || group !== COMMAND_GROUP) break;
    if (element === Element.affectedClass || element === Element.requestedClass) sopClass = uid(value);
    else if (element === Element.command) field = new Reader(value).u16le();
    else if (element === Element.dataSetType) dataSetFollows = value.length === 2 && new Reader(value).u16le() !== NO_DATA_SET;
    else if (element === Element.moveOriginator) isOnBehalf = value.length > 0;
  }
  const verb = VERBS[field & ~RESPONSE];
  return verb === undefined ? null : { verb, isRequest: (field & RESPONSE) === 0, sopClass, dataSetFollows, isOnBehalf };
}

const COMMAND_GROUP = 0;
const Element = { affectedClass: 0x0002, requestedClass: 0x0003, command: 0x0100, dataSetType: 0x0800, moveOriginator: 0x1030 } as const;
const NO_DATA_SET = 0x0101;
const RESPONSE = 0x8000;
/** PS3.7 table E.1-1 and E.2-1 together define 32. */
const ELEMENTS_MAX = 64;

const VERBS: Readonly<Record<number, string>> = {
  0x0001: "C-STORE",
  0x0010: "C-GET",
  0x0020: "C-FIND",
  0x0021: "C-MOVE",
  0x0030: "C-ECHO",
  0x0fff: "C-CANCEL",
  0x0100: "N-EVENT-REPORT",
  0x0110: "N-GET",
  0x0120: "N-SET",
  0x0130: "N-ACTION",
  0x0140: "N-CREATE",
  0x0150: "N-DELETE",
};
