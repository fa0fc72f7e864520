/** A pump, a camera, an engine that never left the hospital reaches the Internet: made to fetch something, made to answer to somebody, or set up anew. */
import { neverBefore } from "./never-before.ts";

export const outsideFirst = neverBefore({
  name: "outside-first",
  title: "A device reaches the Internet for the first time",
  family: "threat",
  severity: "medium",
  harms: ["device", "network"],
  remedy:
    "Ask whoever looks after the device whether it was set up anew, is being serviced or has a new cloud service, and its maker whether the address named is theirs. If nobody knows it, have the firewall refuse that address to this device; what the device does for its patient does not pass there.",
  technique: ["T1071 Application Layer Protocol", "T0869 Standard Application Layer Protocol", "T1105 Ingress Tool Transfer"],
  sees: "A device that was heard for three days or longer and never conversed with an address outside the site's own networks, and then does; where its kind is known, it is in service, and no other of its kind did so a day before. Before that its kind was heard for 14 device-days, which is two weeks of a single one.",
  misses:
    "Whatever reached out in its first three days, or from the first days of the recording on; computers, phones and servers, which people put programs on; devices whose kind is not known; calls by way of a proxy of the site.",
  mistaken:
    "The first update, the first call of a maker's service, a service that is reached monthly: of several of one kind on one day the first is told, and once it is older than a day, none. NTP and DNS servers outside count: a device that needs them was set up so.",
  tune: "Enter the site's own networks, where they are not private ones; say of a device in the workshop that it is there; announce a new cloud service as planned work.",
  hears: { conversations: "outward" },
  does: () => "outside",
  says: ({ server }) => `The first conversation with an address outside: ${server.ip ?? "?"}`,
});
