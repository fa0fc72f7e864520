/**
 * Link-local multicast name resolution: RFC 4795.
 *
 * Windows machines ask each other by single names. Only who owns a name answers, so an answer is a name in its owner's word; a
 * stranger who answers for "wpad" is at work on his neighbors.
 */
import type { Context, Protocol, Report } from "../../model/protocol.ts";
import { addressOf, Class, dnsMessage, Flag } from "./message.ts";

export const llmnr: Protocol = {
  name: "llmnr",
  title: "LLMNR",
  over: [{ udp: [5355] }],
  privacy: {
    reads: "The names machines answer to.",
    ends: "Names asked for, but for two that Windows asks for by itself.",
    keeps: ["hostname", "wants"],
  },
  recognize,
  read,
};

// RFC 4795 section 2.1.1: where DNS has its recursion flags there are zeros; 0x0100 means "tentative".
const RECURSION_AVAILABLE_TO_RESERVED = 0x00f0;

function recognize(bytes: Uint8Array): boolean {
  const message = dnsMessage(bytes);
  if (message === null || message.trouble !== "" || message.length !== bytes.length || message.questions.length !== 1) return false;
  const { flags } = message;
  const question = message.questions[0]!;
  const response = (flags & Flag.response) !== 0;
  if ((flags & (Flag.opcode | RECURSION_AVAILABLE_TO_RESERVED)) !== 0 || (!response && flags !== 0)) return false;
  // RFC 6762 section 18.1: without an id that is mDNS. With one, a Windows domain may well end so.
  if (question.class !== Class.internet || question.name === "" || (message.id === 0 && question.name.endsWith(".local"))) return false;
  return response || (message.answers.length === 0 && message.authorities.length === 0);
}

function read(bytes: Uint8Array, report: Report, { sender }: Context): void {
  const message = dnsMessage(bytes);
  if (message === null) return report.malformed("counts promise more than the message holds");
  const response = (message.flags & Flag.response) !== 0;
  report.operation(response ? "RESPONSE" : "QUERY");
  const asked = message.questions[0]?.name;
  // Any other name asked for is someone else's, and may be a person's.
  if (!response && (asked === "wpad" || asked === "isatap")) report.observe(sender, "wants", asked);
  if (response) {
    const own = message.answers.filter((it) => it.class === Class.internet && addressOf(it) !== "");
    const name = asked?.split(".", 1)[0] ?? "";
    if (own.length > 0)
      report.notable(name === "wpad" || name === "isatap" ? "proxyAnswered" : "nameAnswered", name, 0, { sender, receiver: {} });
    // A machine answers with all its addresses; those of the other family are its own too.
    for (const record of own.slice(0, ANSWERS_MAX))
      report.observe(addressOf(record) === sender.ip ? sender : { ip: addressOf(record) }, "hostname", record.written);
  }
  if (message.trouble !== "") report.malformed(message.trouble);
}

/** More addresses than one machine has on a link. */
const ANSWERS_MAX = 8;
