/** The sample hospital through the real program: what it should know it knows, and what nobody could tell it leaves open. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { loadKinds } from "../knowledge/kinds.ts";
import { run } from "../testing/command.ts";
import { simulate } from "./index.ts";

interface Stated {
  readonly value: string;
  readonly confidence: number;
}

interface Known {
  readonly macs: readonly string[];
  readonly ips: readonly string[];
  readonly names: readonly Stated[];
  readonly kind: Stated | null;
  readonly maker: Stated | null;
  readonly model: Stated | null;
  readonly serial: Stated | null;
}

/** What a machine is called in DICOM, where it tells no other name. */
const DICOM_TITLE = /^VIEW\d+$/;

test("the devices are those of the truth, each once, with the kind it states, its maker, model and serial number", async () => {
  const folder = await mkdtemp(join(tmpdir(), "auscult-hospital-"));
  try {
    const { capture, truth } = simulate({ seed: 5 });
    await writeFile(join(folder, "hospital.pcap"), capture);
    const { code, stdout, stderr } = await run("open", join(folder, "hospital.pcap"), "--exit", "--json", "--data", join(folder, "data"));
    assert.equal(code, 0, stderr);
    const devices = (JSON.parse(stdout) as { devices: readonly Known[] }).devices;
    const kinds = loadKinds();

    const wrong: string[] = [];
    const asserted = new Set<string>();
    for (const { macs, ips, names, kind, unknown, maker, model, serial } of truth.devices) {
      const found = devices.filter((device) => macs.some((mac) => device.macs.includes(mac)));
      const called = `${names[0] ?? "nameless"} (${kind})`;
      const [known] = found;
      if (known === undefined || found.length > 1) {
        wrong.push(`${called}: expected one device, got ${found.length}`);
        continue;
      }
      const differs = (what: string, stated: Stated | null, value: string | undefined) => {
        if (stated !== null && value !== undefined && stated.value !== value) wrong.push(`${called}: ${what} ${stated.value}, is ${value}`);
      };
      if (!ips.every((ip) => known.ips.includes(ip))) wrong.push(`${called}: at ${known.ips.join()}, is at ${ips.join()}`);
      differs("serial", known.serial, serial);
      if (unknown === true) {
        if (known.kind !== null) wrong.push(`${called}: taken for a ${known.kind.value}`);
        continue;
      }
      differs("maker", known.maker, maker);
      differs("model", known.model, model);
      if (known.kind === null) wrong.push(`${called}: kind not known`);
      else if (!kinds.lineOf(kind).includes(known.kind.value)) wrong.push(`${called}: taken for a ${known.kind.value}`);
      else if (known.kind.confidence >= 0.99) asserted.add(kind);
      for (const { value } of known.names)
        if (!names.some((name) => value.toLowerCase().startsWith(name.toLowerCase())) && !DICOM_TITLE.test(value))
          wrong.push(`${called}: called ${value}`);
    }
    assert.deepEqual(wrong, []);
    for (const kind of [
      "infusion pump",
      "syringe pump",
      "patient monitor",
      "central station",
      "CT scanner",
      "ultrasound",
      "nurse call",
      "router",
      "switch",
      "printer",
      "camera",
      "storage",
    ])
      assert.ok(asserted.has(kind), `expected a ${kind} to be known for sure`);
  } finally {
    await rm(folder, { recursive: true });
  }
});
