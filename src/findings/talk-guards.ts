/**
 * Guards that know who speaks with devices of a kind: what each of them hears, from who was heard in what is read of their talk. What a
 * stranger does to a device nobody hears is noticed by nobody, so each says of how many it hears nothing.
 */
import { counted } from "../bytes/thousands.ts";
import type { GuardState, GuardView } from "../model/guard.ts";
import { loadKinds } from "../knowledge/kinds.ts";

export interface TalkGuard extends Pick<GuardView, "name" | "title" | "care" | "cure" | "isUrgent"> {
  /** Kinds of devices it is for, with all that lies under them. */
  readonly kinds: readonly string[];
  /** What is read of what is said to them; none: all they say is one maker's own. */
  readonly protocols: readonly string[];
  /** It is for whoever answers in them, too, whatever kind that is. */
  readonly withServers: boolean;
  readonly one: string;
  readonly many: string;
  /** What would go unnoticed. */
  readonly misses: string;
}

/** Of its devices: all, those heard in the clear in what it reads, and those of them heard in both directions. */
export interface TalkHeard {
  readonly devices: number;
  readonly heard: number;
  readonly answered: number;
  /** Those who speak encrypted beside, of which nothing can be read. */
  readonly encrypted: number;
}

const OURS: readonly TalkGuard[] = [
  {
    name: "monitors", title: "Monitors and ventilators", care: "life-supporting", isUrgent: true, withServers: false,
    kinds: ["patient monitor", "ventilator", "anesthesia machine", "pulse oximeter"], protocols: ["intellivue", "medibus", "dpws"],
    one: "monitor or ventilator", many: "monitors and ventilators",
    misses: "a stranger who silences alarms would not be noticed",
    cure: "Ask the network team for a mirror where the central station is, both directions",
  },
  {
    name: "imaging", title: "Imaging", care: "diagnostic", isUrgent: false, withServers: true,
    kinds: ["imaging device", "image archive", "imaging workstation", "worklist server"], protocols: ["dicom", "dicomweb"],
    one: "device for images", many: "devices for images",
    misses: "a stranger who takes images away would not be noticed",
    cure: "Ask the network team for a mirror at the image archive, both directions",
  },
  {
    name: "record", title: "The record and its orders", care: "clinical IT", isUrgent: false, withServers: true,
    kinds: ["interface engine", "electronic health record", "laboratory system", "device gateway", "monitor gateway"], protocols: ["hl7", "fhir"],
    one: "system of the record", many: "systems of the record",
    misses: "a forged admission, merge or order would not be noticed",
    cure: "Ask the network team for a mirror at the interface engine, both directions, where it is not encrypted",
  },
  {
    name: "building", title: "Building systems", care: "other", isUrgent: false, withServers: true,
    kinds: ["building controller", "medical gas alarm", "air handler", "industrial controller"],
    protocols: ["bacnet", "modbus", "s7comm", "dnp3", "opcua"],
    one: "controller of the building", many: "controllers of the building",
    misses: "a setpoint that a stranger writes would not be noticed",
    cure: "Ask building services for a mirror at their controllers, both directions",
  },
  {
    name: "nurse-call", title: "Nurse calls and tube transport", care: "clinical IT", isUrgent: false, withServers: false,
    kinds: ["nurse call", "tube transport"], protocols: [],
    one: "nurse call or tube system", many: "nurse calls and tube systems",
    misses: "a command of a stranger's would not be noticed",
    cure: "Ask its maker what of its commands is public; until then let a policy say who may speak with it",
  },
]; // prettier-ignore

/** With kinds as the tree has them. */
export function talkGuards(): readonly TalkGuard[] {
  const kinds = loadKinds();
  return OURS.map((it) => ({ ...it, kinds: kinds.names.filter((name) => kinds.lineOf(name).some((kind) => it.kinds.includes(kind))) }));
}

/** `isLearned`: listening goes on for so long that a stranger can be told from who belongs. `ofOne`: of the one device. */
export function talkGuardOf(guard: TalkGuard, of: TalkHeard, isLearned: boolean, ofOne = false): GuardView {
  const { name, title, care, cure, isUrgent, misses } = guard;
  const { devices, heard, answered, encrypted } = of;
  const state: GuardState = heard === 0 ? "blind" : answered === 0 ? "half-blind" : isLearned ? "hearing" : "learning";
  const all = counted(devices, guard.one, guard.many);
  return {
    name, title, care, cure, isUrgent, state, devices, heard, answered, compared: isLearned ? answered : 0, uncompared: 0, cannotTell: 0,
    encrypted: state === "blind" ? encrypted : 0,
    unnoticed: `of ${all}, ${misses}`,
    says: ofOne ? saysOfOne(guard, of, state) : saysOfAll(guard, of, state, all),
  }; // prettier-ignore
}

function saysOfAll({ protocols }: TalkGuard, { devices, heard, answered, encrypted }: TalkHeard, state: GuardState, all: string): string {
  if (protocols.length === 0) return `commands heard for 0 of ${all}: what they say is their makers' own, and this guard is blind here`;
  const of = (count: number) => `${count} of ${all}`;
  const deaf = devices - heard;
  const rest = deaf === 0 ? "" : `; of ${deaf === 1 ? "the other one" : `the other ${deaf}`} nothing that could be read`;
  return {
    blind: `talk heard for ${of(0)}: this guard is blind here; ${opened(encrypted)}`,
    "half-blind": `talk heard for ${of(heard)}, in one direction: this guard is half-blind here; a mirror that hears both would open it`,
    learning: `talk heard for ${of(heard)}: this guard is learning: it may miss a stranger, or take who seldom comes for one${rest}`,
    hearing: `talk heard for ${of(heard)}, in both directions for ${answered}${rest}`,
  }[state];
}

function saysOfOne({ protocols }: TalkGuard, { encrypted }: TalkHeard, state: GuardState): string {
  if (protocols.length === 0) return "what is said to this device is its maker's own, and a command of a stranger's would not be noticed";
  return {
    blind: `nothing that is said to this device can be read, and a stranger would not be noticed; ${opened(encrypted)}`,
    "half-blind": "what is said to this device is heard in one direction; a mirror that hears both would open it",
    learning:
      "what is said to this device is heard; until listening went on for three days a stranger may be missed, and who seldom comes be taken for one",
    hearing: "who speaks with this device is heard",
  }[state];
}

function opened(encrypted: number): string {
  return encrypted === 0
    ? "a mirror where its talk passes would open it, where that is not encrypted"
    : `${encrypted === 1 ? "one speaks" : `${encrypted} speak`} encrypted, and where that is their work no mirror opens it`;
}
