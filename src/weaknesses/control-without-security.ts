/** What steers it comes unsigned and unencrypted, though its protocol has both. */
import type { Condition } from "../model/weakness.ts";
import { saying } from "./heard.ts";

export const controlWithoutSecurity: Condition = {
  name: "control-without-security",
  kind: "exposure",
  title: "It takes commands without signature and encryption",
  severity: "medium",
  harms: ["device", "patient"],
  remedy: "Have the secured endpoint turned on with the maker's instructions, then the open one off, once all clients use it.",
  control: "Let only the machines that steer it reach it.",
  cured: "No open endpoint has been used for 14 days",
  minutes: 60,
  source: "OPC UA part 2 section 6; IEEE 11073-20701 (SDC: TLS is required)",
  misses: "Endpoints nobody used while we listened; protocols that have no security at all, such as Modbus.",

  examine: (device) =>
    saying(
      device,
      ({ attribute, value }) => attribute === "dialect" && OPEN.has(value),
      ({ value }) => `It spoke ${value}`,
    ),
};

const OPEN: ReadonlySet<string> = new Set(["OPC UA without security", "SDC without encryption"]);
