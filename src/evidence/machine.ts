/** An entry about a machine, as the forms make it. */
import type { MachineEntry } from "../model/evidence.ts";
import type { Attribute } from "../model/observation.ts";

/** What is empty is not said. */
export function machine(
  address: Pick<MachineEntry, "mac" | "ip">,
  at: number,
  says: Partial<Readonly<Record<Attribute, string>>> = {},
  port?: string | null,
): MachineEntry {
  const said = (Object.entries(says) as [Attribute, string][]).filter(([, value]) => value !== "");
  return { kind: "machine", ...address, at, says: said, ...(port == null ? {} : { port }) };
}
