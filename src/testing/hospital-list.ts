/**
 * A hospital's own list of 2,000 rows with what such lists are like, made from a seed, and the truth of each row: numbers without their
 * zeros, with prefixes, O for 0; the dock's card for the device's; a module in place of the system; a second hospital; retired rows whose
 * name, card and address another has now; makers and models spelled otherwise; columns under other names.
 */
import { ourFamilies } from "../knowledge/families.ts";
import { loadMakers } from "../knowledge/makers.ts";
import { table } from "../knowledge/table.ts";
import type { DeviceSummary, Stated } from "../model/device.ts";
import { Random } from "../simulation/random.ts";

export interface HospitalList {
  readonly csv: string;
  readonly devices: readonly DeviceSummary[];
  /** By row as a spreadsheet counts: the device it is of; null where that was not heard. */
  readonly truth: ReadonlyMap<number, string | null>;
  /** How many rows have which dirt. */
  readonly dirt: Readonly<Record<string, number>>;
}

interface Machine {
  readonly id: string;
  readonly maker: string;
  readonly model: string;
  readonly kind: string;
  readonly serial: string;
  readonly mac: string;
  readonly ip: string;
  readonly host: string;
  readonly control: string;
  readonly site: string;
  readonly ward: string;
}

type Row = Record<(typeof COLUMNS)[number], string>;
const COLUMNS = ["control", "serial", "maker", "model", "kind", "mac", "ip", "host", "ward", "owner", "status", "site"] as const;
/** Five are called as their programs call them, and the others as ours. */
const TITLES: Row = {
  control: "Asset Tag", serial: "Mfr Serial", maker: "Manufacturer", model: "Model", kind: "Equipment Description", mac: "Ethernet MAC", ip: "IP",
  host: "Computer Name", ward: "Location", owner: "Department", status: "Status", site: "Facility",
}; // prettier-ignore
const HERE = "St. Anna";
const THERE = "Nordklinik";

export function hospitalList(seed: number, rowCount = 2_000): HospitalList {
  const random = new Dice(seed);
  const maker = new Makers(random);
  const machines = Array.from({ length: Math.round(rowCount * 0.72) }, (_, at) => machineOf(at, HERE, random, maker));
  const elsewhere = Array.from({ length: Math.round(rowCount * 0.14) }, (_, at) =>
    twinOf(machines[at % machines.length]!, at, random, maker),
  );
  const heard = machines.filter(() => random.chance(0.93));
  const isHeard = new Set(heard.map(({ id }) => id));
  const listed = machines.filter(() => random.chance(0.93));

  /** Heard by their cards, and listed nowhere. */
  const docks: Machine[] = [];
  const rows: { row: Row; truth: string | null }[] = [];
  const dirt: Record<string, number> = {};
  const count = (what: string) => (dirt[what] = (dirt[what] ?? 0) + 1);
  for (const machine of listed) {
    const row = dirty(rowOf(machine, random, maker), machine, { heard, docks }, random, count);
    rows.push({ row, truth: isHeard.has(machine.id) ? machine.id : null });
    if (random.chance(0.04)) {
      count("module for system");
      // Some are called modules, and some by the system's name with a number of their own.
      const called = random.chance(0.5) ? { model: `Module ${random.integer(100, 999)}`, kind: "Module" } : { model: `M${random.integer(3_000, 9_999)}A` }; // prettier-ignore
      const module = { ...row, ...called, control: `${row.control}-M`, serial: serialOf(random) };
      // Of a system that is not listed itself, the module's row stands for it: it is none.
      if (random.chance(0.3)) rows.pop();
      rows.push({ row: module, truth: null });
    }
    if (random.chance(0.02)) {
      count("row repeated");
      rows.push({ row: { ...row, ward: random.chance(0.5) ? row.ward : "Store 2" }, truth: isHeard.has(machine.id) ? machine.id : null });
    }
  }
  for (const machine of elsewhere) {
    count("another hospital's");
    rows.push({ row: dirty(rowOf(machine, random, maker), machine, { heard, docks }, random, count), truth: null });
  }
  while (rows.length < rowCount) {
    count("retired");
    // Its successor has its name and address, and at times its card.
    const successor = random.pick(machines);
    const old = rowOf({ ...successor, serial: serialOf(random), control: String(random.integer(100, 9_999)) }, random, maker);
    rows.push({ row: { ...old, status: "Decommissioned", mac: random.chance(0.3) ? old.mac : "" }, truth: null });
  }
  const order = shuffled(rows.slice(0, rowCount), random);
  return {
    csv: [TITLES, ...order.map(({ row }) => row)].map((row) => COLUMNS.map((name) => quoted(row[name])).join(";")).join("\r\n"),
    devices: [
      ...heard.map((machine) => deviceOf(machine, random)),
      ...docks.map((dock) => ({ ...deviceOf(dock, random), ...ONLY_A_CARD, macs: [dock.mac], maker: sure(dock.maker, 6) })),
    ],
    truth: new Map(order.map(({ truth }, at) => [at + 2, truth])),
    dirt,
  };
}

class Dice extends Random {
  chance(share: number): boolean {
    return this.next() < share;
  }

  /** From `first` to `last`. */
  integer(first: number, last: number): number {
    return first + this.below(last - first + 1);
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)]!;
  }
}

/** Models as the families have them, and makers as registries and images spell them. */
class Makers {
  readonly #families = ourFamilies().filter(({ models }) => !models.some((model) => model.includes("*")));
  readonly #spellings = new Map<string, string[]>();
  readonly #random: Dice;

  constructor(random: Dice) {
    this.#random = random;
    for (const [name = "", , where, spellings = ""] of table("makers.tsv", 5))
      if (where === "any" && spellings !== "") this.#spellings.set(name, spellings.split("; "));
  }

  family(): { readonly maker: string; readonly model: string; readonly kind: string } {
    const { maker, models, kind } = this.#random.pick(this.#families);
    return { maker, model: this.#random.pick(models), kind };
  }

  spelled(maker: string): string {
    return this.#random.chance(0.3) ? this.#random.pick(this.#spellings.get(maker) ?? [`${maker} GmbH`]) : maker;
  }
}

function machineOf(at: number, site: string, random: Dice, maker: Makers): Machine {
  const ward = random.pick(["ICU", "Ward 4B", "Ward 7", "Theater 2", "Radiology", "Laboratory"]);
  return {
    id: `d${at + 1}`,
    ...maker.family(),
    serial: serialOf(random),
    mac: macOf(random),
    ip: `10.${site === HERE ? 20 : 30}.${at >> 8}.${at & 255}`,
    host: `${ward.replace(/\W/g, "").toUpperCase()}-${String(at % 700).padStart(3, "0")}`,
    control: String(10_000 + at),
    site,
    ward,
  };
}

/** Another hospital's, which names and numbers as this one does, and buys the same. */
function twinOf(machine: Machine, at: number, random: Dice, maker: Makers): Machine {
  const other = machineOf(50_000 + at, THERE, random, maker);
  const alike = random.chance(0.5) ? { maker: machine.maker, model: machine.model, kind: machine.kind } : {};
  return { ...other, ...alike, host: machine.host, control: machine.control, ip: machine.ip };
}

function serialOf(random: Dice): string {
  const digits = (length: number) => Array.from({ length }, () => String(random.integer(0, 9))).join("");
  return random.pick([
    () => `00${digits(5)}`,
    () => digits(8),
    () => `DE${digits(3)}0${digits(4)}`,
    () => `${random.pick(["A", "K", "US", "IP"])}-${digits(2)}0${digits(4)}`,
    () => digits(5),
  ])();
}

function macOf(random: Dice): string {
  return ["00", "09", "fb", ...Array.from({ length: 3 }, () => random.integer(0, 255).toString(16).padStart(2, "0"))].join(":");
}

function rowOf(machine: Machine, random: Dice, maker: Makers): Row {
  const { control, serial, kind, ip, host, ward, site } = machine;
  const [mac, model] = [machine.mac, machine.model];
  return {
    control,
    serial: random.chance(0.92) ? serial : random.pick(["", "N/A", "unknown"]),
    maker: maker.spelled(machine.maker),
    model: random.chance(0.2) ? random.pick([model.toUpperCase(), model.replaceAll(" ", "-"), `${machine.maker} ${model}`, `${model} rel. B`]) : model,
    kind: random.chance(0.3) ? kind.split(" ").toReversed().join(", ") : kind,
    mac: random.chance(0.7) ? random.pick([mac, mac.toUpperCase().replaceAll(":", "-"), mac.replaceAll(":", ""), mac.replaceAll(":", "").replace(/(....)(....)/, "$1.$2.")]) : "",
    ip: random.chance(0.5) ? ip : "",
    host: random.chance(0.5) ? random.pick([host, host.toLowerCase(), `${host}.anna.example`]) : "",
    ward,
    owner: random.pick(["Biomed", "Radiology", "=Biomed!A1", "IT"]),
    status: random.pick(["Active", "Active", "Active", "In use", "Repair"]),
    site,
  }; // prettier-ignore
}

/** What people and spreadsheets make of a row. */
function dirty(
  row: Row,
  machine: Machine,
  { heard, docks }: { readonly heard: readonly Machine[]; readonly docks: Machine[] },
  random: Dice,
  count: (what: string) => number,
): Row {
  const made = { ...row };
  const zeros = made.serial.replace(/^0+(?=\d)/, "");
  if (zeros !== made.serial && random.chance(0.6)) {
    count("leading zeros gone");
    made.serial = zeros;
  }
  if (made.serial !== "" && random.chance(0.12)) {
    count("prefix before the serial number");
    made.serial = `${random.pick(["SN:", "S/N ", "SN ", "Serial No. "])}${made.serial}`;
  } else if (/\d0\d|1\d/.test(made.serial) && random.chance(0.1)) {
    count("O for 0, I for 1");
    made.serial = made.serial.replace(/(\d)0(\d)/, "$1O$2").replace(/1(?=\d)/, "I");
  } else if (made.serial.length > 4 && random.chance(0.02)) {
    count("a digit mistyped");
    made.serial = made.serial.slice(0, -1) + String((Number(made.serial.at(-1)) + 1) % 10);
  }
  if (random.chance(0.05)) {
    count("a dock's card for its own");
    const isPump = /pump$|workstation$/.test(machine.kind);
    const dock = isPump
      ? { ...machine, id: `d${90_000 + docks.length}`, mac: macOf(random), ip: `10.21.0.${docks.length}` }
      : random.pick(heard);
    if (isPump) docks.push(dock);
    made.mac = dock.mac;
  }
  if (random.chance(0.04)) {
    count("an address another has by now");
    made.ip = random.pick(heard).ip;
  }
  if (random.chance(0.03)) {
    count("no maker, model and kind");
    made.maker = made.model = made.kind = "";
  }
  return made;
}

const ONLY_A_CARD = { names: [], kind: null, model: null, serial: null };

function sure(value: string, lead = 22): Stated {
  return { value, lead, confidence: 0.99 };
}

/** As it was heard: of some everything, of some the card alone. */
function deviceOf(machine: Machine, random: Dice): DeviceSummary {
  const depth = random.next();
  const isOpen = depth < 0.5;
  const speaks = depth < 0.75;
  const name = random.chance(0.7) ? machine.host : null;
  return {
    id: machine.id,
    name: name ?? machine.ip,
    names: name === null ? [] : [sure(name)],
    kind: isOpen ? sure(machine.kind) : null,
    maker: speaks ? sure(machine.maker) : random.chance(0.6) ? sure(loadMakers().called(machine.maker).name, 6) : null,
    model: isOpen ? sure(machine.model) : null,
    serial: isOpen || (speaks && random.chance(0.3)) ? sure(machine.serial) : null,
    udi: null,
    software: null,
    os: null,
    location: null,
    controlNumber: null,
    owner: null,
    status: null,
    lifeCritical: "other",
    macs: random.chance(0.85) ? [machine.mac] : [],
    ips: [machine.ip],
    standing: "device",
    first: 0,
    last: 1e15,
    frames: 1,
    bytes: 1,
    days: [1, 0],
    services: 0,
    peers: 0,
  };
}

function shuffled<Item>(items: readonly Item[], random: Dice): readonly Item[] {
  return items.map((item) => ({ item, at: random.next() })).toSorted((a, b) => a.at - b.at).map(({ item }) => item); // prettier-ignore
}

function quoted(text: string): string {
  return /[";\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
