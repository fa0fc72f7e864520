/** What a device is, in one sentence, for pages and commands alike. */
import { counted } from "../bytes/thousands.ts";
import { LEAD_ASSERTED, LEAD_PROBABLY } from "./device.ts";
import type { DeviceSummary, Stated } from "./device.ts";

/** What it is, where, and what it does, as far as it is known. */
export function sentenceOf(device: DeviceSummary): string {
  const kind = said(device.kind);
  const [maker, model] = [said(device.maker), said(device.model)];
  // Some makers put their name into the model's.
  const called = [model !== null && maker !== null && model.startsWith(maker) ? null : maker, model]
    .filter((part) => part !== null)
    .join(" ");
  const where = said(device.location);
  const place = where === null ? "" : `${kind === null && called === "" ? "; it was" : ","} last heard at ${where}`;
  return `${what(device, kind, called)}${place}. ${does(device)}`;
}

/** Zeros would read as if they were much; and what was not heard may still be so. */
function does({ peers, services }: DeviceSummary): string {
  if (peers === 0 && services === 0) return "It was heard talking to nobody.";
  const talks = peers === 0 ? "It was heard talking to nobody" : `It talks to ${counted(peers, "other")}`;
  return `${talks} and answers on ${services === 0 ? "no service that was heard" : counted(services, "service")}.`;
}

function what({ kind: stated, maker, model }: DeviceSummary, kind: string | null, called: string): string {
  if (kind === null) {
    const areSure = [maker, model].every((it) => said(it) === null || isSure(it!));
    return called === "" ? "We do not know yet what this is" : `Something ${areSure ? "" : "probably "}made by ${called}`;
  }
  const words = called === "" ? lower(kind) : `${called} ${lower(kind)}`;
  const article = /^[aeiou]/i.test(words) ? "an" : "a";
  return stated !== null && (isSure(stated) || stated.against !== undefined)
    ? `${article === "an" ? "An" : "A"} ${words}`
    : `Probably ${article} ${words}`;
}

function isSure(stated: Stated): boolean {
  return stated.saidBy !== undefined || stated.lead >= LEAD_ASSERTED;
}

function said(stated: Stated | null): string | null {
  return stated === null || (stated.saidBy === undefined && stated.lead < LEAD_PROBABLY) ? null : stated.value;
}

/** "Infusion pump" in a sentence is an infusion pump; "CT scanner" stays. */
function lower(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}
