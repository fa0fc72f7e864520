/** Every condition there is: one file each, one line here. Docs, pages and `auscult vulnerabilities` take them from this list. */
import type { Condition } from "../model/weakness.ts";
import { advisory } from "./advisory.ts";
import { answersOutside } from "./answers-outside.ts";
import { asksNeighbors } from "./asks-neighbors.ts";
import { certificateExpired } from "./certificate-expired.ts";
import { certificateSelfSigned } from "./certificate-self-signed.ts";
import { controlWithoutSecurity } from "./control-without-security.ts";
import { databaseAnswers } from "./database-answers.ts";
import { defaultLogIn } from "./default-log-in.ts";
import { ftpAnswers } from "./ftp-answers.ts";
import { guestNetwork } from "./guest-network.ts";
import { knownWorm } from "./known-worm.ts";
import { modelEndOfSupport } from "./model-end-of-support.ts";
import { nfsOpen } from "./nfs-open.ts";
import { oldTls } from "./old-tls.ts";
import { outdatedProof } from "./outdated-proof.ts";
import { pageInTheClear } from "./page-in-the-clear.ts";
import { partInSbom } from "./part-in-sbom.ts";
import { patientDataInTheClear } from "./patient-data-in-the-clear.ts";
import { remoteDesktop } from "./remote-desktop.ts";
import { screenOfX11 } from "./screen-of-x11.ts";
import { secretsInTheClear } from "./secrets-in-the-clear.ts";
import { severalNetworks } from "./several-networks.ts";
import { smb1Spoken } from "./smb1-spoken.ts";
import { snmpWithoutSecrets } from "./snmp-without-secrets.ts";
import { systemEndOfSupport } from "./system-end-of-support.ts";
import { telnetAnswers } from "./telnet-answers.ts";
import { tftpAnswers } from "./tftp-answers.ts";
import { turnsOutside } from "./turns-outside.ts";
import { vncAnswers } from "./vnc-answers.ts";
import { webLogInInTheClear } from "./web-log-in-in-the-clear.ts";

export { weaknessesOf } from "./examining.ts";

export const conditions: readonly Condition[] = [
  // Commands, files and screens for anyone on the way.
  telnetAnswers,
  ftpAnswers,
  tftpAnswers,
  webLogInInTheClear,
  pageInTheClear,
  vncAnswers,
  remoteDesktop,
  screenOfX11,
  nfsOpen,
  databaseAnswers,
  // Log-ins.
  defaultLogIn,
  secretsInTheClear,
  outdatedProof,
  snmpWithoutSecrets,
  controlWithoutSecurity,
  // Versions and certificates.
  smb1Spoken,
  oldTls,
  certificateExpired,
  certificateSelfSigned,
  // Patients.
  patientDataInTheClear,
  // Networks.
  turnsOutside,
  answersOutside,
  guestNetwork,
  severalNetworks,
  asksNeighbors,
  // Published vulnerabilities.
  advisory,
  partInSbom,
  knownWorm,
  // What nobody mends any more.
  systemEndOfSupport,
  modelEndOfSupport,
];
