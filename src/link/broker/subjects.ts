/**
 * What is called how at the broker. A sensor speaks below `auscult.from.SITE.SENSOR`, which is all it may publish to, and hears below
 * `auscult.to.SITE.SENSOR`, which is all it may subscribe to: the broker holds it to both (`server-config.ts`).
 */

/** What the broker lets stand in a subject and in the name of a stream; everything else is written as its bytes in hex, after `=`. */
const PLAIN = /^[A-Za-z0-9_-]$/;

/** One token of a subject, which gives the name again. */
export function token(name: string): string {
  return Array.from(Buffer.from(name, "utf8"), written).join("");
}

/** The name a token was made of; null where it was made of none. */
export function nameOf(part: string): string | null {
  const bytes = part.replace(/=([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  try {
    const name = new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(bytes, "latin1"));
    return token(name) === part ? name : null;
  } catch (error) {
    if (error instanceof TypeError) return null; // Bytes that are no text.
    throw error;
  }
}

export const streamOf = (site: string) => `AUSCULT_${token(site)}`;
/** One for each site: it goes on where the last core left off. */
export const CONSUMER = "core";
export const REFUSED_STREAM = "AUSCULT_REFUSED";

/** All a sensor says; `*` for `sensor` stands for each of the site. */
export const batchSubject = (site: string, sensor: string) => `auscult.from.${token(site)}.${sensorToken(sensor)}.batch`;
/** How it is: not kept by the broker. */
export const statusSubject = (site: string, sensor: string) => `auscult.from.${token(site)}.${sensorToken(sensor)}.status`;
/** Begins every inbox of this sensor; its marks come by `markSubject`. */
export const inboxOf = (site: string, sensor: string) => `auscult.to.${token(site)}.${token(sensor)}`;
export const markSubject = (site: string, sensor: string) => `${inboxOf(site, sensor)}.mark`;
export const coreInboxOf = (site: string) => `auscult.core.${token(site)}`;
export const SETUP_INBOX = "auscult.setup";
export const refusedSubject = (site: string, sensor: string) => `auscult.refused.${token(site)}.${token(sensor)}`;

/** Who said it, by the subject the broker let it be said on; null where it is none of a sensor's. */
export function senderOf(subject: string): { readonly site: string; readonly sensor: string } | null {
  const [, , site, sensor, , ...more] = subject.split(".");
  if (site === undefined || sensor === undefined || more.length > 0) return null;
  const names = { site: nameOf(site), sensor: nameOf(sensor) };
  return names.site === null || names.sensor === null ? null : { site: names.site, sensor: names.sensor };
}

function sensorToken(sensor: string): string {
  return sensor === "*" ? sensor : token(sensor);
}

function written(byte: number): string {
  const letter = String.fromCharCode(byte);
  return PLAIN.test(letter) ? letter : `=${byte.toString(16).padStart(2, "0")}`;
}
