/** endoflife.date's releases → rows of `support.ts`, for the systems we can hear. */
import { supportRecord, type SupportRow } from "./support.ts";

/** A release as endoflife.date's files say it. */
export interface PublishedRelease {
  readonly releaseCycle: string;
  readonly releaseLabel?: string;
  /** A day, or whether it has ended where nobody knows the day. */
  readonly eol: string | boolean;
  readonly eoes?: string | boolean;
  readonly lts?: unknown;
  readonly latest?: string;
}

/** Its products, and what we call the system of a release. */
export const SUPPORTED: Readonly<Record<string, (release: PublishedRelease) => string>> = {
  windows: ({ releaseCycle }) => WINDOWS[releaseCycle] ?? `Windows ${releaseCycle.replace(/-(?:e|w|iot|lts)\b/g, "").replaceAll("-", " ").toUpperCase()}`, // prettier-ignore
  "windows-server": ({ releaseCycle }) => SERVERS[releaseCycle] ?? `Windows Server ${releaseCycle.replace(/-sp\d|-[sa]c|-sac/g, "").replaceAll("-", " ").toUpperCase()}`, // prettier-ignore
  ubuntu: named("Ubuntu"),
  debian: named("Debian"),
  rhel: named("Red Hat"),
  centos: named("CentOS"),
  fedora: named("Fedora"),
  opensuse: named("SUSE"),
  freebsd: named("FreeBSD"),
  openbsd: named("OpenBSD"),
  netbsd: named("NetBSD"),
  macos: named("macOS"),
  ios: named("iOS"),
  android: named("Android"),
  openwrt: named("OpenWrt"),
  "oracle-solaris": named("Solaris"),
  "cisco-ios-xe": named("Cisco IOS XE"),
  "linux-kernel": named("Linux"),
};

function named(system: string) {
  return ({ releaseCycle }: PublishedRelease) => `${system} ${releaseCycle}`;
}

/** Whose cycles are service packs. */
const WINDOWS: Readonly<Record<string, string>> = {
  "5-sp3": "Windows XP", "6-sp2": "Windows Vista", "7-sp1": "Windows 7", "8": "Windows 8", "8.1": "Windows 8.1",
}; // prettier-ignore

const SERVERS: Readonly<Record<string, string>> = { "2000": "Windows 2000", "23h2-ac": "Windows Server 2022 23H2" };

/** One that says Vista's build wrongly (knowledge notes: corrected). */
const BUILDS_MENDED: Readonly<Record<string, string>> = { "6.0.6200": "6.0.6002" };

export function supportRows(product: string, releases: readonly PublishedRelease[]): readonly Omit<SupportRow, "source">[] {
  const called = SUPPORTED[product];
  if (called === undefined) return [];
  return releases.flatMap((release) => {
    const { eol, eoes, latest = "", releaseLabel, lts } = release;
    // Ended, and nobody knows when: no day to show.
    if (eol === true) return [];
    const system = called(release);
    const isWindows = product.startsWith("windows");
    const label = isWindows && product === "windows" && releaseLabel !== undefined ? `Windows ${releaseLabel}${lts === true ? " LTS" : ""}` : system; // prettier-ignore
    const build = isWindows ? (BUILDS_MENDED[latest] ?? latest) : "";
    return [{ system, edition: label, build, ends: eol === false ? "" : eol, endsPaid: typeof eoes === "string" ? eoes : "" }];
  });
}

export function supportRecords(products: Readonly<Record<string, readonly PublishedRelease[]>>): readonly string[] {
  return Object.keys(SUPPORTED).flatMap((product) => supportRows(product, products[product] ?? []).map(supportRecord));
}
