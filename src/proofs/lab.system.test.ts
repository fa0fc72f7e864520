/**
 * A lab of real programs: what Auscult says of each machine is right, or nothing. Addresses and ports are drawn anew at each run; versions are those
 * that Debian installed. AUSCULT_SEED=N repeats a run. Needs root and Debian's packages; what is not installed is left out, and named.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { loadKnowledge } from "../knowledge/index.ts";
import { findProgram } from "../link/sandbox.ts";
import { Random } from "../simulation/random.ts";
import { run } from "../testing/command.ts";
import { Lab, type LabHost } from "../testing/lab.ts";
import { isInstalled, PATIENT, PATIENT_ID, ROLES, SECRET } from "../testing/lab-roles.ts";
import { Search } from "../testing/search.ts";

const missing = ["ip", "tcpdump"].filter((program) => findProgram(program) === undefined);
const skip = process.getuid?.() !== 0 ? "needs root: NO LAB" : missing.length > 0 ? `needs ${missing.join(", ")}: NO LAB` : false;

/** What every machine here is, whatever it runs; Auscult may say so, or nothing. */
const SYSTEMS = ["Linux", "Debian"];
const SERVERS_SECONDS = 5;
const SPOKEN_SECONDS = 8;

interface Value {
  readonly value: string;
  readonly confidence: number;
}
interface DeviceSaid {
  readonly macs: readonly string[];
  readonly ips: readonly string[];
  readonly names: readonly Value[];
  readonly kind: Value | null;
  readonly maker: Value | null;
  readonly model: Value | null;
  readonly software: Value | null;
  readonly os: Value | null;
  readonly services: readonly { readonly transport: string; readonly port: number; readonly protocol: string }[];
}

/** What runs before it is asked: a scanner, and a desk that asks all of them. */
const IMAGE = [
  "(0002,0010) UI =LittleEndianExplicit", "(0008,0016) UI =CTImageStorage", "(0008,0018) UI 1.2.3.4.5.6.7", "(0008,0060) CS CT", "(0008,0070) LO Lab Works",
  `(0010,0010) PN ${PATIENT}`, `(0010,0020) LO ${PATIENT_ID}`, "(0020,000d) UI 1.2.3.4.5", "(0020,000e) UI 1.2.3.4.5.6",
]; // prettier-ignore

/** Upstream's version as programs say it: "1:9.2p1-2+deb12u3" is 9.2p1, "2:4.17.12+dfsg-0" 4.17.12. */
function versionOf(debianPackage: string): string {
  const version = execFileSync("dpkg-query", ["-W", "-f", "${Version}", debianPackage], { encoding: "utf8" });
  return version.replace(/^\d+:/, "").replace(/[-+~].*$/, "");
}

suite("a lab of real programs", { skip }, () => {
  const folder = mkdtempSync(join(tmpdir(), "auscult-lab-"));
  const seed = Number(process.env["AUSCULT_SEED"] ?? Date.now() % 1_000_000);
  const random = new Random(seed);
  const roles = Object.entries(ROLES).filter(([, { needs }]) => needs.every(isInstalled));
  const addresses = new Set<number>();
  const address = () => {
    let last = 0;
    while (last === 0 || addresses.has(last)) last = 1 + random.below(250);
    addresses.add(last);
    return `10.${seed % 250}.${(seed >> 8) % 250}.${last}`;
  };
  // Cards whose maker says nothing of the machine.
  const mac = () => `00:50:56:${[0, 0, 0].map(() => random.below(256).toString(16).padStart(2, "0")).join(":")}`;
  // Above those of usual servers, below those that clients take of themselves.
  const ports = new Map<string, number>();
  const port = () => {
    let drawn = 0;
    while (drawn === 0 || [...ports.values()].includes(drawn)) drawn = 2_000 + random.below(30_000);
    return drawn;
  };
  const hosts = new Map<string, LabHost>();
  let devices: readonly DeviceSaid[] = [];
  const of = (name: string) => {
    const host = hosts.get(name)!;
    const found = devices.filter((it) => it.ips.includes(host.ip) || it.macs.includes(host.mac));
    assert.equal(found.length, 1, `${name} (${host.mac}, ${host.ip}) is ${found.length} devices`);
    return found[0]!;
  };

  after(() => rmSync(folder, { recursive: true }));
  before(async () => {
    const lab = new Lab(folder);
    try {
      await lab.listen();
      for (const [name, role] of roles) {
        const host = lab.host(name, mac(), address());
        hosts.set(name, host);
        ports.set(name, port());
        role.serve(lab, host, ports.get(name)!);
      }
      const desk = lab.host("desk", mac(), address());
      const scanner = lab.host("scanner", mac(), address());
      for (const [name, host] of Object.entries({ desk, scanner })) hosts.set(name, host);
      await sleep(SERVERS_SECONDS * 1_000);
      if (hosts.has("names") && findProgram("udhcpc") !== undefined) {
        const guest = lab.host("guest", mac(), "", false);
        hosts.set("guest", guest);
        await lab.ask(guest, ["udhcpc", "-n", "-q", "-f", "-i", "eth0", "-s", "/bin/true"]);
      }
      const archive = hosts.get("archive");
      if (archive !== undefined) {
        const image = join(scanner.folder, "image.dcm");
        execFileSync("dump2dcm", [lab.file(scanner, "image.dump", IMAGE.join("\n")), image]);
        await lab.ask(scanner, ["storescu", "-aet", "CT4", "-aec", "ARCHIVE", archive.ip, String(ports.get("archive")), image]);
      }
      for (const [name, role] of roles) await role.ask(lab, desk, hosts.get(name)!, ports.get(name)!);
      await sleep(SPOKEN_SECONDS * 1_000);
    } finally {
      await lab.close();
    }
    const { code, stdout, stderr } = await run("--data", join(folder, "data"), "open", lab.capture, "--exit", "--json");
    assert.equal(code, 0, stderr);
    devices = (JSON.parse(stdout) as { readonly devices: readonly DeviceSaid[] }).devices;
  });

  test("which seed, and which programs are not here", (t) => {
    const left = Object.keys(ROLES).filter((name) => !hosts.has(name));
    t.diagnostic(
      `seed ${seed}; ${roles.length} of ${Object.keys(ROLES).length} roles${left.length === 0 ? "" : `, NOT PROVED: ${left.join(", ")}`}`,
    );
    assert.ok(roles.length > 0, "no program of the lab is installed");
  });

  for (const [name, role] of roles)
    test(name, (t) => {
      const said = of(name);
      const services = said.services.map((it) => `${it.transport} ${it.port} ${it.protocol}`);
      t.diagnostic(
        `kind ${said.kind?.value} (${said.kind?.confidence ?? 0}), software ${said.software?.value}, system ${said.os?.value}, services ${services.join(", ")}`,
      );
      for (const service of role.services.map((it) => it.replace("$", String(ports.get(name)))))
        assert.ok(services.includes(service), `expected ${service}, got ${services.join(", ")}`);
      assert.ok(role.kind.includes(said.kind?.value ?? null), `it is no ${said.kind?.value}`);
      const version = role.versioned === undefined ? "" : versionOf(role.versioned);
      const software = role.software.map((it) => it?.replace("$", version) ?? null);
      assert.ok(
        software.some((it) => (it === null ? said.software === null : said.software?.value.startsWith(it))),
        `expected ${software.join(" or ")}, got ${said.software?.value}`,
      );
    });

  test("the scanner is one, and the desk is nothing that treats a patient", (t) => {
    if (!hosts.has("archive")) return t.skip("nobody to send to: NOT PROVED");
    t.diagnostic(`the scanner is ${of("scanner").kind?.value} (${of("scanner").kind?.confidence})`);
    assert.equal(of("scanner").kind?.value, "CT scanner");
    for (const name of ["scanner", "desk"]) assert.match(of(name).software?.value ?? "OFFIS_DCMTK", /^OFFIS_DCMTK/);
    const desk = of("desk").kind?.value ?? "";
    assert.ok(["", "workstation", "imaging workstation"].includes(desk), desk);
  });

  test("of a machine that only asks for an address its system is told, and nothing else", (t) => {
    if (!hosts.has("guest")) return t.skip("no udhcpc or no dnsmasq: NOT PROVED");
    const { kind, software, os, ips } = of("guest");
    assert.deepEqual([kind, software, os?.value], [null, null, "Linux"]);
    assert.equal(ips.length, 1, "its lease is its address");
  });

  test("nobody here treats a patient or keeps one alive, and of nobody it is said", () => {
    const { kinds } = loadKnowledge();
    const treating = devices.filter(({ kind }) => kind !== null && ["therapy", "life-supporting"].includes(kinds.careOf(kind.value) ?? ""));
    assert.deepEqual(
      treating.map(({ ips, kind }) => `${ips[0]} ${kind!.value}`),
      [],
    );
  });

  test("no system is said that none of them runs", () => {
    for (const it of devices)
      if (it.os !== null)
        assert.ok(
          SYSTEMS.some((name) => it.os!.value.startsWith(name)),
          `${it.ips[0]}: ${it.os.value}`,
        );
  });

  test("patients and passwords went over the wire, and are nowhere in what is kept", () => {
    const search = new Search([PATIENT, PATIENT_ID, SECRET]);
    assert.ok(search.in(readFileSync(join(folder, "lab.pcap"))).length > 0, "the search finds them in the capture");
    const kept = readdirSync(join(folder, "data"), { recursive: true, withFileTypes: true }).filter((it) => it.isFile());
    assert.ok(kept.some(({ name }) => name === "lab.db"));
    for (const { parentPath, name } of kept) assert.deepEqual(search.in(readFileSync(join(parentPath, name))), [], name);
  });
});
