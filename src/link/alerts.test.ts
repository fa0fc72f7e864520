/** Logs of other watchers read into a recording: an alert is evidence of a finding of ours, or a finding by itself, and never both. */
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { communityId } from "../bytes/community-id.ts";
import type { Finding } from "../model/finding.ts";
import { udpFrame } from "../testing/frames.ts";
import { CONN_FIELDS, eveAlert, NOTICE_FIELDS, zeekRecord, zeekTsvLog } from "../testing/other-logs.ts";
import { batchesOf, WrittenRecording } from "../testing/told-in-writing.ts";
import { noteOf } from "./evidence-note.ts";

/** 2026-11-23 08:00 UTC. */
const AT = 1_795_420_800e6;
const HOUR = 3_600e6;
const [PUSHER, DEVICE, OTHER] = ["10.0.0.1", "10.0.0.2", "10.0.0.3"] as const;
/** As udpFrame has them. */
const PUSH = { from: PUSHER, to: DEVICE, fromPort: 40_000, toPort: 69, transport: "udp" } as const;

/** Firmware is pushed to a device by one that never did so, so there is a finding of ours. */
const heard = () =>
  batchesOf([{ bytes: udpFrame({ from: PUSH.fromPort, to: PUSH.toPort }, Buffer.from("\0\u0002pump_v2.bin\0octet\0")), at: AT }]);

async function findings(t: TestContext, files: Readonly<Record<string, string>>, order: "ours first" | "theirs first" = "ours first") {
  const recording = new WrittenRecording(t);
  if (order === "ours first") recording.hear(heard(), "push");
  const reads = await recording.read(files, AT + 24 * HOUR);
  if (order === "theirs first") recording.hear(heard(), "push");
  const { rows } = await recording.ask((reader) => reader.findings({ states: [], offset: 0, limit: 100 }));
  return { rows, reads, recording };
}

const line = ({ detector, severity, about, others }: Finding) => `${detector} ${severity} ${about?.ip} by ${others.map(({ ip }) => ip).join(" ")}`; // prettier-ignore
const OURS = `firmware-moved high ${DEVICE} by ${PUSHER}`;
const SAID = "Suricata: ET SCAN Potential SSH Scan (1:2001219), udp/69";

for (const order of ["ours first", "theirs first"] as const)
  test(`an alert of the same two at the same time is evidence of our finding, ${order}`, async (t) => {
    const alerts = [0, 1, 70].map((second) => eveAlert({ ...PUSH, at: AT + second * 1e6 })).join("\n");
    const { rows, reads } = await findings(t, { "eve.json": alerts }, order);
    assert.deepEqual(rows.map(line), [OURS]);
    assert.deepEqual(rows[0]!.because.map(({ text }) => text).slice(1), [SAID]);
    assert.equal(reads[0]!.alerts, 3);
  });

test("an alert of another source, another target or another time is a finding by itself, whose source is named", async (t) => {
  const flows = [
    { ...PUSH, from: OTHER, at: AT },
    { ...PUSH, to: OTHER, at: AT },
    { ...PUSH, fromPort: 40_001, at: AT + HOUR },
  ];
  const { rows } = await findings(t, { "eve.json": flows.map((it) => eveAlert(it)).join("\n") });
  assert.deepEqual(rows.map(line).toSorted(), [
    OURS,
    `outside-alert medium ${DEVICE} by ${PUSHER}`,
    `outside-alert medium ${DEVICE} by ${OTHER}`,
    `outside-alert medium ${OTHER} by ${PUSHER}`,
  ]);
  const [alone] = rows.filter(({ detector }) => detector === "outside-alert");
  assert.deepEqual([alone!.title, alone!.family, alone!.summary], ["An alert of another watcher", "threat", SAID]);
  assert.equal(rows.find(({ detector }) => detector === "firmware-moved")!.because.length, 1);
});

test("of the same flow it is evidence whatever the other's clock says, and where nothing but the flow's Community ID is told", async (t) => {
  const name = communityId({ ipProtocol: 17, from: PUSHER, to: DEVICE, fromPort: 40_000, toPort: 69 });
  const skewed = eveAlert({ ...PUSH, at: AT + HOUR });
  const bare = JSON.stringify({ timestamp: "2026-11-23T08:00:01.000000+0000", event_type: "alert", community_id: name, alert: { signature_id: 7, signature: "Bare", severity: 1 } }); // prettier-ignore
  const unknown = bare.replace(name!, "1:LQU9qZlK+B5F3KDmev6m5PMibrg=");
  const { rows, reads } = await findings(t, { "eve.json": [skewed, bare, unknown].join("\n") });
  assert.deepEqual(rows.map(line), [OURS]);
  assert.deepEqual(rows[0]!.because.map(({ text }) => text).slice(1), ["Suricata: Bare (1:7)", SAID]);
  assert.equal(reads[0]!.alerts, 2, "whom a flow that is not ours is of nobody knows");
});

test("all rules of one source at one target are one story, as severe as the worst; read again it counts once", async (t) => {
  const alerts = [1, 2, 3].flatMap(
    (rule) =>
    [0, 1].map((second) => eveAlert({ from: OTHER, to: DEVICE, at: AT + second * 1e6 }, { signature_id: rule, signature: `Rule ${rule}`, severity: rule })), // prettier-ignore
  );
  const files = { "eve.json": alerts.join("\n") };
  const { rows, recording } = await findings(t, files);
  const [story] = rows.filter(({ detector }) => detector === "outside-alert");
  assert.deepEqual([story!.severity, story!.count, story!.because.length], ["high", 6, 3]);
  const [again] = await recording.read(files, AT + 24 * HOUR);
  assert.equal(again!.readBefore, true);
  const after = await recording.ask((reader) => reader.findings({ states: [], offset: 0, limit: 100 }));
  assert.deepEqual(after.rows.map(({ id, count }) => `${id} ${count}`), rows.map(({ id, count }) => `${id} ${count}`)); // prettier-ignore
});

test("notices and connections of Zeek: the one as evidence, the other told by how it fits what was heard", async (t) => {
  const notices = [
    zeekRecord({ ...PUSH, at: AT + 2e6 }, { note: "TFTP::Firmware_Push", msg: "by nurse Roe", src: PUSHER, dst: DEVICE }),
    { ts: ((AT + HOUR) / 1e6).toFixed(6), note: "Scan::Address_Scan", src: OTHER, msg: "scanned" },
  ];
  const flows = [PUSH, { ...PUSH, fromPort: 40_002 }, { ...PUSH, to: "10.0.9.9" }, { ...PUSH, to: "8.8.8.8" }];
  const { rows, reads } = await findings(t, {
    "notice.log": zeekTsvLog("notice", NOTICE_FIELDS, notices),
    "conn.log": zeekTsvLog("conn", CONN_FIELDS, flows.map((it) => zeekRecord({ ...it, at: AT }, { conn_state: "S0" }))),
  }); // prettier-ignore
  assert.deepEqual(rows.map(line), [OURS, `outside-alert medium ${OTHER} by `]);
  assert.deepEqual(rows[0]!.because.map(({ text }) => text).slice(1), ["Zeek: TFTP: Firmware Push (TFTP::Firmware_Push), udp/69"]);
  assert.match(noteOf(reads[1]!), /connections: 4, of which findings rest on 1, and 1 have an end that was never heard here/);
});

test("ten thousand hostile lines: what is none is counted, the rest is read, and what is in networks that are left out is not", async (t) => {
  const lines: string[] = [];
  for (let i = 0; i < 2_000; i++)
    lines.push(
      "{".repeat(500),
      `{"timestamp":"9999-01-01T00:00:00.0+0000","event_type":"alert","src_ip":"10.0.0.9","alert":{"signature_id":1}}`,
      eveAlert({ ...PUSH, at: AT }, { signature_id: 1e300 }),
      eveAlert({ ...PUSH, from: "10.66.0.1", at: AT }),
      JSON.stringify({ event_type: "alert", timestamp: {}, alert: [] }),
    );
  lines.push(eveAlert({ ...PUSH, from: OTHER, at: AT }, { signature: "<img src=x>\u001b[31m\u202e" }), `"${"x".repeat(200_000)}`);
  const recording = new WrittenRecording(t);
  recording.hear(heard(), "push");
  const [read] = await recording.read({ "eve.json": `${eveAlert({ ...PUSH, at: AT })}\n${lines.join("\n")}` }, AT + HOUR, ["10.66.0.0/16"]);
  assert.deepEqual([read!.alerts, read!.leftOut, read!.unread, read!.firstUnread.length], [2, 2_000, 8_001, 5]);
  const { rows } = await recording.ask((reader) => reader.findings({ states: [], offset: 0, limit: 100 }));
  assert.deepEqual(rows.map(line), [OURS, `outside-alert medium ${DEVICE} by ${OTHER}`]);
  assert.match(rows[1]!.summary, /^Suricata: <img src=x>·\[31m· \(1:2001219\), udp\/69$/);
});
