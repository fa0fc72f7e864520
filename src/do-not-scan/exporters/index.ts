/** Everything the do-not-scan list can be written for: adding one is a file and a line here. */
import { csv } from "./csv.ts";
import type { Exporter } from "./exporter.ts";
import { json } from "./json.ts";
import { nessus } from "./nessus.ts";
import { nmap } from "./nmap.ts";
import { qualys } from "./qualys.ts";
import { rapid7 } from "./rapid7.ts";
import { tenable } from "./tenable.ts";

export const exporters: readonly Exporter[] = [nmap, nessus, tenable, qualys, rapid7, csv, json];
