/** At the bedside: pumps, monitors, ventilators, and those who listen to them. */
import { dateOf, every, FACILITY, MINUTE, one, SECOND, serves } from "../day.ts";
import type { Work } from "../day.ts";
import { hello } from "../talk/discovery.ts";
import { patient, timeOf } from "../talk/hl7.ts";
import { asksTime } from "../talk/time.ts";
import { called, managed, plugged, Port, SERVER_2012, SERVER_2019, tells, windows } from "./habits.ts";

/** IHE Patient Care Device: DEC (PCD-01) and ACM (PCD-04). */
const OBSERVATIONS = "IHE_PCD_001^IHE PCD^1.3.6.1.4.1.19376.1.6.1.1.1^ISO";
const ALARMS = "IHE_PCD_ACM_001^IHE PCD^1.3.6.1.4.1.19376.1.6.1.4.1^ISO";
const RESULTS = "ORU^R01^ORU_R01";
const ALARM = "ORU^R40^ORU_R40";
const ENGINE = ["ENGINE", FACILITY] as const;
const PUMP_SERVER = ["ONLINESUITE", FACILITY] as const;
const CENTRAL = ["PICIX", FACILITY] as const;
// Each kind of sender counts its messages from a number of its own.
const ALARMS_FROM = 50;
const CENTRAL_FROM = 8_000;
const PUMP_SERVER_FROM = 9_000;
/** Every so many pumps has an alarm. */
const OCCLUDED = 7;

export const pump: Work = (day, it) => {
  plugged(day, it);
  const server = one(day, "pumpServer");
  const who = { from: [it.name, FACILITY] as const, to: PUMP_SERVER };
  every(day, it, 12 * SECOND, 4 * MINUTE, (at, round) => {
    const rate = 5 + day.random.below(90);
    const segments = [
      patient(it.number),
      `OBR|1|${it.number}${round}^${it.name}|${it.number}${round}^${it.name}|69985^MDC_DEV_PUMP_INFUS_MDS^MDC|||${timeOf(at)}`,
      `OBX|1|NM|157784^MDC_FLOW_FLUID_PUMP^MDC|1.1.1.1|${rate}|265266^MDC_DIM_MILLI_L_PER_HR^MDC|||||R`,
    ];
    tells(day, it, server, Port.pumps, { ...who, at, type: RESULTS, number: it.number * 100 + round, segments, profile: OBSERVATIONS });
  });
  if (it.number % OCCLUDED !== 0) return;
  every(day, it, 3 * MINUTE, 17 * MINUTE, (at, round) => {
    const number = it.number * 100 + ALARMS_FROM + round;
    const segments = [patient(it.number), "OBR|1|||196616^MDC_EVT_ALARM^MDC", "OBX|1|ST|196940^MDC_EVT_PUMP_OCCLUSION^MDC|1.1.1.1|||||||R"];
    tells(day, it, server, Port.pumps, { ...who, at, type: ALARM, number, segments, profile: ALARMS });
  });
};

export const pumpServer: Work = (day, it) => {
  windows(day, it, SERVER_2019);
  every(day, it, 50 * SECOND, 10 * MINUTE, (at, round) => {
    const segments = [patient(round), "OBR|1|||69985^MDC_DEV_PUMP_INFUS_MDS^MDC"];
    const message = { at, from: PUMP_SERVER, to: ENGINE, type: RESULTS, number: PUMP_SERVER_FROM + round, segments };
    tells(day, it, one(day, "engine"), Port.hl7, message);
  });
};

export const monitor: Work = (day, it) => {
  plugged(day, it);
  const central = one(day, "centralStation");
  const measured = (index: number, name: string, value: number, unit: string) =>
    `OBX|${index}|NM|${name}^MDC|1.7.4.${index}|${value}|${unit}^MDC|||||F`;
  every(day, it, 7 * SECOND, 2 * MINUTE, (at, round) => {
    const segments = [
      patient(it.number),
      `OBR|1|||69965^MDC_DEV_MON_PHYSIO_MULTI_PARAM_MDS^MDC|||${timeOf(at)}`,
      measured(1, "147842^MDC_ECG_HEART_RATE", 60 + day.random.below(40), "264864^MDC_DIM_BEAT_PER_MIN"),
      measured(2, "150456^MDC_PULS_OXIM_SAT_O2", 92 + day.random.below(8), "262688^MDC_DIM_PERCENT"),
      measured(3, "151562^MDC_RESP_RATE", 10 + day.random.below(12), "264928^MDC_DIM_RESP_PER_MIN"),
    ];
    const who = { from: [it.name, FACILITY] as const, to: CENTRAL };
    const number = it.number * 100 + round;
    tells(day, it, central, Port.monitors, { ...who, at, type: RESULTS, number, segments, profile: OBSERVATIONS });
  });
  const clock = one(day, "timeServer");
  serves(clock, "udp", 123, "ntp");
  every(day, it, 9 * SECOND, 8 * MINUTE, (at) => asksTime(day.wire, at, it, clock));
};

/** An older Windows, as medical devices have it for as long as they live. */
export const centralStation: Work = (day, it) => {
  windows(day, it, SERVER_2012);
  const description =
    "Hardware: Intel64 Family 6 Model 63 Stepping 2 AT/AT COMPATIBLE - Software: Windows Version 6.3 (Build 9600 Multiprocessor Free)";
  const { maker, model = "", serial = "", software = "" } = it;
  managed(day, it, { description, chassis: { maker, model, serial, software } });
  every(day, it, 80 * SECOND, 6 * MINUTE, (at, round) => {
    const segments = [patient(round), "OBR|1|||69965^MDC_DEV_MON_PHYSIO_MULTI_PARAM_MDS^MDC"];
    const message = { at, from: CENTRAL, to: ENGINE, type: RESULTS, number: CENTRAL_FROM + round, segments };
    tells(day, it, one(day, "engine"), Port.hl7, message);
  });
};

/** IEEE 11073-20701 section 9: it greets whoever is there, and says in which bed it stands. */
export const ventilator: Work = (day, it) => {
  const [room = "", bed = ""] = it.place.room.split(" bed ").map((part) => encodeURIComponent(part));
  const context = `sdc.ctxt.loc:/sdc.ctxt.loc.detail/${FACILITY}%2F%2F%2F${room}%2F%2F${bed}?fac=${FACILITY}&amp;poc=${room}&amp;bed=${bed}`;
  const says = {
    uuid: it.uuid,
    types: "dpws:Device mdpws:MedicalDevice",
    scopes: `${context} sdc.mds.pkp:1.2.840.10004.20701.1.1`,
    address: `https://${it.ip}:53200/${it.uuid}`,
    version: "2009/01",
  } as const;
  every(day, it, 6 * SECOND, 9 * MINUTE, (at) => hello(day.wire, at, it, says));
};

export const nurseCall: Work = (day, it) => {
  plugged(day, it);
  const who = { from: ["NURSECALL", FACILITY] as const, to: ENGINE };
  every(day, it, 25 * SECOND, 5 * MINUTE, (at, round) => {
    const segments = [patient(round), "OBR|1|||196616^MDC_EVT_ALARM^MDC", "OBX|1|ST|CALL^Nurse call^L|1|||||||R"];
    const message = { ...who, at, type: ALARM, number: it.number * 100 + round, segments, profile: ALARMS };
    tells(day, it, one(day, "engine"), Port.hl7, message);
  });
};

export const bloodGas: Work = (day, it) => {
  called(day, it);
  const who = { from: ["POCT", it.name] as const, to: ENGINE };
  every(day, it, 30 * SECOND, 7 * MINUTE, (at, round) => {
    const acidity = `7.${30 + day.random.below(15)}`;
    const segments = [patient(round), `OBR|1|${dateOf(at)}-${round}||24338-6^GAS PANEL^LN`, `OBX|1|NM|2744-1^pH^LN||${acidity}||||||F`];
    tells(day, it, one(day, "engine"), Port.hl7, { ...who, at, type: RESULTS, number: it.number * 100 + round, segments });
  });
};
