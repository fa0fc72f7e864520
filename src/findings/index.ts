/** Every watch there is: one file each, one line here. Their docs, the table of their twins and `auscult findings` take them from this list. */
import type { Watch } from "../model/finding.ts";
import { arpSpoofing } from "./arp-spoofing.ts";
import { bitcoinSpoken } from "./bitcoin-spoken.ts";
import { commandShellOpen } from "./command-shell.ts";
import { craftedPackets } from "./crafted-packets.ts";
import { dhcpStarvation } from "./dhcp-starvation.ts";
import { dnsTunnel } from "./dns-tunnel.ts";
import { doseBeyond } from "./dose-beyond.ts";
import { heartbleed } from "./heartbleed.ts";
import { icmpTunnel } from "./icmp-tunnel.ts";
import { imagingBulk } from "./imaging-bulk.ts";
import { imagingStranger } from "./imaging-stranger.ts";
import { injectedCommands } from "./injected-commands.ts";
import { libraryBack } from "./library-back.ts";
import { logInGuessing } from "./log-in-guessing.ts";
import { mailLogInOutside } from "./mail-log-in-outside.ts";
import { monitorsLost } from "./monitors-lost.ts";
import { programInImage } from "./program-in-image.ts";
import { programPushed } from "./program-pushed.ts";
import { pumpDiffers } from "./pump-differs.ts";
import { pumpStranger } from "./pump-stranger.ts";
import { pumpsInARow } from "./pumps-in-a-row.ts";
import { recordBurst } from "./record-burst.ts";
import { recordExport } from "./record-export.ts";
import { recordStranger } from "./record-stranger.ts";
import { rogueDhcp } from "./rogue-dhcp.ts";
import { rpcAdminSought } from "./rpc-admin-sought.ts";
import { segmentStorm } from "./segment-storm.ts";
import { torEntered } from "./tor-entered.ts";

export { Watching } from "./watching.ts";

export const watches: readonly Watch[] = [
  // Links and names.
  arpSpoofing,
  craftedPackets,
  dhcpStarvation,
  dnsTunnel,
  icmpTunnel,
  rogueDhcp,
  segmentStorm,
  // Services.
  commandShellOpen,
  heartbleed,
  injectedCommands,
  logInGuessing,
  programPushed,
  rpcAdminSought,
  // The way outside.
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
  monitorsLost,
] as readonly Watch[];
