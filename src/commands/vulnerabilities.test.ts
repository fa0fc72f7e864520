/** `auscult vulnerabilities` on a recording: listed, one, of one device, and refused in one line where something is missing. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, copyFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { Recording } from "../testing/recording.ts";
import { CommandError, Exit } from "./terminal.ts";
import { vulnerabilities, type VulnerabilitiesOptions } from "./vulnerabilities.ts";

test("by weakness, one with its devices, those of one device; for scripts by its exit code", async (t) => {
  const data = recorded(t);
  assert.match(await told(t, data), /telnet-answers\t! high\tTelnet answers\t1\t0\t1 therapy/);
  assert.match(await told(t, data, "telnet-answers"), /Done when Telnet has not answered for 14 days[^]*d1\tpump7/);
  assert.match(await told(t, data, undefined, { device: "d1" }), /1 weakness of pump7/);
  assert.match(await told(t, data, undefined, { device: "d2" }), /Nothing that was heard of .* is a weakness/);
  const before = process.exitCode;
  await told(t, data, undefined, { failOn: "critical" });
  assert.equal(process.exitCode, before);
  await told(t, data, undefined, { failOn: "high" });
  assert.equal(process.exitCode, Exit.findings);
  process.exitCode = before;
});

test("what is missing is said in one line, and nothing else happens", async (t) => {
  const data = recorded(t);
  for (const [name, options, expected] of [
    ["no-such", {}, /expected the name of a weakness of the recording ward, got "no-such"/],
    [undefined, { device: "pump7" }, /expected a device's id, such as d12, got "pump7"/],
    [undefined, { device: "d9" }, /expected a device of the recording ward, got d9/],
    [undefined, { dismiss: true }, /--dismiss: expected the name of a weakness before it/],
    ["telnet-answers", { dismiss: true }, /--dismiss: expected --device/],
    ["telnet-answers", { confirm: true, dismiss: true, device: "d1" }, /expected one of --confirm and --dismiss, got both/],
    ["telnet-answers", { undo: true, device: "d1" }, /expected a weakness of which something was said/],
  ] as const)
    await assert.rejects(
      told(t, data, name, options),
      (error) => error instanceof CommandError && error.exit === Exit.usage && expected.test(error.message),
    );
});

/** A data directory with the recording "ward", of a pump that answers in Telnet and who asked it. */
function recorded(t: TestContext): string {
  const data = mkdtempSync(join(tmpdir(), "auscult-vulnerabilities-"));
  t.after(() => rmSync(data, { recursive: true }));
  mkdirSync(join(data, "recordings"));
  const recording = new Recording(t);
  recording.sql("PRAGMA journal_mode = DELETE");
  recording.run("ward.pcap");
  const [pump, nurse] = [recording.endpoint("00:09:fb:00:00:01", "10.0.0.1"), recording.endpoint("00:09:fb:00:00:02", "10.0.0.2")];
  recording.conversation({ client: nurse, server: pump, port: 23, protocol: "telnet" });
  recording.device([pump], { name: "pump7", lifeCritical: "therapy" });
  recording.device([nurse]);
  copyFileSync(recording.path, join(data, "recordings", "ward.db"));
  return data;
}

async function told(t: TestContext, data: string, name?: string, options: Partial<VulnerabilitiesOptions> = {}): Promise<string> {
  const lines: string[] = [];
  const streams = [process.stdout, process.stderr].map((stream) => {
    const write = stream.write.bind(stream);
    // The test runner's own lines are bytes.
    return t.mock.method(stream, "write", (text: string | Uint8Array) => (typeof text === "string" ? lines.push(text) > 0 : write(text)));
  });
  try {
    await vulnerabilities(name, { data, recording: "ward", ...options });
  } finally {
    for (const stream of streams) stream.mock.restore();
  }
  return lines.join("");
}
