/** What to ask of the network team, in their words, to be pasted into a mail or a ticket. */
import { IconCopy } from "@tabler/icons-react";
import { copy } from "../copy.ts";

const NOTE = `Please mirror (SPAN) the switch ports or VLANs of our medical devices to one port, both directions, without filtering,
and tell us which port it is. A computer that only listens will be connected there: it has no address on that port and sends nothing.
In IOS terms: monitor session 1 source vlan <medical vlans> both, monitor session 1 destination interface <port>.`;

export function CopyNote({ words }: { readonly words: string }) {
  return (
    <button type="button" className="button" onClick={() => copy(NOTE, "The note is copied.")}>
      <IconCopy className="icon" size={16} stroke={1.6} aria-hidden="true" /> {words}
    </button>
  );
}
