import assert from "node:assert/strict";
import { test } from "node:test";
import { alertWhat, type Alert } from "../model/alert.ts";
import type { SignalNews } from "../model/finding.ts";
import { claims, machine, signal } from "../testing/watched.ts";
import { outsideAlert } from "./outside-alert.ts";

const ALERT: Alert = { watcher: "Suricata", severity: "high", rule: "1:2001219", says: "ET SCAN  of <b>", asked: "tcp/22", flow: null };
const [SOURCE, TARGET] = [machine(1), machine(2)];

function alerted(alert: Alert, it: Partial<SignalNews> = {}): SignalNews {
  const [what = "", ...group] = alertWhat(alert).split(" ");
  return signal(1, { kind: "alerts", what, group: group.join(" "), sender: SOURCE, receiver: TARGET, ...it });
}

test("an alert is told with its watcher, rule and port; about ours where the other is not", () => {
  assert.deepEqual(claims(outsideAlert, [alerted(ALERT)]), ["1 s: Suricata: ET SCAN  of <b> (1:2001219), tcp/22"]);
  assert.deepEqual(claims(outsideAlert, [alerted({ ...ALERT, says: "", asked: "" })]), ["1 s: Suricata: an alert (1:2001219)"]);
  const aboutOf = (it: Partial<SignalNews>) => [...outsideAlert.notice(alerted(ALERT, it), {}, { since: 0, conversedSince: () => null, heardSince: () => null })][0]!.about; // prettier-ignore
  assert.equal(aboutOf({}), TARGET);
  assert.equal(aboutOf({ receiver: { ...TARGET, inside: false } }), SOURCE);
  assert.equal(aboutOf({ receiver: null }), SOURCE);
});

test("what no reading of a log makes is none: another program, a severity that harms patients, a rule of many words, a flow that is no name", () => {
  const is = (text: string) => claims(outsideAlert, [signal(1, { kind: "alerts", what: text.split(" ")[0]!, group: text.split(" ").slice(1).join(" "), sender: SOURCE })]); // prettier-ignore
  assert.equal(is("Zeek low - - a:1 text").length, 1);
  for (const text of [
    "Evil low - - a:1 text",
    "Zeek critical - - a:1 text",
    "Zeek low - - <b> text",
    "Zeek low x - a:1 text",
    "Zeek low - x a:1 text",
    "Zeek",
  ])
    assert.deepEqual(is(text), [], text);
});

test("however long a rule's text is, it fits into a signal", () => {
  assert.ok(alertWhat({ ...ALERT, rule: "r".repeat(64), says: "\u{1f480}".repeat(400), flow: `1:${"A".repeat(27)}=` }).length <= 256);
});
