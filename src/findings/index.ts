/** Every watch there is: one file each, one line here. Their docs, the table of their twins and `auscult findings` take them from this list. */
import type { Watch } from "../model/finding.ts";
import { alarmsPaused } from "./alarms-paused.ts";
import { alarmsSet } from "./alarms-set.ts";
import { arpSpoofing } from "./arp-spoofing.ts";
import { beacon } from "./beacon.ts";
import { bitcoinSpoken } from "./bitcoin-spoken.ts";
import { browserFeigned } from "./browser-feigned.ts";
import { cardCopied } from "./card-copied.ts";
import { clearAtTlsPort } from "./clear-at-tls-port.ts";
import { commandShellOpen } from "./command-shell.ts";
import { communityGuessing } from "./community-guessing.ts";
import { connectionsHeld } from "./connections-held.ts";
import { craftedPackets } from "./crafted-packets.ts";
import { defaultCredentials } from "./default-credentials.ts";
import { deviceLoad } from "./device-load.ts";
import { deviceProbed } from "./device-probed.ts";
import { dhcpStarvation } from "./dhcp-starvation.ts";
import { directoryCopied } from "./directory-copied.ts";
import { dnsTunnel } from "./dns-tunnel.ts";
import { doseBeyond } from "./dose-beyond.ts";
import { duplicateAddress } from "./duplicate-address.ts";
import { emptyProof } from "./empty-proof.ts";
import { fanOut } from "./fan-out.ts";
import { firmwareMoved } from "./firmware-moved.ts";
import { forcedLogIn } from "./forced-log-in.ts";
import { forgedSenders } from "./forged-senders.ts";
import { heartbleed } from "./heartbleed.ts";
import { icmpTunnel } from "./icmp-tunnel.ts";
import { imagingBulk } from "./imaging-bulk.ts";
import { imagingStranger } from "./imaging-stranger.ts";
import { injectedCommands } from "./injected-commands.ts";
import { libraryBack } from "./library-back.ts";
import { logInGuessing } from "./log-in-guessing.ts";
import { logInsAcross } from "./log-ins-across.ts";
import { machineIntroduced } from "./machine-introduced.ts";
import { madeUpCards } from "./made-up-cards.ts";
import { mailLogInOutside } from "./mail-log-in-outside.ts";
import { monitorStranger } from "./monitor-stranger.ts";
import { massUpload } from "./mass-upload.ts";
import { monitorsLost } from "./monitors-lost.ts";
import { nameForged } from "./name-forged.ts";
import { namePoisoning } from "./name-poisoning.ts";
import { oddArp } from "./odd-arp.ts";
import { oldPassword } from "./old-password.ts";
import { outsideFirst } from "./outside-first.ts";
import { outsideKnocks } from "./outside-knocks.ts";
import { oversizedEcho } from "./oversized-echo.ts";
import { outsideAlert } from "./outside-alert.ts";
import { passwordSpraying } from "./password-spraying.ts";
import { programCarried } from "./program-carried.ts";
import { programInImage } from "./program-in-image.ts";
import { programPushed } from "./program-pushed.ts";
import { pumpDiffers } from "./pump-differs.ts";
import { pumpStranger } from "./pump-stranger.ts";
import { pumpsInARow } from "./pumps-in-a-row.ts";
import { rdpGuessing } from "./rdp-guessing.ts";
import { recordBurst } from "./record-burst.ts";
import { recordExport } from "./record-export.ts";
import { recordStranger } from "./record-stranger.ts";
import { remoteExecution } from "./remote-execution.ts";
import { rogueDhcp } from "./rogue-dhcp.ts";
import { rogueDns } from "./rogue-dns.ts";
import { rogueRouter } from "./rogue-router.ts";
import { rpcAdminSought } from "./rpc-admin-sought.ts";
import { scan } from "./scan.ts";
import { segmentStorm } from "./segment-storm.ts";
import { serviceProbing } from "./service-probing.ts";
import { shareListing } from "./share-listing.ts";
import { spanningTree } from "./spanning-tree.ts";
import { strangerWrites } from "./stranger-writes.ts";
import { ticketHarvest } from "./ticket-harvest.ts";
import { torEntered } from "./tor-entered.ts";
import { unlikeItsKind } from "./unlike-its-kind.ts";
import { windowsExploit } from "./windows-exploit.ts";
import { withdrawnDialect } from "./withdrawn-dialect.ts";

export { Watching } from "./watching.ts";

export const watches: readonly Watch[] = [
  // Links and names.
  arpSpoofing,
  cardCopied,
  craftedPackets,
  dhcpStarvation,
  duplicateAddress,
  dnsTunnel,
  icmpTunnel,
  madeUpCards,
  nameForged,
  namePoisoning,
  oddArp,
  rogueDhcp,
  rogueDns,
  rogueRouter,
  segmentStorm,
  spanningTree,
  scan,
  outsideKnocks,
  deviceProbed,
  serviceProbing,
  connectionsHeld,
  forgedSenders,
  oversizedEcho,
  deviceLoad,
  // Services.
  clearAtTlsPort,
  commandShellOpen,
  heartbleed,
  injectedCommands,
  machineIntroduced,
  programCarried,
  programPushed,
  rpcAdminSought,
  withdrawnDialect,
  // Log-ins.
  logInGuessing,
  rdpGuessing,
  passwordSpraying,
  logInsAcross,
  communityGuessing,
  oldPassword,
  defaultCredentials,
  // What devices are given.
  firmwareMoved,
  strangerWrites,
  // Windows machines and their domain.
  fanOut,
  remoteExecution,
  windowsExploit,
  emptyProof,
  directoryCopied,
  ticketHarvest,
  forcedLogIn,
  shareListing,
  // The way outside, and what a machine never did.
  outsideFirst,
  unlikeItsKind,
  beacon,
  browserFeigned,
  massUpload,
  bitcoinSpoken,
  mailLogInOutside,
  torEntered,
  // Pumps, images, records, monitors.
  doseBeyond,
  pumpStranger,
  pumpsInARow,
  pumpDiffers,
  libraryBack,
  imagingStranger,
  imagingBulk,
  programInImage,
  recordStranger,
  recordBurst,
  recordExport,
  monitorStranger,
  alarmsSet,
  alarmsPaused,
  monitorsLost,
  // What others who watch say.
  outsideAlert,
] as readonly Watch[];
