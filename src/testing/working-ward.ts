/**
 * A ward of real programs on one switch: scanners and workstations at an archive (DICOM store, query and move), pumps that report by HL7,
 * addresses, names and time from one server, files by SMB, printers polled by SNMP. It works, and each piece of work says whether it
 * succeeded; and a stranger and a worm try what must not be. Needs root and Debian's packages (`NEEDS`).
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { findProgram } from "../link/sandbox.ts";
import type { Random } from "../simulation/random.ts";
import { commandLineOf, until } from "./processes.ts";
import { Lab, type Asked, type LabHost } from "./lab.ts";

/** Programs, each from the Debian package of its name or as `.ci/run` has it. */
export const WARD_NEEDS = [
  "ip", "nft", "script", "tcpdump", "Orthanc", "storescu", "findscu", "movescu", "storescp", "dump2dcm", "dnsmasq", "udhcpc", "dig", "chronyd",
  "smbd", "smbclient", "snmpd", "snmpget", "nmap", "telnet", "telnetd", "socat", "timeout", "lldpd", "lldpcli",
] as const; // prettier-ignore

/** What each of them is, as the hospital's own list has it. */
export const CAST: Readonly<Record<string, string>> = {
  names: "network server",
  archive: "image archive",
  files: "file server",
  pumphub: "pump server",
  engine: "interface engine",
  watcher: "server",
  ct1: "CT scanner", ct2: "CT scanner", ct3: "CT scanner",
  ws1: "workstation", ws2: "workstation", ws3: "workstation",
  pump1: "infusion pump", pump2: "infusion pump", pump3: "infusion pump",
  print1: "printer", print2: "printer", print3: "printer",
}; // prettier-ignore

/** In the table of families, with the card's prefix that IEEE gave its maker. */
export const PUMP = { maker: "B. Braun", model: "Infusomat Space", prefix: "00:12:21" };
/** Nothing here is waited for longer: what is stopped answers nobody. */
const PATIENCE_SECONDS = 8;
/** A log-in greets at once, or it is stopped. */
const GREETING_SECONDS = 3;
const MLLP = join(import.meta.dirname, "mllp.ts");
const IMAGE = [
  "(0002,0010) UI =LittleEndianExplicit", "(0008,0016) UI =CTImageStorage", "(0008,0018) UI 1.2.3.4.5.6.7", "(0008,0060) CS CT",
  "(0010,0010) PN Marker^Zebedee", "(0010,0020) LO MRN-77120934", "(0020,000d) UI 1.2.3.4.5", "(0020,000e) UI 1.2.3.4.5.6",
]; // prettier-ignore
/** Takes what it is given: the programs here are the machines' own. */
const LEASED = `#!/bin/sh
case "$1" in
  deconfig) ip address flush dev "$interface" ;;
  bound | renew) ip address flush dev "$interface"; ip address add "$ip/24" broadcast + dev "$interface" ;;
esac
`;

/** What somebody tried that must not be, and whether it came through. */
export interface Tried {
  /** Ports of all machines that nmap found open. */
  readonly scan: number;
  readonly telnet: boolean;
  /** How many machines a workstation reached by SMB beside the file server. */
  readonly fanOut: number;
  readonly move: boolean;
}

export const NOTHING_TRIED: Tried = { scan: 0, telnet: false, fanOut: 0, move: false };

export class WorkingWard {
  readonly lab: Lab;
  readonly net: string;
  readonly hosts = new Map<string, LabHost>();
  readonly stranger: LabHost;
  readonly #random: Random;
  readonly #cast: readonly string[];
  /** Which address each card is given. */
  readonly #reserved = new Map<string, string>();
  readonly #pumps = new Set<LabHost>();
  #lastAddress = 10;

  /** `cast`: who of them works here; the server of addresses always does. */
  constructor(folder: string, random: Random, cast: readonly string[] = Object.keys(CAST)) {
    this.#random = random;
    this.#cast = ["names", ...cast.filter((it) => it !== "names")];
    this.net = `10.${random.below(250)}.${random.below(250)}`;
    this.lab = new Lab(folder);
    // LLDP goes no further than its segment's bridge unless told, and a wall on it is told by what it hears there.
    this.lab.switch.type("echo 0x4000 > /sys/class/net/hub/bridge/group_fwd_mask");
    for (const name of this.#cast) this.add(name, CAST[name] === "infusion pump" ? this.mac(PUMP.prefix) : this.mac());
    this.stranger = this.add("stranger");
  }

  /** One more machine on the switch, that asks for its address. */
  add(name: string, mac = this.mac()): LabHost {
    const isServer = name === "names";
    const ip = `${this.net}.${isServer ? 1 : ++this.#lastAddress}`;
    const host = this.lab.host(name, mac, ip, isServer);
    this.hosts.set(name, host);
    if (!isServer) this.#reserved.set(mac, ip);
    this.lab.file(host, "leased", LEASED);
    return host;
  }

  of(name: string): LabHost {
    return this.hosts.get(name)!;
  }

  /** Unless said, cards whose maker says nothing of the machine. */
  mac(prefix = "00:50:56"): string {
    return `${prefix}:${[0, 0, 0].map(() => this.#random.below(256).toString(16).padStart(2, "0")).join(":")}`;
  }

  /** All servers, and everybody has an address. */
  async begin(): Promise<void> {
    this.#serveNames();
    await Promise.all([...this.hosts.values()].filter(({ name }) => name !== "names").map((it) => this.lease(it)));
    if (this.hosts.has("archive")) this.#serveImages();
    if (this.hosts.has("files")) this.#serveFiles(this.of("files"));
    for (const name of ["pumphub", "engine"].filter((it) => this.hosts.has(it)))
      this.lab.serve(this.of(name), process.execPath, MLLP, "serve", "2575");
    for (const name of this.#each("printer")) {
      const settings = "agentaddress udp:161\nrocommunity public\nsysname PRINTER\n";
      this.lab.serve(this.of(name), "snmpd", "-f", "-Lo", "-C", "-c", this.lab.file(this.of(name), "snmpd.conf", settings));
    }
    for (const name of this.#each("workstation")) {
      this.#serveFiles(this.of(name));
      this.lab.serve(this.of(name), "storescp", "-aet", name.toUpperCase(), "-od", this.of(name).folder, "11113");
    }
    for (const name of this.#each("infusion pump"))
      this.lab.serve(this.of(name), "socat", "TCP-LISTEN:23,fork,reuseaddr", `EXEC:${findProgram("telnetd")}`);
    for (const name of this.#each("CT scanner"))
      execFileSync("dump2dcm", [this.lab.file(this.of(name), "image.dump", IMAGE.join("\n")), join(this.of(name).folder, "image.dcm")]);
  }

  /** It says what it is as pumps do: by its class in DHCP, and by LLDP from its own inventory. */
  async isPump(host: LabHost): Promise<void> {
    const socket = join(host.folder, "lldpd.socket");
    this.#pumps.add(host);
    this.lab.serve(host, "lldpd", "-d", "-I", "eth0", "-u", socket, "-M", "1");
    await until("lldpd to listen", () => existsSync(socket));
    for (const line of [["inventory", "manufacturer", PUMP.maker], ["inventory", "model", PUMP.model], ["system", "hostname", host.name], ["lldp", "tx-interval", "1"]])
      await this.#ask(host, ["lldpcli", "-u", socket, "configure", ...line]);
  } // prettier-ignore

  /** Asks for an address by DHCP. */
  lease(host: LabHost): Promise<Asked> {
    const says = this.#pumps.has(host) ? ["-V", `${PUMP.maker} ${PUMP.model}`] : [];
    return this.#ask(host, ["udhcpc", "-n", "-q", "-f", "-t", "5", "-T", "1", "-i", "eth0", "-x", `hostname:${host.name}`, ...says, "-s", join(host.folder, "leased")]);
  } // prettier-ignore

  /** From the next time it asks this card is given that address. */
  reserve(mac: string, ip: string): void {
    this.#reserved.set(mac, ip);
    this.#writeReserved();
    const servers = this.of("names").space.pids();
    for (const pid of servers.filter((it) => commandLineOf(it).startsWith("dnsmasq"))) process.kill(pid, "SIGHUP");
  }

  /** A shift of all of them at once; who failed at what. */
  async work(): Promise<readonly string[]> {
    const failed: string[] = [];
    const does = async (name: string, what: string, command: readonly string[], isDone: (it: Asked) => boolean = (it) => it.code === 0) => {
      const asked = await this.#ask(this.of(name), command);
      if (!isDone(asked)) failed.push(`${name}: ${what}: ${asked.code} ${asked.text.trim().split("\n").at(-1) ?? ""}`);
    };
    const [server, archive, files] = ["names", "archive", "files"].map((it) => this.hosts.get(it)?.ip);
    const study = ["-S", "-k", "0008,0052=STUDY", "-k", "0020,000d=1.2.3.4.5"];
    const basics = async (name: string) => {
      if (!(await this.lease(this.of(name))).text.includes("obtained")) failed.push(`${name}: an address`);
      await does(name, "a name", ["dig", "+tries=1", "+time=2", `@${server}`, "pacs.ward.example"], (it) => /IN\s+A\s+192\.0\.2\.99/.test(it.text)); // prettier-ignore
      await does(name, "the time", ["chronyd", "-U", "-x", "-Q", "-t", "3", "-f", "/dev/null", `server ${server} iburst maxsamples 1`]);
    };
    const tasks: Readonly<Record<string, (name: string) => Promise<void>>> = {
      "CT scanner": async (name) => {
        await does(name, "store", ["storescu", "-aet", name.toUpperCase(), "-aec", "ARCHIVE", archive!, "11112", "image.dcm"]);
      },
      workstation: async (name) => {
        const called = name.toUpperCase();
        await does(name, "query", ["findscu", ...study, "-aet", called, "-aec", "ARCHIVE", archive!, "11112"], (it) => it.code === 0 && it.text.includes("1.2.3.4.5")); // prettier-ignore
        await does(name, "move", ["movescu", ...study, "-aet", called, "-aem", called, "-aec", "ARCHIVE", archive!, "11112"]);
        await does(
          name,
          "files",
          ["smbclient", "-N", `//${files}/share`, "-c", "ls"],
          (it) => it.code === 0 && it.text.includes("smb.conf"),
        );
      },
      "infusion pump": (name) => does(name, "report", this.report("pumphub")),
      "pump server": async (name) => {
        if (this.hosts.has("engine")) await does(name, "report", this.report("engine"));
      },
      server: async (name) => {
        for (const printer of this.#each("printer"))
          await does(name, `poll ${printer}`, ["snmpget", "-v2c", "-c", "public", "-t", "1", "-r", "1", this.of(printer).ip, "1.3.6.1.2.1.1.5.0"], (it) => it.text.includes("PRINTER")); // prettier-ignore
      },
    };
    await Promise.all(
      this.#cast.map(async (name) => {
        if (name !== "names") await basics(name);
        await tasks[CAST[name]!]?.(name);
      }),
    );
    return failed;
  }

  /** A pump's report by HL7. */
  report(to: string): readonly string[] {
    return [process.execPath, "--disable-warning=ExperimentalWarning", MLLP, "send", this.of(to).ip, "2575"];
  }

  /** All that must not be. */
  async attack(): Promise<Tried> {
    const all = [...this.hosts.values()].filter((it) => it !== this.stranger);
    const ports = "23,445,2575,8042,11112,11113";
    const scan = await this.#ask(this.stranger, ["nmap", "-n", "-Pn", "-sS", "--max-retries", "1", "-T5", "--host-timeout", "15s", "-p", ports, "-oG", "-", ...all.map(({ ip }) => ip)]); // prettier-ignore
    const telnet = this.telnet(this.stranger, this.of("pump1").ip);
    const fan = ["ws2", "ws3", "archive", "ct1", "pump2", "print1"].map((name) =>
      this.#ask(this.of("ws1"), ["timeout", `${PATIENCE_SECONDS}`, "smbclient", "-N", `//${this.of(name).ip}/share`, "-c", "ls"]),
    );
    const move = this.#ask(this.stranger, [
      "movescu", "-to", `${PATIENCE_SECONDS}`, "-S", "-k", "0008,0052=STUDY", "-k", "0020,000d=1.2.3.4.5", "-aet", "WS2", "-aem", "WS2", "-aec", "ARCHIVE",
      this.of("archive").ip, "11112",
    ]); // prettier-ignore
    return {
      scan: [...scan.text.matchAll(/\d+\/open\//g)].length,
      telnet: await telnet,
      fanOut: (await Promise.all(fan)).filter(({ code }) => code === 0).length,
      move: (await move).code === 0,
    };
  }

  /** Whether a log-in is offered. */
  async telnet(from: LabHost, ip: string): Promise<boolean> {
    return (await this.#ask(from, ["timeout", `${GREETING_SECONDS}`, "telnet", ip], [""])).text.includes("Connected to");
  }

  #ask(host: LabHost, command: readonly string[], input: readonly string[] = []): Promise<Asked> {
    return this.lab.ask(host, command, input);
  }

  #each(kind: string): readonly string[] {
    return this.#cast.filter((name) => CAST[name] === kind);
  }

  /** DHCP, DNS and NTP. Known machines have their addresses reserved, whoever else comes has one of the last. */
  #serveNames(): void {
    const self = this.of("names");
    this.#writeReserved();
    this.lab.serve(
      self, "dnsmasq", "-d", "--conf-file=/dev/null", "--user=root", "--no-resolv", "--no-hosts", "--no-ping", "--dhcp-authoritative",
      `--dhcp-leasefile=${self.folder}/leases`, `--pid-file=${self.folder}/pid`, "--address=/pacs.ward.example/192.0.2.99",
      `--dhcp-range=${this.net}.2,${this.net}.254,1h`, `--dhcp-hostsfile=${self.folder}/reserved`,
    ); // prettier-ignore
    const clock = ["allow", "local stratum 8", "cmdport 0", `pidfile ${self.folder}/chrony.pid`, "bindcmdaddress /"];
    this.lab.serve(self, "chronyd", "-U", "-x", "-d", "-f", this.lab.file(self, "chrony.conf", `${clock.join("\n")}\n`));
  }

  #writeReserved(): void {
    this.lab.file(this.of("names"), "reserved", [...this.#reserved].map(([mac, ip]) => `${mac},${ip}\n`).join(""));
  }

  #serveImages(): void {
    const self = this.of("archive");
    mkdirSync(join(self.folder, "kept"));
    const modalities = this.#each("workstation").map((name) => [name, [name.toUpperCase(), this.of(name).ip, 11113]]);
    const settings = {
      Name: "ARCHIVE", StorageDirectory: join(self.folder, "kept"), IndexDirectory: join(self.folder, "kept"), RemoteAccessAllowed: true,
      AuthenticationEnabled: false, DicomAet: "ARCHIVE", DicomPort: 11112, DicomCheckCalledAet: false, DicomAlwaysAllowFind: true,
      DicomAlwaysAllowMove: true, DicomAlwaysAllowStore: true, HttpPort: 8042, Plugins: [], DicomModalities: Object.fromEntries(modalities),
    }; // prettier-ignore
    this.lab.serve(self, "Orthanc", this.lab.file(self, "orthanc.json", JSON.stringify(settings)));
  }

  #serveFiles(self: LabHost): void {
    const own = ["lock", "state", "cache", "pid"].map((name) => `${name} directory = ${self.folder}`);
    const settings = [
      "[global]", `netbios name = ${self.name}`, "workgroup = WARD", "disable netbios = yes", "smb ports = 445", "map to guest = bad user", ...own,
      `private dir = ${self.folder}`, "[share]", `path = ${self.folder}`, "guest ok = yes",
    ]; // prettier-ignore
    this.lab.serve(self, "smbd", "-F", "--no-process-group", "-s", this.lab.file(self, "smb.conf", settings.join("\n")));
  }
}
