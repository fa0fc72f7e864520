/** Files of evidence come from elsewhere too: no form may throw, hang or grow, whatever stands in them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { evidenceForms } from "./index.ts";

const FILE = { name: "sw-3-west", at: 1_795_420_800e6 };
/** Of all forms, so that what is made of them is half right. */
const PARTS = [
  "lease 10.0.0.1 {", "  starts 1 2026/11/23 08:00:00;", "  hardware ethernet ", "}", "00:09:fb:12:34:56", "0009.fb12.3456", "0009fb-123456",
  "0009-fb12-3456", "10.0.0.7", "2001:db8::7", "1795464000 ", "Vlan    Mac Address       Type        Ports", "  20    ", "    DYNAMIC     ",
  "Gi1/0/3", "Po1", "ge-0/0/3.0", "Ethernet switching table : 3 entries", "MAC Address   Port  VLAN", "sw#show mac address-table", "Internet  ",
  " dev eth0 lladdr ", " REACHABLE", "? (", ") at ", " ARPA ", "Mon Nov 23 09:00:00 2026", "\tCalling-Station-Id = \"", "\"", ",", ";", "\t", " ",
  "address,hwaddr,valid_lifetime,expire", "mac,ip", "switch,port,description", "network,name", "MACAddress,EndPointPolicy", "IPAddress,ClientId,AddressState,ScopeId",
  '{ "ip-address": ', '"cltt": 1795420800', "\u0000", "\ufeff", "é",
  '{"timestamp":"2026-11-23T08:00:00.0+0000","event_type":"alert","src_ip":"10.0.0.1","alert":{', '"signature_id":7', "}", "#separator \\x09",
  "#fields\tts\tnote\tsrc", "1795420800.0\tScan::Port_Scan\t10.0.0.1", '{"ts":1,"note":"Scan::Port_Scan","src":"10.0.0.1"',
]; // prettier-ignore

test("lines of parts of every form, in any order, break none", () => {
  const line = fc.array(fc.oneof(fc.constantFrom(...PARTS), fc.string({ maxLength: 8 })), { maxLength: 8 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
      for (const form of evidenceForms) {
        form.recognize(lines);
        const read = form.reader(FILE);
        for (const it of [...lines, ""]) read(it);
      }
    }),
    { interruptAfterTimeLimit: 3_000 },
  );
});

test("a line much longer than any that is given, of one thing again and again, takes no form long", () => {
  const began = process.threadCpuUsage();
  const fronts = ["", "Internet  10.0.0.7  ", "1795464000 1 ", "  20    0009.fb12.3456  ", "  starts 1 "];
  for (const front of fronts)
    for (const part of ["d", "1", ":", ".", ";#", " ", "port ", "0009.fb12.3456 ", "( ", "ge-0/0/3 ", ","]) {
      const line = (front + part.repeat(LENGTH)).slice(0, LENGTH);
      for (const form of evidenceForms) {
        form.recognize([line]);
        form.reader(FILE)(line);
      }
    }
  // About a second; one expression that goes back again and again takes minutes.
  assert.ok(process.threadCpuUsage(began).user < 10_000_000);
});
const LENGTH = 65_536;
