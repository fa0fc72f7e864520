/** Programs and systems in a version that is known to be weak, and beside each the same in one that is mended. */
import { noise, talk } from "../day.ts";
import type { Day, Placed } from "../day.ts";
import { stacks } from "../stacks.ts";
import { mail, oldShares, shell } from "../talk/others.ts";
import { steered } from "../talk/rdp.ts";
import { ftpSession } from "../talk/shells.ts";
import { session } from "../talk/smb.ts";
import { BROWSER, page } from "../talk/web.ts";
import { visited, type Doing, type Planted } from "./planted.ts";

const SERVER = { stack: stacks.linux, kind: "server" };
const WINDOWS_SERVER = { stack: stacks.windows, kind: "server" };
const COMPUTER = { stack: stacks.windows, kind: "workstation" };
const OLD_COMPUTER = { stack: stacks.windowsXp, kind: "workstation" };
type Version = readonly [major: number, minor: number, build: number];
const WINDOWS_7 = [6, 1, 7_601] as const;
const WINDOWS_10_1903 = [10, 0, 18_362] as const;
const WINDOWS_11 = [10, 0, 26_100] as const;
const SMB_2_1 = 0x0210;

export const outdated: readonly Planted[] = [
  planted("Apache-2.4.49", "possible", SERVER, serving("Apache/2.4.49 (Unix)"), serving("Apache/2.4.62 (Unix)")),
  planted("IIS6-WebDAV", "possible", WINDOWS_SERVER, serving("Microsoft-IIS/6.0"), serving("Microsoft-IIS/10.0")),
  planted("MS15-034", "possible", WINDOWS_SERVER, serving("Microsoft-IIS/8.5"), serving("Microsoft-IIS/10.0")),
  planted("Heartbleed", "possible", SERVER, serving("Apache/2.2.22 (Unix) OpenSSL/1.0.1c"), serving("Apache/2.4.62 (Unix) OpenSSL/3.0.15")),
  planted("Log4Shell", "possible", SERVER, serving("Apache Solr"), serving("nginx/1.26.2")),
  planted("INFRA-HALT", "possible", SERVER, serving("InterNiche Technologies WebServer 2.0"), serving("nginx/1.26.2")),
  planted("Mirth-version", "affected", SERVER, serving("Mirth Connect 4.3.0"), serving("Mirth Connect 4.5.2")),
  planted("ProFTPD-copy", "possible", SERVER, files("ProFTPD 1.3.5 Server"), files("ProFTPD 1.3.8 Server")),
  planted("NUCLEUS-13", "possible", SERVER, files("Nucleus FTP Server (Version 1.7)"), files("vsFTPd 3.0.5")),
  planted("Exim", "possible", SERVER, visited(25, "smtp", () => mail("mail ESMTP Exim 4.90 ready")), visited(25, "smtp", () => mail("mail ESMTP Exim 4.98 ready"))), // prettier-ignore
  planted("libssh", "possible", SERVER, shelled("SSH-2.0-libssh_0.8.1"), shelled("SSH-2.0-libssh_0.10.6")),
  planted("regreSSHion", "possible", SERVER, shelled("SSH-2.0-OpenSSH_9.2p1 Debian-2"), shelled("SSH-2.0-OpenSSH_9.9p1 Debian-3")),
  planted("SmartInstall", "possible", "switch", visited(4786, "", () => [["client", Uint8Array.of(0, 0, 0, 1)], ["server", Uint8Array.of(0, 0, 0, 2)]]), shelled("SSH-2.0-Cisco-1.25")), // prettier-ignore
  planted("Ghostcat", "possible", SERVER, visited(8009, "", () => [["client", Uint8Array.of(0x12, 0x34, 0, 1, 10)], ["server", Uint8Array.of(0x41, 0x42, 0, 1, 9)]]), serving("Apache-Coyote/1.1")), // prettier-ignore
  planted("MS17-010", "possible", OLD_COMPUTER, xp, shares(WINDOWS_11)),
  planted("BlueKeep", "possible", COMPUTER, both(shares(WINDOWS_7, SMB_2_1), remotely), both(shares(WINDOWS_11), remotely)),
  planted("SMBGhost", "possible", COMPUTER, shares(WINDOWS_10_1903), shares(WINDOWS_11)),
  { name: "end of support: Windows XP", weakness: "system-end-of-support", answer: "affected", at: OLD_COMPUTER, weak: xp, twin: shares(WINDOWS_11) }, // prettier-ignore
  { name: "end of support: Windows 7", weakness: "system-end-of-support", answer: "affected", at: COMPUTER, weak: shares(WINDOWS_7, SMB_2_1), twin: shares(WINDOWS_11) }, // prettier-ignore
  { name: "end of support: Windows 10 1903", weakness: "system-end-of-support", answer: "affected", at: COMPUTER, weak: shares(WINDOWS_10_1903), twin: shares(WINDOWS_11) }, // prettier-ignore
];

function planted(weakness: string, answer: Planted["answer"], at: Planted["at"], weak: Doing, twin: Doing): Planted {
  return { name: weakness, weakness, answer, at, weak, twin };
}

function serving(banner: string): Doing {
  return visited(80, "http", (_, it) => page({ host: it.ip, agent: BROWSER, server: banner, body: "<title>Welcome</title>" }));
}

function files(banner: string): Doing {
  return visited(21, "ftp", () => ftpSession(banner, "UNIX Type: L8"));
}

function shelled(banner: string): Doing {
  return visited(22, "ssh", (day) => shell(banner, noise(day, 32)));
}

function xp(day: Day, at: number, it: Placed, visitor: Placed): void {
  talk(day, at, visitor, it, 445, "smb", oldShares("Windows 5.1", "Windows 2000 LAN Manager", noise(day, 48)));
}

function shares(version: Version, dialect?: number): Doing {
  return visited(445, "smb", (day, it) => {
    const party = (name: string, own: Version) => ({ name, domain: "CLINIC", version: own });
    return session(party("WS", WINDOWS_11), party(it.name, version), noise(day, 16), noise(day, 24), dialect);
  });
}

function remotely(day: Day, at: number, it: Placed, visitor: Placed): void {
  talk(day, at, visitor, it, 3389, "rdp", steered(`${it.name.toLowerCase()}.clinic.example`, noise(day, 64)));
}

function both(one: Doing, other: Doing): Doing {
  return (day, at, it, visitor) => {
    one(day, at, it, visitor);
    other(day, at + 100_000, it, visitor);
  };
}
