/** Versions of TLS that were withdrawn. */
import type { Condition } from "../model/weakness.ts";
import { saying } from "./heard.ts";

export const oldTls: Condition = {
  name: "old-tls",
  kind: "exposure",
  title: "It chooses a withdrawn version of TLS",
  severity: "low",
  harms: ["device"],
  remedy: "Ask the maker for an update that takes TLS 1.2 or 1.3, and have the older ones turned off once all who connect can do without.",
  control: "Let only the machines that need it connect; a gateway that ends TLS in front of it speaks a newer one outwards.",
  cured: "No withdrawn version of TLS has been chosen for 14 days",
  minutes: 45,
  source: "RFC 8996 (TLS 1.0, 1.1); RFC 7568 (SSL 3.0)",
  misses: "A server that would take an older one, where every client offered a newer one; weak ciphers within a newer version.",

  *examine(device) {
    const isSsl = device.said.some(({ attribute, value }) => attribute === "tlsVersion" && value === SSL);
    yield* saying(
      device,
      ({ attribute, value }) => attribute === "tlsVersion" && WITHDRAWN.has(value),
      ({ value }) => `It chose ${value}`,
      isSsl ? { severity: "medium" } : {},
    );
  },
};

const SSL = "SSL 3.0";
const WITHDRAWN: ReadonlySet<string> = new Set([SSL, "TLS 1.0", "TLS 1.1"]);
