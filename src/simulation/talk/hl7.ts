/** Messages between clinical systems: HL7 version 2 over MLLP. The patients are plainly invented. */
import { latin } from "../frames.ts";
import type { Line } from "../wire.ts";

export interface Exchange {
  /** Microseconds since 1970: a message says when it was made. */
  readonly at: number;
  /** Application and facility. */
  readonly from: readonly [application: string, facility: string];
  readonly to: readonly [application: string, facility: string];
  /** As in MSH-9: "ORU^R01^ORU_R01". */
  readonly type: string;
  readonly number: number;
  readonly segments: readonly string[];
  /** What it follows, in MSH-21: an IHE profile. */
  readonly profile?: string;
}

export function exchanged({ at, from, to, type, number, segments, profile = "" }: Exchange): readonly Line[] {
  const header = (sender: readonly string[], receiver: readonly string[], kind: string, more: string) =>
    `MSH|^~\\&|${sender.join("|")}|${receiver.join("|")}|${timeOf(at)}||${kind}|${number}|P|2.6${more}`;
  const [, trigger = ""] = type.split("^");
  return [
    ["client", framed([header(from, to, type, profile === "" ? "" : `|||AL|NE|||||${profile}`), ...segments])],
    ["server", framed([header(to, from, `ACK^${trigger}^ACK`, ""), `MSA|AA|${number}`])],
  ];
}

export function patient(number: number): string {
  const [year, first] = [1940 + (number % 50), PATIENTS[number % PATIENTS.length]!];
  return `PID|1||ZZ${10_000 + number}^^^CLINIC^MR||ZZTEST^${first}||${year}0101|U`;
}

const PATIENTS = ["ALPHA", "BRAVO", "CHARLIE", "DELTA", "ECHO", "FOXTROT", "GOLF", "HOTEL"];

/** 20260105083000. */
export function timeOf(at: number): string {
  return new Date(Math.floor(at / 1_000)).toISOString().replace(/\D/g, "").slice(0, 14);
}

function framed(segments: readonly string[]): Uint8Array {
  return latin(`\x0b${segments.join("\r")}\r\x1c\r`);
}
