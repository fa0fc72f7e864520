/** Old ways in, in the clear: Telnet (RFC 854) and FTP (RFC 959). The log-ins are invented, and look it. */
import { bytes, latin } from "../frames.ts";
import type { Line } from "../wire.ts";

const IAC = 255;
const WILL = 251;
const DO = 253;
const ECHO = 1;
const GO_AHEAD = 3;

export function telnetSession(greeting: string, name = "zztest"): readonly Line[] {
  return [
    ["server", Uint8Array.of(IAC, WILL, ECHO, IAC, WILL, GO_AHEAD)],
    ["client", Uint8Array.of(IAC, DO, ECHO, IAC, DO, GO_AHEAD)],
    ["server", bytes(latin(`\r\n${greeting}\r\nlogin: `))],
    ["client", latin(`${name}\r\n`)],
    ["server", latin("password: ")],
    ["client", latin(`${name}\r\n`)],
    ["server", latin("\r\nLast login: Mon Jan  5 07:12\r\n> ")],
    ["client", latin("exit\r\n")],
  ];
}

export function ftpSession(greeting: string, system: string): readonly Line[] {
  return [
    ["server", latin(`220 ${greeting}\r\n`)],
    ["client", latin("USER zztest\r\n")],
    ["server", latin("331 Password required for zztest.\r\n")],
    ["client", latin("PASS zztest\r\n")],
    ["server", latin("230 User zztest logged in.\r\n")],
    ["client", latin("SYST\r\n")],
    ["server", latin(`215 ${system}\r\n`)],
    ["client", latin("QUIT\r\n")],
    ["server", latin("221 Goodbye.\r\n")],
  ];
}
