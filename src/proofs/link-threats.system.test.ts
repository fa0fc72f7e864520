/**
 * A ward's segment with real programs, each in a namespace of its own: somebody answers ARP in the router's name, and a second dnsmasq gives
 * addresses with a router of its own. Each is one finding, of the right machine, at the second false answer and at the first offer; beside
 * each the honest twin. Needs root, and ip, tcpdump, tcpreplay, dnsmasq and udhcpc from Debian.
 */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { findProgram } from "../link/sandbox.ts";
import type { Batch } from "../model/batch.ts";
import type { Finding } from "../model/finding.ts";
import { run } from "../testing/command.ts";
import { arp, ethernet, FIRST_AT, pcapFile } from "../testing/frames.ts";
import { Lab, type LabHost } from "../testing/lab.ts";
import { sensed } from "../testing/sensed.ts";

const missing = ["ip", "tcpdump", "tcpreplay", "dnsmasq", "udhcpc"].filter((it) => findProgram(it) === undefined);
const skip = process.getuid?.() !== 0 ? "needs root: NOT PROVED" : missing.length > 0 ? `needs ${missing.join(", ")}: NOT PROVED` : false;

const SECOND_US = 1_000_000;
const folder = mkdtempSync(join(tmpdir(), "auscult-links-"));
after(() => rmSync(folder, { recursive: true, force: true }));

interface Heard {
  readonly findings: readonly Finding[];
  readonly batches: readonly Batch[];
}

async function heard(
  name: string,
  story: (lab: Lab, host: (of: string, number: number, hasAddress?: boolean) => LabHost) => Promise<void>,
): Promise<Heard> {
  const below = join(folder, name);
  mkdirSync(below);
  const lab = new Lab(below);
  try {
    await lab.listen();
    await story(lab, (of, number, hasAddress = true) => lab.host(of, `02:00:5e:78:00:0${number}`, `10.78.0.${number}`, hasAddress));
    await sleep(2_000);
  } finally {
    await lab.close();
  }
  const data = join(below, "data");
  const { code, stderr } = await run("--data", data, "open", lab.capture, "--exit");
  assert.equal(code, 0, stderr);
  const { stdout } = await run("--data", data, "findings", "--json");
  return { findings: (JSON.parse(stdout) as { readonly findings: readonly Finding[] }).findings, batches: await sensed(lab.capture) };
}

const told = ({ findings }: Heard): string[] => findings.map(({ detector, about, summary }) => `${detector} ${about?.ip}: ${summary}`);
/** Ends of the seconds in which it was heard. */
const secondsOf = ({ batches }: Heard, what: string, of = ""): number[] =>
  batches.flatMap(({ signals, addresses }) =>
    signals.filter((row) => row[5].split(" ")[0] === what && (of === "" || addresses[row[3]]?.[2] === of)).map((row) => row[0]),
  );

/** Each says who it is, as machines do whenever they speak to a neighbor. */
async function greet(lab: Lab, from: LabHost, to: LabHost): Promise<void> {
  await lab.ask(from, ["bash", "-c", `echo hello > /dev/udp/${to.ip}/9`]);
  await sleep(500);
}

/** What arpspoof does: one answer nobody asked for every two seconds, as a capture that tcpreplay sends at its own pace. */
async function lies(lab: Lab, liar: LabHost, message: Uint8Array, to: string, times: number): Promise<void> {
  const frame = ethernet({ type: 0x0806, from: liar.mac, to }, message);
  const file = join(liar.folder, "lies.pcap");
  writeFileSync(file, pcapFile(Array.from({ length: times }, (_, i) => ({ bytes: frame, at: FIRST_AT + i * 2 * SECOND_US }))));
  const { code, text } = await lab.ask(liar, ["tcpreplay", "-i", "eth0", file]);
  assert.equal(code, 0, text);
}

test("who answers ARP in the router's name is found at the second answer", { skip }, async (t) => {
  const it = await heard("spoofed", async (lab, host) => {
    const [router, pump, stranger] = [host("router", 1), host("pump", 2), host("stranger", 3)];
    await greet(lab, pump, router);
    await greet(lab, router, pump);
    await greet(lab, stranger, router);
    // Linux asks its neighbors once more some seconds later; who answers then was asked.
    await sleep(8_000);
    await lies(lab, stranger, arp(2, [stranger.mac, router.ip], [pump.mac, pump.ip]), pump.mac, 3);
  });
  t.diagnostic(told(it).join("; "));
  assert.equal(it.findings.length, 1, told(it).join("; "));
  const [finding] = it.findings;
  assert.equal(finding!.detector, "arp-spoofing");
  assert.equal(finding!.about?.ip, "10.78.0.1");
  assert.deepEqual(
    finding!.others.map(({ mac }) => mac),
    ["02:00:5e:78:00:03"],
  );
  const seconds = secondsOf(it, "addressTaken");
  assert.equal(seconds.length, 3);
  assert.match(finding!.summary, /^2 claims nobody asked for/, "told at the second, not at the third");
  assert.equal(finding!.because[0]!.at, seconds[1], "and within its second");
  assert.ok(finding!.witnesses >= 2);
});

test("a router that takes over and says so to all is none", { skip }, async () => {
  const it = await heard("fail-over", async (lab, host) => {
    const [router, pump, second] = [host("router", 1), host("pump", 2), host("second", 3)];
    await greet(lab, pump, router);
    await greet(lab, router, pump);
    await greet(lab, second, pump);
    await lies(lab, second, arp(2, [second.mac, router.ip], [second.mac, router.ip]), "ff:ff:ff:ff:ff:ff", 3);
  });
  assert.deepEqual(told(it), []);
});

const dnsmasq = (lab: Lab, server: LabHost, range: string, router: string) =>
  lab.serve(server, "dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--port=0", "--no-ping", "--user=root", "--pid-file=", "--dhcp-authoritative", `--dhcp-leasefile=${join(server.folder, "leases")}`, `--dhcp-range=${range},255.255.255.0,1h`, `--dhcp-option=3,${router}`, `--dhcp-option=6,${router}`); // prettier-ignore
const lease = (lab: Lab, client: LabHost) =>
  lab.ask(client, ["udhcpc", "-i", "eth0", "-n", "-q", "-f", "-t", "5", "-T", "2", "-s", "/bin/true"]);

async function served(name: string, router: string): Promise<Heard> {
  return heard(name, async (lab, host) => {
    const [own, first, second, other] = [host("own", 1), host("first", 2, false), host("second", 3, false), host("other", 4)];
    dnsmasq(lab, own, "10.78.0.100,10.78.0.120", "10.78.0.1");
    await sleep(1_000);
    assert.equal((await lease(lab, first)).code, 0);
    dnsmasq(lab, other, "10.78.0.200,10.78.0.220", router);
    await sleep(1_000);
    assert.equal((await lease(lab, second)).code, 0);
  });
}

test("a second dnsmasq with a router of its own is found at its first answer", { skip }, async (t) => {
  const it = await served("rogue", "10.78.0.4");
  t.diagnostic(told(it).join("; "));
  assert.deepEqual(
    it.findings.map(({ detector, about }) => `${detector} ${about?.ip}`),
    ["rogue-dhcp 10.78.0.4"],
  );
  const seconds = secondsOf(it, "dhcpOptions", "10.78.0.4");
  assert.ok(seconds.length >= 1);
  assert.equal(it.findings[0]!.because[0]!.at, seconds[0], "within the second of its first answer");
});

test("the second of a pair, which gives the same, is none", { skip }, async () => {
  const it = await served("pair", "10.78.0.1");
  assert.ok(secondsOf(it, "dhcpOptions", "10.78.0.4").length >= 1, "it was heard");
  assert.deepEqual(told(it), []);
});
