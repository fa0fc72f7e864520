/** A printer that opens shares, an analyzer that logs in to a record system: what steers machines or opens files, by a device that never did, of a kind that never does. */
import { neverBefore } from "./never-before.ts";

/** What whoever moves on from a device he took needs; pages, names, directories, the time and reports are looked at by anything once. */
const WAYS = ["smb", "dcerpc", "rdp", "citrix", "rfb", "ssh", "telnet", "ftp", "tds", "mysql", "postgresql", "tns"] as const;

export const unlikeItsKind = neverBefore({
  name: "unlike-its-kind",
  title: "A device does what its kind never does",
  family: "threat",
  severity: "medium",
  harms: ["device", "network", "patient"],
  remedy:
    "Ask whoever looks after the device whether it was set up anew or is being serviced. If nobody knows of it, look at the machine it turned to as well: somebody may move on from the device. Before it leaves the network ask the ward what depends on it.",
  technique: ["T1021 Remote Services", "T0886 Remote Services", "T1210 Exploitation of Remote Services"],
  sees: `A device that was heard for three days or longer and was no client of a protocol by which machines are steered or opened (${WAYS.join(", ")}), and then is, answered by a machine of the site; where its kind is known, it is in service, and no other of its kind did so a day before. Before that its kind was heard for 14 device-days, which is two weeks of a single one.`,
  misses:
    "Other protocols; what it did in its first three days; computers, phones and servers, which people put programs on; devices whose kind is not known.",
  mistaken:
    "A new function of a kind, such as scanning to a folder: of several of one kind on one day the first is told, and once it is older than a day, none.",
  tune: "Say of a device in the workshop that it is there; announce new functions as planned work.",
  hears: { conversations: WAYS },
  does: ({ protocol, server }) => (server.inside ? protocol : null),
  says: ({ protocol, server }) => `A client of ${protocol} for the first time: of ${server.ip ?? server.mac ?? "?"}`,
});
