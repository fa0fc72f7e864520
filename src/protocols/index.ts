/** Every protocol Auscult reads, one line each. The order breaks ties between recognizers: the most certain first. */
import type { Protocol } from "../model/protocol.ts";
import { amqp } from "./amqp.ts";
import { arp } from "./arp.ts";
import { bacnet } from "./bacnet.ts";
import { bitcoin } from "./bitcoin.ts";
import { browser } from "./netbios/browser.ts";
import { cdp } from "./cdp.ts";
import { citrix } from "./citrix.ts";
import { coap } from "./coap.ts";
import { commandShell } from "./command-shell.ts";
import { dcerpc } from "./dcerpc/dcerpc.ts";
import { dhcp } from "./dhcp.ts";
import { dhcp6 } from "./dhcp6.ts";
import { dicom } from "./dicom/dicom.ts";
import { dicomweb } from "./dicomweb.ts";
import { dnp3 } from "./dnp3.ts";
import { dns } from "./dns/dns.ts";
import { dpws } from "./dpws.ts";
import { eapol } from "./eapol.ts";
import { enip } from "./enip.ts";
import { fhir } from "./fhir.ts";
import { fox } from "./fox.ts";
import { ftp } from "./ftp.ts";
import { ftpData } from "./ftp-data.ts";
import { hl7 } from "./hl7/hl7.ts";
import { hsrp } from "./hsrp.ts";
import { http } from "./http/http.ts";
import { icmp } from "./icmp.ts";
import { igmp } from "./igmp.ts";
import { imap } from "./imap.ts";
import { intellivue } from "./intellivue.ts";
import { ipp } from "./ipp.ts";
import { kerberos } from "./kerberos.ts";
import { knxnetip } from "./knxnetip.ts";
import { ldap } from "./ldap.ts";
import { lis } from "./lis.ts";
import { lldp } from "./lldp.ts";
import { llmnr } from "./dns/llmnr.ts";
import { lpd } from "./lpd.ts";
import { machineIntroduction } from "./machine-introduction.ts";
import { mdns } from "./dns/mdns.ts";
import { medibus } from "./medibus.ts";
import { memcached } from "./memcached.ts";
import { mld } from "./mld.ts";
import { modbus } from "./modbus.ts";
import { mqtt } from "./mqtt.ts";
import { mysql } from "./mysql.ts";
import { nbns } from "./netbios/nbns.ts";
import { nd } from "./nd.ts";
import { ntlmssp } from "./ntlmssp.ts";
import { ntp } from "./ntp.ts";
import { oncrpc } from "./oncrpc.ts";
import { opcua } from "./opcua.ts";
import { ospf } from "./ospf.ts";
import { phd } from "./phd.ts";
import { pjl } from "./pjl.ts";
import { poct1a } from "./poct1a.ts";
import { pop3 } from "./pop3.ts";
import { postgresql } from "./postgresql.ts";
import { program } from "./program.ts";
import { quic } from "./tls/quic.ts";
import { radius } from "./radius.ts";
import { rdp } from "./rdp.ts";
import { redis } from "./redis.ts";
import { rfb } from "./rfb.ts";
import { rtsp } from "./rtsp.ts";
import { s7comm } from "./s7comm.ts";
import { sip } from "./sip.ts";
import { smb } from "./smb/smb.ts";
import { smtp } from "./smtp.ts";
import { snmp } from "./snmp.ts";
import { ssdp } from "./ssdp.ts";
import { ssh } from "./ssh.ts";
import { stp } from "./stp.ts";
import { stun } from "./stun.ts";
import { syslog } from "./syslog.ts";
import { tds } from "./tds.ts";
import { telnet } from "./telnet.ts";
import { tftp } from "./tftp.ts";
import { tls } from "./tls/tls.ts";
import { tns } from "./tns.ts";
import { unity } from "./unity.ts";
import { vrrp } from "./vrrp.ts";
import { wsdiscovery } from "./wsdiscovery.ts";

// prettier-ignore
export const protocols: readonly Protocol[] = [
  arp,
  nd,
  icmp,
  mld,
  igmp,
  vrrp,
  ospf,
  dhcp,
  dhcp6,
  dns,
  mdns,
  llmnr,
  nbns,
  browser,
  ssdp,
  wsdiscovery,
  dpws,
  lldp,
  cdp,
  snmp,
  stp,
  eapol,
  syslog,
  ntp,
  http,
  fhir,
  dicomweb,
  ipp,
  sip,
  stun,
  tls,
  quic,
  ssh,
  ftp,
  ftpData,
  smtp,
  imap,
  pop3,
  tftp,
  ntlmssp,
  smb,
  kerberos,
  ldap,
  dcerpc,
  telnet,
  citrix,
  oncrpc,
  tns,
  postgresql,
  mysql,
  tds,
  lpd,
  pjl,
  rdp,
  hl7,
  dicom,
  intellivue,
  phd,
  poct1a,
  lis,
  medibus,
  unity,
  modbus,
  bacnet,
  s7comm,
  opcua,
  enip,
  fox,
  knxnetip,
  dnp3,
  hsrp,
  radius,
  rfb,
  rtsp,
  mqtt,
  amqp,
  redis,
  memcached,
  coap,
  bitcoin,
  commandShell,
  machineIntroduction,
  program,
];
