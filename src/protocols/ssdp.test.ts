import assert from "node:assert/strict";
import { test } from "node:test";
import { notes } from "../testing/notes.ts";
import { ssdp } from "./ssdp.ts";

const lines = (...all: string[]) => Buffer.from(`${all.join("\r\n")}\r\n\r\n`);

test("a device announces its system, its kind and an identifier it keeps", () => {
  const notify = lines(
    "NOTIFY * HTTP/1.1",
    "HOST: 239.255.255.250:1900",
    "Server: Linux/3.10 UPnP/1.0 AcmeCam/2.1",
    "NTS: ssdp:alive",
    "USN: uuid:2FAC1234-31F8-11B4-A222-08002B34C003::urn:schemas-upnp-org:device:MediaRenderer:1",
  );
  assert.equal(ssdp.recognize(notify, "unknown"), true);
  assert.deepEqual(notes(ssdp, notify), [
    "operation: NOTIFY",
    "10.0.0.1 upnpServer: Linux/3.10 UPnP/1.0 AcmeCam/2.1",
    "10.0.0.1 uuid: 2fac1234-31f8-11b4-a222-08002b34c003",
    "10.0.0.1 capability: schemas-upnp-org:device:MediaRenderer",
  ]);
});

test("a search says which program asks, its answer which service is offered", () => {
  assert.deepEqual(notes(ssdp, lines("M-SEARCH * HTTP/1.1", "ST: ssdp:all", "USER-AGENT: Acme/1.0 (build 7)")), [
    "operation: SEARCH",
    "10.0.0.1 userAgent: Acme/1.0 (build 7)",
  ]);
  const response = lines("HTTP/1.1 200 OK", "ST: x", "USN: uuid:00000000-1::urn:schemas-upnp-org:service:WANIPConnection:1");
  assert.equal(ssdp.recognize(response, "unknown"), true);
  assert.deepEqual(notes(ssdp, response), [
    "operation: RESPONSE",
    "10.0.0.1 uuid: 00000000-1",
    "10.0.0.1 service: schemas-upnp-org:service:WANIPConnection",
  ]);
});

test("a message that ends in its first line, and one that ends in a header", () => {
  assert.deepEqual(notes(ssdp, Buffer.from("NOTIFY * HTTP/1.1")), ["malformed: no headers", "operation: NOTIFY"]);
  assert.deepEqual(notes(ssdp, Buffer.from("NOTIFY * HTTP/1.1\r\nNTS: ssdp:byebye\r\nSERVER: Ac")), [
    "operation: BYE",
    "10.0.0.1 upnpServer: Ac",
  ]);
});

test("an ordinary HTTP answer or request is not SSDP", () => {
  assert.equal(ssdp.recognize(lines("HTTP/1.1 200 OK", "Server: Acme"), "unknown"), false);
  assert.equal(ssdp.recognize(lines("NOTIFY /events HTTP/1.1", "NTS: upnp:event"), "unknown"), false);
});
