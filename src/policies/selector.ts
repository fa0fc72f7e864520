/**
 * Who matches a group's selector. Asked twice: by what is asserted alone, and by what is probable as well. Who matches both ways is a
 * member; who matches only one of them waits, since what is probably so would make him one, or unmake him.
 */
import { ipWords } from "../bytes/address.ts";
import { FILED, LEAD_ASSERTED, LEAD_PROBABLY, surenessOf, WEIGHED } from "../model/device.ts";
import type { DeviceSummary, Stated } from "../model/device.ts";
import type { Filter, Network, Order, Test } from "../model/filter.ts";

export type Belonging = "member" | "waits" | "none";

/** `end`: the recording's last moment, from which ages are counted. */
export function belonging(filter: Filter | null, device: DeviceSummary, end: number): Belonging {
  const surely = matches(filter, device, LEAD_ASSERTED, end);
  const probably = matches(filter, device, LEAD_PROBABLY, end);
  return surely && probably ? "member" : surely || probably ? "waits" : "none";
}

/** What is known of it with less than `lead` decibans is not known. */
export function matches(filter: Filter | null, device: DeviceSummary, lead: number, end: number): boolean {
  if (filter === null) return true;
  switch (filter.kind) {
    case "and":
      return filter.parts.every((part) => matches(part, device, lead, end));
    case "or":
      return filter.parts.some((part) => matches(part, device, lead, end));
    case "not":
      return !matches(filter.part, device, lead, end);
    default:
      return passes(filter, device, lead, end);
  }
}

function passes(test: Test, device: DeviceSummary, lead: number, end: number): boolean {
  switch (test.kind) {
    case "word":
      return wordsOf(device, lead).some((text) => text.includes(test.text));
    case "is":
      return test.values.includes(textOf(device, test.field, lead));
    case "contains":
      if (test.field === "ip") return device.ips.some((ip) => ip.includes(test.text));
      if (test.field === "mac") return device.macs.some((mac) => mac.includes(test.text));
      return textOf(device, test.field, lead).includes(test.text);
    case "network":
      return test.networks.some((network) => (network === null ? device.ips.length === 0 : device.ips.some((ip) => lies(ip, network))));
    case "card":
      return test.starts.some((start) => (start === "" ? device.macs.length === 0 : device.macs.some((mac) => mac.startsWith(start))));
    case "number":
      return compares(device[test.field], test.op, test.value);
    case "time":
      // An age counts back: younger is later.
      return test.from === "epoch"
        ? compares(device[test.field], test.op, test.value)
        : compares(end - device[test.field], test.op, test.value);
  }
}

/** In lower case; "" is what is not known. */
export function textOf(device: DeviceSummary, field: Extract<Test, { kind: "is" }>["field"], lead: number): string {
  switch (field) {
    case "name":
      return device.name.toLowerCase();
    case "id":
      return device.id;
    case "standing":
      return device.standing;
    case "sure":
      return surenessOf(device.kind?.lead ?? 0);
    case "care":
      return careOf(device, lead);
    default:
      return known(device[field], lead);
  }
}

/** It follows from the kind, unless a person said it: then it is there although the kind is not known. */
function careOf({ kind, lifeCritical }: DeviceSummary, lead: number): string {
  const sure = kind?.lead ?? 0;
  if (sure < LEAD_PROBABLY) return lifeCritical === "other" ? "" : lifeCritical;
  return sure < lead ? "" : lifeCritical;
}

function known(stated: Stated | null, lead: number): string {
  return stated === null || stated.lead < lead ? "" : stated.value.toLowerCase();
}

function wordsOf(device: DeviceSummary, lead: number): string[] {
  const stated = [...device.names, ...WEIGHED.map((it) => device[it]), ...FILED.map((it) => device[it])];
  const texts = [device.name, ...stated.map((it) => known(it, lead)), ...device.macs, ...device.ips, device.lifeCritical];
  return texts.map((text) => text.toLowerCase());
}

function lies(ip: string, network: Network): boolean {
  const address = ipWords(ip);
  if (address === null || address.family !== network.family) return false;
  const skipped = network.family === 4 ? 96 : 0;
  return address.words.every((word, at) => {
    const bits = Math.min(32, Math.max(0, network.bits + skipped - at * 32));
    return bits === 0 || (word ^ network.words[at]!) >>> (32 - bits) === 0;
  });
}

function compares(value: number, op: Order | "=", wanted: number): boolean {
  switch (op) {
    case "=":
      return value === wanted;
    case "<":
      return value < wanted;
    case "<=":
      return value <= wanted;
    case ">":
      return value > wanted;
    case ">=":
      return value >= wanted;
  }
}
