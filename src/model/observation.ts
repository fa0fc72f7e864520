/**
 * The closed list of what can be observed. One line each: what it means, and when it is missing.
 * `name` marks a host name, which is kept only for machines of a clinical, building or server kind (README.md, promise 4).
 * `witness` asks `flows` to keep the frames it came in.
 */
interface About {
  readonly doc: string;
  readonly name?: true;
  readonly witness?: true;
  /** Binds the IP in its value to the MAC it is about: `flows` says it of the two together. */
  readonly binds?: true;
  /** Of a third one, its address is what the receiver of the message had asked for. */
  readonly answers?: true;
  /** Only what treats or examines patients, or serves those that do, says it or has it said. */
  readonly clinical?: true;
}

const list = {
  // Addresses and bindings.
  address: {
    doc: "An IP this MAC itself claims: ARP sender, ND target or source, DHCP acknowledgment, an IntelliVue announcement. The strongest binding there is.",
    binds: true,
  },
  answersFor: {
    doc: "An IP this MAC gave an ARP answer for: its own, or, when there are three it never asks from, another's whose proxy it is.",
    binds: true,
  },
  toldAddress: {
    doc: "An IP this MAC had as others wrote it down (a lease, an ARP table), at the time they give. Binds where no frame says otherwise.",
  },
  virtualAddress: { doc: "An IP a redundancy protocol moves between machines: never binds to one." },
  carrier: {
    doc: "This address forwards for others: a router advertisement, a DHCP relay, a virtual router MAC. The value says how it is known.",
  },
  clientId: { doc: "DHCP client identifier (option 61) in hex, when it is not just the MAC." },
  duid: { doc: "DHCPv6 unique identifier in hex. Names an installation: clones share it." },
  uuid: { doc: "A stable identifier the device gives itself (WS-Discovery endpoint, UPnP USN, PXE UUID)." },
  vlan: { doc: "802.1Q VLAN this address says it belongs to (LLDP, CDP); not the tag of a frame." },
  securityTag: { doc: "Cisco security group tag carried by its frames." },
  switchPort: {
    doc: "Switch and port where it is plugged in, or its access point: DHCP option 82, RADIUS, a neighbor's LLDP and CDP heard on its port, a switch's table.",
  },

  // Names.
  hostname: { doc: "What it calls itself (DHCP 12 and 81, mDNS, NBNS, LLMNR, browser, NTLM challenge).", name: true },
  domain: { doc: "Windows or DNS domain or workgroup it belongs to." },
  namePattern: { doc: "A withheld name: letters as a, digits as 9. Made by flows, never by a protocol." },
  nameHash: { doc: "A withheld name's keyed hash, compared and never printed. Made by flows, never by a protocol." },

  // What it is, in its own word.
  maker: { doc: "Maker as the device or its software states it." },
  model: { doc: "Model as the device states it." },
  serial: { doc: "Serial number as the device states it.", witness: true },
  udi: { doc: "Unique device identifier as the device states it.", witness: true },
  software: { doc: "Firmware or application software with its version, as stated." },
  hardware: { doc: "Hardware revision as stated." },
  description: { doc: "A description of itself: SNMP sysDescr, LLDP or CDP system description, browser comment." },
  location: { doc: "Where it says it is: LLDP-MED civic location, SNMP sysLocation, WS-Discovery location scope." },
  assetTag: { doc: "Asset number the device carries (LLDP-MED)." },
  capability: { doc: "What it says it does: LLDP and CDP capabilities (bridge, router, phone), WS-Discovery and UPnP device types." },

  // Fingerprints.
  ttl: { doc: "Initial time to live of the packets it originates: 32, 64, 128 or 255. From what frames showed, never from a message." },
  tcpSyn: { doc: "TCP SYN as window:ttl:df:size:options in the notation of pf.os. Made by flows, never by a protocol." },
  dhcpFingerprint: { doc: "DHCP option 55, in order, decimal, commas." },
  dhcp6Fingerprint: { doc: "DHCPv6 option request, in order, decimal, commas." },
  vendorClass: { doc: "DHCP vendor class (60, or 16 in version 6)." },
  userClass: { doc: "DHCP user class (77, or 15 in version 6)." },
  mudUrl: { doc: "Manufacturer usage description URL (RFC 8520) it announces." },
  ja4: { doc: "JA4 of a TLS client hello: library and settings of the client." },
  hassh: { doc: "Fingerprint of an SSH key exchange, with its side." },
  dicomImplementation: { doc: "DICOM implementation class UID, a space, and the implementation version name." },
  ntlmVersion: { doc: "major.minor.build of an NTLM challenge: a server's Windows." },
  ntlmClientVersion: { doc: "major.minor.build in NTLM messages 1 and 3. Not Windows by itself: Macs send 6.1.7600." },
  osStated: { doc: "Operating system in its own word: SMB1 native OS, browser version, CDP version." },
  lanManager: { doc: "SMB1 native LAN manager." },
  smbDialect: { doc: "SMB dialect the server chose." },
  sysObjectId: { doc: "SNMP sysObjectID, dotted." },
  engineId: { doc: "SNMPv3 engine identifier in hex." },

  // Banners and programs.
  serverBanner: { doc: "First words of a server: HTTP Server header, FTP 220, Telnet and SSH greeting. The protocol says which." },
  passesOn: {
    doc: "Server header that was answered to it where it asked on behalf of another (X-Forwarded-For, Forwarded): a machine's behind it, whose answers it passes on.",
  },
  userAgent: { doc: "What a client program says it is. Lies by habit: weighed low." },
  realm: { doc: "HTTP authentication realm." },
  upnpServer: { doc: "SSDP SERVER line." },
  service: { doc: "A service type it announces (mDNS, SSDP, WS-Discovery)." },
  askedAs: {
    doc: "Name an address was asked by: the question its DNS answer belongs to, or the SNI of a connection to it.",
    name: true,
    answers: true,
  },
  wants: { doc: "A name it asks for or connects to (DNS question, SNI, HTTP Host): outside names only when they identify it." },
  groups: { doc: "Multicast group it joined (IGMP, MLD)." },

  // Clinical roles.
  aeTitle: { doc: "DICOM application entity title it calls itself or is called by.", clinical: true },
  dicomRole: {
    doc: "What its presentation contexts make it: storage sender, query client, archive, worklist server, printer.",
    clinical: true,
  },
  sopClass: { doc: "DICOM SOP class UID proposed (client) or accepted (server).", clinical: true },
  storedClass: { doc: "DICOM SOP class UID of an object it sent to be stored.", clinical: true },
  modality: { doc: "DICOM modality code it produces: CT, MR, US.", clinical: true },
  stationName: { doc: "DICOM station name.", clinical: true },
  hl7Application: {
    doc: "HL7 application and facility it sends as, or is addressed as by its peer: application@facility.",
    clinical: true,
  },
  hl7Role: { doc: "What its HL7 messages make it: sends admissions, orders, results; receives them.", clinical: true },
  hl7Profile: { doc: "HL7 version, character set or IHE profile of what it sends.", clinical: true },
  programming: {
    doc: "What of a pump's programming crosses here: orders to it, their answers, its reports; and whether they could be compared with anything. Never what they say.",
    clinical: true,
  },
  deviceCode: { doc: "IEEE 11073 code of the device it says it is.", clinical: true },
  speaksFor: {
    doc: "Serial number of a device whose results it reports or whose images it sends: its own, or those of devices behind it.",
    clinical: true,
  },
  imagesOf: { doc: "Model of what made the images it sends: its own, or another's whose images it passes on.", clinical: true },

  // Encryption and risk, as facts.
  tlsVersion: { doc: "TLS version the server chose." },
  certificate: { doc: "Subject common name and organization of a server certificate heard in the clear.", name: true },
  certificateIssuer: { doc: 'Issuer of that certificate; "self-signed" when it is its own.' },
  certificateUntil: { doc: "Last day of that certificate, YYYY-MM-DD." },
  clearCredentials: {
    doc: "A secret crossed in the clear. The value is the protocol and whether it was a known default, never the secret.",
  },
  patientData: { doc: "Patient data crossed in the clear. The value is the protocol, never what it said.", clinical: true },
  dialect: { doc: "Version or dialect of a protocol that is itself a finding: SNMP v1, SMB 1, SSH 1." },
  fileName: { doc: "Firmware or configuration file asked for by TFTP or FTP; never the path of a person's document." },
} as const satisfies Record<string, About>;

export type Attribute = keyof typeof list;
export const attributes: Readonly<Record<Attribute, About>> = list;
