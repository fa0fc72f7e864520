import assert from "node:assert/strict";
import { test } from "node:test";
import type { Attribute, Device } from "./inventory.ts";
import { isRight, systemIn, truthsOf } from "./truth.ts";

const device: Device = {
  id: "d1", macs: ["b0:c5:54:25:5b:0e"], ips: ["10.0.0.5"], names: [], kind: null, maker: null, model: null, os: null, serial: null, software: null,
  services: [], evidence: [],
}; // prettier-ignore
const inventory = { coverage: { frames: 1, malformed: 0 }, devices: [device], conversations: [] };
const said = (about: string, attribute: Attribute, text: string) => ({ about, attribute, text, field: "test" });
const truths = (...of: readonly ReturnType<typeof said>[]) => truthsOf(of, {}, inventory).map(({ attribute, device: it, texts }) => `${it?.id ?? "nobody"} ${attribute}: ${texts.join(", ")}`); // prettier-ignore

test("what is said of a machine's card and of its address is of one machine", () => {
  assert.deepEqual(
    truths(said("b0:c5:54:25:5b:0e", "names", "cam"), said("10.0.0.5", "names", "cam.local"), said("10.0.0.6", "names", "pc")),
    ["d1 names: cam, cam.local", "nobody names: pc"],
  );
});

test("a machine that says two systems says none; one that says the same twice says it", () => {
  const linux = said("10.0.0.5", "os", "Mozilla/5.0 (X11; Ubuntu; Linux x86_64)");
  assert.deepEqual(truths(linux, said("10.0.0.5", "os", "Mozilla/5.0 (Windows NT 5.1)")), []);
  assert.deepEqual(truths(linux, said("10.0.0.5", "os", "Linux 3.13.0")), ["d1 os: Ubuntu, Linux"]);
});

test("a label names maker and kind of the machine the capture was made for", () => {
  const label = { label: "D-Link camera", device: { mac: "b0:c5:54:25:5b:0e" } };
  assert.deepEqual(
    truthsOf([], label, inventory).map(({ attribute, texts }) => [attribute, texts]),
    [
      ["kind", ["camera"]],
      ["maker", ["D-Link"]],
    ],
  );
  assert.deepEqual(truthsOf([], { label: "attack on a camera" }, inventory), []);
});

test("a system is read out of a sentence", () => {
  for (const [text, system] of [
    ["Windows 5.1", "Windows XP"],
    ["6.1.7601", "Windows 7 or Server 2008 R2"],
    ["6.1.0", ""],
    ["Mozilla/5.0 (Macintosh; Intel Mac OS X 10_8_5)", "macOS 10.8"],
    ["SSH-2.0-OpenSSH_5.3p1 Debian-3ubuntu7", "Debian"],
    ["curl/7.68.0", ""],
  ] as const)
    assert.equal(systemIn(text), system, text);
});

test("what is less exact is right as far as it goes; what is another thing is wrong", () => {
  const right = (attribute: Attribute, value: string, text: string) => isRight(attribute, value, { texts: [text] });
  assert.ok(right("os", "Windows", "Windows XP") && right("os", "Ubuntu 14.04", "Ubuntu") && !right("os", "Windows 7", "Windows XP"));
  assert.ok(right("kind", "network device", "switch") && !right("kind", "router", "switch"));
  assert.ok(right("software", "OpenSSH 5.3p1", "OpenSSH_5.3p1 Debian-3") && !right("software", "OpenSSH 5.3", "OpenSSH_5.3p1"));
  assert.ok(right("software", "MariaDB 10.6.12", "MySQL 5.5.5-10.6.12-MariaDB-0ubuntu0.22.04.1"));
  assert.ok(right("names", "MX700-BED12.ward.example", "mx700 bed12") && !right("names", "MX700-bed1", "MX700-bed12"));
  assert.ok(right("serial", "5393806", "0x00524d8e") && !right("serial", "5393807", "0x00524d8e"));
  assert.ok(right("serial", "00524D8E", "0x00524d8e") && !right("serial", "00524D8F", "0x00524d8e"));
  assert.ok(right("maker", "Philips", "Philips Medical Systems") === right("maker", "Philips Medical Systems", "Philips"));
});
