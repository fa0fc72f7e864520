/**
 * A letter to a maker: what its devices were heard doing that its documents do not declare, as questions. It names no patient, no device
 * of the hospital's, and no address unless that is asked for. The same recording and documents give the same bytes.
 */
import { clean } from "../bytes/text.ts";
import { counted, thousands } from "../bytes/thousands.ts";
import type { DisclosureReport, UndeclaredFlow } from "../model/disclosure.ts";

/** More questions than anybody answers; how many there are is said. */
const QUESTIONS_MAX = 100;

export function makerLetter(report: DisclosureReport, withAddresses: boolean): string {
  const { maker, model, devices, window, documents, notDeclared, cannotTell, doubts } = report;
  // What our own recording leaves open is nothing that a maker could answer.
  const open = cannotTell.filter(({ unclear }) => unclear === "document");
  const reasons = [...new Set(open.map(({ because }) => because))];
  return [
    `# Questions on what ${plain(model)} does on a network`,
    "",
    `To ${maker === "" ? "the maker" : plain(maker)}.`,
    "",
    `We listened to ${counted(devices, "device")} of this model from ${day(window.from)} to ${day(window.to)} (UTC), on ${counted(window.days, "day")}, and held what we heard against:`,
    "",
    ...(documents.length === 0 ? ["- no document of yours: we have none"] : documents.map((it) => `- ${plain(it)}`)),
    "",
    "## What we heard and these do not declare",
    "",
    ...(notDeclared.length === 0
      ? ["Nothing: there is no question here."]
      : ["Of each, please tell us what it is for, whether the device needs it, whom it has to reach, and in which document it stands or will stand.", ""]),
    ...notDeclared.slice(0, QUESTIONS_MAX).map((it, at) => `${at + 1}. ${question(it, report, withAddresses)}`),
    ...(notDeclared.length > QUESTIONS_MAX ? ["", `These are the first ${QUESTIONS_MAX} of ${thousands(notDeclared.length)}.`] : []),
    "",
    ...(reasons.length === 0
      ? []
      : [
          "## What we could not hold against them",
          "",
          `Of ${counted(open.length, "other kind")} of traffic nobody here can tell whether it is declared. Please send us the whole list of ports and protocols of this model (IEC 60601-1, 14.13; MDS2 CONN-2). Why we cannot tell:`,
          "",
          ...reasons.slice(0, QUESTIONS_MAX).map((it) => `- ${plain(it)}`),
          "",
        ]),
    ...(doubts.length === 0 ? [] : ["## What we may not have heard", "", ...doubts.map((it) => `- ${plain(it)}`), ""]),
    `Nothing in this letter is about a patient. ${withAddresses ? "The addresses in it are our own or those our devices talked to: please keep them to yourselves." : "Addresses are left out; we send them where you need them."}`,
    "",
  ].join("\n");
} // prettier-ignore

function question(it: UndeclaredFlow, { devices, window }: DisclosureReport, withAddresses: boolean): string {
  const protocols = it.protocols.length === 0 ? "" : ` (${it.protocols.map(plain).join(", ")})`;
  const opened = it.opens === "device" ? `The device opens ${it.service}${protocols} to ${others(it)}` : `${others(it)} opened ${it.service}${protocols} of the device, and it answered`;
  const heard = `${thousands(it.devices)} of ${counted(devices, "device")}, on ${thousands(it.days)} of ${counted(window.days, "day")}, first ${day(it.first)}, last ${day(it.last)}`;
  const against = it.because === "" ? "" : ` Your ${plain(it.because)}.`;
  const addresses = withAddresses && it.addresses.length > 0 ? ` Other ends: ${it.addresses.map(plain).join(", ")}${it.others > it.addresses.length ? " and more" : ""}.` : "";
  return `${opened}: ${heard}.${against}${addresses}`;
} // prettier-ignore

/** As a sentence begins or goes on with it. */
function others({ peer, others: count, opens }: UndeclaredFlow): string {
  const words = PEERS[peer] ?? (peer === "not known" ? counted(count, "machine that we do not know", "machines that we do not know") : `${counted(count, "machine")}, ${plain(peer)}`); // prettier-ignore
  return opens === "peer" ? `${words[0]!.toUpperCase()}${words.slice(1)}` : words;
}

const PEERS: Readonly<Record<string, string>> = {
  outside: "addresses outside the hospital",
  multicast: "multicast groups",
  broadcast: "everybody in its network, by broadcast",
};

/** What devices and people call things is text, and makes no headings or links here. */
const plain = (text: string) => clean(text).replace(/[\\`*_[\]<>#|]/g, "\\$&");
const day = (at: number) => new Date(at / 1000).toISOString().slice(0, 10);
