/** Between modalities, their archive and the work list: associations (PS3.8), commands (PS3.7), and images of nobody (PS3.3). */
import { bytes, latin, le16, le32, u16, u32 } from "../frames.ts";
import type { Line } from "../wire.ts";

/** Both ends of an association by their titles, and the toolkits they are built with. */
export interface Ends {
  readonly calling: string;
  readonly called: string;
  readonly implementation: Implementation;
  readonly answering: Implementation;
}
export type Implementation = readonly [uid: string, version: string];

interface Equipment {
  readonly station: string;
  /** DICOM's code: CT, US. */
  readonly modality: keyof typeof IMAGES;
  readonly maker: string;
  readonly model: string;
  readonly serial: string;
  readonly software: string;
}

const EXPLICIT = "1.2.840.10008.1.2.1";
const APPLICATION_CONTEXT = "1.2.840.10008.3.1.1.1";
const VERIFICATION = "1.2.840.10008.1.1";
const STUDY_FIND = "1.2.840.10008.5.1.4.1.2.2.1";
const WORKLIST = "1.2.840.10008.5.1.4.31";
const IMAGES = { CT: "1.2.840.10008.5.1.4.1.1.2", US: "1.2.840.10008.5.1.4.1.1.6.1" } as const;
/** The branch of UIDs anybody may make from a random number: PS3.5 annex B.2. */
const UID_ROOT = "2.25";

const Pdu = { request: 1, accept: 2, data: 4, release: 5, released: 6 } as const;
const Item = { application: 0x10, asked: 0x20, granted: 0x21, abstract: 0x30, transfer: 0x40, user: 0x50, sizeMax: 0x51, uid: 0x52, version: 0x55 } as const; // prettier-ignore
const Control = { data: 0, lastData: 2, command: 3 } as const;
const Field = { store: 0x0001, find: 0x0020, echo: 0x0030, answer: 0x8000 } as const;
const Status = { success: 0, pending: 0xff00 } as const;
const PDU_BYTES_MAX = 16_384;
const CONTEXT = 1;
/** An image as small as is still one. */
const SIDE_PIXELS = 64;

/** Is anybody there? */
export function echo(ends: Ends): readonly Line[] {
  return associated(ends, VERIFICATION, [
    ["client", command(Field.echo, VERIFICATION, 1)],
    ["server", answer(Field.echo, VERIFICATION, 1, Status.success)],
  ]);
}

/** Asks the work list what there is to do today. */
export function worklist(
  ends: Ends,
  { station, modality }: Pick<Equipment, "station" | "modality">,
  day: string,
  patient: string,
): readonly Line[] {
  const step = (ae: string) =>
    sequence(
      0x0040,
      0x0100,
      element(0x0008, 0x0060, "CS", modality),
      element(0x0040, 0x0001, "AE", ae),
      element(0x0040, 0x0002, "DA", day),
    );
  const wish = bytes(element(0x0010, 0x0010, "PN", ""), element(0x0010, 0x0020, "LO", ""), step(station));
  const match = bytes(element(0x0010, 0x0010, "PN", patient), element(0x0010, 0x0020, "LO", "ZZ10001"), step(station));
  return associated(ends, WORKLIST, found(WORKLIST, wish, [match]));
}

/** Asks an archive which studies there are of a day. */
export function query(ends: Ends, day: string, patient: string): readonly Line[] {
  const level = element(0x0008, 0x0052, "CS", "STUDY");
  const asked = bytes(element(0x0008, 0x0020, "DA", day), level, element(0x0010, 0x0010, "PN", ""));
  const match = bytes(element(0x0008, 0x0020, "DA", day), level, element(0x0010, 0x0010, "PN", patient));
  return associated(ends, STUDY_FIND, found(STUDY_FIND, asked, [match]));
}

function found(sopClass: string, wish: Uint8Array, matches: readonly Uint8Array[]): readonly Line[] {
  return [
    ["client", command(Field.find, sopClass, 1, true)],
    ["client", dataSet(wish)],
    ...matches.flatMap((match): Line[] => [
      ["server", answer(Field.find, sopClass, 1, Status.pending, true)],
      ["server", dataSet(match)],
    ]),
    ["server", answer(Field.find, sopClass, 1, Status.success)],
  ];
}

/** Stores one image after the other. `number` makes their identifiers. */
export function store(ends: Ends, equipment: Equipment, images: number, number: number, day: string, patient: string): readonly Line[] {
  const sopClass = IMAGES[equipment.modality];
  const stored = Array.from({ length: images }, (_, index): Line[] => {
    const instance = `${UID_ROOT}.${number}.${index + 1}`;
    return [
      ["client", command(Field.store, sopClass, index + 1, true, instance)],
      ["client", dataSet(image(equipment, sopClass, number, index + 1, day, patient))],
      ["server", answer(Field.store, sopClass, index + 1, Status.success, false, instance)],
    ];
  });
  return associated(ends, sopClass, stored.flat());
}

// PS3.8 section 9.3. --------------------------------------------------------------------------------------------------------------

function associated(ends: Ends, sopClass: string, between: readonly Line[]): readonly Line[] {
  const asked = item(Item.asked, bytes([CONTEXT, 0, 0, 0], item(Item.abstract, latin(sopClass)), item(Item.transfer, latin(EXPLICIT))));
  const granted = item(Item.granted, bytes([CONTEXT, 0, 0, 0], item(Item.transfer, latin(EXPLICIT))));
  return [
    ["client", association(Pdu.request, ends, asked, ends.implementation)],
    ["server", association(Pdu.accept, ends, granted, ends.answering)],
    ...between,
    ["client", unit(Pdu.release, new Uint8Array(4))],
    ["server", unit(Pdu.released, new Uint8Array(4))],
  ];
}

function association(type: number, { called, calling }: Ends, context: Uint8Array, [uid, version]: Implementation): Uint8Array {
  const user = bytes(item(Item.sizeMax, u32(PDU_BYTES_MAX)), item(Item.uid, latin(uid)), item(Item.version, latin(version)));
  const titles = latin(called.padEnd(16) + calling.padEnd(16));
  const items = bytes(item(Item.application, latin(APPLICATION_CONTEXT)), context, item(Item.user, user));
  return unit(type, bytes(u16(1), u16(0), titles, new Uint8Array(32), items));
}

function unit(type: number, body: Uint8Array): Uint8Array {
  return bytes([type, 0], u32(body.length), body);
}

function item(type: number, body: Uint8Array): Uint8Array {
  return bytes([type, 0], u16(body.length), body);
}

function value(control: number, fragment: Uint8Array): Uint8Array {
  return unit(Pdu.data, bytes(u32(fragment.length + 2), [CONTEXT, control], fragment));
}

/** In as many units as the other end lets it. */
function dataSet(set: Uint8Array): Uint8Array {
  const most = PDU_BYTES_MAX - 6;
  const units: Uint8Array[] = [];
  for (let at = 0; at < set.length; at += most)
    units.push(value(at + most < set.length ? Control.data : Control.lastData, set.subarray(at, at + most)));
  return bytes(...units);
}

// PS3.7 section 9.3 and annex E. ----------------------------------------------------------------------------------------------------

const NO_DATA_SET = 0x0101;
const SOME_DATA_SET = 0x0001;

function command(field: number, sopClass: string, message: number, dataFollows = false, instance = ""): Uint8Array {
  return commandSet(
    commandElement(0x0002, latin(even(sopClass, "\0"))),
    commandElement(0x0100, le16(field)),
    commandElement(0x0110, le16(message)),
    field === Field.echo ? NOTHING : commandElement(0x0700, le16(0)),
    commandElement(0x0800, le16(dataFollows ? SOME_DATA_SET : NO_DATA_SET)),
    instance === "" ? NOTHING : commandElement(0x1000, latin(even(instance, "\0"))),
  );
}

function answer(field: number, sopClass: string, message: number, status: number, dataFollows = false, instance = ""): Uint8Array {
  return commandSet(
    commandElement(0x0002, latin(even(sopClass, "\0"))),
    commandElement(0x0100, le16(field | Field.answer)),
    commandElement(0x0120, le16(message)),
    commandElement(0x0800, le16(dataFollows ? SOME_DATA_SET : NO_DATA_SET)),
    commandElement(0x0900, le16(status)),
    instance === "" ? NOTHING : commandElement(0x1000, latin(even(instance, "\0"))),
  );
}

/** Led by its own length. */
function commandSet(...elements: readonly Uint8Array[]): Uint8Array {
  const set = bytes(...elements);
  return value(Control.command, bytes(commandElement(0x0000, le32(set.length)), set));
}

function commandElement(tag: number, content: Uint8Array): Uint8Array {
  return bytes(le16(0), le16(tag), le32(content.length), content);
}

// PS3.3 and PS3.5. ------------------------------------------------------------------------------------------------------------------

function image(it: Equipment, sopClass: string, study: number, index: number, day: string, patient: string): Uint8Array {
  const whole = (group: number, tag: number, number: number) => bytes(le16(group), le16(tag), latin("US"), le16(2), le16(number));
  const pixels = disc(index);
  return bytes(
    element(0x0008, 0x0016, "UI", sopClass),
    element(0x0008, 0x0018, "UI", `${UID_ROOT}.${study}.${index}`),
    element(0x0008, 0x0020, "DA", day),
    element(0x0008, 0x0060, "CS", it.modality),
    element(0x0008, 0x0070, "LO", it.maker),
    element(0x0008, 0x1010, "SH", it.station),
    element(0x0008, 0x1090, "LO", it.model),
    element(0x0010, 0x0010, "PN", patient),
    element(0x0010, 0x0020, "LO", "ZZ10001"),
    element(0x0018, 0x1000, "LO", it.serial),
    element(0x0018, 0x1020, "LO", it.software),
    element(0x0020, 0x000d, "UI", `${UID_ROOT}.${study}`),
    element(0x0020, 0x0013, "IS", String(index)),
    whole(0x0028, 0x0002, 1),
    element(0x0028, 0x0004, "CS", "MONOCHROME2"),
    whole(0x0028, 0x0010, SIDE_PIXELS),
    whole(0x0028, 0x0011, SIDE_PIXELS),
    whole(0x0028, 0x0100, 16),
    whole(0x0028, 0x0101, 12),
    whole(0x0028, 0x0102, 11),
    whole(0x0028, 0x0103, 0),
    bytes(le16(0x7fe0), le16(0x0010), latin("OW"), u16(0), le32(pixels.length), pixels),
  );
}

/** A round thing, brighter towards its middle. */
function disc(slice: number): Uint8Array {
  const pixels = new Uint8Array(2 * SIDE_PIXELS ** 2);
  for (let i = 0; i < SIDE_PIXELS ** 2; i++) {
    const fromMiddle = Math.hypot((i % SIDE_PIXELS) - SIDE_PIXELS / 2, Math.floor(i / SIDE_PIXELS) - SIDE_PIXELS / 2);
    const brightness = Math.max(0, Math.round((SIDE_PIXELS / 2 - fromMiddle) * (100 + slice)));
    pixels[2 * i] = brightness;
    pixels[2 * i + 1] = brightness >> 8;
  }
  return pixels;
}

function sequence(group: number, tag: number, ...elements: readonly Uint8Array[]): Uint8Array {
  const content = bytes(...elements);
  const only = bytes(le16(0xfffe), le16(0xe000), le32(content.length), content);
  return bytes(le16(group), le16(tag), latin("SQ"), u16(0), le32(only.length), only);
}

function element(group: number, tag: number, representation: string, text: string): Uint8Array {
  const content = latin(even(text, representation === "UI" ? "\0" : " "));
  return bytes(le16(group), le16(tag), latin(representation), le16(content.length), content);
}

function even(text: string, filler: string): string {
  return text.length % 2 === 0 ? text : text + filler;
}

const NOTHING = new Uint8Array(0);
