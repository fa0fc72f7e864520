/** What the maker's SBOM says is in a device, as evidence: how sure that is of this very device, and in which words. */
import type { Knowledge } from "../knowledge/index.ts";
import type { Sbom, SbomComponent } from "../model/paper.ts";
import type { FleetDevice } from "../model/weakness.ts";
import { ourVersion } from "./our-version.ts";

export interface SbomOfDevice {
  readonly sbom: Sbom;
  /** The device says the very version that the SBOM is of. */
  readonly sure: boolean;
  /** "The maker's SBOM of 2026-05-01 says that openssl 1.0.1f is in it; it is of version 3.1, and the device's was not heard". */
  words(component: SbomComponent): string;
}

/** Null where none is attached. */
export function sbomOf(device: FleetDevice, knowledge: Pick<Knowledge, "signs">): SbomOfDevice | null {
  const { sbom, maker, model } = device;
  if (sbom === null) return null;
  const own = ourVersion(device, [maker?.value ?? "", model?.value ?? ""], knowledge);
  const heard = own === null ? "was not heard" : `is "${own.text}"`;
  const sure = sbom.version !== null && own !== null && plain(own.version ?? own.text) === plain(sbom.version);
  const whose = sbom.version === null ? "it does not say of which version" : sure ? `it is of version ${sbom.version}, as the device says` : `it is of version ${sbom.version}, and the device's ${heard}`; // prettier-ignore
  return {
    sbom,
    sure,
    words: ({ name, version }) => `The maker's SBOM of ${sbom.day} says that ${name}${version === null ? "" : ` ${version}`} is in it; ${whose}`, // prettier-ignore
  };
}

function plain(version: string): string {
  return version.trim().toLowerCase().replace(/^v(?=\d)/, ""); // prettier-ignore
}
