/**
 * What two addresses may say that only one machine can: a serial number, a UDI, an installation's DUID, a DHCP client identifier.
 *
 * All of them lie at times: makers ship boards with one serial, and a machine's image carries its DUID into each copy. So a key that
 * too many use joins nobody, a serial counts only together with what names the model, and no DUID joins virtual machines.
 */
import type { JoinedBy } from "../model/device.ts";
import type { Attribute } from "../model/observation.ts";

export interface Key {
  readonly kind: JoinedBy;
  readonly value: string;
  /** Of a DUID made from a card: that card's MAC. */
  readonly mac: readonly [high: number, low: number] | null;
  /** Endpoints that said it; null when they were too many for a key. */
  members: Set<number> | null;
  /** Homes it joins now, each group one machine's. */
  groups: readonly (readonly number[])[];
}

/** A switch says one serial from each of its ports; more addresses than this are an image's, or a factory's slip. */
const HOMES_MAX = 16;
const MEMBERS_MAX = 64;
/** Wire and radio. A third card under one identifier without a card's MAC in it is a copy. */
const CARDS_MAX = 2;
/** As many as there are devices in the largest health system we know, three times over. */
const KEYS_MAX = 1_000_000;

/** What the homes of a key are, as `Identity` knows them. */
export interface Homes {
  homeOf(endpoint: number): number;
  isVirtualMachine(home: number): boolean;
  isRandom(home: number): boolean;
  hasMac(home: number, mac: readonly [high: number, low: number]): boolean;
}

export class Keys {
  /** Claims let go because the table was full. */
  refused = 0;
  readonly #byText = new Map<string, Key>();
  readonly #ofEndpoint = new Map<number, Key[]>();
  readonly #models = new Map<number, string[]>();
  #dirty = new Set<Key>();

  claim(endpoint: number, attribute: Attribute, value: string): void {
    switch (attribute) {
      case "model":
        return this.#model(endpoint, value.toLowerCase());
      case "uuid":
        // An EUI-64 begins with its maker's number, and so says as much as a model does.
        if (EUI_64.test(value)) this.#model(endpoint, value);
        return;
      case "serial":
        if (isTelling(value)) this.#say(endpoint, "serial", value.toUpperCase(), null);
        return;
      case "udi":
        // Without a serial number in it, it is that of every device of the model.
        return WHOLE_UDI.test(value) ? this.#say(endpoint, "udi", value, null) : this.#model(endpoint, value);
      case "duid":
        return this.#say(endpoint, "duid", value, macOfDuid(value));
      case "clientId":
        return this.#clientId(endpoint, value);
    }
  }

  /** An endpoint has another home, so what its keys join may be other homes. */
  moved(endpoint: number): void {
    for (const key of this.#ofEndpoint.get(endpoint) ?? []) this.#dirty.add(key);
  }

  /** Keys that may join other homes than before; afterwards none. */
  takeDirty(): ReadonlySet<Key> {
    const dirty = this.#dirty;
    if (dirty.size > 0) this.#dirty = new Set();
    return dirty;
  }

  groupsOf(key: Key, homes: Homes): number[][] {
    if (key.members === null) return [];
    const groups = key.kind === "serial" ? this.#byModel(key.members, homes) : [distinct(key.members, homes)];
    return groups
      .map((group) => (key.kind === "duid" || key.kind === "client" ? ofInstallation(key, group, homes) : group))
      .filter((group) => group.length > 1 && group.length <= HOMES_MAX);
  }

  /** Two makers' serials may be equal; two of one model may not. */
  #byModel(members: ReadonlySet<number>, homes: Homes): number[][] {
    const groups = new Map<string, Set<number>>();
    for (const endpoint of members)
      for (const model of this.#models.get(endpoint) ?? []) {
        const group = groups.get(model);
        if (group === undefined) groups.set(model, new Set([endpoint]));
        else group.add(endpoint);
      }
    return [...groups.values()].map((group) => distinct(group, homes));
  }

  #model(endpoint: number, model: string): void {
    const models = this.#models.get(endpoint);
    if (models === undefined) this.#models.set(endpoint, [model]);
    else if (!models.includes(model)) models.push(model);
    else return;
    this.moved(endpoint);
  }

  /** RFC 4361: 255, four bytes that name the card, then the DUID. 0 is free text (RFC 2132 section 9.14); other types repeat a MAC. */
  #clientId(endpoint: number, value: string): void {
    if (value.startsWith("ff") && value.length > 14) this.#say(endpoint, "duid", value.slice(10), macOfDuid(value.slice(10)));
    else if (value.startsWith("00") && value.length >= CLIENT_ID_DIGITS_MIN) this.#say(endpoint, "client", value, null);
  }

  #say(endpoint: number, kind: Key["kind"], value: string, mac: Key["mac"]): void {
    const text = `${kind} ${value}`;
    let key = this.#byText.get(text);
    if (key === undefined) {
      if (this.#byText.size >= KEYS_MAX) {
        this.refused++;
        return;
      }
      key = { kind, value, mac, members: new Set(), groups: [] };
      this.#byText.set(text, key);
    }
    if (key.members === null || key.members.has(endpoint)) return;
    key.members.add(endpoint);
    const keys = this.#ofEndpoint.get(endpoint);
    if (keys === undefined) this.#ofEndpoint.set(endpoint, [key]);
    else keys.push(key);
    if (key.members.size > MEMBERS_MAX) key.members = null;
    this.#dirty.add(key);
  }
}

function distinct(members: ReadonlySet<number>, homes: Homes): number[] {
  return [...new Set([...members].map((endpoint) => homes.homeOf(endpoint)))];
}

/** Of homes with one DUID or client identifier, those that are one installation: copies of it are several. */
function ofInstallation(key: Key, group: readonly number[], homes: Homes): number[] {
  const own = group.filter((home) => !homes.isVirtualMachine(home));
  const { mac } = key;
  if (mac !== null) return own.some((home) => homes.hasMac(home, mac)) ? own : [];
  return own.filter((home) => !homes.isRandom(home)).length <= CARDS_MAX ? own : [];
}

/** GS1 application identifiers: 01 the model, 21 the serial number, dates between them; with brackets as a person reads them. */
const WHOLE_UDI = /\(21\)|^01\d{14}(?:1[1-7]\d{6})*21/;
const EUI_64 = /^[0-9a-f]{16}$/;

/** A shorter one names a port or a counter. */
const CLIENT_ID_DIGITS_MIN = 18;

/** RFC 8415 sections 11.2 and 11.4: a card's, with or without the time; Ethernet is hardware 1. */
function macOfDuid(hex: string): readonly [high: number, low: number] | null {
  const digits = /^(?:00010001[0-9a-f]{8}|00030001)([0-9a-f]{12})$/.exec(hex)?.[1];
  return digits === undefined ? null : [Number.parseInt(digits.slice(0, 4), 16), Number.parseInt(digits.slice(4), 16)];
}

/** Shorter ones, and those of few characters, collide between makers. */
function isTelling(serial: string): boolean {
  const plain = lettersAndDigits(serial);
  return plain.length >= SERIAL_LENGTH_MIN && new Set(plain).size >= SERIAL_CHARACTERS_MIN && isFilledIn(serial);
}
const SERIAL_LENGTH_MIN = 6;
const SERIAL_CHARACTERS_MIN = 4;

/** What is words or zeros, repeats one character or counts up stands where nobody wrote a serial number. */
export function isFilledIn(serial: string): boolean {
  const plain = lettersAndDigits(serial);
  const number = plain.replace(/^[A-Z]+/, "");
  const countsUp = number.length >= COUNTING_LENGTH_MIN && "01234567890123456789".includes(number);
  return /[1-9]/.test(plain) && !/^(.)\1+$/.test(plain) && !countsUp;
}
const COUNTING_LENGTH_MIN = 4;

function lettersAndDigits(serial: string): string {
  return serial.toUpperCase().replace(/[^0-9A-Z]/g, "");
}
