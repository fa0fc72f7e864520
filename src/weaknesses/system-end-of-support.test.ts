import assert from "node:assert/strict";
import { test } from "node:test";
import { loadKnowledge } from "../knowledge/index.ts";
import type { FleetDevice } from "../model/weakness.ts";
import { fleetDevice, HEARD_US, known, told } from "../testing/fleet.ts";
import { asOf, endedBy, systemEndOfSupport } from "./system-end-of-support.ts";

/** `affected high: Windows XP is mended no more`, as of a day. */
function ended(it: Partial<FleetDevice>, day = "2026-11-23"): string {
  return [...endedBy(fleetDevice(it), loadKnowledge(), day)].map(({ answer, severity, title }) => `${answer} ${severity}: ${title}`).join();
}
const ntlm = (build: string, os = "Windows") => ({ os: known(os), said: [told("ntlmVersion", build, "ntlmssp")] });

test("old systems by their own word, and the same a day before their end", () => {
  assert.equal(ended(ntlm("5.1.2600")), "affected high: Windows XP is mended no more");
  assert.equal(ended(ntlm("5.0.2195")), "affected high: Windows 2000 is mended no more");
  assert.equal(ended({ os: known("Windows 98") }), "affected high: Windows 98 is mended no more");
  assert.equal(ended({ os: known("Windows NT 4.0") }), "affected high: Windows NT 4.0 is mended no more");
  assert.equal(ended({ os: known("Linux 2.6.32") }), "affected high: Linux 2.6 is mended no more");
  assert.equal(ended({ os: known("Debian 9.4") }), "affected high: Debian 9 is mended no more");
  assert.equal(ended({ os: known("Windows 98") }, "2006-07-11"), "", "the last day is one on which it is mended");
  assert.equal(ended({ os: known("Windows 98") }, "2006-07-12").slice(0, 8), "affected");
});

test("both that share a build are named, and only if both have ended it is certain", () => {
  assert.equal(ended(ntlm("6.1.7601")), "affected high: Windows 7 or Windows Server 2008 R2 is mended no more");
  assert.equal(ended(ntlm("6.1.7601"), "2020-06-01"), "possible medium: Windows 7 or Windows Server 2008 R2 may be mended no more");
  assert.equal(ended(ntlm("10.0.14393")), "possible medium: Windows 10 1607 or Windows Server 2016 may be mended no more");
  const [it] = [...endedBy(fleetDevice(ntlm("10.0.14393")), loadKnowledge(), "2026-11-23")];
  assert.match(it!.because[1]!.text, /Windows 10 1607 \(W\) until 2018-04-10;.*Windows Server 2016 until 2027-01-12, for who pays until 2030-01-12\. As of 2026-11-23$/); // prettier-ignore
  assert.equal(ended({ os: known("Windows 7 or Server 2008 R2") }).slice(0, 13), "affected high");
});

test("who pays may have it mended, and what is only probable is only possible", () => {
  assert.equal(ended({ os: known("Ubuntu 18.04") }).slice(0, 8), "possible");
  assert.equal(ended({ os: known("Windows XP", 10) }), "possible medium: Windows XP may be mended no more");
});

test("what is mended, and what nobody knows, is nothing to say", () => {
  for (const os of [
    "Windows",
    "Windows 10 or later",
    "Linux",
    "macOS",
    "Android",
    "QNX",
    "Ubuntu 24.04",
    "Windows Server 2022",
    "Windows 11",
  ])
    assert.equal(ended({ os: known(os) }), "", os);
  assert.equal(ended(ntlm("10.0.20348")), "");
  assert.equal(ended({ os: known("Windows XP", 4) }), "", "not known");
  assert.equal(ended({ os: known("Windows 98 Plus") }), "");
});

test("Samba, Macs and inventions are no Windows", () => {
  const samba = { said: [told("osStated", "Windows 6.1", "smb"), told("lanManager", "Samba 4.7.4", "smb"), told("ntlmVersion", "6.1.7600", "ntlmssp")] }; // prettier-ignore
  assert.equal(ended({ ...samba, os: known("Linux") }), "");
  assert.equal(ended(samba), "");
  assert.equal(ended(ntlm("6.1.7600", "macOS")), "");
  assert.equal(ended(ntlm("6.1.0")), "");
  assert.equal(ended(ntlm("5.1.9999")), "");
});

test("a file server's own word", () => {
  const server = (os: string, lanManager: string) => ({ said: [told("osStated", os, "smb"), told("lanManager", lanManager, "smb")] });
  assert.equal(ended(server("Windows 5.1", "Windows 2000 LAN Manager")), "affected high: Windows XP is mended no more");
  assert.equal(ended(server("Windows 7 Ultimate 7601 Service Pack 1", "Windows 7 Ultimate 6.1")).slice(0, 13), "affected high");
  assert.equal(ended(server("Windows Server 2022 Standard 20348", "Windows Server 2022 6.3")), "");
});

test("a person's word goes before all", () => {
  const said = { ...known("Windows 11"), saidBy: "M. Weber" };
  assert.equal(ended({ ...ntlm("5.1.2600"), os: said }), "");
});

test("the day is of packets or of the knowledge, whichever is later: a clock of 1999 makes nothing young", () => {
  const in1999 = Date.UTC(1999, 0, 1) * 1_000;
  assert.equal(asOf(fleetDevice({ last: in1999 }), "2026-08-22"), "2026-08-22");
  assert.equal(asOf(fleetDevice({ last: HEARD_US }), "2026-08-22"), "2026-11-23");
  assert.equal([...systemEndOfSupport.examine(fleetDevice({ os: known("Windows XP"), last: in1999 }))].length, 1);
});
