/** A command prompt where nobody's protocol is: a worm's back door, or an intruder's line to a machine he took. */
import { counted } from "../bytes/thousands.ts";
import { atOnce } from "./at-once.ts";

export const commandShellOpen = atOnce({
  name: "command-shell",
  title: "A command prompt crosses the network in the clear",
  family: "threat",
  severity: "critical",
  harms: ["device", "network", "patient"],
  remedy:
    "Tell the security team now: somebody may be typing on this machine. Let them decide with the ward how it is kept from others without taking it from a patient. Keep its memory and disk as they are for who looks into it.",
  technique: ["T1059 Command and Scripting Interpreter", "T1571 Non-Standard Port"],
  sees: "A prompt of Windows, its greeting, or a Unix shell's complaint about a missing terminal, as the first that is said on a connection of no protocol.",
  misses: "Prompts behind TLS or any other encryption; those that come after something else was said.",
  mistaken: "Terminals by Telnet and SSH negotiate first and are not taken for it. A few administrators' tools open prompts so.",
  tune: "Explain the finding for an administrator's tool, and replace the tool.",
  heard: { commandShell: { says: (count) => `${counted(count, "command prompt")} in the clear on a connection of no protocol` } },
  hits: "receiver",
});
