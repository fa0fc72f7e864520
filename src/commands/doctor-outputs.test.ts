import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { readSettings } from "../config.ts";
import { Outbox, type Delivery } from "../store/outbox.ts";
import { outputs } from "./doctor-outputs.ts";

const AT = Date.UTC(2026, 10, 27, 8);
const MINUTE = 60_000;

test("whoever is told is named with what was sent, waits and was refused; what waits long is wrong, and nobody is nothing", (context) => {
  const folder = mkdtempSync(join(tmpdir(), "auscult-doctor-outputs-"));
  context.after(() => rmSync(folder, { recursive: true }));
  const settings = { ...readSettings(folder), outputSyslog: "tcp://192.0.2.9:514" };
  const says = (now: number) => outputs(folder, settings, now).map(({ about, state, words }) => `${state} ${about}: ${words}`);
  assert.deepEqual(outputs(folder, { ...settings, outputSyslog: "" }, AT), []);
  assert.deepEqual(says(AT), ["ok Told by syslog: tcp://192.0.2.9:514; nothing was sent yet; nothing waits"]);

  const outbox = new Outbox(join(folder, "outbox.db"));
  outbox.put("syslog", [{ of: ["1"], body: "{}" }, { of: ["2"], body: "{}" }], AT); // prettier-ignore
  const [first, second] = outbox.due("syslog", AT, 2) as readonly [Delivery, Delivery];
  outbox.sent([first.id], "taken", AT + MINUTE);
  outbox.failed([second.id], "connection refused", AT + 3 * MINUTE, AT + 2 * MINUTE);
  outbox.close();
  const words = "Told by syslog: tcp://192.0.2.9:514; last sent 2026-11-27 08:01:00 UTC; 1 finding waits, the first since 2026-11-27 08:00:00 UTC; last refused 2026-11-27 08:02:00 UTC: connection refused"; // prettier-ignore
  assert.deepEqual(says(AT + 10 * MINUTE), [`ok ${words}`]);
  assert.deepEqual(says(AT + 20 * MINUTE), [`wrong ${words}`]);
  assert.deepEqual(outputs(folder, { ...settings, outputWebhook: "https://example.org/", outputWebhookKey: "" }, AT)[0]!.state, "wrong");
});
