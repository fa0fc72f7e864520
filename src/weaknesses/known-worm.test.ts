import assert from "node:assert/strict";
import { test } from "node:test";
import { loadKnowledge } from "../knowledge/index.ts";
import { attributes } from "../model/observation.ts";
import { TELLTALES, type FleetDevice } from "../model/weakness.ts";
import { loadWorms } from "../knowledge/worms.ts";
import { fleetDevice, known, service, told } from "../testing/fleet.ts";
import { knownWorm } from "./known-worm.ts";

/** `MS17-010 possible, BlueKeep possible`. */
const worms = (it: Partial<FleetDevice>) => [...knownWorm.examine(fleetDevice(it))].map(({ name, answer }) => `${name} ${answer}`).join(", "); // prettier-ignore
const windows = (build: string, ...services: FleetDevice["services"]) => ({ os: known("Windows"), said: [told("ntlmVersion", build, "ntlmssp")], services }); // prettier-ignore
const [smb, rdp, http, dcerpc] = [service(445, "smb"), service(3389, "rdp"), service(80, "http"), service(135, "dcerpc")] as const;

test("a system and the service that answered, both; neither alone", () => {
  assert.equal(worms(windows("5.1.2600", smb)), "MS17-010 possible, MS08-067 possible, MS06-040 possible, MS05-039 possible, MS04-011 possible"); // prettier-ignore
  assert.equal(worms(windows("5.1.2600", rdp, dcerpc)), "MS04-011 possible, MS03-026 possible, BlueKeep possible");
  assert.equal(worms(windows("5.1.2600")), "");
  assert.equal(worms({ services: [smb, rdp, http, dcerpc] }), "");
  assert.equal(worms({ os: known("Linux"), services: [smb, rdp, http, dcerpc] }), "");
  assert.equal(worms({ os: known("Windows"), services: [smb, rdp, http, dcerpc] }), "", "a release must be known");
  assert.equal(worms(windows("6.1.7601", smb, rdp)), "MS17-010 possible, BlueKeep possible, DejaBlue possible");
  assert.equal(worms(windows("10.0.18363", smb)), "SMBGhost possible, SMBleed possible");
  assert.equal(worms(windows("10.0.22631", smb, rdp)), "");
  assert.equal(worms(windows("10.0.20348", smb, rdp, service(88, "kerberos"))), "");
  assert.equal(worms(windows("10.0.14393", service(88, "kerberos"))), "Zerologon possible");
  assert.equal(worms(windows("10.0.14393", service(445, "smb", { operations: ["PRINT"] }))), "MS17-010 possible, PrintNightmare possible");
});

test("only what was never mended, or tells its version, is affected", () => {
  assert.match(worms(windows("5.0.2195", smb)), /^MS17-010-2000 affected, MS08-067 possible/);
  assert.match(worms({ os: known("Windows 2000", 10), services: [smb] }), /^MS17-010-2000 possible/);
  assert.equal(worms({ said: [told("serverBanner", "Mirth Connect 4.3.0", "http")] }), "Mirth-version affected");
  assert.equal(worms({ said: [told("serverBanner", "Mirth Connect 4.4.1", "http")] }), "");
  assert.equal(worms({ said: [told("certificate", "mirth-connect", "tls")] }), "Mirth possible");
  assert.equal(worms({ said: [told("serverBanner", "SQL Server 8.0.194", "tds")] }), "MS02-039 affected");
  assert.equal(worms({ said: [told("serverBanner", "SQL Server 8.0.2039", "tds")] }), "");
});

test("programs by their own word, and their neighbors", () => {
  const banner = (value: string, ...services: FleetDevice["services"]) => worms({ said: [told("serverBanner", value, "http")], services });
  assert.equal(banner("Apache/2.2.22 (Debian) OpenSSL/1.0.1e"), "Heartbleed possible");
  assert.equal(banner("Apache/2.2.22 (Debian) OpenSSL/1.0.1g"), "");
  assert.equal(banner("Apache/2.2.22 (Debian) OpenSSL/1.0.2k"), "");
  assert.equal(banner("Apache/2.4.49 (Unix)", http), "Apache-2.4.49 possible");
  assert.equal(banner("Apache/2.4.51 (Unix)", http), "");
  assert.equal(banner("Microsoft-IIS/6.0", http), "IIS6-WebDAV possible");
  assert.equal(banner("220 Nucleus FTP Server (Version 1.7) ready.", service(21, "ftp")), "NUCLEUS-13 possible");
  assert.equal(worms({ said: [told("lanManager", "Samba 4.5.3", "smb")], services: [smb] }), "SambaCry possible");
  assert.equal(worms({ said: [told("lanManager", "Samba 4.7.4", "smb")], services: [smb] }), "");
  assert.equal(worms({ os: known("VxWorks") }), "", "of a device that never said or answered anything nothing is said");
  assert.equal(worms({ os: known("VxWorks"), services: [http] }), "URGENT-11 possible");
  assert.equal(worms({ maker: known("APC"), model: known("AP9631") }), "Ripple20 possible");
  assert.equal(worms({ maker: known("APC", 10), model: known("AP9631") }), "");
});

test("what it says of itself is told, with what is known to be exploited", () => {
  const [it] = [...knownWorm.examine(fleetDevice(windows("6.1.7601", smb)))];
  assert.deepEqual(it?.because.map(({ text }) => text), ["As a server it says that it is Windows 6.1.7601 (NTLM)", "TCP port 445 of 10.0.0.7 answered 1 client in smb"]); // prettier-ignore
  assert.deepEqual(it?.danger, { cvss: 8.8, vector: null, knownExploited: true, epss: null, worm: true });
  assert.equal(it?.control, "Keep everyone off TCP 445 and 139 who does not work with it.");
});

test("each line names systems, builds, claims and numbers there are", () => {
  const { systems, support } = loadKnowledge();
  const rules = loadWorms();
  assert.ok(rules.length >= 30);
  assert.equal(new Set(rules.map(({ name }) => name)).size, rules.length);
  for (const rule of rules) {
    for (const cve of rule.cves) assert.match(cve, /^CVE-\d{4}-\d{4,}$/);
    assert.ok(rule.cvss > 0 && rule.cvss <= 10 && rule.source !== "" && rule.off !== "", rule.name);
    assert.ok(rule.systems.length + rule.models.length > 0 || rule.said !== null || rule.answered.length > 0, rule.name);
    for (const system of rule.systems)
      assert.ok(/^\d/.test(system) ? support.some(({ build }) => build === system) : systems.pathOf(system)[0]?.name !== undefined && (systems.pathOf(system).length > 1 || system in { VxWorks: 1, QNX: 1, Linux: 1, Windows: 1, "Cisco IOS": 1 }), system); // prettier-ignore
    if (rule.said !== null) assert.ok(rule.said.attribute in attributes && (TELLTALES as readonly string[]).includes(rule.said.attribute), rule.name); // prettier-ignore
  }
});

test("hostile words take no time", () => {
  const began = performance.now();
  for (const part of ["Apache/2.4.", "OpenSSL/1.0.1", "Mirth Connect ", "SQL Server 8.", "libssh_0.", "a", "1.0.1-"])
    worms({
      said: [told("serverBanner", part.repeat(5_000), "http"), told("lanManager", part.repeat(5_000), "smb")],
      services: [smb, http],
    });
  assert.ok(performance.now() - began < 500);
});
