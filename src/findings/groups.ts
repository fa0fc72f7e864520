/** Addresses that many take for their own: multicast, broadcast. */
import type { Party } from "../model/finding.ts";

export function isGroup({ ip, mac }: Party): boolean {
  if (ip !== null) return ip === "255.255.255.255" || /^(?:22[4-9]|23\d)\.|^ff/.test(ip);
  return mac !== null && (Number.parseInt(mac.slice(0, 2), 16) & 1) === 1;
}
