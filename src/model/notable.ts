/**
 * The closed list of what a protocol may find worth saying at once (`report.notable`), because a second later would be late: a step of an
 * attack, a command that changes a device, a claim that may contradict another. It says that it was heard, never that it was meant ill:
 * most of it is ordinary somewhere, and the core judges by who, how often, and whether that is new (`findings/`).
 */
interface About {
  /** What was heard; of what kind `thing` is, which tells repetitions apart, and `amount`, which adds up, where they are given. */
  readonly doc: string;
  /** Told only in a second in which a thing is new (of the last 5 minutes): who asks the same again and again is not worth a line each time. */
  readonly ofNew?: true;
}

const list = {
  // Of images and records.
  dicomAssociation: { doc: "A DICOM association is accepted (PS3.8 section 9.3.3)." },
  dicomQuery: { doc: "A question to an archive or worklist (PS3.7: C-FIND)." },
  dicomRetrieve: { doc: "Images are asked for, to be sent somewhere or here (C-MOVE, C-GET), or are fetched by DICOMweb." },
  dicomSubOperation: { doc: "The first image of an association that is sent because somebody else asked for it by C-MOVE." },
  dicomProgram: { doc: "A DICOM file whose preamble begins a program." },
  fhirExport: { doc: "A FHIR server is asked for a bulk export." },
  hl7Merge: { doc: "Patients are merged (HL7 chapter 3: A18, A34 to A42, A47, A49)." },
  hl7Replay: { doc: "A message is said again that was accepted before on the same connection; told apart by its control id." },
  // Of monitors and ventilators.
  alarmsSet: {
    doc: "A bedside device is told to change its alarms (SDC: SetAlertState), or its settings, alarms among them (IntelliVue: set, but for what a client wants to be told).",
  },
  deviceSet: { doc: "A bedside device is told to change what it does (SDC: SetValue, SetMetricState, Activate and their like)." },
  alarmPaused: { doc: "A device tells that an alarm of its was paused or turned off (IHE PCD-04); `thing` is the device, or its bed." },
  // Of links and packets.
  addressTaken: {
    doc: "An answer of ARP nobody asked for, by a card that speaks for another address too, for one that another card claimed within the last 5 minutes; `thing` is who was answered. From the card to whose address it is.",
  },
  addressContested: {
    doc: "A card says, in a question of ARP or to all, that an address is its own, after two cards took turns in saying so within 10 minutes. From the card to the address as the other has it.",
  },
  routeTaken: {
    doc: "A packet of a conversation that went by another card before, from a card that answered ARP unasked within the last minute; `thing` is whom it reached. From the card to the address it answered for.",
  },
  arpOddLength: { doc: "ARP for Ethernet and IPv4 whose addresses are not as long as theirs are (RFC 826)." },
  routingHeader0: { doc: "An IPv6 packet that would visit machines in turn (RFC 5095 forbids it)." },
  sourceIsTarget: { doc: "A packet from an address to itself, on the outermost header." },
  fragmentedDiscovery: { doc: "Neighbor discovery in fragments (RFC 6980 forbids it)." },
  routerAnnounced: {
    doc: "A machine says that it is a router for IPv6; counted apart by the networks it names as the segment's own, where it names any.",
  },
  routerEnded: { doc: "A machine says of itself, or somebody in its name, that it is no router for IPv6, or is one no longer." },
  gatewaySpoke: {
    doc: "A router that stands in for others says that it is there (HSRP, VRRP).",
    ofNew: true,
  },
  treeRoot: {
    doc: "A bridge says which one it takes for the root of the spanning tree; counted apart by that one's card.",
    ofNew: true,
  },
  treeChanged: { doc: "A bridge says that the spanning tree changes." },
  oddRdnss: { doc: "A router names its name servers in an option of an even length, which none can have (RFC 8106 section 5.1)." },
  dhcpClient: {
    doc: "A client of DHCP: one whose card is not the frame's, or one with an address, counted apart by the number of its exchange; `thing` is the client. From the frame's card.",
  },
  dhcpNetwork: {
    doc: "A server of DHCP gives an address, without a relay; counted apart by its network. To the server as it names itself.",
  },
  dhcpOptions: { doc: "The same, counted apart by network, routers and name servers." },
  dhcp6Options: {
    doc: "A server of DHCPv6 answers a client on its own segment; counted apart by the name servers it gives. From the server to the client.",
  },
  dhcpServerChosen: { doc: "A client says to all which server of DHCP it takes. To that server." },
  largeEcho: { doc: "A ping with more data than ping programs send by themselves; `thing` is its id and number, `amount` its bytes." },
  largeEchoData: { doc: "The same, with `thing` its id, its number and what it carries." },
  // Of names.
  dnsName: {
    doc: "A name asked for under a domain, long or of a type machines do not resolve by; counted apart by domain; `thing` is the name, `amount` its bytes below the domain.",
  },
  dnsOddName: { doc: "The same, of a type or with characters that names of machines do not have." },
  dnsAnsweredTwice: {
    doc: "A question of DNS is answered more often than it was asked, with other addresses; `thing` is the name. From who asked to the server in whose name it was answered.",
  },
  dnsAnsweredByOther: { doc: "The same, by another card than the first answer's." },
  nameAnswered: {
    doc: "A machine answers its neighbors for a name (LLMNR, NetBIOS); `thing` is the name. From who answers, to nobody: whoever asked.",
  },
  proxyAnswered: { doc: "The same for the names by which machines look for a proxy or a tunnel (wpad, isatap), which no machine bears." },
  // Of what is asked of services.
  lookupInjected: { doc: "A request makes a program's log look something up (CVE-2021-44228)." },
  sqlInjected: { doc: "A request carries a statement of SQL where a value belongs." },
  scriptInjected: { doc: "A request carries a script where a value belongs." },
  browserFeigned: {
    doc: "A request by HTTP that names a browser but neither forms nor languages nor encodings it takes, all of which browsers send (Fetch standard, HTTP-network-or-cache fetch).",
  },
  heartbeatOverread: { doc: "A TLS heartbeat asks for more than it brought (CVE-2014-0160); `amount`: bytes asked for." },
  mailLogIn: { doc: "A log-in to a mail server." },
  commandShell: { doc: "A command prompt as the first that is said on a connection nobody's protocol is." },
  machineIntroduced: { doc: "A system and a processor named in the first line on a connection nobody's protocol is." },
  program: { doc: "A program for Linux or Windows as the first that is said on a connection nobody's protocol is." },
  programCarried: {
    doc: "A program for Linux or Windows as what a server of HTTP answers, or as a file by FTP. From who gives it to who gets it.",
  },
  bitcoin: { doc: "The protocol of Bitcoin's nodes." },
  torCertificate: { doc: "A certificate as Tor's relays make them: two random names." },
  greetedElsewhere: {
    doc: "A client greets in a protocol at a port that is not that protocol's; `thing` is the protocol.",
    ofNew: true,
  },
  clearAtTlsPort: {
    doc: "A server answers in the clear at a port whose protocols are all encrypted; `thing` is the protocol.",
    ofNew: true,
  },
  rpcAdminSought: {
    doc: "The port mapper is asked for a remote administration that was broken for decades (sadmind); `thing` is who is asked.",
  },
  // Of log-ins, and of Windows machines and their domain.
  formRefused: {
    doc: "A form with a field for a password is answered by HTTP as wrong ones are: by a status, a page, or a way back; counted apart by where it was sent and how long the answer is.",
  },
  defaultCredentials: { doc: "A log-in with a name and password that come with such devices was taken." },
  guessableTicket: {
    doc: "A Kerberos ticket for the account of a program, sealed with RC4 (RFC 4757), so that its password can be guessed at leisure; told apart by service.",
  },
  serviceCreated: { doc: "A Windows machine is told to install a service (MS-SCMR)." },
  methodExecuted: { doc: "A Windows machine is told to run a method of its management (MS-WMI: ExecMethod)." },
  taskRegistered: { doc: "A Windows machine is given a task to run (MS-TSCH)." },
  driverAdded: { doc: "A Windows machine is told to install a printer driver (MS-RPRN, MS-PAR)." },
  programToAdminShare: { doc: "A program is written to a share that only administrators may use (ADMIN$, C$)." },
  commandOutput: {
    doc: "What a command answered is fetched from a share of administrators, from a file named as tools of attack name it.",
  },
  secretsRead: {
    doc: "A Windows machine is asked for the part of its registry that its passwords are sealed with, or to save a part of it as a file (MS-RRP).",
  },
  directoryReplicated: {
    doc: "A domain controller is asked for all that changed in the directory, secrets among it (MS-DRSR: GetNCChanges).",
  },
  emptyProof: { doc: "A log-in of a machine whose proof is nothing but zeros (MS-NRPC; CVE-2020-1472)." },
  forcedLogin: {
    doc: "A Windows machine is told to open a path, which makes it log in wherever that leads (MS-EFSR, MS-DFSNM, MS-FSRVP).",
  },
  printerWatched: { doc: "A Windows machine is asked to tell of changes of its printers (MS-RPRN), for which it logs in at who asked." },
  sharesListed: { doc: "The shares of a Windows machine are listed (MS-SRVS: NetrShareEnum)." },
  overlongCall: {
    doc: "A call to a Windows machine carries a path that climbs, or instructions, where a name belongs (MS03-026, MS04-011, MS08-067).",
  },
  implantQuestion: { doc: "A subcommand of SMB 1 that only an implant in the system answers (Trans2 SESSION_SETUP)." },
  implantAnswer: { doc: "The answer of such an implant." },
  mixedTransaction: { doc: "Two kinds of transaction of SMB 1 mixed into one, which overruns systems without MS17-010." },
  reservedChannel: { doc: "A client of remote desktop asks for a channel that only the system opens (MS_T120; CVE-2019-0708)." },
  withdrawnDialect: { doc: "A client of SMB offers versions that no released system has: a probe (CVE-2020-0796)." },
  serviceAccountSearch: { doc: "A directory is searched for all accounts that programs run under (LDAP: servicePrincipalName present)." },
  communityTried: {
    doc: "A question in SNMP 1 or 2c; told apart by its community, without the VLAN that switches take behind it.",
    ofNew: true,
  },
  // Of devices.
  snmpSet: { doc: "An SNMP manager writes to an agent (RFC 3416 section 4.2.5)." },
  modbusWrite: { doc: "Values of a controller are written by Modbus." },
  bacnetWrite: { doc: "Properties or files of a controller are written by BACnet." },
  s7Write: { doc: "Values, programs or the clock of a controller are written by S7 communication." },
  dnp3Write: { doc: "Points of a controller are written or operated by DNP3." },
  opcuaWrite: { doc: "Values of a controller are written, or a method of its called, by OPC UA." },
  controllerStopped: {
    doc: "A controller is told to stop, restart or be silent (S7: PLC stop or control; BACnet: reinitialize, communication control; DNP3: restart, stop of an application).",
  },
  firmwarePushed: { doc: "A file named as firmware is pushed by TFTP (RFC 1350: WRQ)." },
  firmwareStored: { doc: "A file named as firmware is stored by FTP (RFC 959: STOR, APPE)." },
  settingsPushed: { doc: "A file named as settings is pushed by TFTP or FTP." },
  firmwareFetched: { doc: "A file named as firmware is fetched by TFTP or FTP." },
} as const satisfies Record<string, About>;

export type Notable = keyof typeof list;
export const notables: Readonly<Record<Notable, About>> = list;
