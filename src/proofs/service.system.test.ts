/** The systemd unit is one systemd understands, promises what SECURITY.md says, and leaves the sensor what it is confined with. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { findProgram } from "../link/sandbox.ts";

const DEPLOY = join(import.meta.dirname, "../../deploy");
const UNIT = readFileSync(join(DEPLOY, "auscult.service"), "utf8");
const CORE = readFileSync(join(DEPLOY, "auscult-core.service"), "utf8");
const SENSOR = readFileSync(join(DEPLOY, "auscult-sensor.service"), "utf8");
/** Tenths: 2.4 of 10, of which the right to capture and the namespaces of the sensor's confinement are most. A plain service has 9.6. */
const EXPOSED_TENTHS_MAX = 25;
const skip = findProgram("systemd-analyze") === undefined && "expected systemd-analyze to be installed (apt-get install systemd)";

const folder = mkdtempSync(join(tmpdir(), "auscult-unit-"));
after(() => rmSync(folder, { recursive: true }));

test("systemd finds nothing wrong with it", { skip }, () => {
  assert.equal(complaints(UNIT), "");
});

test("nor with a core's and a sensor's own, which are exposed no more", { skip }, () => {
  for (const unit of [CORE, SENSOR]) assert.deepEqual([complaints(unit), isWithin(unit)], ["", true]);
});

test("a sensor may do what it may beside its core, and a core nothing of it", () => {
  for (const key of [
    "CapabilityBoundingSet",
    "AmbientCapabilities",
    "RestrictNamespaces",
    "SystemCallFilter",
    "IPAddressDeny",
    "NoNewPrivileges",
  ])
    assert.deepEqual(valuesOf(key, SENSOR), valuesOf(key), key);
  assert.deepEqual([valuesOf("CapabilityBoundingSet", CORE), valuesOf("AmbientCapabilities", CORE)], [[""], []]);
  assert.deepEqual([valuesOf("RestrictNamespaces", CORE), valuesOf("IPAddressDeny", CORE)], [["yes"], ["any"]]);
  assert.doesNotMatch(valuesOf("RestrictAddressFamilies", CORE).join(" "), /AF_PACKET/);
});

test("of a setting that is none it would say so", { skip }, () => {
  assert.match(complaints(UNIT.replace("ProtectClock", "ProtectClocks")), /Unknown key 'ProtectClocks'/);
});

test("it is exposed as little as stated; with one protection less it is more", { skip }, () => {
  assert.equal(isWithin(UNIT), true);
  assert.equal(isWithin(UNIT.replace("ProtectSystem=strict\n", "").replace("NoNewPrivileges=yes\n", "")), false);
});

test("the right to capture is the only one, and nobody is told anything", () => {
  assert.deepEqual(valuesOf("CapabilityBoundingSet"), ["CAP_NET_RAW"]);
  assert.deepEqual(valuesOf("AmbientCapabilities"), ["CAP_NET_RAW"]);
  assert.deepEqual(valuesOf("NoNewPrivileges"), ["yes"]);
  assert.deepEqual(valuesOf("IPAddressDeny"), ["any"]);
  assert.deepEqual(valuesOf("IPAddressAllow"), ["localhost"]);
  assert.deepEqual(valuesOf("ReadWritePaths"), []);
});

test("what the sensor is confined with is not forbidden", () => {
  assert.deepEqual(valuesOf("RestrictNamespaces"), ["user net pid"]);
  assert.deepEqual(valuesOf("PrivateUsers"), [], "in a namespace of users of its own nobody has the right to capture");
  assert.deepEqual(valuesOf("MemoryDenyWriteExecute"), [], "V8 makes machine code");
  const filters = valuesOf("SystemCallFilter");
  assert.ok(filters[0]!.startsWith("@system-service"));
  // It holds setns, unshare and capset.
  for (const group of ["@process", "@privileged", "@setuid", "@resources"])
    assert.doesNotMatch(filters.slice(1).join(" "), new RegExp(`${group}\\b`));
});

/** systemd looks for the program on this machine, where it is not installed. */
function written(text: string): string {
  const path = join(folder, "auscult.service");
  writeFileSync(path, text.replace("/usr/bin/auscult", "/bin/true"));
  return path;
}

function complaints(text: string): string {
  return spawnSync("systemd-analyze", ["verify", "--man=no", "--recursive-errors=no", written(text)], { encoding: "utf8" }).stderr.trim();
}

function isWithin(text: string): boolean {
  const line = ["security", "--no-pager", "--offline=true", `--threshold=${EXPOSED_TENTHS_MAX}`, written(text)];
  return spawnSync("systemd-analyze", line, { stdio: "ignore" }).status === 0;
}

function valuesOf(key: string, unit = UNIT): readonly string[] {
  return Array.from(unit.matchAll(new RegExp(`^${key}=(.*)$`, "gm")), (it) => it[1]!);
}
