/** In the radiology: what makes images, what keeps them, and the list of what there is to do. */
import { dateOf, every, FACILITY, MINUTE, noise, one, outside, SECOND, serves, some, talk } from "../day.ts";
import type { Placed, Work } from "../day.ts";
import { stacks } from "../stacks.ts";
import { echo, query, store, worklist as askWorklist } from "../talk/dicom.ts";
import type { Ends, Implementation } from "../talk/dicom.ts";
import { patient } from "../talk/hl7.ts";
import { steered } from "../talk/rdp.ts";
import { linux, logs, managed, Port, SERVER_2019, tells, windows } from "./habits.ts";

const PATIENT = "ZZTEST^ALPHA";
/** The roots are their makers' own: the dictionary of DICOM implementations has them. */
const ARCHIVE: Implementation = ["1.2.276.0.7230010.3.0.3.6.7", "OFFIS_DCMTK_367"];
const WORKLIST: Implementation = ["1.2.826.0.1.3680043.8.498.1", "PYDICOM_2"];
const VIEWER: Implementation = ["1.2.276.0.7230010.3.0.3.6.4", "OFFIS_DCMTK_364"];
const SCANNERS: Readonly<Record<string, { readonly modality: "CT" | "US"; readonly implementation: Implementation }>> = {
  "CT scanner": { modality: "CT", implementation: ["1.3.12.2.1107.5.9.20000101", "SIEMENS_S7VB40A"] },
  ultrasound: { modality: "US", implementation: ["1.2.840.113619.6.404", "LOGIQE10_R3"] },
};
/** Where a maker's service sits: Windows, eleven hops away. */
const SERVICE_IP = "198.51.100.77";
const SERVICE = { ...stacks.windows, ttl: 117 };
const ORDERS_FROM = 7_500;

export const modality: Work = (day, it) => {
  windows(day, it, SERVER_2019);
  const [archive, list] = [one(day, "archive"), one(day, "worklist")];
  const { modality: code, implementation } = SCANNERS[it.kind]!;
  const to = (server: Placed, answering: Implementation): Ends => ({ calling: it.name, called: server.name, implementation, answering });
  const { maker, model = "", serial = "", software = "" } = it;
  const equipment = { station: it.name, modality: code, maker, model, serial, software };

  every(day, it, 8 * SECOND, 15 * MINUTE, (at) => talk(day, at, it, archive, Port.dicom, "dicom", echo(to(archive, ARCHIVE))));
  every(day, it, 20 * SECOND, 5 * MINUTE, (at) =>
    talk(day, at, it, list, Port.dicom, "dicom", askWorklist(to(list, WORKLIST), equipment, dateOf(at), PATIENT)),
  );
  every(day, it, 70 * SECOND, 6 * MINUTE, (at, round) => {
    const images = 3 + day.random.below(4);
    const study = it.number * 1_000 + round;
    talk(day, at, it, archive, Port.dicom, "dicom", store(to(archive, ARCHIVE), equipment, images, study, dateOf(at), PATIENT));
  });
  if (code === "CT") lookedAfter(day, it);
};

/** Its maker's service works on it from afar, once. */
const lookedAfter: Work = (day, it) => {
  serves(it, "tcp", Port.rdp, "rdp");
  day.wire.dialogue(it.on + MINUTE, outside(day, SERVICE_IP, SERVICE), it, Port.rdp, steered(it.name.toLowerCase(), noise(day, 64)));
};

export const archive: Work = (day, it) => {
  logs(day, it, "storescp", "association accepted");
  managed(day, it, { description: linux(it.name) });
  every(day, it, 100 * SECOND, 3 * MINUTE, (at, round) => {
    const viewer = some(day, "workstation", 3 * round);
    const ends = { calling: `VIEW${viewer.number}`, called: it.name, implementation: VIEWER, answering: ARCHIVE };
    talk(day, at, viewer, it, Port.dicom, "dicom", query(ends, dateOf(at), PATIENT));
  });
};

/** Is told of orders, and makes the list of them. */
export const worklist: Work = (day, it) => {
  windows(day, it, SERVER_2019);
  const who = { from: ["ENGINE", FACILITY] as const, to: ["RIS", FACILITY] as const };
  every(day, it, 40 * SECOND, 4 * MINUTE, (at, round) => {
    const number = ORDERS_FROM + round;
    const segments = [patient(round), "PV1|1|I|ICU1", `ORC|NW|${number}`, `OBR|1|${number}||CT-THORAX^CT thorax^L`];
    tells(day, one(day, "engine"), it, Port.hl7, { ...who, at, type: "ORM^O01^ORM_O01", number, segments });
  });
};
