/**
 * Syslog (RFC 5424) with CEF in it: over UDP (RFC 5426), TCP and TLS (RFC 6587 and 5425, lengths before messages). TCP gives no answer: what
 * this computer handed over counts as sent, and is not confirmed.
 */
import { createSocket } from "node:dgram";
import { lookup } from "node:dns/promises";
import { connect, isIP, type Socket } from "node:net";
import { hostname } from "node:os";
import { connect as connectTls } from "node:tls";
import { cef } from "./cef.ts";
import { ANSWER_MS, type Output, type Told } from "./output.ts";
import type { Severity } from "../../model/finding.ts";

export interface SyslogOptions {
  readonly transport: "udp" | "tcp" | "tls";
  readonly host: string;
  readonly port: number;
  /** PEM: trusted besides what this computer trusts. */
  readonly ca?: string;
}

/** RFC 5424: facility 10 is security, 4 of it is authorization; severities as syslog numbers them. */
const FACILITY = 10;
const SYSLOG_SEVERITY: Readonly<Record<Severity, number>> = { critical: 2, high: 3, medium: 4, low: 5 };
/** What every receiver of UDP takes (RFC 5426). */
const UDP_BYTES_MAX = 2_048;

export function syslog({ transport, host, port, ca }: SyslogOptions): Output {
  return {
    name: "syslog",
    where: `${transport}://${host}:${port}`,
    send: (id, told) => {
      const text = messageOf(id, told);
      if (transport === "udp") return sendDatagram(cut(text, UDP_BYTES_MAX), host, port);
      const message = Buffer.from(text);
      const socket =
        transport === "tcp" ? connect(port, host) : connectTls({ port, host, ...nameOf(host), ...(ca === undefined ? {} : { ca }) });
      return sendOnce(
        socket,
        transport === "tcp" ? "connect" : "secureConnect",
        Buffer.concat([Buffer.from(`${message.length} `), message]),
      );
    },
    close: () => undefined,
  };
}

export function messageOf(id: string, told: Told): string {
  const { finding } = told;
  const priority = FACILITY * 8 + SYSLOG_SEVERITY[finding.severity];
  const at = new Date(finding.last / 1_000).toISOString();
  const host = hostname().replace(/[^\x21-\x7e]/g, "").slice(0, 255) || "-"; // prettier-ignore
  // The mark says that what follows is UTF-8.
  return `<${priority}>1 ${at} ${host} auscult ${process.pid} finding [auscult@32473 delivery="${id}"] \uFEFF${cef(told)}`;
}

/** UTF-8 in so many bytes at most, of whole characters. */
function cut(text: string, bytesMax: number): Buffer {
  const bytes = Buffer.alloc(bytesMax);
  return bytes.subarray(0, new TextEncoder().encodeInto(text, bytes).written);
}

/** RFC 6066 section 3: a server is named by its name; one that is known by an address alone is checked by that. */
function nameOf(host: string): { readonly servername?: string } {
  return isIP(host) === 0 ? { servername: host } : {};
}

async function sendDatagram(message: Buffer, host: string, port: number): Promise<string> {
  const { address, family } = await lookup(host);
  return new Promise((resolve, reject) => {
    const socket = createSocket(family === 6 ? "udp6" : "udp4");
    const end = (error: Error | null) => {
      socket.close();
      if (error === null) resolve("sent; UDP confirms nothing");
      else reject(error);
    };
    socket.once("error", end);
    socket.send(message, port, address, (error) => end(error));
  });
}

/** One connection each: findings are few, and a connection that is gone is noticed. */
function sendOnce(socket: Socket, ready: "connect" | "secureConnect", bytes: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => socket.destroy(new Error(`no answer within ${ANSWER_MS / 1_000} s`)), ANSWER_MS);
    socket.once("error", reject);
    socket.once(ready, () => socket.end(bytes));
    // A receiver may say something; nobody listens, and it must not hold up the end.
    socket.resume();
    socket.once("close", (failed) => {
      clearTimeout(timer);
      if (!failed && socket.bytesWritten >= bytes.length) resolve("sent; syslog confirms nothing");
      else reject(new Error("the connection was closed before it was sent"));
    });
  });
}
