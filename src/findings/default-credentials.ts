/** A log-in with a name and a password that come with such devices worked: anybody who has read the manual is in. */
import { atOnce } from "./at-once.ts";

export const defaultCredentials = atOnce({
  name: "default-credentials",
  title: "A password that came with the device is still right",
  family: "exposure",
  severity: "medium",
  harms: ["device"],
  remedy:
    "Have the password changed with the maker's instructions, at a time when the device treats nobody, and tell every program that logs in there before. Until then let only those programs' machines reach it.",
  technique: ["T1078.001 Default Accounts", "T0812 Default Credentials"],
  sees: "A log-in by FTP, HTTP (basic) or RTSP (basic) with a usual name and a usual password, taken by the server. Which, is not kept.",
  misses:
    "Passwords that come with one model only; protocols that hide passwords; log-ins in forms of web pages; devices nobody logs in at.",
  mistaken: "A server that takes any password for pages anybody may see.",
  tune: "Explain it for devices whose maker allows no other password, with the wall that stands around them.",
  heard: { defaultCredentials: { says: () => "A log-in with a name and password as devices come with was taken" } },
  hits: "receiver",
  // One finding of the device, whoever logs in.
  subject: "receiver",
});
