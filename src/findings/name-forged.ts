/** A question for a name is answered twice, with different addresses: one of the two answers is not the server's. */
import { counted } from "../bytes/thousands.ts";
import { atOnce } from "./at-once.ts";

export const nameForged = atOnce({
  name: "name-forged",
  title: "Somebody else answers for the name server",
  family: "threat",
  severity: "high",
  harms: ["device", "network", "patient"],
  remedy:
    "Look at the machine that asked: where it went after the first answer, the frames show both. Then find who answers: by another card, at its switch port; by the same card as the server's, on the way to it. What the machine sent to that address may have been read or changed.",
  technique: ["T1557 Adversary-in-the-Middle", "T1584.002 DNS Server", "T0830 Adversary-in-the-Middle"],
  sees: "More answers of DNS to one question than times it was asked, between the same two and ports, of which a later one shares no address with the first, or one says that there is no such name. High where another card sent it.",
  misses: "Answers by TCP, TLS or HTTPS; one who keeps the server's own answer from arriving; a server that itself was lied to.",
  mistaken:
    "Servers that share load answer otherwise each time they are asked: that is counted. Where frames are lost, a question that was asked again may not be heard. Some countries' networks answer for outside servers.",
  tune: "Explain it for an outside server whose answers are changed on the way.",
  heard: {
    dnsAnsweredByOther: { says: (count) => `${counted(count, "second answer")} of DNS by another card, with other addresses` },
    dnsAnsweredTwice: {
      severity: "medium",
      says: (count) => `${counted(count, "second answer")} of DNS to one question, with other addresses`,
    },
  },
  hits: "sender",
});
