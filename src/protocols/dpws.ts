/**
 * What web services on devices say of themselves: Devices Profile for Web Services 1.1 (OASIS) and its draft of 2006, and on top of it
 * service-oriented device connectivity, IEEE 11073-20701 and 10207 (BICEPS); SOAP in HTTP.
 *
 * Asked for its metadata a device tells maker, model, firmware and serial number, be it a printer or a ventilator. A medical device asked for
 * its description tells its kind, identifier and bed as well, and its patient: of that it is only noticed that there is one. Who sets values
 * and silences alarms is the conversation's story. Medical devices have to encrypt all of it, so that any is heard is told.
 */
import { clean, TEXT_LENGTH_MAX } from "../bytes/text.ts";
import { elements } from "../bytes/xml.ts";
import { deviceCode } from "../knowledge/mdc.ts";
import type { Attribute } from "../model/observation.ts";
import type { Address, Context, Protocol, Report } from "../model/protocol.ts";

export const dpws: Protocol = {
  name: "dpws",
  title: "DPWS and SDC",
  over: [{ inside: "http", as: "application/soap+xml" }],
  privacy: {
    reads: "A device's metadata and description: kind, maker, model, versions, serial number, bed; services asked for.",
    ends: "Patients, values, alarms, settings, names people gave. That there is a patient is noticed, never which.",
    keeps: ["maker", "model", "serial", "udi", "software", "location", "deviceCode", "dialect", "patientData"],
  },
  recognize: (message) => {
    if (!BEGINNINGS.has(message[0] ?? 0)) return false;
    const start = Buffer.from(message.buffer, message.byteOffset, Math.min(message.length, START_BYTES)).toString("latin1");
    return ENVELOPE.test(start) && NAMESPACES.some((it) => start.includes(it));
  },
  read,
};

/** A tag, white space before it, or a byte order mark. */
const BEGINNINGS = new Set([0x3c, 0x20, 0x09, 0x0a, 0x0d, 0xef]);
/** Namespaces stand in the envelope's own tag, or where they are first used. */
const START_BYTES = 4096;
const ENVELOPE = /^(?:\xef\xbb\xbf)?\s*(?:<\?xml[^<>]{0,128}\?>\s*)?<(?:[\w-]{1,32}:)?Envelope[\s>]/;
const SDC = "http://standards.ieee.org/downloads/11073/11073-";
const NAMESPACES = ["http://docs.oasis-open.org/ws-dd/ns/dpws/2009/01", "http://schemas.xmlsoap.org/ws/2006/02/devprof", SDC];
const TEXT_BYTES_MAX = 64 << 10;

/** IEEE 11073-20701 section 7.3: operations by their services' names; all that begins with Set, and Activate, changes the device. */
const OPERATIONS = new Set([
  ..."GetMdib GetMdDescription GetMdState GetContextStates GetLocalizedText GetSupportedLanguages GetContainmentTree GetDescriptor".split(
    " ",
  ),
  ..."SetValue SetString Activate SetMetricState SetComponentState SetAlertState SetContextState".split(" "),
]);
/** Those of them that change what a device does; contexts are its patient and its place, which are set at each admission. */
const CHANGES = new Set(["SetValue", "SetString", "Activate", "SetMetricState", "SetComponentState"]);
const ACTION = /^\s*http:\/\/standards\.ieee\.org\/downloads\/11073\/11073-20701-2018\/\w{1,32}\/(\w{1,32})\s*$/;

/** DPWS 1.1 sections 5.1 and 5.2; 10207 section B.49. */
const THIS_MODEL: readonly (readonly [string, Attribute])[] = [["Manufacturer", "maker"], ["ModelName", "model"]]; // prettier-ignore
const THIS_DEVICE: readonly (readonly [string, Attribute])[] = [["FirmwareVersion", "software"], ["SerialNumber", "serial"]]; // prettier-ignore
const META_DATA: readonly (readonly [string, Attribute])[] = [...THIS_MODEL, ["SerialNumber", "serial"], ["DeviceIdentifier", "udi"]];
/** Of a patient's core data in 10207 section B.137; any with something in it. */
const PATIENT = /<(?:[\w-]{1,32}:)?(?:Givenname|Middlename|Familyname|Birthname|DateOfBirth)>[^<]/;
/** From the large to the small: 10207 section B.158. */
const LEVELS = ["Facility", "Building", "Floor", "PoC", "Room", "Bed"];

function read(message: Uint8Array, report: Report, { side, sender }: Context): void {
  const text = new TextDecoder().decode(message.subarray(0, TEXT_BYTES_MAX));
  const body = elements(text, "Body", 1)[0];
  if (body === undefined) return report.malformed("no body");
  const operation = ACTION.exec(valueOf(text, "Action"))?.[1] ?? "";
  if (OPERATIONS.has(operation)) report.operation(operation);
  if (side !== "server" && operation === "SetAlertState") report.notable("alarmsSet");
  else if (side !== "server" && CHANGES.has(operation)) report.notable("deviceSet");
  // Only who serves describes itself.
  if (side === "client") return;
  if (text.includes(SDC)) report.observe(sender, "dialect", "SDC without encryption");
  tell(elements(body, "ThisModel", 1)[0], THIS_MODEL, sender, report);
  tell(elements(body, "ThisDevice", 1)[0], THIS_DEVICE, sender, report);
  const system = elements(body, "Mds", 1)[0];
  if (system !== undefined) describe(system, sender, report);
  if (PATIENT.test(body)) report.observe(sender, "patientData", "dpws");
  const place = /<(?:[\w-]{1,32}:)?LocationDetail\s([^<>]{0,1024})>/.exec(body)?.[1] ?? "";
  report.observe(sender, "location", LEVELS.map((level) => attributeOf(place, level)).filter((it) => it !== "").join(" / ")); // prettier-ignore
}

/** Its type stands before those of its modules; a code in a system of its own is not one of 10101. */
function describe(system: string, sender: Address, report: Report): void {
  tell(elements(system, "MetaData", 1)[0], META_DATA, sender, report);
  const type = /<(?:[\w-]{1,32}:)?(?:Type|Vmd)\s([^<>]{0,512})>/.exec(system)?.[1] ?? "";
  const code = attributeOf(type, "Code");
  if (attributeOf(type, "CodingSystem") === "" && /^\d{1,8}$/.test(code)) report.observe(sender, "deviceCode", deviceCode(Number(code)));
}

function tell(text: string | undefined, what: readonly (readonly [string, Attribute])[], sender: Address, report: Report): void {
  if (text === undefined) return;
  for (const [element, attribute] of what) report.observe(sender, attribute, valueOf(text, element));
}

/** What stands in the first element of this name, if all of it came. */
function valueOf(text: string, element: string): string {
  return plain(new RegExp(`<(?:[\\w-]{1,32}:)?${element}(?=[\\s>])[^<>]{0,256}>([^<]{1,1024})<`).exec(text)?.[1] ?? "");
}

function attributeOf(tag: string, name: string): string {
  return plain(new RegExp(`(?:^|\\s)${name}="([^"]{0,256})"`).exec(tag)?.[1] ?? "");
}

function plain(value: string): string {
  const text = value.slice(0, TEXT_LENGTH_MAX).replace(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => ENTITIES[name]!);
  return clean(text);
}
const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
