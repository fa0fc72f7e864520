/**
 * A row beside a device: which keys they share, what agrees, what contradicts. A pair that shares no key is none, however alike the two
 * are: likeness merges nobody.
 */
import type { Knowledge } from "../knowledge/index.ts";
import { LEAD_PROBABLY, type DeviceSummary, type Stated } from "../model/device.ts";
import { controlKey, hostKey, ipsIn, macsIn, serialKeys, udiKey, type SerialKeys } from "./keys.ts";
import { kindCalled, sameKind, sameMaker, sameModel } from "./likeness.ts";
import type { TableRow } from "./table.ts";
import { statusCalled } from "./fields.ts";

/** What ties them, strongest first. An address is worn by many in turn and ties nobody by itself. */
export const KEYS = [
  "id",
  "control number",
  "UDI",
  "serial number",
  "serial number, spelled otherwise",
  "network card",
  "host name",
  "address",
] as const;
export type Key = (typeof KEYS)[number];

export interface Pair {
  readonly row: RowFacts;
  readonly device: DeviceFacts;
  readonly shares: ReadonlySet<Key>;
  readonly agrees: readonly string[];
  /** In words. */
  readonly against: readonly string[];
  /** The keys it shares are enough to say that the two are one, if nothing else does. */
  readonly suffices: boolean;
}

export interface RowFacts {
  readonly row: TableRow;
  readonly retired: boolean;
  readonly site: string;
  readonly keys: ReadonlyMap<Key, readonly string[]>;
}

export interface DeviceFacts {
  readonly device: DeviceSummary;
  readonly keys: ReadonlyMap<Key, readonly string[]>;
}

export function rowFacts(row: TableRow): RowFacts {
  const { id, controlNumber, udi, serial, mac, names, ip, status, site } = row.cells;
  return {
    row,
    retired: statusCalled(status ?? "") === "retired",
    site: (site ?? "").toLowerCase(),
    keys: keysOf(id, controlNumber, udi, serial, macsIn(mac ?? ""), [names ?? ""], ipsIn(ip ?? "")),
  };
}

export function deviceFacts(device: DeviceSummary): DeviceFacts {
  const { id, controlNumber, udi, serial, macs, names, ips } = device;
  const said = names.map(({ value }) => value);
  return { device, keys: keysOf(id, value(controlNumber), value(udi), value(serial), macs, said, ips) };
}

function keysOf(
  id: string | undefined,
  control: string | undefined,
  udi: string | undefined,
  serial: string | undefined,
  macs: readonly string[],
  names: readonly string[],
  ips: readonly string[],
): ReadonlyMap<Key, readonly string[]> {
  const serials: SerialKeys | null = serialKeys(serial ?? "");
  return new Map<Key, readonly string[]>([
    ["id", id !== undefined && /^d\d{1,12}$/.test(id) ? [id] : []],
    ["control number", [controlKey(control ?? "") ?? []].flat()],
    ["UDI", [udiKey(udi ?? "") ?? []].flat()],
    ["serial number", serials === null ? [] : [serials.exact]],
    ["serial number, spelled otherwise", serials === null ? [] : [serials.folded]],
    ["network card", macs],
    ["host name", [...new Set(names.flatMap((name) => hostKey(name) ?? []))]],
    ["address", ips],
  ]);
}

/** As far as it is at least probable. */
export function value(stated: Stated | null): string {
  return stated === null || stated.lead < LEAD_PROBABLY ? "" : stated.value;
}

export function pairOf(row: RowFacts, device: DeviceFacts, knowledge: Knowledge): Pair {
  const shares = new Set(KEYS.filter((key) => shared(row.keys.get(key)!, device.keys.get(key)!)));
  if (shares.has("serial number")) shares.delete("serial number, spelled otherwise");
  const { cells } = row.row;
  const { maker, model, kind } = device.device;
  const heard = { maker: value(maker), model: value(model), kind: value(kind) };
  const likeness = {
    model: sameModel(cells.model ?? "", heard.model),
    maker: sameMaker(cells.maker ?? "", heard.maker, knowledge),
    kind: sameKind(cells.kind ?? "", heard.kind, knowledge),
  };
  const alike = LIKE.filter((what) => likeness[what] === "same");
  const others = LIKE.filter((what) => likeness[what] === "other");
  // A row of ours that a person edited says otherwise on purpose.
  const isOurs = shares.has("id") && shares.size > 1;
  const against = [...others.map((what) => `listed ${what} ${cells[what]}, heard ${heard[what]}`), ...otherNumbers(row, device, shares)];
  return { row, device, shares, agrees: [...shares, ...alike], against: isOurs ? [] : against, suffices: suffices(row, shares, new Set(alike), knowledge) }; // prettier-ignore
}

const LIKE = ["model", "maker", "kind"] as const;

/** A number or a name that both have, and not the same. */
function otherNumbers(row: RowFacts, { device, keys }: DeviceFacts, shares: ReadonlySet<Key>): readonly string[] {
  const { cells } = row.row;
  const bothHave = (key: Key) => row.keys.get(key)!.length > 0 && keys.get(key)!.length > 0;
  const hasSerial = shares.has("serial number") || shares.has("serial number, spelled otherwise");
  // A machine is given another name more often than another serial number.
  const mayBeRenamed = shares.has("host name") || shares.has("serial number");
  return [
    ...(bothHave("serial number") && !hasSerial ? [`listed serial number ${cells.serial}, heard ${device.serial!.value}`] : []),
    ...(bothHave("host name") && !mayBeRenamed ? [`listed host name ${cells.names}, heard ${device.names[0]!.value}`] : []),
  ];
}

function shared(a: readonly string[], b: readonly string[]): boolean {
  return a.some((it) => b.includes(it));
}

const PART = /\b(?:module?|modul|einschub|board|accessory|battery|akku|cartridge|transducer|probe|sonde)s?\b/i;
/** Long enough that two makers hardly write the same. */
const TELLING_LENGTH_MIN = 8;
/** They stand in a dock at times, and lists name the dock's card as theirs; who is in the dock today is another matter. */
const DOCKED = new Set(["infusion pump", "feeding pump", "workstation", "imaging workstation", "telemetry transmitter", "pulse oximeter"]);

function suffices(
  { row: { cells }, retired, keys }: RowFacts,
  shares: ReadonlySet<Key>,
  alike: ReadonlySet<"model" | "maker" | "kind">,
  knowledge: Knowledge,
): boolean {
  const others = (key: Key) => [...shares].filter((it) => it !== key && it !== "address").length;
  const named = alike.has("model") || alike.has("maker");
  const isPart = [cells.kind, cells.model].some((text) => PART.test(text ?? ""));
  if (shares.has("UDI")) return true;
  if (shares.has("serial number") && (named || others("serial number") > 0 || keys.get("serial number")![0]!.length >= TELLING_LENGTH_MIN)) return true; // prettier-ignore
  // What is retired gave its name, its address and its card to another; a part has those of what it sits in.
  if (retired || isPart) return false;
  if (shares.has("control number")) return true;
  // A number of another recording's device is nobody's here.
  if (shares.has("id")) return others("id") > 0 || shares.has("address");
  if (shares.has("serial number, spelled otherwise")) return named || others("serial number, spelled otherwise") > 0;
  if (shares.has("network card")) {
    if (shares.has("host name") || alike.has("model") || alike.has("kind")) return true;
    return alike.has("maker") && !mayBeDocked(cells.kind ?? "", cells.model ?? "", cells.maker ?? "", knowledge);
  }
  return shares.has("host name") && (named || (alike.has("kind") && shares.has("address")));
}

/** Also what nobody can tell the kind of. */
function mayBeDocked(kind: string, model: string, maker: string, knowledge: Knowledge): boolean {
  const is = knowledge.families.of(model, maker === "" ? null : knowledge.makers.called(maker).name)?.kind ?? kindCalled(kind, knowledge);
  return is === null || knowledge.kinds.lineOf(is).some((it) => DOCKED.has(it));
}
