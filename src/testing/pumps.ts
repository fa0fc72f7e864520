/** A record system, a pump gateway and their pumps, in the messages of IHE PCD-01, PCD-03 and PCD-10: frames with times of their own. */
import type { Frame } from "./frames.ts";
import { Lan, type Connection, type Machine } from "./lan.ts";
import { mllp } from "./messages.ts";

const SECOND_US = 1_000_000;
export const ORDERS_PORT = 3_000;
const REPORTS_PORT = 3_001;

export interface Told {
  readonly pump: string;
  readonly drug?: string;
  readonly rate: number | string;
  /** Code, name and system, as RXG-16 has them. */
  readonly unit?: string;
  readonly volume?: number;
  readonly order?: string;
  readonly change?: "RE" | "XO" | "CH";
  readonly kind?: "continuous" | "loading-dose" | "clinician-dose" | "pca";
  readonly route?: string;
  /** Drug and diluent: `400 mg` in `250 mL`. */
  readonly concentration?: readonly [amount: string, diluent: string];
  readonly kilograms?: number;
  readonly accepted?: boolean;
}

interface Spoken {
  readonly connection: Connection;
  readonly at: number;
}

export const ML_PER_HOUR = "265266^MDC_DIM_MILLI_L_PER_HR^MDC";

export class PumpWard {
  readonly record: Machine = { mac: "02:00:5e:20:00:01", ip: "10.20.0.1" };
  readonly gateway: Machine = { mac: "02:00:5e:20:00:02", ip: "10.20.0.2" };
  readonly #lan = new Lan();
  readonly #orders = new Map<string, Spoken>();
  readonly #reports = new Map<string, Spoken>();
  readonly #hears: { readonly orders: boolean; readonly answers: boolean };
  #number = 0;

  /** What a mirror hears of it: a leg that is cut is not in the frames. */
  constructor(hears = { orders: true, answers: true }) {
    this.#hears = hears;
  }

  get frames(): readonly Frame[] {
    return this.#lan.frames.toSorted((a, b) => a.at! - b.at!);
  }

  order(at: number, told: Told, from: Machine = this.record, to: Machine = this.gateway): void {
    if (!this.#hears.orders) return;
    const connection = this.#spoken(this.#orders, at, from, to, ORDERS_PORT);
    connection.say(at, "client", mllp(...orderSegments(told, ++this.#number)));
    if (this.#hears.answers) connection.say(at + SECOND_US / 100, "server", mllp(header("ACK^O15", "GATEWAY", "RECORD", this.#number), `MSA|${told.accepted === false ? "CR" : "CA"}|${this.#number}`)); // prettier-ignore
  }

  /** `event`: as PCD-10 names it, "MDC_EVT_PUMP_DELIV_START". */
  report(
    at: number,
    pump: string,
    rate: number,
    { event, library, to = this.record }: { readonly event?: string; readonly library?: string; readonly to?: Machine } = {},
  ): void {
    const connection = this.#spoken(this.#reports, at, this.gateway, to, REPORTS_PORT);
    connection.say(at, "client", mllp(...reportSegments(pump, rate, event, library, ++this.#number)));
    connection.say(at + SECOND_US / 100, "server", mllp(header("ACK^R01", "RECORD", "GATEWAY", this.#number), `MSA|AA|${this.#number}`));
  }

  /** One that was quiet for an hour is opened anew. */
  #spoken(among: Map<string, Spoken>, at: number, from: Machine, to: Machine, port: number): Connection {
    const key = `${from.ip} ${to.ip}`;
    const known = among.get(key);
    const connection =
      known !== undefined && at - known.at < 3_600 * SECOND_US ? known.connection : this.#lan.connect(at - SECOND_US / 10, from, to, port);
    among.set(key, { connection, at });
    return connection;
  }
}

function header(type: string, from: string, to: string, number: number): string {
  return `MSH|^~\\&|${from}^0012210000000001^EUI-64|CLINIC|${to}|CLINIC|20240101120000||${type}|${number}|P|2.6|||NE|AL||UNICODE UTF-8`;
}

function orderSegments(told: Told, number: number): string[] {
  const {
    pump,
    drug = "D1",
    rate,
    unit = ML_PER_HOUR,
    volume,
    order = `O${number}`,
    change = "RE",
    kind,
    route = "IV",
    concentration,
    kilograms,
  } = told;
  const [amount = "", amountUnit = ""] = concentration?.[0].split(" ") ?? [];
  const [diluent = "", diluentUnit = ""] = concentration?.[1].split(" ") ?? [];
  const ucum = (text: string) => (text === "" ? "" : `${text}^${text}^UCUM`);
  const give = Array.from({ length: 25 }, () => "");
  give[0] = "RXG";
  give[1] = "1";
  give[4] = `${drug}^a drug^LOCAL`;
  if (volume !== undefined && change === "RE") [give[5], give[7]] = [String(volume), "263762^MDC_DIM_MILLI_L^MDC^mL^mL^UCUM"];
  [give[15], give[16]] = [String(rate), unit];
  [give[17], give[18], give[23], give[24]] = [amount, ucum(amountUnit), diluent, ucum(diluentUnit)];
  return [
    header("RGV^O15^RGV_O15", "RECORD", "GATEWAY", number),
    "PID|1||4711^^^CLINIC||TEST^ALPHA",
    `ORC|${change}|${order}||||||${change === "CH" ? order : ""}`,
    give.join("|"),
    `RXR|${route}`,
    `OBX|1||69986^MDC_DEV_PUMP_INFUS_VMD^MDC|1.1.0.0|||||||X|||||||${pump}^^${eui(pump)}^EUI-64`,
    ...(kilograms === undefined ? [] : [`OBX|2|NM|68063^MDC_ATTR_PT_WEIGHT^MDC|1.0.0.1|${kilograms}|263875^MDC_DIM_KILO_G^MDC`]),
    ...(kind === undefined ? [] : [`OBX|3|ST|0^MDCX_INFUSION_ORDER_TYPE^MDC|1.0.0.2|${kind}`]),
  ];
}

function reportSegments(pump: string, rate: number, event: string | undefined, library: string | undefined, number: number): string[] {
  const device = `${pump}^^${eui(pump)}^EUI-64`;
  return [
    header(event === undefined ? "ORU^R01^ORU_R01" : "ORU^R42^ORU_R01", "GATEWAY", "RECORD", number),
    "PID|1||4711^^^CLINIC||TEST^ALPHA",
    "OBR|1|||69985^MDC_DEV_PUMP_INFUS_MDS^MDC",
    `OBX|1||69985^MDC_DEV_PUMP_INFUS_MDS^MDC|1.0.0.0|||||||X|||||||${device}`,
    ...(library === undefined ? [] : [`OBX|2|ST|184517^MDC_PUMP_DRUG_LIBRARY_VERSION^MDC|1.0.0.1|${library}||||||R`]),
    ...(event === undefined ? [] : [`OBX|3|CWE|68487^MDC_ATTR_EVT_COND^MDC|1.0.0.2|197288^${event}^MDC||||||R`]),
    `OBX|4|NM|157784^MDC_FLOW_FLUID_PUMP^MDC|1.1.1.1|${rate}|${ML_PER_HOUR}|||||R`,
  ];
}

/** Numbers that differ as serials do. */
function eui(pump: string): string {
  return `001221${Buffer.from(pump).toString("hex").padStart(10, "0").slice(-10)}`.toUpperCase();
}
