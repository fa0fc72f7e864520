/**
 * A certificate of our own making (X.509 version 3, RFC 5280), for a page that leaves this computer where the hospital gives us none.
 * Nobody vouches for it: people compare its fingerprint, which is printed. Node reads certificates and writes none, and the packages that
 * do bring others with them for kinds we never write, so the one kind we need is written here, element by element.
 */
import { generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { isIP } from "node:net";
import { ipWords } from "../bytes/address.ts";
import { Tag } from "../bytes/der.ts";

/** The most that Apple's systems take from whoever is not a public authority. */
const DAYS = 825;
const DAY_MS = 86_400_000;
const SERIAL_BYTES = 16;
/** Clocks differ. */
const BACK_MS = 3_600_000;

export interface Made {
  /** Both as PEM. */
  readonly certificate: string;
  readonly key: string;
}

/** For these names and addresses, from `now` (milliseconds since 1970) on. */
export function makeCertificate(names: readonly string[], now: number): Made {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const name = sequence(
    der(Tag.set, sequence(oid(Oid.commonName), der(Tag.utf8, Buffer.from(`Auscult on ${names[0]}`.slice(0, COMMON_NAME_MAX))))),
  );
  const algorithm = sequence(oid(Oid.ecdsaWithSha256));
  const signed = sequence(
    der(Tag.context0, der(Tag.integer, Buffer.of(VERSION_3))),
    // Positive: its first bit is 0.
    der(Tag.integer, Buffer.concat([Buffer.of(1), randomBytes(SERIAL_BYTES)])),
    algorithm,
    name,
    sequence(time(now - BACK_MS), time(now + DAYS * DAY_MS)),
    name,
    publicKey.export({ type: "spki", format: "der" }),
    der(
      CONTEXT_3,
      sequence(
        extension(Oid.basicConstraints, sequence(), true),
        extension(Oid.keyUsage, bits(DIGITAL_SIGNATURE), true),
        extension(Oid.extendedKeyUsage, sequence(oid(Oid.serverAuth))),
        extension(Oid.subjectAltName, sequence(...names.map(generalName))),
      ),
    ),
  );
  const signature = der(BIT_STRING, Buffer.concat([Buffer.of(0), sign("sha256", signed, privateKey)]));
  return {
    certificate: pem("CERTIFICATE", sequence(signed, algorithm, signature)),
    key: privateKey.export({ type: "pkcs8", format: "pem" }),
  };
}

// X.680: tags that reading needs not, and so are not in bytes/der.ts.
const BOOLEAN = 0x01;
const BIT_STRING = 0x03;
const OCTET_STRING = 0x04;
const CONTEXT_3 = 0xa3;

const VERSION_3 = 2;
/** RFC 5280 appendix A.1: ub-common-name. */
const COMMON_NAME_MAX = 64;
/** RFC 5280 section 4.2.1.3: bit 0, with seven unused after it. */
const DIGITAL_SIGNATURE = Buffer.of(7, 0x80);
/** RFC 5280 section 4.2.1.6: the members of GeneralName that we use. */
const GeneralName = { dns: 0x82, ip: 0x87 } as const;

/** Already in their encoding: X.690 section 8.19. */
const Oid = {
  commonName: "550403", // 2.5.4.3
  keyUsage: "551d0f", // 2.5.29.15
  subjectAltName: "551d11", // 2.5.29.17
  basicConstraints: "551d13", // 2.5.29.19
  extendedKeyUsage: "551d25", // 2.5.29.37
  serverAuth: "2b06010505070301", // 1.3.6.1.5.5.7.3.1
  ecdsaWithSha256: "2a8648ce3d040302", // 1.2.840.10045.4.3.2
} as const;

function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const head = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >>> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...head), content]);
}

function sequence(...parts: readonly Uint8Array[]): Buffer {
  return der(Tag.sequence, ...parts);
}

function oid(encoded: string): Buffer {
  return der(Tag.objectId, Buffer.from(encoded, "hex"));
}

function bits(content: Uint8Array): Buffer {
  return der(BIT_STRING, content);
}

function extension(id: string, value: Uint8Array, isCritical = false): Buffer {
  return sequence(oid(id), ...(isCritical ? [der(BOOLEAN, Buffer.of(0xff))] : []), der(OCTET_STRING, value));
}

function generalName(name: string): Buffer {
  const family = isIP(name);
  if (family === 0) return der(GeneralName.dns, Buffer.from(name, "latin1"));
  const bytes = Buffer.alloc(16);
  for (const [at, word] of (ipWords(name)?.words ?? []).entries()) bytes.writeUInt32BE(word >>> 0, at * 4);
  return der(GeneralName.ip, family === 4 ? bytes.subarray(12) : bytes);
}

/** RFC 5280 section 4.1.2.5: two digits of the year until 2049, four from then on. */
function time(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replace(/[-:T]|\.\d+/g, "");
  return digits < "2050" ? der(Tag.utcTime, Buffer.from(digits.slice(2))) : der(Tag.generalizedTime, Buffer.from(digits));
}

function pem(label: string, bytes: Buffer): string {
  const lines = bytes.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}
