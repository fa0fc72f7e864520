/**
 * What machines of the lab run (proofs/lab): real programs of Debian, each with what Auscult must say of it, and may. Each has a port that
 * is drawn anew, and serves there wherever it can be told to: what a port is usually for helps nobody here.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { findProgram } from "../link/sandbox.ts";
import type { Lab, LabHost } from "./lab.ts";

/** Never to be found in what is kept. */
export const PATIENT = "Marker^Zebedee";
export const PATIENT_ID = "MRN-77120934";
export const SECRET = "hunter2-of-ward-4";

export interface Role {
  /** Programs, and what else must be there under its full path. */
  readonly needs: readonly string[];
  /** Debian's package, whose version the machine has; absent: nothing on the wire says a version. */
  readonly versioned?: string;
  serve(lab: Lab, self: LabHost, port: number): void;
  ask(lab: Lab, from: LabHost, self: LabHost, port: number): Promise<unknown>;
  /** What must be said, and may. Null: nothing may be said. */
  readonly kind: readonly (string | null)[];
  /** With `$` in place of the version. */
  readonly software: readonly (string | null)[];
  /** "tcp 161 snmp": all that must be there, with `$` in place of the port that was drawn. */
  readonly services: readonly string[];
}

export const ROLES: Readonly<Record<string, Role>> = {
  archive: {
    needs: ["Orthanc", "storescu", "findscu", "dump2dcm"],
    serve: (lab, self, port) => {
      mkdirSync(join(self.folder, "kept"));
      const settings = {
        Name: "ARCHIVE", StorageDirectory: join(self.folder, "kept"), IndexDirectory: join(self.folder, "kept"), RemoteAccessAllowed: true,
        AuthenticationEnabled: false, DicomAet: "ARCHIVE", DicomPort: port, DicomCheckCalledAet: false, DicomAlwaysAllowFind: true,
        HttpPort: 8042, Plugins: [],
      }; // prettier-ignore
      lab.serve(self, "Orthanc", lab.file(self, "orthanc.json", JSON.stringify(settings)));
    },
    ask: async (lab, from, self, port) => {
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
        String(port),
      ]);
    },
    kind: ["image archive"],
    software: ["OFFIS_DCMTK_367", null],
    services: ["tcp $ dicom"],
  },
  worklist: {
    needs: ["wlmscpfs", "findscu"],
    serve: (lab, self, port) => {
      mkdirSync(join(self.folder, "WL"));
      lab.file(self, "WL/lockfile", "");
      lab.serve(self, "wlmscpfs", "-dfp", self.folder, String(port));
    },
    ask: (lab, from, self, port) =>
      lab.ask(from, ["findscu", "-W", "-aet", "DESK", "-aec", "WL", "-k", `0010,0010=${PATIENT}`, self.ip, String(port)]),
    kind: ["worklist server"],
    software: ["OFFIS_DCMTK_367", null],
    services: ["tcp $ dicom"],
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
    serve: (lab, self, port) => {
      const settings = `events {} pid ${self.folder}/pid; error_log ${self.folder}/errors; http { access_log off; server { listen ${port}; root ${self.folder}; } }`;
      lab.serve(self, "nginx", "-g", "daemon off;", "-c", lab.file(self, "nginx.conf", settings));
    },
    ask: (lab, from, self, port) => lab.ask(from, ["curl", "-s", "-u", `nurse:${SECRET}`, `http://${self.ip}:${port}/`]),
    kind: ["server"],
    software: ["nginx $"],
    services: ["tcp $ http"],
  },
  shell: {
    needs: ["sshd", "ssh", "ssh-keygen"],
    versioned: "openssh-server",
    serve: (lab, self, port) => {
      mkdirSync("/run/sshd", { recursive: true });
      const key = join(self.folder, "key");
      execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]);
      lab.serve(self, findProgram("sshd")!, "-D", "-h", key, "-p", String(port), "-o", "UsePAM=no");
    },
    ask: (lab, from, self, port) =>
      lab.ask(from, [
        "ssh",
        "-o",
        "StrictHostKeyChecking=no",
        "-o",
        "UserKnownHostsFile=/dev/null",
        "-o",
        "BatchMode=yes",
        "-p",
        String(port),
        `nobody@${self.ip}`,
        "true",
      ]),
    kind: ["server"],
    software: ["OpenSSH $"],
    services: ["tcp $ ssh"],
  },
  transfer: {
    needs: ["vsftpd", "ftp"],
    versioned: "vsftpd",
    serve: (lab, self, port) => {
      mkdirSync(join(self.folder, "empty"));
      const settings = [
        "listen=YES",
        `listen_port=${port}`,
        "background=NO",
        "anonymous_enable=YES",
        `secure_chroot_dir=${self.folder}/empty`,
        `anon_root=${self.folder}/empty`,
        "seccomp_sandbox=NO",
      ];
      lab.serve(self, "vsftpd", lab.file(self, "vsftpd.conf", `${settings.join("\n")}\n`));
    },
    ask: (lab, from, self, port) =>
      lab.ask(from, ["ftp", "-n", self.ip, String(port)], ["user anonymous nurse@ward.example", "ls", "quit"]),
    kind: ["file server"],
    software: ["vsFTPd $"],
    services: ["tcp $ ftp"],
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
    serve: (lab, self, port) => lab.serve(self, "socat", `TCP-LISTEN:${port},fork,reuseaddr`, `EXEC:${findProgram("telnetd")}`),
    ask: (lab, from, self, port) => lab.ask(from, ["telnet", self.ip, String(port)], ["", "biomed", SECRET]),
    // Devices of all kinds are served so.
    kind: [null],
    software: [null],
    services: ["tcp $ telnet"],
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
    serve: (lab, self, port) =>
      lab.serve(self, "mosquitto", "-c", lab.file(self, "mosquitto.conf", `listener ${port} 0.0.0.0\nallow_anonymous true\n`)),
    ask: (lab, from, self, port) =>
      lab.ask(from, ["mosquitto_pub", "-h", self.ip, "-p", String(port), "-t", "ward/4", "-m", PATIENT, "-u", "nurse", "-P", SECRET]),
    kind: ["message broker"],
    software: [null],
    services: ["tcp $ mqtt"],
  },
  mailbox: {
    needs: ["dovecot", "curl"],
    serve: (lab, self, port) => {
      const settings = [
        `base_dir=${self.folder}/run`, `log_path=${self.folder}/log`, "ssl=no", "disable_plaintext_auth=no", "protocols=imap", "first_valid_uid=0",
        "default_internal_user=nobody", "default_login_user=nobody", "default_internal_group=nogroup", `mail_location=maildir:${self.folder}/mail`,
        "passdb {", "driver=passwd-file", `args=${self.folder}/users`, "}", "userdb {", "driver=passwd-file", `args=${self.folder}/users`, "}",
        "service imap-login {", "chroot=", "inet_listener imap {", `port=${port}`, "}", "}", "service anvil {", "chroot=", "}", "service stats {", "chroot=", "}",
      ]; // prettier-ignore
      lab.file(self, "users", `nurse:{PLAIN}${SECRET}:0:0::${self.folder}\n`);
      lab.serve(self, "dovecot", "-F", "-c", lab.file(self, "dovecot.conf", `${settings.join("\n")}\n`));
    },
    ask: (lab, from, self, port) => lab.ask(from, ["curl", "-s", "-m", "8", "-u", `nurse:${SECRET}`, `imap://${self.ip}:${port}/`]),
    kind: ["mail server"],
    software: ["Dovecot"],
    services: ["tcp $ imap"],
  },
  exchange: {
    needs: ["kamailio", "sipsak"],
    versioned: "kamailio",
    serve: (lab, self, port) => {
      const route =
        'request_route { if (is_method("REGISTER")) { sl_send_reply("401", "Unauthorized"); exit; } sl_send_reply("200", "OK"); }';
      const settings = lab.file(
        self,
        "kamailio.cfg",
        `#!KAMAILIO\nloadmodule "tm.so"\nloadmodule "sl.so"\nloadmodule "textops.so"\n${route}\n`,
      );
      lab.serve(self, "kamailio", "-DD", "-E", "-m", "32", "-f", settings, "-Y", self.folder, "-l", `udp:${self.ip}:${port}`);
    },
    ask: async (lab, from, self, port) => {
      await lab.ask(from, ["sipsak", "-s", `sip:nurse@${self.ip}:${port}`]);
      await lab.ask(from, ["sipsak", "-U", "-s", `sip:nurse@${self.ip}:${port}`, "-a", SECRET]);
    },
    kind: ["telephone exchange"],
    software: ["kamailio $"],
    services: ["udp $ sip"],
  },
  values: {
    needs: ["redis-server", "redis-cli"],
    versioned: "redis-server",
    serve: (lab, self, port) =>
      lab.serve(
        self,
        "redis-server",
        "--port",
        String(port),
        "--bind",
        "0.0.0.0",
        "--requirepass",
        SECRET,
        "--dir",
        self.folder,
        "--save",
        "",
      ),
    ask: async (lab, from, self, port) => {
      await lab.ask(from, ["redis-cli", "-h", self.ip, "-p", String(port), "-a", SECRET, "set", PATIENT_ID, PATIENT]);
      await lab.ask(from, ["redis-cli", "-h", self.ip, "-p", String(port), "-a", SECRET, "info", "server"]);
    },
    kind: ["database server"],
    software: ["Redis $"],
    services: ["tcp $ redis"],
  },
  cache: {
    needs: ["memcached", "socat"],
    versioned: "memcached",
    serve: (lab, self, port) => lab.serve(self, "memcached", "-u", "root", "-p", String(port)),
    ask: (lab, from, self, port) => {
      const keep = [`set ${PATIENT_ID} 0 300 ${PATIENT.length}\r`, `${PATIENT}\r`, "version\r"];
      return lab.ask(from, ["socat", "-t", "1", "-", `TCP:${self.ip}:${port}`], keep);
    },
    kind: ["database server"],
    software: ["memcached $"],
    services: ["tcp $ memcached"],
  },
  tables: {
    needs: ["su", "psql", "/usr/lib/postgresql/15/bin/postgres"],
    versioned: "postgresql-15",
    serve: (lab, self, port) => {
      const programs = "/usr/lib/postgresql/15/bin";
      const data = join(self.folder, "tables");
      execFileSync("su", ["postgres", "-c", `${programs}/initdb -D ${data} -A trust`], { cwd: "/", stdio: "ignore" });
      execFileSync("su", ["postgres", "-c", `echo 'host all all 0.0.0.0/0 trust' >> ${data}/pg_hba.conf`], { cwd: "/" });
      lab.serve(self, "su", "postgres", "-c", `${programs}/postgres -D ${data} -p ${port} -c listen_addresses='*' -k ${self.folder}`);
    },
    ask: (lab, from, self, port) =>
      lab.ask(from, ["psql", "-h", self.ip, "-p", String(port), "-U", "postgres", "-c", `select '${PATIENT}'`]),
    kind: ["database server"],
    software: ["PostgreSQL $"],
    services: ["tcp $ postgresql"],
  },
  directory: {
    needs: ["slapd", "ldapsearch"],
    serve: (lab, self, port) => {
      mkdirSync(join(self.folder, "tree"));
      const settings = [
        "include /etc/ldap/schema/core.schema", `pidfile ${self.folder}/pid`, "modulepath /usr/lib/ldap", "moduleload back_mdb", "database mdb",
        'suffix "dc=ward,dc=example"', 'rootdn "cn=admin,dc=ward,dc=example"', `rootpw ${SECRET}`, `directory ${self.folder}/tree`,
      ]; // prettier-ignore
      const path = lab.file(self, "slapd.conf", `${settings.join("\n")}\n`);
      lab.serve(self, "slapd", "-d", "0", "-f", path, "-h", `ldap://0.0.0.0:${port}/`);
    },
    ask: (lab, from, self, port) => {
      const admin = ["-D", "cn=admin,dc=ward,dc=example", "-w", SECRET];
      return lab.ask(from, [
        "ldapsearch",
        "-x",
        ...admin,
        "-H",
        `ldap://${self.ip}:${port}`,
        "-b",
        "dc=ward,dc=example",
        `(cn=${PATIENT_ID})`,
      ]);
    },
    kind: ["directory server"],
    software: [null],
    services: ["tcp $ ldap"],
  },
  tickets: {
    needs: ["krb5kdc", "kdb5_util", "kadmin.local", "kinit"],
    serve: (lab, self, port) => {
      const kept = [`database_name=${self.folder}/principals`, `key_stash_file=${self.folder}/stash`, `acl_file=${self.folder}/acl`];
      const realm = `[realms]\n WARD.EXAMPLE={\n${kept.join("\n")}\n kdc_ports=${port}\n kdc_tcp_ports=${port}\n}\n`;
      const client = `[libdefaults]\n default_realm=WARD.EXAMPLE\n dns_lookup_kdc=false\n[realms]\n WARD.EXAMPLE={\n kdc=${self.ip}:${port}\n}\n`;
      const named = [`KRB5_KDC_PROFILE=${lab.file(self, "kdc.conf", realm)}`, `KRB5_CONFIG=${lab.file(self, "krb5.conf", client)}`];
      execFileSync("env", [...named, "kdb5_util", "create", "-s", "-P", SECRET, "-r", "WARD.EXAMPLE"], { stdio: "ignore" });
      execFileSync("env", [...named, "kadmin.local", "-r", "WARD.EXAMPLE", "-q", `addprinc -pw ${SECRET} nurse`], { stdio: "ignore" });
      lab.serve(self, "env", ...named, "krb5kdc", "-n", "-P", join(self.folder, "pid"));
    },
    ask: (lab, from, self) =>
      lab.ask(from, ["env", `KRB5_CONFIG=${self.folder}/krb5.conf`, `KRB5CCNAME=${from.folder}/tickets`, "kinit", "nurse"], [SECRET]),
    kind: ["directory server"],
    software: [null],
    services: ["udp $ kerberos"],
  },
  time: {
    needs: ["chronyd"],
    serve: (lab, self) => {
      const settings = ["local stratum 3", "allow all", `pidfile ${self.folder}/pid`, "cmdport 0", "bindcmdaddress /"];
      lab.serve(self, "chronyd", "-d", "-x", "-u", "root", "-f", lab.file(self, "chrony.conf", `${settings.join("\n")}\n`));
    },
    ask: (lab, from, self) =>
      lab.ask(from, [
        "chronyd",
        "-Q",
        "-u",
        "root",
        "-t",
        "6",
        "-f",
        "/dev/null",
        `pidfile ${from.folder}/chrony`,
        `server ${self.ip} iburst`,
      ]),
    // Routers, clocks and servers of all kinds answer so.
    kind: [null],
    software: [null],
    services: ["udp 123 ntp"],
  },
  engine: {
    needs: ["/usr/lib/python3/dist-packages/hl7/mllp"],
    serve: (lab, self, port) => {
      const server = [
        "import asyncio", "from hl7.mllp import start_hl7_server", "async def answer(reader, writer):", "    while not reader.at_eof():",
        "        writer.writemessage((await reader.readmessage()).create_ack())", "        await writer.drain()", "async def main():",
        `    async with await start_hl7_server(answer, port=${port}) as server: await server.serve_forever()`, "asyncio.run(main())",
      ]; // prettier-ignore
      lab.serve(self, "/usr/bin/python3", lab.file(self, "engine.py", `${server.join("\n")}\n`));
    },
    ask: (lab, from, self, port) => {
      const message = [
        "MSH|^~\\&|LABAPP|LAB|HIS|WARD|20260101||ORU^R01|1|P|2.5",
        `PID|1||${PATIENT_ID}||${PATIENT}`,
        "OBR|1|||GLU",
        "OBX|1|NM|GLU||5|mmol/L",
      ];
      const client = [
        "import hl7.client", `message = ${JSON.stringify(`${message.join("\r")}\r`)}`, `with hl7.client.MLLPClient("${self.ip}", ${port}) as client:`,
        "    for _ in range(3): client.send_message(message)",
      ]; // prettier-ignore
      return lab.ask(from, ["/usr/bin/python3", lab.file(from, "sender.py", `${client.join("\n")}\n`)]);
    },
    // Who receives results may be one of many systems.
    kind: [null],
    software: [null],
    services: ["tcp $ hl7"],
  },
  printer: {
    needs: ["ippeveprinter", "ipptool", "avahi-daemon", "dbus-daemon"],
    versioned: "cups-ipp-utils",
    serve: (lab, self, port) => {
      const bus = `unix:path=${self.folder}/bus`;
      const policy =
        '<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>';
      const config = `<busconfig><type>system</type><listen>${bus}</listen><auth>EXTERNAL</auth>${policy}</busconfig>`;
      const named = lab.file(self, "avahi.conf", "[server]\nhost-name=prn-ward\nuse-ipv6=no\n[rlimits]\n");
      lab.serve(self, "dbus-daemon", `--config-file=${lab.file(self, "bus.conf", config)}`, "--nofork");
      // Each waits for the one before it, as an init system would have them.
      const avahi = `avahi-daemon -f ${named} --no-drop-root --no-chroot --no-rlimits`;
      const printer = `ippeveprinter -p ${port} -d ${self.folder} -M Lexmark -m MS510dn -l "Ward 4" "Ward Printer"`;
      const started = `export DBUS_SYSTEM_BUS_ADDRESS=${bus}; sleep 1; ${avahi} & sleep 2; exec ${printer}`;
      lab.serve(self, "sh", "-c", started);
    },
    ask: (lab, from, self, port) =>
      lab.ask(from, ["ipptool", "-t", `ipp://${self.ip}:${port}/ipp/print`, "/usr/share/cups/ipptool/get-printer-attributes.test"]),
    kind: ["printer"],
    software: ["CUPS $"],
    services: ["tcp $ http"],
  },
  admission: {
    needs: ["freeradius", "radtest"],
    serve: (lab, self) => {
      const settings = join(self.folder, "radius");
      execFileSync("cp", ["-rL", "/etc/freeradius/3.0", settings]);
      execFileSync("sh", ["-c", `printf 'client all {\n ipaddr = 0.0.0.0/0\n secret = testing123\n}\n' >> clients.conf`], {
        cwd: settings,
      });
      execFileSync("sed", ["-i", "s/^\\tuser = freerad/\\tuser = root/;s/^\\tgroup = freerad/\\tgroup = root/", "radiusd.conf"], {
        cwd: settings,
      });
      lab.serve(self, "freeradius", "-f", "-l", "stdout", "-d", settings);
    },
    ask: (lab, from, self) => lab.ask(from, ["radtest", "nurse", SECRET, self.ip, "0", "testing123"]),
    kind: ["server"],
    software: [null],
    services: ["udp 1812 radius"],
  },
};

export function isInstalled(needed: string): boolean {
  return needed.startsWith("/") ? existsSync(needed) : findProgram(needed) !== undefined;
}
