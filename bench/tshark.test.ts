import assert from "node:assert/strict";
import { test } from "node:test";
import { BETWEEN, COLUMNS, statementsOf } from "./tshark.ts";

/** Frames as tshark prints them; several values of a field between "|". */
function said(...frames: readonly Readonly<Record<string, string>>[]): string[] {
  const lines = frames.map((frame) => COLUMNS.map((column) => (frame[column] ?? "").replaceAll("|", BETWEEN)).join("\t"));
  return statementsOf(lines.join("\n")).map(({ about, attribute, text }) => `${about} ${attribute}: ${text}`);
}

test("a client of DHCP says its name; a server's answer repeats it and says none", () => {
  const frame = { "dhcp.option.hostname": "MX700-bed12", "dhcp.hw.mac_addr": "00:09:fb:bd:75:6d" };
  assert.deepEqual(said({ ...frame, "dhcp.type": "1" }, { ...frame, "dhcp.type": "2" }), ["00:09:fb:bd:75:6d names: MX700-bed12"]);
});

test("what was said often counts once, and in a tunnel the innermost said it", () => {
  const frame = { "ip.src": "192.0.2.1|10.0.0.5", "mysql.version": "5.7.44" };
  assert.deepEqual(said(frame, frame), ["10.0.0.5 software: MySQL 5.7.44"]);
});

test("the version of an NTLM challenge is the server's system; that of a client is not its own", () => {
  const frame = {
    "ip.src": "10.0.0.5",
    "ntlmssp.version.major": "6",
    "ntlmssp.version.minor": "1",
    "ntlmssp.version.build_number": "7601",
  };
  assert.deepEqual(said({ ...frame, "ntlmssp.messagetype": "0x00000002" }), ["10.0.0.5 os: 6.1.7601"]);
  assert.deepEqual(said({ ...frame, "ntlmssp.messagetype": "0x00000003" }), []);
});

test("a name in NetBIOS is taken where it is registered, without its service", () => {
  const frame = { "ip.src": "10.0.0.5", "nbns.name": "NVR9<00> (Workstation/Redirector)", "nbns.nb_flags.group": "0" };
  assert.deepEqual(said({ ...frame, "nbns.flags.opcode": "5" }), ["10.0.0.5 names: NVR9"]);
  assert.deepEqual(said({ ...frame, "nbns.flags.opcode": "5", "nbns.nb_flags.group": "1" }), [], "a work group's");
  assert.deepEqual(said({ ...frame, "nbns.flags.opcode": "0" }), []);
});

test("an enabled capability is a kind, a disabled one is none", () => {
  const frame = { "eth.src": "00:00:00:00:00:05" };
  assert.deepEqual(said({ ...frame, "lldp.tlv.enable_system_cap.telephone": "1" }), ["00:00:00:00:00:05 kind: telephone"]);
  assert.deepEqual(said({ ...frame, "lldp.tlv.enable_system_cap.telephone": "0" }), []);
});
