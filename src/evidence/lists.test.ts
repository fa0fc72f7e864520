import assert from "node:assert/strict";
import { test } from "node:test";
import { entries } from "../testing/entries.ts";
import { arubaWireless } from "./aruba-wireless.ts";
import { ciscoWireless } from "./cisco-wireless.ts";
import { evidenceForms } from "./index.ts";
import { iseEndpoints } from "./ise-endpoints.ts";
import { networks } from "./networks.ts";
import { portPlaces } from "./port-places.ts";
import { radiusAccounting } from "./radius-accounting.ts";

test("wireless clients of Cisco: AireOS and the 9800; who is not associated is nowhere", () => {
  const aireos = `(Cisco Controller) >show client summary

Number of Clients................................ 3

Number of PMIPV6 Clients......................... 0

                                                 GLAN/
                                                 RLAN/
MAC Address       AP Name           Slot Status        WLAN  Auth Protocol         Port Wired PMIPV6  Role
----------------- ----------------- ---- ------------- ----- ---- ---------------- ---- ----- ------- ----------------
00:09:fb:12:34:56 ap-ward-3          1   Associated     1    Yes  802.11n(5 GHz)   1    No    No      Local
00:09:fb:12:34:57 ap-ward-3          1   Probing        N/A  No   802.11n(5 GHz)   1    No    No      Local
00:09:fb:12:34:58 ap-w`;
  assert.deepEqual(entries(ciscoWireless, aireos), [
    "00:09:fb:12:34:56 switchPort: ap-ward-3",
    "expected a MAC, an access point and a status",
  ]);
  const catalyst = `Number of Clients: 2

MAC Address    AP Name                                        Type ID   State             Protocol Method     Role
-------------------------------------------------------------------------------------------------------------------------
0009.fb12.3456 ap-ward-3                                      WLAN 17   Run               11ac     Dot1x      Local
0009.fb12.3457 ap-ward-3                                      WLAN 17   IP Learn          11ac     Dot1x      Local`;
  assert.deepEqual(entries(ciscoWireless, catalyst), ["00:09:fb:12:34:56 switchPort: ap-ward-3"]);
});

test("wireless clients of Aruba, by their headings in any order; who logged in is not taken", () => {
  const text = `Client Name,User Name,MAC Address,IP Address,Connected To,SSID,Health
cart-3,maria.huber,00:09:fb:12:34:56,10.20.3.7,ap-ward-3,CLINIC,Good
,,none,,ap-ward-3,CLINIC,`;
  assert.deepEqual(entries(arubaWireless, text), [
    "00:09:fb:12:34:56 10.20.3.7 hostname: cart-3 switchPort: ap-ward-3",
    'expected a MAC, got "none"',
  ]);
});

test("endpoints of ISE: switch, port and place; who logged in is not taken", () => {
  const text = `MACAddress,EndPointPolicy,IdentityGroup,User-Name,ip,host-name,NAS-IP-Address,NAS-Port-Id,Location
00:09:FB:12:34:56,Philips-Device,Medical,maria.huber,10.20.3.7,mon-7,10.20.0.21,GigabitEthernet1/0/3,Location#All Locations#Building A#Ward 3
00:09:FB:12:34:57,Unknown,Unknown,,,,,,Location#All Locations
xx,Unknown`;
  assert.deepEqual(entries(iseEndpoints, text), [
    "00:09:fb:12:34:56 10.20.3.7 hostname: mon-7 location: Building A, Ward 3 switchPort: Gi1/0/3 of 10.20.0.21",
    "00:09:fb:12:34:57",
    'expected a MAC, got "xx"',
  ]);
});

test("RADIUS accounting: card, address, switch and port, as of its own clock; of wireless the network", () => {
  const text = `Mon Nov 23 09:00:00 2026
\tAcct-Session-Id = "00000028-0000013C"
\tAcct-Status-Type = Start
\tUser-Name = "maria.huber"
\tNAS-IP-Address = 10.20.0.21
\tNAS-Identifier = "ward-3"
\tNAS-Port-Id = "GigabitEthernet1/0/3"
\tCalling-Station-Id = "00-09-FB-12-34-56"
\tFramed-IP-Address = 10.20.3.7
\tAcct-Unique-Session-Id = "8c01c85615651a70"
\tTimestamp = 1795420800

Mon Nov 23 09:00:01 2026
\tNAS-Identifier = "wlc-1"
\tNAS-Port = 1
\tCalled-Station-Id = "0E-27-22-FD-06-83:CLINIC"
\tCalling-Station-Id = "00-09-FB-12-34-57"
\tTimestamp = 1795420801

Mon Nov 23 09:00:02 2026
\tCalling-Station-Id = "33139585858"
\tTimestamp = 1795420802

half a line`;
  assert.deepEqual(entries(radiusAccounting, text), [
    "00:09:fb:12:34:56 10.20.3.7 2026-11-23T08:00:00 switchPort: Gi1/0/3 of ward-3",
    "00:09:fb:12:34:57 2026-11-23T08:00:01 switchPort: CLINIC of wlc-1",
    "expected a date or an attribute",
  ]);
});

test("networks with what they are for and where; ports with where they lead", () => {
  assert.deepEqual(
    entries(networks, "Network;Name;Location\n10.20.3.0/24;Ward 3;Building A\n10.20.4.0/24;;\n10.20.5.0;Ward 5;\n10.20.6.0/33;Ward 6;"),
    [
      "10.20.3.0/24: Ward 3, Building A",
      'expected a network like 10.20.0.0/16, got "10.20.5.0"',
      'expected a network like 10.20.0.0/16, got "10.20.6.0/33"',
    ],
  );
  assert.deepEqual(
    entries(portPlaces, 'switch,port,description\nward-3,GigabitEthernet1/0/3,"Room 302, outlet ""A"""\nward-3,Po1,to the core\n,Gi1/0/4,'),
    ['Gi1/0/3 of ward-3: Room 302, outlet "A"', 'expected a switch and a port, got "" and "Gi1/0/4"'],
  );
});

test("what looks alike is none: logs of RADIUS, other lists", () => {
  assert.throws(() => entries(radiusAccounting, "Mon Nov 23 09:00:00 2026 : Info: Ready to process requests"), /no form/);
  assert.throws(() => entries(iseEndpoints, "MACAddress,Owner\n00:09:FB:12:34:56,ward 3"), /no form/);
  assert.throws(() => entries(portPlaces, "port,description\nGi1/0/3,Room 302"), /no form/);
  assert.throws(() => entries(networks, "name,location\nWard 3,Building A"), /no form/);
});

test("no form takes what is empty, what is a capture's, or one line of words", () => {
  for (const head of [[], [""], ["\u00d4\u00c3\u00b2\u00a1\u0002\u0000"], ["Dear all, the switch of ward 3 is new."]])
    assert.deepEqual(evidenceForms.filter((form) => form.recognize(head)).map(({ title }) => title), []); // prettier-ignore
});
