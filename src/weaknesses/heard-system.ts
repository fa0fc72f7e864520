/** The operating system a device was heard to run, as finely as it said so itself; builds that client and server share stay open. */
import type { Knowledge } from "../knowledge/index.ts";
import type { SupportRow } from "../knowledge/support.ts";
import { LEAD_ASSERTED, LEAD_PROBABLY } from "../model/device.ts";
import type { FleetDevice, Telltale } from "../model/weakness.ts";

export interface HeardSystem {
  /** As os.tsv names it: "Windows 7 or Server 2008 R2". */
  readonly name: string;
  /** major.minor.build of Windows; "" where it was not heard. */
  readonly build: string;
  /** Asserted, said by a person, or said as a server by the system itself. */
  readonly sure: boolean;
  readonly at: number;
  readonly because: string;
}

type Known = Pick<Knowledge, "systems" | "signs" | "support">;

/** Null where only a family is known ("Windows"), or nothing. */
export function heardSystem(device: FleetDevice, known: Known): HeardSystem | null {
  const { os } = device;
  if (os?.saidBy !== undefined) return { name: os.value, build: "", sure: true, at: device.last, because: `${os.saidBy} said that it runs ${os.value}` }; // prettier-ignore
  const root = os === null || os.lead < LEAD_PROBABLY ? "Windows" : (known.systems.pathOf(os.value)[0]?.name ?? os.value);
  // Samba says Windows' words about itself.
  const isSamba = device.said.some(({ attribute, value }) => attribute === "lanManager" && /samba/i.test(value));
  if (root === "Windows" && !isSamba) {
    const heard = challenged(device, known) ?? answeredAsServer(device, known);
    if (heard !== null) return heard;
  }
  if (os === null || os.lead < LEAD_PROBABLY || known.systems.pathOf(os.value).at(-1)?.level !== "release") return null;
  const sure = os.lead >= LEAD_ASSERTED;
  return { name: os.value, build: "", sure, at: device.last, because: `It ${sure ? "" : "probably "}runs ${os.value}` };
}

/** As a server it names major, minor and build (MS-NLMP 2.2.2.10). Only builds that were published count: others are a program's invention. */
function challenged({ said }: FleetDevice, { support, systems }: Known): HeardSystem | null {
  const newest = latest(said.filter(({ attribute, value }) => attribute === "ntlmVersion" && support.some(({ build }) => build === value)));
  if (newest === null) return null;
  const { value, last } = newest;
  return { name: systems.windows(value), build: value, sure: true, at: last, because: `As a server it says that it is Windows ${value} (NTLM)` }; // prettier-ignore
}

/** The native system of an SMB server, beside a LAN manager of Windows' own. */
function answeredAsServer({ said }: FleetDevice, { signs, systems }: Known): HeardSystem | null {
  if (!said.some(({ attribute, value }) => attribute === "lanManager" && value.startsWith("Windows "))) return null;
  const named = said.filter(({ attribute, protocol }) => attribute === "osStated" && protocol === "smb");
  const newest = latest(named);
  if (newest === null) return null;
  const sign = signs.of("osStated", "smb", newest.value).find(({ says }) => says === "os" || says === "windows");
  const name = sign === undefined ? "" : sign.says === "windows" ? systems.windows(sign.value) : sign.value;
  if (name === "" || systems.pathOf(name).at(-1)?.level !== "release") return null;
  return { name, build: "", sure: named.length === 1, at: newest.last, because: `As a file server it says that it is "${newest.value}"` };
}

function latest(said: readonly Telltale[]): Telltale | null {
  return said.reduce<Telltale | null>((newest, it) => (newest === null || it.last > newest.last ? it : newest), null);
}

/** Editions it may be: of its build where that was heard, else of its name, with what lies under that. */
export function editionsOf({ name, build }: HeardSystem, { support, systems }: Known): readonly SupportRow[] {
  const ofBuild = build === "" ? [] : support.filter((row) => row.build === build);
  if (ofBuild.length > 0) return ofBuild;
  const under = support.filter(({ system }) => systems.pathOf(system).some((it) => it.name === name));
  if (under.length > 0) return under;
  // "Linux 2.6.32" is Linux 2.6: the finest that is listed.
  const begun = support.filter(({ system }) => name.startsWith(`${system}.`));
  const finest = begun.reduce((most, { system }) => Math.max(most, system.length), 0);
  return begun.filter(({ system }) => system.length === finest);
}
