import assert from "node:assert/strict";
import { test } from "node:test";
import { find } from "../../bytes/find.ts";
import { notes } from "../../testing/notes.ts";
import { hl7 } from "./hl7.ts";

const CLIENT = { side: "client", sender: { ip: "10.0.0.1" }, receiver: { ip: "10.0.0.2" } } as const;
const SERVER = { side: "server", sender: { ip: "10.0.0.2" }, receiver: { ip: "10.0.0.1" } } as const;

const text = (words: string) => new Uint8Array(Buffer.from(words));
const framed = (...segments: string[]) => text(`\x0b${segments.join("\r")}\r\x1c\r`);
const header = (type: string, more = "|P|2.5.1") => `MSH|^~\\&|CARE|WARD 3|RECORD|CLINIC|20240101120000||${type}|4711${more}`;
const PATIENT = "PID|1||ZZ4711^^^CLINIC||ZZTEST^ALPHA||19280101|F";
const admission = framed(header("ADT^A01^ADT_A01"), "EVN|A01", PATIENT, "NK1|1|ZZTEST^BETA|WIFE");
const answer = (code: string) => framed("MSH|^~\\&|RECORD|CLINIC|CARE|WARD 3|20240101120001||ACK^A01|4712|P|2.5.1", `MSA|${code}|4711`);

test("a message names both applications and its kind; of the patient it is only told that there is one", () => {
  assert.equal(hl7.recognize(admission, "client"), true);
  assert.equal(hl7.messageLength!(admission), admission.length - 1);
  for (const marker of ["ZZTEST^ALPHA", "ZZ4711", "ZZTEST^BETA"]) assert.ok(find(admission, marker) > 0, marker);
  assert.deepEqual(notes(hl7, admission, CLIENT), [
    "operation: ADT^A01",
    "10.0.0.1 hl7Application: CARE@WARD 3",
    "10.0.0.2 hl7Application: RECORD@CLINIC",
    "10.0.0.1 hl7Profile: HL7 2.5.1",
    "10.0.0.1 hl7Role: sends admissions",
    "10.0.0.1 patientData: hl7",
  ]);
});

test("who acknowledges receives; who rejects does not", () => {
  for (const [code, lines] of Object.entries({
    AA: ["10.0.0.2 hl7Role: receives admissions"],
    CA: ["10.0.0.2 hl7Role: receives admissions"],
    AE: [],
    AR: [],
  })) {
    const memory = hl7.remember!();
    notes(hl7, admission, { ...CLIENT, memory });
    assert.equal(hl7.recognize(answer(code), "server"), true);
    assert.deepEqual(
      notes(hl7, answer(code), { ...SERVER, memory }).filter((line) => line.includes("hl7Role")),
      lines,
      code,
    );
  }
  assert.deepEqual(
    notes(hl7, answer("AA"), SERVER).filter((line) => line.includes("hl7Role")),
    [],
    "nothing was sent",
  );
});

test("an order is accepted or refused, once", () => {
  for (const [code, outcome] of [
    ["AA", "order accepted"],
    ["AE", "order refused"],
    ["AR", "order refused"],
    ["CR", "order refused"],
  ] as const) {
    const memory = hl7.remember!();
    notes(hl7, framed(header("RGV^O15")), { ...CLIENT, memory });
    const heard = () => notes(hl7, answer(code), { ...SERVER, memory }).filter((line) => line.startsWith("order"));
    assert.deepEqual(heard(), [outcome]);
    assert.deepEqual(heard(), []);
  }
});

test("roles and verbs by message type; what no table has is no verb", () => {
  const said = (type: string) => notes(hl7, framed(header(type))).filter((line) => /operation|hl7Role/.test(line));
  assert.deepEqual(said("ORU^R01"), ["operation: ORU^R01", "10.0.0.1 hl7Role: sends results"]);
  assert.deepEqual(said("ORU^R40^ORU_R40"), ["operation: ORU^R40", "10.0.0.1 hl7Role: sends alarms"]);
  assert.deepEqual(said("ACK"), ["operation: ACK"]);
  assert.deepEqual(said("QBP^ZV1"), ["operation: QBP", "10.0.0.1 hl7Role: sends queries"]);
  assert.deepEqual(said("ZPI^Z01"), ["operation: LOCAL"]);
  assert.deepEqual(said("ZZTEST^ALPHA"), ["operation: OTHER"]);
  assert.deepEqual(said("ADT^ZZTEST"), ["operation: ADT", "10.0.0.1 hl7Role: sends admissions"]);
  assert.deepEqual(said("constructor"), ["operation: OTHER"]);
});

test("a pump server says its profile, and its character set where it is one", () => {
  const lines = notes(
    hl7,
    framed(header("ORU^R01", "|P|2.6|||AL|NE||UNICODE UTF-8|||IHE_PCD_001^IHE PCD^1.3.6.1.4.1.19376.1.6.4.1^ISO~^^1.3.6.1^ISO")),
  );
  assert.deepEqual(
    lines.filter((line) => line.includes("hl7Profile")),
    ["HL7 2.6", "UNICODE UTF-8", "IHE_PCD_001", "1.3.6.1"].map((profile) => `10.0.0.1 hl7Profile: ${profile}`),
  );
  assert.ok(!notes(hl7, framed(header("ORU^R01", "|P|2.6||||||constructor"))).some((line) => line.includes("constructor")));
});

test("names are read in the message's own separators, escapes and characters", () => {
  const named = (bytes: Uint8Array) => notes(hl7, bytes).filter((line) => line.startsWith("10.0.0.1 hl7Application"))[0];
  assert.equal(named(text("\x0bMSH#!~?%#CARE!1.2.3#W?T?3#R#C#2024##ADT!A01#1#P#2.3\r\x1c\r")), "10.0.0.1 hl7Application: CARE@W%3");
  assert.equal(
    named(framed("MSH|^~\\&#|^1.2.3^ISO|A\\F\\B\\.br\\C\\E\\|R|C|2024||ADT^A01|1|P|2.7")),
    "10.0.0.1 hl7Application: 1.2.3@A|BC\\",
  );
  const latin = (words: string) => new Uint8Array(Buffer.from(`\x0b${words}\r\x1c\r`, "latin1"));
  assert.equal(named(latin("MSH|^~\\&|SÄUGE||R|C|2024||ADT^A01|1|P|2.5||||||8859/1")), "10.0.0.1 hl7Application: SÄUGE");
  assert.equal(named(framed("MSH|^~\\&|SÄUGE||R|C|2024||ADT^A01|1|P|2.5||||||ASCII")), "10.0.0.1 hl7Application: SÄUGE");
  assert.equal(named(framed("MSH|^~\\&|joe@example.org|CLINIC|R|C|2024||ADT^A01|1|P|2.5")), "10.0.0.1 hl7Application: @CLINIC");
});

test("two bytes a character, in either order", () => {
  const little = Buffer.from(`${header("ADT^A01")}\r${PATIENT}\r`, "utf16le");
  const big = Buffer.from(little).swap16();
  for (const bytes of [
    Buffer.concat([text("\x0b"), little, text("\x1c\0\r\0")]),
    Buffer.concat([text("\x0b"), Uint8Array.of(0xff, 0xfe), little, text("\x1c\0\r\0")]),
    Buffer.concat([text("\x0b"), big, text("\0\x1c\0\r")]),
  ]) {
    assert.equal(hl7.recognize(bytes, "client"), true);
    const lines = notes(hl7, bytes.subarray(0, hl7.messageLength!(bytes)));
    assert.ok(lines.includes("10.0.0.1 hl7Application: CARE@WARD 3"));
    assert.ok(lines.includes("10.0.0.1 patientData: hl7"));
  }
});

test("a patient segment that says nothing is no patient", () => {
  for (const empty of ["PID|1", "PID|1|||||^^^||", 'PID|1||""', "EVN|A01|2024", "QPD|Q22^Find|1|"])
    assert.ok(!notes(hl7, framed(header("ADT^A01"), empty)).some((line) => line.includes("patientData")), empty);
  for (const said of ["PID|||X", "QPD|Q22^Find|1|@PID.5.1^ZZTEST", "MRG|ZZ1"])
    assert.ok(notes(hl7, framed(header("ADT^A01"), said)).includes("10.0.0.1 patientData: hl7"), said);
});

/** As flows does: message after message, each read as wanted, until the rest is not whole. */
function readAll(stream: Uint8Array): { lines: string[]; left: number } {
  const memory = hl7.remember!();
  const lines: string[] = [];
  let at = 0;
  while (at < stream.length) {
    const length = hl7.messageLength!(stream.subarray(at));
    if (length === 0) break;
    lines.push(...notes(hl7, stream.subarray(at, at + length), { ...CLIENT, memory }));
    at += length;
  }
  return { lines: lines.filter((line) => /operation|malformed/.test(line)), left: stream.length - at };
}
const joined = (...parts: readonly Uint8Array[]) => new Uint8Array(Buffer.concat(parts));

test("how long a message is does not depend on how much of it has come", () => {
  for (let bytes = 1; bytes < admission.length - 1; bytes++) assert.equal(hl7.messageLength!(admission.subarray(0, bytes)), 0);
});

test("several messages in a row, with and without what belongs between them", () => {
  const one = framed(header("ORM^O01"));
  assert.deepEqual(readAll(joined(admission, one, text("\n"), one, text("\x0b\x06\x1c\r"), one)), {
    lines: ["operation: ADT^A01", "operation: ORM^O01", "operation: ORM^O01", "operation: ORM^O01"],
    left: 0,
  });
  // No file separator: the next message ends this one.
  assert.deepEqual(readAll(joined(text(`\x0b${header("ADT^A04")}\r`), one)).lines, ["operation: ADT^A04", "operation: ORM^O01"]);
  assert.deepEqual(readAll(text(`\x0b${header("ADT^A01").replaceAll("\r", "\n")}\n${PATIENT}\n\x1c\n`)), {
    lines: ["operation: ADT^A01"],
    left: 0,
  });
});

test("without a frame messages are found by their headers", () => {
  const stream = text(`${header("ADT^A01")}\r${PATIENT}\r${header("ADT^A08")}\r`);
  assert.equal(hl7.recognize(stream, "client"), true);
  assert.deepEqual(readAll(stream), { lines: ["operation: ADT^A01", "operation: ADT^A08"], left: 0 });
  for (const bytes of [1, 8, 60]) assert.equal(hl7.messageLength!(stream.subarray(0, bytes)), 0, "the header is not there yet");
  assert.equal(hl7.recognize(text("MSH#!~?%#CARE#"), "client"), false);
});

test("a batch is each of its messages", () => {
  const batch = framed("FHS|^~\\&|CARE|WARD 3", "BHS|^~\\&|CARE|WARD 3", header("ORU^R01"), PATIENT, header("ORU^R30"), "BTS|2", "FTS|1");
  assert.equal(hl7.recognize(batch, "client"), true);
  assert.deepEqual(readAll(batch).lines, ["operation: ORU^R01", "operation: ORU^R30"]);
  const endless = framed(...Array.from({ length: 500 }, () => header("ORU^R01")));
  assert.equal(readAll(endless).lines.length, 64);
});

const PCD = header("ORU^R01^ORU_R01", "|P|2.6|||AL|NE||UNICODE UTF-8|||IHE_PCD_001^IHE PCD^1.3.6.1.4.1.19376.1.6.4.1^ISO");
const PUMP = "A0001^^0012210000000000^EUI-64";
const row = (code: string, place: string, value = "", equipment = "") => `OBX|1||${code}|${place}|${value}||||||X|||||||${equipment}`;
/** What is said of devices behind the sender. */
const ofDevices = (...segments: string[]) => notes(hl7, framed(...segments), CLIENT).filter((line) => line.startsWith("10.0.0.1/"));

test("a pump behind a gateway says what it is, where it stands and what it does; the values stay in the parser", () => {
  const lines = ofDevices(
    PCD,
    PATIENT,
    "PV1|1|I|ICU^12^A^CLINIC||||ZZ^DOCTOR",
    "OBR|1|ZZ1|ZZ2|69985^MDC_DEV_PUMP_INFUS_MDS^MDC",
    row("70049^MDC_DEV_PUMP_INFUS_LVP_MDS^MDC", "1.0.0.0", "", `M7^^^^~${PUMP}`),
    row("70050^MDC_DEV_PUMP_INFUS_LVP_VMD^MDC", "1.1.0.0", "", "M7"),
    row("67880^MDC_ATTR_ID_MODEL^MDC", "1.1.0.1", "Pump 7"),
    row("531976^MDC_ID_PROD_SPEC_FW^MDC", "1.1.0.2", "3.1"),
    row("184517^MDC_PUMP_DRUG_LIBRARY_VERSION^MDC", "1.1.0.3", "12"),
    row("184514^MDC_DRUG_NAME_LABEL^MDC", "1.1.1.1", "ZZDRUG"),
    row("157784^MDC_FLOW_FLUID_PUMP^MDC", "1.1.2.1", "15.4"),
  );
  assert.deepEqual(lines, [
    "10.0.0.1/A0001 serial: A0001",
    "10.0.0.1/A0001 uuid: 0012210000000000",
    "10.0.0.1/A0001 deviceCode: MDC_DEV_PUMP_INFUS_LVP_MDS",
    "10.0.0.1/A0001 location: CLINIC / ICU / 12 / A",
    "10.0.0.1/A0001 model: Pump 7",
    "10.0.0.1/A0001 software: 3.1",
    "10.0.0.1/A0001 description: drug library 12",
    "10.0.0.1/A0001 capability: infuses fluid",
    "10.0.0.1/A0001 programming: reports",
  ]);
});

test("two devices in one message, and the next patient's: each row is of its own", () => {
  assert.deepEqual(
    ofDevices(
      PCD,
      "OBR|1",
      row("69965^MDC_DEV_MON_PHYSIO_MULTI_PARAM_MDS^MDC", "1.0.0.0", "", "M1"),
      row("150456^MDC_PULS_OXIM_SAT_O2^MDC", "1.1.1.1", "97"),
      row("70049^MDC_DEV_PUMP_INFUS_LVP_MDS^MDC", "2.0.0.0", "", "P1"),
      row("158014^MDC_FLOW_FLUID_PUMP_CURRENT^MDC", "2.1.1.1", "10"),
      row("150456^MDC_PULS_OXIM_SAT_O2^MDC", "3.1.1.1", "97"),
      "OBR|2",
      row("150456^MDC_PULS_OXIM_SAT_O2^MDC", "1.1.1.1", "97"),
    ),
    [
      "10.0.0.1/M1 serial: M1",
      "10.0.0.1/M1 deviceCode: MDC_DEV_MON_PHYSIO_MULTI_PARAM_MDS",
      "10.0.0.1/M1 capability: measures oxygen saturation",
      "10.0.0.1/P1 serial: P1",
      "10.0.0.1/P1 deviceCode: MDC_DEV_PUMP_INFUS_LVP_MDS",
      "10.0.0.1/P1 capability: infuses fluid",
    ],
  );
});

test("who reports what is infused or measured, and for whom, is told of him; who takes it, of the other", () => {
  const memory = hl7.remember!();
  const report = framed(
    PCD,
    "OBR|1",
    row("69965^MDC_DEV_MON_PHYSIO_MULTI_PARAM_MDS^MDC", "1.0.0.0", "", "M1"),
    row("150456^MDC_PULS_OXIM_SAT_O2^MDC", "1.1.1.1", "97"),
    row("147842^MDC_ECG_HEART_RATE^MDC", "1.1.1.2", "60"),
    row("70049^MDC_DEV_PUMP_INFUS_LVP_MDS^MDC", "2.0.0.0", "", "P1"),
    row("158014^MDC_FLOW_FLUID_PUMP_CURRENT^MDC", "2.1.1.1", "10"),
  );
  const roles = (bytes: Uint8Array, context: typeof CLIENT | typeof SERVER) =>
    notes(hl7, bytes, { ...context, memory }).filter((line) => /hl7Role|speaksFor/.test(line));
  assert.deepEqual(roles(report, CLIENT), [
    "10.0.0.1 hl7Role: sends results",
    "10.0.0.1 speaksFor: M1",
    "10.0.0.1 hl7Role: sends measurements",
    "10.0.0.1 speaksFor: P1",
    "10.0.0.1 hl7Role: sends infusions",
  ]);
  assert.deepEqual(roles(answer("AA"), SERVER), [
    "10.0.0.2 hl7Role: receives results",
    "10.0.0.2 hl7Role: receives measurements",
    "10.0.0.2 hl7Role: receives infusions",
  ]);
  // The next one is of a laboratory, and says neither.
  assert.deepEqual(roles(framed(header("ORU^R01"), "OBR|1", row("2345-7^Glucose^LN", "1", "5.4")), CLIENT), [
    "10.0.0.1 hl7Role: sends results",
  ]);
  assert.deepEqual(roles(answer("AA"), SERVER), ["10.0.0.2 hl7Role: receives results"]);
});

test("a participation behind the row of the whole device names it from version 2.7 on", () => {
  assert.deepEqual(
    ofDevices(
      PCD,
      "OBR|1",
      row("70053^MDC_DEV_PUMP_INFUS_SYRINGE_MDS^MDC", "1.0.0.0"),
      "PRT|1|UC||EQUIP^Equipment^HL70912|||||WARD 3^2^B|X9^^0012210000000001^EUI-64||||||04012345678901||||SN9",
      "PRT|2|UC||RP^Recording^HL70912|ZZ^DOCTOR",
      row("157884^MDC_VOL_FLUID_TBI^MDC", "1.1.1.1", "50"),
    ),
    [
      "10.0.0.1/SN9 serial: SN9",
      "10.0.0.1/SN9 uuid: 0012210000000001",
      "10.0.0.1/SN9 deviceCode: MDC_DEV_PUMP_INFUS_SYRINGE_MDS",
      "10.0.0.1/SN9 udi: 04012345678901",
      "10.0.0.1/SN9 location: WARD 3 / 2 / B",
      "10.0.0.1/SN9 capability: infuses fluid",
    ],
  );
});

test("older rows have the maker in the place of an identifier's kind; a number of zeros is none", () => {
  const alarm = "196616^MDC_EVT_ALARM^MDC";
  assert.deepEqual(ofDevices(header("ORU^R40^ORU_R40"), "OBR|1", row(alarm, "1.0.0.0.1", "x", "^^A0001^PUMPVENDOR")), [
    "10.0.0.1/A0001 serial: A0001",
    "10.0.0.1/A0001 maker: PUMPVENDOR",
  ]);
  assert.deepEqual(ofDevices(header("ORU^R40^ORU_R40"), "OBR|1", row(alarm, "1.0.0.0.1", "x", "0000")), []);
});

test("a device that tells of a paused alarm is noted, by its number or else its bed; one whose alarms are on is not", () => {
  const said = (state: string, equipment = "") =>
    notes(hl7, framed(header("ORU^R40^ORU_R40"), "PV1|1|I|ICU^12^A", "OBR|1", row("68483^MDC_ATTR_ALARM_INACTIVATION_STATE^MDC", "1.0.0.0.1", state, equipment)), CLIENT).filter((line) => line.startsWith("notable")); // prettier-ignore
  assert.deepEqual(said("audio-paused", "M7^^^MAKER"), ["notable: alarmPaused M7"]);
  assert.deepEqual(said("alarm-off"), ["notable: alarmPaused ICU / 12 / A"]);
  assert.deepEqual([...said("enabled"), ...said("alert-acknowledged"), ...said("")], []);
});

test("an analyzer by the laboratory's profile says model, maker and serial number; its patient's results say nothing", () => {
  const laboratory = header("OUL^R22^OUL_R22", "|P|2.5.1|||NE|AL||UNICODE UTF-8|||LAB-29^IHE");
  const result = row("2345-7^Glucose^LN", "1", "5.4", "BS-200E^Mindray~SN123^Mindray~M1");
  assert.deepEqual(ofDevices(laboratory, PATIENT, "OBR|1", result), [
    "10.0.0.1/SN123 serial: SN123",
    "10.0.0.1/SN123 model: BS-200E",
    "10.0.0.1/SN123 maker: Mindray",
  ]);
  assert.deepEqual(ofDevices(header("ORU^R01"), PATIENT, "OBR|1", result), [], "of no profile nobody knows what stands there");
});

test("what looks like a device's row outside of results is none", () => {
  const whole = row("70049^MDC_DEV_PUMP_INFUS_LVP_MDS^MDC", "1.0.0.0", "", PUMP);
  for (const type of ["RGV^O15", "ADT^A01", "MDM^T02"]) assert.deepEqual(ofDevices(header(type), whole), [], type);
  assert.deepEqual(ofDevices(PCD, "OBR|1", whole.replace("^MDC|", "^99ZZ|")), []);
});

/** IHE PCD TF-2, PCD-03: dopamine as its example has it. */
const ORDER = [
  header("RGV^O15^RGV_O15"),
  PATIENT,
  "ORC|RE|ZZORDER1^PCD",
  "RXG|1|||1234^ZZDRUG^LOCAL|250||263762^MDC_DIM_MILLI_L^MDC^mL^mL^UCUM||||||||10|265619^MDC_DIM_MICRO_G_PER_KG_PER_MIN^MDC^ug/kg/min^ug/kg/min^UCUM|400|mg^mg^UCUM|||||250|mL^mL^UCUM",
  "RXR|IV",
  "OBX|1||69986^MDC_DEV_PUMP_INFUS_VMD^MDC|||||||||||||||A0001^^0012210000000000^EUI-64",
  "OBX|2|NM|68063^MDC_ATTR_PT_WEIGHT^MDC||85|263875^MDC_DIM_KILO_G^MDC",
];
const programs = (message: Uint8Array, surroundings: object = CLIENT) =>
  notes(hl7, message, surroundings).filter((line) => /program|touched/.test(line));

test("an order to a pump goes to the one place that compares; the answer tells that it was answered", () => {
  const memory = hl7.remember!();
  assert.deepEqual(programs(framed(...ORDER), { ...CLIENT, memory }), [
    "10.0.0.2/A0001 programming: orders",
    "program: order new continuous of 1234 for A0001, 10 265619 or ug/kg/min, 250 263762 or mL",
  ]);
  assert.deepEqual(programs(answer("CA"), { ...SERVER, memory }), ["10.0.0.2/A0001 programming: answers"]);
  assert.deepEqual(programs(answer("CA"), { ...SERVER, memory }), []);
});

test("a titration, a bolus of a running infusion, an epidural, and steps that follow each other", () => {
  const [head = "", patient = "", , give = "", , ...rows] = ORDER;
  const of = (...segments: string[]) => programs(framed(head, patient, ...segments)).filter((line) => line.startsWith("program:"));
  const titration = "RXG|1|||1234^ZZDRUG^LOCAL|||||||||||5|mL/h^mL/h^UCUM";
  assert.deepEqual(of("ORC|XO|ZZORDER1", titration, ...rows), ["program: order titration continuous of 1234 for A0001, 5 mL/h, -"]);
  assert.match(of("ORC|CH|ZZORDER2||||||ZZORDER1", give, ...rows).join(), /order bolus bolus/);
  assert.match(of("ORC|RE|ZZORDER1", give, "RXR|EP", ...rows).join(), /order new epidural/);
  assert.match(of("ORC|RE|ZZORDER1", give, ...rows, "OBX|3|ST|0^MDCX_INFUSION_ORDER_TYPE^MDC||loading-dose").join(), /order new bolus/);
  assert.equal(of("ORC|RE|ZZORDER1", give, ...rows, "ORC|RE|ZZORDER2", titration, ...rows).length, 2);
});

test("an order without a pump, or whose end was not heard, is none", () => {
  const [head = "", patient = "", order = "", give = "", route = "", ...rows] = ORDER;
  assert.deepEqual(programs(framed(head, patient, order, give, route)), []);
  assert.deepEqual(programs(framed(head, patient, order, ...rows)), []);
  assert.deepEqual(programs(framed(...ORDER), { ...CLIENT, cut: true }), []);
  assert.deepEqual(programs(framed(header("RDE^O11"), ...ORDER.slice(1))), [], "an order to the pharmacy is none to a pump");
});

test("what a pump says of itself: what it is set to, and a hand on it", () => {
  const whole = row("69985^MDC_DEV_PUMP_INFUS_MDS^MDC", "1.0.0.0", "", PUMP);
  const set = row("157784^MDC_FLOW_FLUID_PUMP^MDC", "1.1.2.1", "15.4");
  const of = (event: string) =>
    programs(framed(PCD.replace("ORU^R01", "ORU^R42"), "OBR|1", whole, row("68487^MDC_ATTR_EVT_COND^MDC", "1.0.0.1", event), set));
  const said = "program: report new continuous of ? for A0001, 15.4 , -";
  assert.deepEqual(of("197288^MDC_EVT_PUMP_DELIV_START^MDC"), ["10.0.0.1/A0001 programming: reports", "touched: A0001 begins", said]);
  assert.deepEqual(of("0^MDC_EVT_PUMP_DELIV_STOP^MDC"), ["10.0.0.1/A0001 programming: reports", "touched: A0001", said]);
  assert.deepEqual(of("0^MDC_EVT_COMM_STATUS_CHANGE^MDC"), ["10.0.0.1/A0001 programming: reports", said]);
});

test("a message without end is read by its front, and the next one is found", () => {
  const long = text(`\x0b${header("MDM^T02")}\r${PATIENT}\rOBX|1|ED|||${"QUJD".repeat(40_000)}`);
  assert.equal(hl7.messageLength!(long.subarray(0, 10_000)), 0);
  const front = hl7.messageLength!(long.subarray(0, 65_600));
  assert.equal(front, 65_600);
  const rest = joined(long.subarray(front), text("\r\x1c\r"), framed(header("ADT^A01")));
  assert.deepEqual(readAll(joined(long.subarray(0, front))).lines, ["operation: MDM^T02"]);
  assert.deepEqual(readAll(rest), { lines: ["operation: ADT^A01"], left: 0 });
  assert.equal(hl7.messageLength!(text("QUJD\x0bMS")), 4, "a beginning may be cut by the end of the segment");
});

test("after a gap the next header is the place to go on", () => {
  const stream = text(`ZZTEST|x\r\x1c\r\x0b${header("ADT^A01")}`);
  assert.equal(hl7.resume!(stream), find(stream, "\x0bMSH"));
  assert.equal(hl7.resume!(text(`ZZTEST|x\r${header("ADT^A01")}`)), 9);
  assert.equal(hl7.resume!(text("ZZTEST|x\rMSH|?\x0bMS")), -1);
});

test("broken: a frame of something else, a header that ends early", () => {
  assert.deepEqual(notes(hl7, text("\x0bPID|1||ZZ4711\r\x1c\r")), ["malformed: a frame without a message"]);
  assert.deepEqual(notes(hl7, text("\x0bMSH|^~\\&|CARE|WARD 3\r\x1c\r")), [
    "malformed: a header without separators, or that ends before its message type",
  ]);
  assert.deepEqual(notes(hl7, text("\x0bMSH|^~\\&|CARE|WARD 3"), { cut: true }), []);
  assert.deepEqual(notes(hl7, text("ZZTEST, the rest of a long one")), []);
});

test("what looks alike is another protocol", () => {
  for (const other of [
    "\x0b\0\0\0MSH|",
    "\x0bMSHA|||||||",
    "\x0bMSH||||||||",
    "MSH|a",
    "\x0bHello, world",
    "GET / HTTP/1.1\r\n",
    "\x0bMSH|^~\\",
  ])
    for (const side of ["client", "server", "unknown"] as const) assert.equal(hl7.recognize(text(other), side), false, other);
});
