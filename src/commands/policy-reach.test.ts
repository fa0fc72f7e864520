/** `auscult policy reach`, as a person or a script would call it. */
import assert from "node:assert/strict";
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { run } from "../testing/command.ts";
import { DAY, END, Recording } from "../testing/recording.ts";

const POLICY = `policy: Ward
groups:
  pumps: { select: kind = "infusion pump" }
  ventilators: { select: kind = ventilator }
  server: { select: kind = "pump server" }
rules:
  - { allow: server → pumps, service: tcp 443, because: library }
  - { allow: pumps → ventilators, service: tcp 80, because: nobody knows }
`;

test("from each group, from a device, and what cuts; a start that is none is one line, exit 2", async (t) => {
  const recording = new Recording(t);
  recording.run("ward.pcap", {}, { first: END - 9 * DAY });
  const device = (end: number, details: Parameters<Recording["device"]>[1]) => {
    const endpoint = recording.endpoint(`00:00:00:00:00:0${end}`, `10.0.0.${end}`);
    recording.device([endpoint], details);
    return endpoint;
  };
  const server = device(1, { name: "PUMPSRV", kind: "pump server", lifeCritical: "clinical IT" });
  const pump = device(2, { name: "PUMP-1", kind: "infusion pump", lifeCritical: "therapy" });
  device(3, { name: "PUMP-2", kind: "infusion pump", lifeCritical: "therapy" });
  device(4, { name: "VENT", kind: "ventilator", lifeCritical: "life-supporting" });
  recording.conversation({ client: server, server: pump, port: 443, protocol: "tls", days: [1, 0] });
  const data = dirname(recording.path);
  mkdirSync(join(data, "recordings"));
  for (const end of ["", "-wal", "-shm"]) renameSync(recording.path + end, join(data, "recordings", `ward.db${end}`));
  const policy = join(data, "ward.yaml");
  writeFileSync(policy, POLICY);
  const auscult = (...args: readonly string[]) => run("--data", data, "policy", "reach", policy, ...args);

  const { code, stdout } = await auscult();
  assert.equal(code, 0);
  assert.match(stdout, /^server\t1\t1 in 1 step, 0 life-supporting\t1 in 1 step, 0 life-supporting\t3 in 2 steps, 1 life-supporting$/m);
  assert.match(stdout, /^ventilators\t1\tnone\tnone\tnone$/m);
  assert.match(stdout, /^Of 1 life-supporting device under this policy 3 pairs of a device and one in its reach\.$/m);
  assert.match(stdout, /^without rule 2: .*pumps → ventilators.*\t3\t100\.0 %$/m);
  assert.match(stdout, /^without rule 1: .*\t1\t33\.3 %$/m);
  const one = JSON.parse((await auscult("--start", "10.0.0.2", "--json")).stdout) as { from: { from: string; allowed: object }[] };
  assert.deepEqual(one.from.map((it) => [it.from, it.allowed]), [["PUMP-1 (d2)", { devices: 1, lifeSupporting: 1, steps: [1] }]]); // prettier-ignore
  const none = await auscult("--start", "10.9.9.9");
  assert.deepEqual(
    [none.code, none.stdout, none.stderr],
    [2, "", 'auscult: --start: expected a group of the policy or a device, found none called "10.9.9.9"\n'],
  );
});
