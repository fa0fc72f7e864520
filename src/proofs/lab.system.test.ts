/**
 * A lab of real programs: what Auscult says of each machine is right, or nothing. Addresses are drawn anew at each run; versions are those
 * that Debian installed. AUSCULT_SEED=N repeats a run. Needs root and Debian's packages; what is not installed is left out, and named.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { loadKnowledge } from "../knowledge/index.ts";
import { findProgram } from "../link/sandbox.ts";
import { Random } from "../simulation/random.ts";
import { run } from "../testing/command.ts";
import { Lab, type LabHost } from "../testing/lab.ts";
import { Search } from "../testing/search.ts";

const missing = ["ip", "tcpdump"].filter((program) => findProgram(program) === undefined);
const skip = process.getuid?.() !== 0 ? "needs root: NO LAB" : missing.length > 0 ? `needs ${missing.join(", ")}: NO LAB` : false;

/** Never to be found in what is kept. */
const PATIENT = "Marker^Zebedee";
const PATIENT_ID = "MRN-77120934";
const SECRET = "hunter2-of-ward-4";
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

interface Role {
  readonly needs: readonly string[];
  /** Debian's package, whose version the machine has; absent: nothing on the wire says a version. */
  readonly versioned?: string;
  serve(lab: Lab, self: LabHost): void;
  ask(lab: Lab, from: LabHost, self: LabHost): Promise<unknown>;
  /** What must be said, and may. Null: nothing may be said. */
  readonly kind: readonly (string | null)[];
  /** With `$` in place of the version. */
  readonly software: readonly (string | null)[];
  /** "tcp 80 http": all that must be there. */
  readonly services: readonly string[];
}

const ROLES: Readonly<Record<string, Role>> = {
  archive: {
    needs: ["Orthanc", "storescu", "findscu", "dump2dcm"],
    serve: (lab, self) => {
      mkdirSync(join(self.folder, "kept"));
      const settings = {
        Name: "ARCHIVE", StorageDirectory: join(self.folder, "kept"), IndexDirectory: join(self.folder, "kept"), RemoteAccessAllowed: true,
        AuthenticationEnabled: false, DicomAet: "ARCHIVE", DicomPort: 11112, DicomCheckCalledAet: false, DicomAlwaysAllowFind: true,
        HttpPort: 8042, Plugins: [],
      }; // prettier-ignore
      lab.serve(self, "Orthanc", lab.file(self, "orthanc.json", JSON.stringify(settings)));
    },
    ask: async (lab, from, self) => {
      await lab.ask(from, [
        "findscu",
        "-S",
        "-aet",
        "DESK",
        "-aec",
        "ARCHIVE",
        "-k",
        "0008,0052=STUDY",
        "-k",
        `0010,0010=${PATIENT}`,
        self.ip,
        "11112",
      ]);
    },
    kind: ["image archive"],
    software: ["OFFIS_DCMTK_367", null],
    services: ["tcp 11112 dicom"],
  },
  worklist: {
    needs: ["wlmscpfs", "findscu"],
    serve: (lab, self) => {
      mkdirSync(join(self.folder, "WL"));
      lab.file(self, "WL/lockfile", "");
      lab.serve(self, "wlmscpfs", "-dfp", self.folder, "1040");
    },
    ask: (lab, from, self) => lab.ask(from, ["findscu", "-W", "-aet", "DESK", "-aec", "WL", "-k", `0010,0010=${PATIENT}`, self.ip, "1040"]),
    kind: ["worklist server"],
    software: ["OFFIS_DCMTK_367", null],
    services: ["tcp 1040 dicom"],
  },
  files: {
    needs: ["smbd", "nmbd", "smbclient"],
    versioned: "samba",
    serve: (lab, self) => {
      const own = ["lock", "state", "cache", "pid"].map((name) => `${name} directory = ${self.folder}`);
      const settings = [
        "[global]",
        "netbios name = FILES",
        "workgroup = WARD",
        "server min protocol = NT1",
        "map to guest = bad user",
        ...own,
        `private dir = ${self.folder}`,
        "[share]",
        `path = ${self.folder}`,
        "guest ok = yes",
      ];
      const path = lab.file(self, "smb.conf", settings.join("\n"));
      for (const program of ["smbd", "nmbd"]) lab.serve(self, program, "-F", "--no-process-group", "-s", path);
    },
    ask: async (lab, from, self) => {
      const client = ["-N", "--option=client min protocol=NT1"];
      await lab.ask(from, ["smbclient", ...client, "-m", "NT1", `//${self.ip}/share`, "-c", "ls"]);
      await lab.ask(from, ["smbclient", ...client, `//${self.ip}/share`, "-c", "ls"]);
    },
    kind: ["file server"],
    software: ["Samba $"],
    services: ["tcp 445 smb"],
  },
  web: {
    needs: ["nginx", "curl"],
    versioned: "nginx",
    serve: (lab, self) => {
      const settings = `events {} pid ${self.folder}/pid; error_log ${self.folder}/errors; http { access_log off; server { listen 80; root ${self.folder}; } }`;
      lab.serve(self, "nginx", "-g", "daemon off;", "-c", lab.file(self, "nginx.conf", settings));
    },
    ask: (lab, from, self) => lab.ask(from, ["curl", "-s", "-u", `nurse:${SECRET}`, `http://${self.ip}/`]),
    kind: ["server"],
    software: ["nginx $"],
    services: ["tcp 80 http"],
  },
  shell: {
    needs: ["sshd", "ssh", "ssh-keygen"],
    versioned: "openssh-server",
    serve: (lab, self) => {
      mkdirSync("/run/sshd", { recursive: true });
      const key = join(self.folder, "key");
      execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]);
      lab.serve(self, findProgram("sshd")!, "-D", "-h", key, "-o", "UsePAM=no");
    },
    ask: (lab, from, self) =>
      lab.ask(from, [
        "ssh",
        "-o",
        "StrictHostKeyChecking=no",
        "-o",
        "UserKnownHostsFile=/dev/null",
        "-o",
        "BatchMode=yes",
        `nobody@${self.ip}`,
        "true",
      ]),
    kind: ["server"],
    software: ["OpenSSH $"],
    services: ["tcp 22 ssh"],
  },
  transfer: {
    needs: ["vsftpd", "ftp"],
    versioned: "vsftpd",
    serve: (lab, self) => {
      mkdirSync(join(self.folder, "empty"));
      const settings = [
        "listen=YES",
        "background=NO",
        "anonymous_enable=YES",
        `secure_chroot_dir=${self.folder}/empty`,
        `anon_root=${self.folder}/empty`,
        "seccomp_sandbox=NO",
      ];
      lab.serve(self, "vsftpd", lab.file(self, "vsftpd.conf", `${settings.join("\n")}\n`));
    },
    ask: (lab, from, self) => lab.ask(from, ["ftp", "-n", self.ip], ["user anonymous nurse@ward.example", "ls", "quit"]),
    kind: ["file server"],
    software: ["vsFTPd $"],
    services: ["tcp 21 ftp"],
  },
  boot: {
    needs: ["in.tftpd", "tftp"],
    serve: (lab, self) => {
      lab.file(self, "firmware.bin", "firmware");
      lab.serve(self, "in.tftpd", "-L", "--user", "root", "-s", self.folder);
    },
    ask: (lab, from, self) => lab.ask(from, ["tftp", self.ip, "-c", "get", "firmware.bin"]),
    // Devices of all kinds take and give files so.
    kind: [null],
    software: [null],
    services: ["udp 69 tftp"],
  },
  terminal: {
    needs: ["telnetd", "telnet", "socat"],
    serve: (lab, self) => lab.serve(self, "socat", "TCP-LISTEN:23,fork,reuseaddr", `EXEC:${findProgram("telnetd")}`),
    ask: (lab, from, self) => lab.ask(from, ["telnet", self.ip], ["", "biomed", SECRET]),
    // Devices of all kinds are served so.
    kind: [null],
    software: [null],
    services: ["tcp 23 telnet"],
  },
  names: {
    needs: ["dnsmasq", "dig"],
    serve: (lab, self) =>
      lab.serve(
        self, "dnsmasq", "-d", "--conf-file=/dev/null", "--user=root", "--no-resolv", "--no-hosts", "--leasefile-ro", `--pid-file=${self.folder}/pid`,
        "--address=/pacs.ward.example/192.0.2.99", `--dhcp-range=${self.ip.replace(/\d+$/, "251")},${self.ip.replace(/\d+$/, "254")}`,
      ), // prettier-ignore
    ask: (lab, from, self) => lab.ask(from, ["dig", "+tries=1", `@${self.ip}`, "pacs.ward.example"]),
    kind: ["network server"],
    software: [null],
    services: ["udp 53 dns"],
  },
  managed: {
    needs: ["snmpd", "snmpwalk", "lldpd", "lldpcli"],
    serve: (lab, self) => {
      const settings = ["agentaddress udp:161", "rocommunity public", "sysname edge-4", "syslocation Ward 4"];
      lab.serve(self, "snmpd", "-f", "-Lo", "-C", "-c", lab.file(self, "snmpd.conf", `${settings.join("\n")}\n`));
      lab.serve(self, "lldpd", "-d", "-I", "eth0", "-u", join(self.folder, "lldpd.socket"));
    },
    ask: async (lab, from, self) => {
      await lab.ask(self, ["lldpcli", "-u", join(self.folder, "lldpd.socket"), "configure", "lldp", "tx-interval", "2"]);
      await lab.ask(from, ["snmpwalk", "-v2c", "-c", "public", self.ip, "1.3.6.1.2.1.1"]);
    },
    kind: [null],
    software: [null],
    services: ["udp 161 snmp"],
  },
  broker: {
    needs: ["mosquitto", "mosquitto_pub"],
    serve: (lab, self) =>
      lab.serve(self, "mosquitto", "-c", lab.file(self, "mosquitto.conf", "listener 1883 0.0.0.0\nallow_anonymous true\n")),
    ask: (lab, from, self) => lab.ask(from, ["mosquitto_pub", "-h", self.ip, "-t", "ward/4", "-m", PATIENT, "-u", "nurse", "-P", SECRET]),
    kind: ["message broker"],
    software: [null],
    services: ["tcp 1883 mqtt"],
  },
};

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
  const roles = Object.entries(ROLES).filter(([, { needs }]) => needs.every((program) => findProgram(program) !== undefined));
  const addresses = new Set<number>();
  const address = () => {
    let last = 0;
    while (last === 0 || addresses.has(last)) last = 1 + random.below(250);
    addresses.add(last);
    return `10.${seed % 250}.${(seed >> 8) % 250}.${last}`;
  };
  // Cards whose maker says nothing of the machine.
  const mac = () => `00:50:56:${[0, 0, 0].map(() => random.below(256).toString(16).padStart(2, "0")).join(":")}`;
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
        role.serve(lab, host);
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
        await lab.ask(scanner, ["storescu", "-aet", "CT4", "-aec", "ARCHIVE", archive.ip, "11112", image]);
      }
      for (const [name, role] of roles) await role.ask(lab, desk, hosts.get(name)!);
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
      for (const service of role.services) assert.ok(services.includes(service), `expected ${service}, got ${services.join(", ")}`);
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
    assert.deepEqual(search.in(readFileSync(join(folder, "data", "recordings", "lab.db"))), []);
  });
});
