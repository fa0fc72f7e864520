/**
 * Excluded targets of a site of Rapid7 InsightVM or Nexpose: the body of `PUT /api/3/sites/{id}/excluded_targets`, a list of addresses, each
 * "a hostname, ipv4 address, ipv4 address range, ipv6 address, or CIDR notation" (rapid7/vm-console-client-ruby, docs/ScanTargetsResource.md).
 */
import type { Exporter } from "./exporter.ts";

export const rapid7: Exporter = {
  name: "rapid7",
  title: "excluded targets of a site of Rapid7 InsightVM or Nexpose (JSON)",
  extension: "json",
  mediaType: "application/json",
  families: [4, 6],
  use: "PUT it to /api/3/sites/{id}/excluded_targets of the console, for each site. It takes the place of what is excluded there: put that in first.",
  write: ({ entries }) =>
    `${JSON.stringify([...new Set(entries.flatMap(({ addresses }) => addresses.map(({ text }) => text)))], null, 1)}\n`,
};
