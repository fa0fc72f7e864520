import assert from "node:assert/strict";
import { test } from "node:test";
import { macWords } from "../bytes/address.ts";
import { CARE_CLASSES } from "../model/device.ts";
import { attributes } from "../model/observation.ts";
import { expectedFlows, OUTSIDE } from "./expected.ts";
import { loadKnowledge } from "./index.ts";
import { isHypervisor, isVirtualRouter } from "./special-macs.ts";
import { table } from "./table.ts";

const knowledge = loadKnowledge();
const { prefixes, makers, kinds, families, systems, stacks, recog, signs, weights } = knowledge;

test("a card's maker is that of the longest prefix", () => {
  const registrant = (mac: string) => prefixes.registrant(...macWords(mac)!);
  assert.equal(registrant("00:09:fb:12:34:56"), "Philips Patient Monitoring");
  // A block of 24 bits that the IEEE hands on in parts of 36: the block itself is nobody's.
  assert.equal(registrant("70:b3:d5:75:e1:23"), "Cardinal Health");
  assert.equal(registrant("70:b3:d5:6c:71:23"), "Becton Dickinson");
  assert.equal(registrant("14:4f:d7:e1:23:45"), "Edan Instruments, Inc.");
  assert.equal(registrant("de:ad:be:ef:00:01"), null);
});

test("every prefix of the registry is found again", () => {
  // Spread over the whole list, ends included.
  const known = ["00:00:00:00:00:01", "fc:fe:c2:00:00:00", "8c:1f:64:3c:70:00"];
  assert.deepEqual(
    known.map((mac) => prefixes.registrant(...macWords(mac)!)),
    ["XEROX CORPORATION", "Invensys Controls UK Limited", "RESMED PTY LTD"],
  );
});

test("makers go by one name, whatever their registry, banner or image calls them", () => {
  assert.deepEqual(makers.called("Mindray DS USA, Inc."), { name: "Mindray", sector: "medical" });
  assert.deepEqual(makers.called("Draeger Medical Systems, Inc."), makers.called("Drägerwerk AG & Co. KG aA"));
  assert.equal(makers.called("KAZUMI TRADING CO.,LTD.").name, "Kazumi Trading");
  // The same word is another maker in an image than on a card.
  assert.equal(makers.called("SIEMENS", "dicom").name, "Siemens Healthineers");
  assert.equal(makers.called("Siemens AG").name, "Siemens");
  assert.equal(makers.called("TOSHIBA", "registry").name, "Toshiba");
  assert.equal(makers.called("TOSHIBA", "dicom").name, "Canon Medical");
});

test("virtual routers and hypervisors are told by their prefix, to the bit", () => {
  const of = (is: typeof isHypervisor, ...macs: string[]) => macs.map((mac) => is(...macWords(mac)!));
  assert.deepEqual(
    of(isVirtualRouter, "00:00:5e:00:01:07", "00:00:0c:07:ac:0a", "00:00:0c:9f:f0:01", "00:00:0c:9f:e0:01", "00:00:5e:00:03:01"),
    [true, true, true, false, false],
  );
  assert.deepEqual(of(isHypervisor, "52:54:00:12:34:56", "02:42:ac:11:00:02", "02:43:ac:11:00:02", "00:0c:29:00:00:01"), [
    true,
    true,
    false,
    true,
  ]);
});

test("a model is what its maker's family is; a short one only beside its maker", () => {
  assert.deepEqual(families.of("IntelliVue MX800", null), { maker: "Philips", name: "IntelliVue", kind: "patient monitor", exact: true });
  assert.equal(families.of("intellivue mx-800", "Philips")?.exact, true);
  assert.equal(families.of("Turbo", "Fujifilm")?.kind, "ultrasound");
  assert.equal(families.of("Turbo", null), null);
  assert.equal(families.of("Turbo", "Philips"), null);
  assert.deepEqual(families.of("HP LaserJet 400 M401dne", "HP"), {
    maker: "HP",
    name: "LaserJet, OfficeJet",
    kind: "printer",
    exact: false,
  });
  assert.equal(families.of("Toaster 9000", null), null);
});

test("systems lie under one another, and versions of Windows have names", () => {
  const names = (os: string) => systems.pathOf(os).map(({ name }) => name);
  assert.deepEqual(names("Windows 7"), ["Windows", "Windows 7 or Server 2008 R2", "Windows 7"]);
  assert.deepEqual(names("Mac OS X 10.9"), ["Apple system", "macOS", "macOS 10.9"]);
  assert.deepEqual(names("Ubuntu 18.04"), ["Linux", "Ubuntu", "Ubuntu 18.04"]);
  assert.deepEqual(names("OS/2"), ["OS/2"]);
  assert.equal(systems.windows("10.0.19045"), "Windows 10 22H2");
  assert.equal(systems.windows("10.0.17763"), "Windows 10 or later");
  assert.equal(systems.windows("5.1.2600"), "Windows XP");
  assert.equal(systems.windows("3.10"), "");
});

test("stacks are told by how they begin", () => {
  const os = (text: string) => stacks.ofSyn(text)?.os ?? null;
  assert.equal(os("64240:128:1:52:M1460,N,W8,N,N,S"), "Windows 10 or later");
  assert.equal(os("8192:128:1:52:M1460,N,W2,N,N,S"), "Windows");
  assert.equal(os("29200:64:1:60:M1460,S,T,N,W7"), "Linux");
  assert.equal(os("65535:64:1:64:M1460,N,W6,N,N,T,S,E"), "Apple system");
  // Old ones by OpenBSD's table, in its notation: 45 times the segment size; any window; time stamps that must be zero.
  assert.deepEqual(stacks.ofSyn("45046:64:0:44:M1460"), null, "one option is too little");
  assert.equal(os("16384:64:1:60:M1460,N,W0,N,N,T"), "FreeBSD");
  // What a tool sends, or nobody.
  assert.equal(os("1024:64:0:44:M1460"), null);
  assert.equal(os("8192:64:1:40:."), null);
  assert.equal(os("nonsense"), null);
});

test("the order of wishes in DHCP counts only when it is the whole list", () => {
  assert.equal(stacks.ofOptions("1,3,6,15,31,33,43,44,46,47,119,121,249,252")?.os, "Windows 10 or later");
  assert.equal(stacks.ofOptions("1,3,6,15,31,33,43,44,46,47,119,121,249"), null);
  assert.equal(stacks.ofOptions("1,3,6"), null, "several systems ask so");
});

test("banners are recognized, own table apart", () => {
  assert.deepEqual(recog.recognize("http", "Microsoft-IIS/7.5"), { os: "Windows Server 2008 R2" });
  assert.equal(recog.recognize("smb", "Windows 5.1")?.os, "Windows XP");
  assert.deepEqual(recog.recognize("dhcp-class", "Mfg=Hewlett Packard;Typ=Printer;Mod=HP LaserJet 400 M401dne;Ser=ABCDE12345;"), {
    maker: "HP",
    model: "LaserJet 400 M401dne",
    serial: "ABCDE12345",
  });
  assert.equal(recog.recognize("ftp", "nothing anybody knows"), null);
});

test("a claim is put to the patterns for its protocol, in the form they expect", () => {
  assert.deepEqual(recog.of("serverBanner", "ssh", "SSH-2.0-DraySSH_2.0"), { found: { maker: "DrayTek" }, source: "SSH with a distribution" }); // prettier-ignore
  assert.deepEqual(recog.of("realm", "http", "NetVanta 3430")?.found, { maker: "ADTRAN", model: "NetVanta 3430" });
  assert.equal(recog.of("osStated", "ntp", "Windows 5.1"), null, "what NTP says is no answer of a file server");
});

test("no pattern takes long on text made to hurt it", () => {
  // The longest any subject takes, of characters that patterns like to share.
  for (const subject of ["http", "realm", "ftp", "telnet", "ssh", "snmp", "smb", "dhcp-class", "dns"] as const) {
    recog.recognize(subject, "warm");
    for (const spot of [" ", "1", "a", ".", "-", "1.", "a ", "\n", "\r\n", "*"]) {
      const text = `SSH-2.0-${spot.repeat(600)}!`;
      const began = process.threadCpuUsage();
      recog.recognize(subject, text);
      const took = process.threadCpuUsage(began).user / 1000;
      assert.ok(took < 250, `${subject} took ${took} ms on ${JSON.stringify(spot)}`);
    }
  }
});

test("what a claim says follows the first line that fits, once for each attribute", () => {
  const says = (...claim: Parameters<typeof signs.of>) => signs.of(...claim).map(({ says, value }) => `${says}: ${value}`);
  assert.deepEqual(says("userAgent", "http", "Mozilla/5.0 (Linux; Android 9; SM-G960F Build/PPR1) Chrome/80"), [
    "os: Android 9",
    "model: SM-G960F",
  ]);
  assert.deepEqual(says("userAgent", "http", "Mozilla/5.0 (X11; Ubuntu; Linux x86_64) Firefox/115"), ["os: Ubuntu"]);
  assert.deepEqual(says("vendorClass", "dhcp", "MSFT 5.0"), ["os: Windows"]);
  assert.deepEqual(says("osStated", "smb", "Windows 5.1"), ["windows: 5.1"]);
  assert.deepEqual(says("serverBanner", "mysql", "MySQL 5.5.5-10.6.12-MariaDB-0ubuntu0.22.04.1"), [
    "software: MariaDB 10.6.12",
    "os: Ubuntu",
  ]);
  assert.deepEqual(says("serverBanner", "mysql", "MySQL 8.0.36"), ["software: MySQL 8.0.36"]);
  assert.deepEqual(says("serverBanner", "postgresql", "PostgreSQL 15.8 (Debian 15.8-0+deb12u1)"), [
    "software: PostgreSQL 15.8",
    "os: Debian",
  ]);
  assert.deepEqual(says("serverBanner", "tds", "SQL Server 15.0.2000"), ["software: SQL Server 15.0.2000"]);
  assert.deepEqual(says("serverBanner", "amqp", "RabbitMQ 3.8.9"), ["software: RabbitMQ 3.8.9"]);
  assert.deepEqual(says("serverBanner", "rtsp", "GStreamer RTSP server"), [], "no version, so nothing is said of one");
  assert.deepEqual(says("osStated", "browser", "6.1"), ["windows: 6.1"]);
  assert.deepEqual(says("hostname", "dhcp", "OICU812-XP"), [], "a name says nothing of what its bearer is");
  assert.deepEqual(says("dicomImplementation", "dicom", "1.2.276.0.7230010.3.0.3.6.4 OFFIS_DCMTK_364"), ["software: OFFIS_DCMTK_364"]);
});

test("servers of mail, names and calls say their program; what says only a trade names none", () => {
  const says = (...claim: Parameters<typeof signs.of>) => signs.of(...claim).map(({ says, value }) => `${says}: ${value}`);
  assert.deepEqual(says("serverBanner", "smtp", "mx.clinic.example ESMTP Exim 4.96 Sat, 28 Nov 2026"), ["software: Exim 4.96"]);
  assert.deepEqual(says("serverBanner", "smtp", "mx.clinic.example ESMTP Postfix (Debian/GNU)"), ["software: Postfix", "os: Debian"]);
  assert.deepEqual(says("serverBanner", "smtp", "mx.clinic.example ESMTP ready"), []);
  assert.deepEqual(says("serverBanner", "imap", "Dovecot (Debian) ready."), ["software: Dovecot", "os: Debian"]);
  assert.deepEqual(says("serverBanner", "imap", "Waiting for authentication process to respond.."), []);
  assert.deepEqual(says("serverBanner", "dns", "9.18.49-1~deb12u3-Debian"), ["software: BIND 9.18.49", "os: Debian"]);
  assert.deepEqual(says("serverBanner", "dns", "unbound 1.17.1"), ["software: unbound 1.17.1"]);
  assert.deepEqual(says("serverBanner", "dns", "none of your business"), []);
  assert.deepEqual(says("serverBanner", "sip", "kamailio (5.6.3 (x86_64/linux))"), [
    "software: kamailio 5.6.3",
    "kind: telephone exchange",
  ]);
  assert.deepEqual(says("userAgent", "sip", "Callphone DECT-7/3.2.1"), []);
  assert.deepEqual(says("serverBanner", "ftp", "ProFTPD Server (Debian) [10.0.0.2]"), ["software: ProFTPD", "kind: file server"]);
  assert.deepEqual(says("serverBanner", "ftp", "FTP server ready."), []);
});

test("the tables hold together", () => {
  const sources = [
    ...table("signs.tsv", 7).map((row) => row[5]!),
    ...table("recog.tsv", 7).map((row) => row[5]!),
    ...table("roles.tsv", 5).map((row) => row[3]!),
  ];
  assert.deepEqual([...new Set(sources)].filter((source) => !weights.has(source)), []); // prettier-ignore
  const said = table("signs.tsv", 7);
  assert.deepEqual([...said, ...table("recog.tsv", 7)].filter(([observed]) => !Object.hasOwn(attributes, observed!)).map(([observed]) => observed), []); // prettier-ignore
  assert.deepEqual(
    said.filter(([, , , says, value]) => (says === "kind" || says === "sends" || says === "works as") && !kinds.has(value!)),
    [],
  );
  assert.deepEqual(table("families.tsv", 5).filter(([, , , kind]) => !kinds.has(kind!)), []); // prettier-ignore
  assert.deepEqual(table("roles.tsv", 5).filter(([, , kind]) => !kinds.has(kind!)), []); // prettier-ignore
  assert.deepEqual(table("kinds.tsv", 4).filter(([, under, care]) => (under !== "" && !kinds.has(under!)) || (care !== "-" && !CARE_CLASSES.some((it) => it === care))), []); // prettier-ignore
  const names = new Set(table("os.tsv", 5).map(([name]) => name!));
  assert.deepEqual(table("os.tsv", 5).filter(([, under]) => under !== "" && !names.has(under!)), []); // prettier-ignore
  for (const name of [
    "signs.tsv",
    "recog.tsv",
    "families.tsv",
    "kinds.tsv",
    "makers.tsv",
    "os.tsv",
    "windows.tsv",
    "roles.tsv",
    "tcp-syn.tsv",
    "dhcp-options.tsv",
    "weights.tsv",
  ]) {
    const columns = { "signs.tsv": 7, "recog.tsv": 7, "families.tsv": 5, "kinds.tsv": 4, "makers.tsv": 5, "os.tsv": 5, "windows.tsv": 3, "roles.tsv": 5, "tcp-syn.tsv": 5, "dhcp-options.tsv": 4, "weights.tsv": 11 }[name]!; // prettier-ignore
    assert.deepEqual(table(name, columns).filter((row) => row.at(-1) === ""), [], `${name}: a line without a source`); // prettier-ignore
  }
});

test("what is expected is said of kinds there are, with a source and what is lost without it", () => {
  const flows = expectedFlows();
  assert.ok(flows.length > 12);
  for (const { client, server, service, purpose, without, source } of flows) {
    for (const kind of [client, ...(server === null || server === OUTSIDE ? [] : [server])]) assert.ok(kinds.has(kind), kind);
    assert.ok(service === null || /^(tcp|udp) \d+(, \d+)*$/.test(service), service ?? "");
    assert.ok(server !== null || service !== null, `whoever serves nothing: ${purpose}`);
    assert.ok(purpose !== "" && without !== "" && /^(IHE|NIST|HL7|AAMI|45 CFR|U\b|Philips)/.test(source), source);
  }
});
