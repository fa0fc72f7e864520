/** Everything a policy can be written for: adding one is a file and a line here. */
import { ciscoDacl } from "./cisco-dacl.ts";
import { ciscoIos } from "./cisco-ios.ts";
import { csv } from "./csv.ts";
import { edl } from "./edl.ts";
import type { Exporter } from "./exporter.ts";
import { fortigate } from "./fortigate.ts";
import { mud } from "./mud.ts";
import { nftablesBridge, nftablesRouter, nftablesStateless } from "./nftables.ts";
import { paloAlto } from "./palo-alto.ts";
import { trustsec } from "./trustsec.ts";

export const exporters: readonly Exporter[] = [
  nftablesBridge,
  nftablesRouter,
  nftablesStateless,
  ciscoDacl,
  ciscoIos,
  trustsec,
  fortigate,
  paloAlto,
  edl,
  mud,
  csv,
];
