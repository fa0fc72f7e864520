import assert from "node:assert/strict";
import { test } from "node:test";
import { entries } from "../testing/entries.ts";
import { ciscoMacTable } from "./cisco-mac-table.ts";
import { hpeMacTable } from "./hpe-mac-table.ts";
import { juniperMacTable } from "./juniper-mac-table.ts";
import { macPorts } from "./mac-ports.ts";

test("Cisco IOS: cards at ports, named after the prompt; the switch's own, bundles and multicast are no places", () => {
  const text = `ward-3#show mac address-table
          Mac Address Table
-------------------------------------------

Vlan    Mac Address       Type        Ports
----    -----------       --------    -----
 All    0100.0ccc.cccc    STATIC      CPU
  20    0009.fb12.3456    DYNAMIC     Gi1/0/3
  20    0009.fb12.3457    STATIC      GigabitEthernet1/0/4
  20    0009.fb12.3458    DYNAMIC     Po1
  20    0009.fb12.34
Total Mac Addresses for this criterion: 4
ward-3#`;
  assert.deepEqual(entries(ciscoMacTable, text), [
    "00:09:fb:12:34:56 at Gi1/0/3 of ward-3",
    "00:09:fb:12:34:57 at Gi1/0/4 of ward-3",
    "expected VLAN, MAC, type and port",
  ]);
});

test("Cisco NX-OS and Catalyst 6500 put more columns between; without a prompt the file's name is the switch's", () => {
  const nexus = `Legend:
        * - primary entry, G - Gateway MAC, (R) - Routed MAC, O - Overlay MAC
   VLAN     MAC Address      Type      age     Secure NTFY Ports
---------+-----------------+--------+---------+------+----+------------------
*    7     0009.fb12.3456   dynamic  NA         F      F    Eth1/1
G    -     0009.fb12.3457   static   -         F      F    sup-eth1(R)`;
  assert.deepEqual(entries(ciscoMacTable, nexus), ["00:09:fb:12:34:56 at Eth1/1 of sw-3-west"]);
  const catalyst = `  vlan   mac address     type    learn     age              ports
------+----------------+--------+-----+----------+--------------------------
*   20  0009.fb12.3456   dynamic  Yes         15   Gi3/7`;
  assert.deepEqual(entries(ciscoMacTable, catalyst), ["00:09:fb:12:34:56 at Gi3/7 of sw-3-west"]);
});

test("ArubaOS-CX, ProCurve and Comware", () => {
  const cx = `ward-3# show mac-address-table
MAC age-time            : 300 seconds
Number of MAC addresses : 3

MAC Address          VLAN     Type                      Port
--------------------------------------------------------------
00:09:fb:12:34:56    20       dynamic                   1/1/4
00:09:fb:12:34:57    20       port-access-security      1/1/5
00:09:fb:12:34:58    20       dynamic                   lag1
00:09:fb:12:34:59    20`;
  assert.deepEqual(entries(hpeMacTable, cx), [
    "00:09:fb:12:34:56 at 1/1/4 of ward-3",
    "00:09:fb:12:34:57 at 1/1/5 of ward-3",
    "expected a MAC, a VLAN and a port",
  ]);
  const procurve = `
 Status and Counters - Port Address Table

  MAC Address   Port  VLAN
  ------------- ----- ----
  0009fb-123456 4     20
  0009fb-123457 Trk1  20
  0009fb-123`;
  assert.deepEqual(entries(hpeMacTable, procurve), ["00:09:fb:12:34:56 at 4 of sw-3-west", "expected a MAC, a VLAN and a port"]);
  const comware = `<ward-3>display mac-address
MAC Address      VLAN ID    State            Port/Nickname            Aging
0009-fb12-3456   20         Learned          GE1/0/4                  Y
0009-fb12-3457   20         Learned          BAGG1                    Y`;
  assert.deepEqual(entries(hpeMacTable, comware), ["00:09:fb:12:34:56 at GE1/0/4 of ward-3"]);
});

test("Juniper, of today and of old", () => {
  const today = `nurse@ward-3> show ethernet-switching table

MAC flags (S - static MAC, D - dynamic MAC, L - locally learned, P - Persistent static
           SE - statistics enabled, NM - non configured MAC, R - remote PE MAC, O - ovsdb MAC)

Ethernet switching table : 3 entries, 3 learned
Routing instance : default-switch
   Vlan                MAC                 MAC      Logical                Active
   name                address             flags    interface              source
   v20                 00:09:fb:12:34:56   D        ge-0/0/3.0
   v20                 00:09:fb:12:34:57   D        ae0.0
   v20                 00:09:fb:12:34:58   D        vtep.32770             172.16.3.101
   v20                 00:09:fb:12:34:59   D`;
  assert.deepEqual(entries(juniperMacTable, today), [
    "00:09:fb:12:34:56 at ge-0/0/3 of ward-3",
    'expected an interface after the MAC, got "D"',
  ]);
  const old = `Ethernet-switching table: 3 unicast entries
  VLAN              MAC address       Type         Age Interfaces
  F2                *                 Flood          - All-members
  F2                00:09:fb:12:34:56 Learn          0 ge-0/0/44.0
  F2                00:09:fb:12:34:57 Static         - Router`;
  assert.deepEqual(entries(juniperMacTable, old), ["00:09:fb:12:34:56 at ge-0/0/44 of sw-3-west"]);
});

test("any table with headings for cards and ports", () => {
  const text = `switch;MAC address;Interface;Note
ward-3;0009FB123456;GigabitEthernet1/0/3;bed 7
;00-09-fb-12-34-57;Gi1/0/4;
ward-3;none;Gi1/0/5;`;
  assert.deepEqual(entries(macPorts, text), [
    "00:09:fb:12:34:56 at Gi1/0/3 of ward-3",
    "00:09:fb:12:34:57 at Gi1/0/4 of sw-3-west",
    'expected a MAC, got "none"',
  ]);
});

test("what looks alike is none: the interfaces of a switch, a table of spanning tree", () => {
  assert.throws(() => entries(ciscoMacTable, "Port      Name   Status       Vlan\nGi1/0/3   bed 7  connected    20"), /no form/);
  assert.throws(() => entries(hpeMacTable, " MAC Address   Priority\n 0009fb-123456 32768"), /no form/);
  assert.throws(() => entries(juniperMacTable, "   v20    00:09:fb:12:34:56   D   ge-0/0/3.0"), /no form/);
});
