/** Logs of Suricata and Zeek: what is taken of them, what is not, and what a line that is none does. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { CONN_FIELDS, eveAlert, eveEvent, NOTICE_FIELDS, zeekRecord, zeekTsvLog } from "../testing/other-logs.ts";
import { entries } from "../testing/entries.ts";
import { suricataEve } from "./suricata-eve.ts";
import { zeekJson } from "./zeek-json.ts";
import { zeekTsv } from "./zeek-tsv.ts";

/** 2026-11-23 08:00 UTC. */
const AT = 1_795_420_800e6;
/** As the specification of Community ID has it for these ends. */
const ENDS = { at: AT, from: "128.232.110.120", to: "66.35.250.204", fromPort: 34_855, toPort: 80 };
const FLOW = "1:LQU9qZlK+B5F3KDmev6m5PMibrg=";

test("an alert of Suricata: who, whom, which rule, how urgent, and the flow's name made of its ends", () => {
  const lines = [eveAlert(ENDS), eveAlert(ENDS, { severity: 1 }), eveAlert(ENDS, { severity: 3 }), eveAlert(ENDS, { severity: 255 })];
  const said = `${ENDS.from} > ${ENDS.to} tcp/80 1:2001219 "ET SCAN Potential SSH Scan" ${FLOW}`;
  assert.deepEqual(
    entries(suricataEve, lines.join("\n")),
    ["medium", "high", "low", "low"].map((severity) => `2026-11-23T08:00:00 Suricata ${severity} ${said}`),
  );
});

test("a rule that says which end it means is believed; a zone is reckoned with; the name in the log serves where an end is missing", () => {
  const turned = eveAlert(ENDS, { source: { ip: ENDS.to, port: 80 }, target: { ip: ENDS.from, port: 34_855 } });
  const zoned = eveAlert(ENDS).replace("T08:00:00.000000+0000", "T09:30:00.5+0130");
  const bare = eveEvent(AT, "alert", { community_id: FLOW, alert: { signature_id: 7, signature: "x", severity: 2 } });
  const rule = 'tcp/80 1:2001219 "ET SCAN Potential SSH Scan"';
  assert.deepEqual(entries(suricataEve, [turned, zoned, bare].join("\n")), [
    `2026-11-23T08:00:00 Suricata medium ${ENDS.to} > ${ENDS.from} ${rule} ${FLOW}`,
    `2026-11-23T08:00:00 Suricata medium ${ENDS.from} > ${ENDS.to} ${rule} ${FLOW}`,
    `2026-11-23T08:00:00 Suricata medium null > null  1:7 "x" ${FLOW}`,
  ]);
});

test("flows and acknowledged leases are taken; what crossed, statistics and leases that were only offered are not", () => {
  const secret = { payload_printable: "patient Roe", http: { url: "/login?password=hunter2" } };
  const lease = { client_mac: "00:09:fb:12:34:56", assigned_ip: "10.20.3.7", dhcp_type: "ack", hostname: "pump-7" };
  const lines = [
    eveAlert(ENDS, {}, secret),
    eveEvent(AT, "flow", { src_ip: "10.0.0.1", src_port: 1, dest_ip: "10.0.0.2", dest_port: 2, proto: "TCP" }),
    eveEvent(AT, "dhcp", { dhcp: lease }),
    eveEvent(AT, "dhcp", { dhcp: { ...lease, dhcp_type: "offer" } }),
    eveEvent(AT, "stats", { stats: { uptime: 8 } }),
    eveEvent(AT, "http", { src_ip: "10.0.0.1", ...secret }),
  ];
  const read = entries(suricataEve, lines.join("\n"));
  assert.equal(read.length, 3);
  assert.match(read[1]!, /^2026-11-23T08:00:00 flow 10\.0\.0\.1 > 10\.0\.0\.2 1:/);
  assert.equal(read[2], "00:09:fb:12:34:56 10.20.3.7 2026-11-23T08:00:00 hostname: pump-7");
  assert.doesNotMatch(read.join("\n"), /Roe|hunter2/);
});

test("lines that are none are said, and the rest is read", () => {
  const lines = [eveAlert(ENDS), "{", "[1]", eveEvent(AT, "alert", {}), '{"timestamp":"today","event_type":"alert"}', eveAlert(ENDS)];
  assert.deepEqual(entries(suricataEve, lines.join("\n")).map((line) => line.split(" > ")[0]), [
    `2026-11-23T08:00:00 Suricata medium ${ENDS.from}`,
    "expected an event as an object of JSON",
    "expected an event as an object of JSON",
    "expected an alert with its signature_id and src_ip",
    "expected a timestamp such as 2026-11-23T08:00:00.000000+0000",
    `2026-11-23T08:00:00 Suricata medium ${ENDS.from}`,
  ]); // prettier-ignore
});

const GUESSED = { note: "SSH::Password_Guessing", msg: "10.0.0.9 appears to be guessing (user roe)", sub: "hunter2", src: "10.0.0.9" };
const OWN = { note: "CaptureLoss::Too_Much_Loss", msg: "The capture loss script detected 12% loss" };
const AN_ALERT = 'Zeek medium 10.0.0.9 > null  SSH::Password_Guessing "SSH: Password Guessing"';

test("a notice of Zeek by its kind and never its message; what it says of itself is no alert", () => {
  const signed = zeekRecord(ENDS, { note: "SSL::Invalid_Server_Cert", msg: "bad", src: ENDS.from, dst: ENDS.to });
  const log = zeekTsvLog("notice", NOTICE_FIELDS, [{ ts: "1795420800.000000", ...GUESSED }, { ts: "1795420801.0", ...OWN }, signed]);
  const minor = `2026-11-23T08:00:00 Zeek low ${ENDS.from} > ${ENDS.to} tcp/80 SSL::Invalid_Server_Cert "SSL: Invalid Server Cert" ${FLOW}`;
  assert.deepEqual(entries(zeekTsv, log), [`2026-11-23T08:00:00 ${AN_ALERT}`, minor]);
  const json = [
    { ts: AT / 1e6, ...GUESSED },
    { ts: "2026-11-23T08:00:00.000000Z", ...OWN },
    { ...signed, ts: AT / 1e6 },
  ];
  assert.deepEqual(entries(zeekJson, json.map((it) => JSON.stringify(it)).join("\n")), [`2026-11-23T08:00:00 ${AN_ALERT}`, minor]);
});

test("connections and leases of Zeek in both forms; of another log nothing", () => {
  const lease = {
    ts: "1795420800.5",
    uids: "C1",
    mac: "00:09:fb:12:34:56",
    host_name: "pump-7",
    assigned_addr: "10.20.3.7",
    msg_types: "REQUEST,ACK",
  };
  const fields = Object.keys(lease);
  const dhcp = zeekTsvLog("dhcp", fields, [lease, { ...lease, msg_types: "DISCOVER,OFFER" }]);
  assert.deepEqual(entries(zeekTsv, dhcp), ["00:09:fb:12:34:56 10.20.3.7 2026-11-23T08:00:00 hostname: pump-7"]);
  const seen = zeekRecord(ENDS, { conn_state: "S0", community_id: "1:not-ours" });
  const said = [`2026-11-23T08:00:00 flow ${ENDS.from} > ${ENDS.to} ${FLOW}`];
  assert.deepEqual(entries(zeekTsv, zeekTsvLog("conn", CONN_FIELDS, [seen])), said);
  const json = [
    { ...seen, ts: AT / 1e6, "id.orig_p": 34_855, "id.resp_p": 80 },
    { ts: 1, uid: "C1", query: "pump.example" },
    { ...lease, msg_types: ["OFFER"] },
  ];
  assert.deepEqual(entries(zeekJson, json.map((it) => JSON.stringify(it)).join("\n")), said);
  assert.throws(() => entries(zeekTsv, zeekTsvLog("dns", ["ts", "uid", "query"], [])), /no form/);
});

test("of Zeek too: cells too few, times that are none, a record that is no object", () => {
  const log = `${zeekTsvLog("conn", CONN_FIELDS, [zeekRecord({ ...ENDS, to: "pump" }, { conn_state: "S0" }), zeekRecord(ENDS, { ts: "-1" })])}1\t2\n`;
  assert.deepEqual(entries(zeekTsv, log), [
    "expected id.orig_h and id.resp_h as IP addresses",
    "expected ts as seconds since 1970, or as 2026-11-23T08:00:00.000000Z",
    `expected ${CONN_FIELDS.length} fields, got 2`,
  ]);
  const first = JSON.stringify({ ts: AT / 1e6, ...GUESSED });
  assert.deepEqual(entries(zeekJson, `${first}\n{"ts":`), [`2026-11-23T08:00:00 ${AN_ALERT}`, "expected a record as an object of JSON"]);
});
