/** The certificate of the page: the site's own, or one that we make and keep in `tls/` in the data directory until it is old or lacks a name. */
import { createPrivateKey, X509Certificate } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { isIP } from "node:net";
import { hostname, networkInterfaces } from "node:os";
import { join } from "node:path";
import { makeCertificate, type Made } from "../accounts/certificate.ts";
import { WrongSettings, type Settings } from "../config.ts";
import { makeFolder, writeWhole } from "./folders.ts";
import { inWords } from "./refusals.ts";

export interface PageTls extends Made {
  /** What a browser may call the page: what the certificate is for. */
  readonly names: readonly string[];
  /** SHA-256, as browsers show it. */
  readonly fingerprint: string;
  /** Until when it holds, in milliseconds since 1970. */
  readonly until: number;
  readonly isOurs: boolean;
}

/** Made anew so long before its end, that nobody meets one that is over. */
const RENEWED_BEFORE_MS = 30 * 86_400_000;

/** Null: the settings name none. `now` in milliseconds since 1970. */
export function tlsOf(data: string, { host, tlsCertificate, tlsKey }: Settings, now: number): PageTls | null {
  if (tlsCertificate === "") {
    if (tlsKey !== "") throw new WrongSettings("tlsCertificate: expected the certificate that tlsKey belongs to, got none");
    return null;
  }
  if (tlsCertificate === "made") return ours(join(data, "tls"), namesHere(host), now);
  const certificate = read("tlsCertificate", tlsCertificate);
  const key = tlsKey === "" ? certificate : read("tlsKey", tlsKey);
  return described({ certificate, key }, false);
}

function ours(folder: string, names: readonly string[], now: number): PageTls {
  const kept = keptIn(folder);
  if (kept !== null && kept.until - now > RENEWED_BEFORE_MS && names.every((name) => kept.names.includes(name))) return kept;
  const made = makeCertificate(names, now);
  makeFolder(folder);
  for (const [part, text] of Object.entries(made)) writeWhole(join(folder, `${part}.pem`), text);
  return described(made, true);
}

/** Null where there is none, or a half: one made anew is as good. */
function keptIn(folder: string): PageTls | null {
  const [certificate, key] = ["certificate.pem", "key.pem"].map((name) => join(folder, name));
  if (!existsSync(certificate!) || !existsSync(key!)) return null;
  try {
    return described({ certificate: readFileSync(certificate!, "utf8"), key: readFileSync(key!, "utf8") }, true);
  } catch (error) {
    if (error instanceof WrongSettings) return null;
    throw error;
  }
}

function described(made: Made, isOurs: boolean): PageTls {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(made.certificate);
  } catch (error) {
    throw new WrongSettings(`tlsCertificate: expected a certificate as PEM, got trouble: ${(error as Error).message}`, { cause: error });
  }
  if (!isKeyOf(certificate, made.key)) throw new WrongSettings("tlsKey: expected the private key of tlsCertificate, got another");
  return {
    ...made,
    names: namesIn(certificate),
    fingerprint: certificate.fingerprint256,
    until: certificate.validToDate.getTime(),
    isOurs,
  };
}

function isKeyOf(certificate: X509Certificate, pem: string): boolean {
  try {
    return certificate.checkPrivateKey(createPrivateKey(pem));
  } catch (error) {
    throw new WrongSettings(`tlsKey: expected a private key as PEM without a passphrase, got trouble: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/** `DNS:a.example, IP Address:10.1.2.3`. What stands for many names (`*.example`) is for this computer's own under it. */
function namesIn(certificate: X509Certificate): readonly string[] {
  const [own = ""] = hostname().split(".");
  return (certificate.subjectAltName ?? "").split(", ").flatMap((part) => {
    const [kind, name = ""] = part.split(/:(.*)/s);
    if (kind === "DNS") return [name.toLowerCase().replace(/^\*/, own.toLowerCase())];
    return kind === "IP Address" ? [shortIp(name)] : [];
  });
}

/** As a browser writes it. */
function shortIp(address: string): string {
  return isIP(address) === 6 ? new URL(`http://[${address}]`).hostname.slice(1, -1) : address;
}

/** By which this computer is called on the address it serves; on all addresses, by all it has. */
function namesHere(host: string): readonly string[] {
  const isEverywhere = host === "0.0.0.0" || host === "::";
  const addresses = Object.values(networkInterfaces())
    .flat()
    .flatMap((it) => (it === undefined || it.internal || it.address.startsWith("fe80:") ? [] : [it.address]));
  const own = isEverywhere ? addresses : isIP(host) === 0 ? [] : [host];
  return [...new Set([hostname().toLowerCase(), ...own, "localhost", "127.0.0.1", "::1"])];
}

function read(setting: string, file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new WrongSettings(`${setting}: expected a file that can be read, got ${inWords(error)}: ${file}`, { cause: error });
  }
}
