/** Where a site is kept in PostgreSQL, as one text: `postgres://…` with the site's name after `#`. It stands wherever the path of a recording does. */

import { basename } from "node:path";

export interface Place {
  /** Of the database; it may hold a password, so it is never said. */
  readonly url: string;
  readonly site: string;
  /** As people are told of it: without the password. */
  readonly shown: string;
}

const SCHEME = /^postgres(ql)?:\/\//;
const SITE_LENGTH_MAX = 64;

/** Null where it is the path of a file. Throws an Error for people where it names no site. */
export function placeOf(recording: string): Place | null {
  if (!SCHEME.test(recording)) return null;
  const at = recording.indexOf("#");
  const url = checkedUrl(at < 0 ? recording : recording.slice(0, at));
  const site = at < 0 ? "" : decodeURIComponent(recording.slice(at + 1));
  if (site === "" || site.length > SITE_LENGTH_MAX)
    throw new Error(`expected the name of a site after # in ${shown(url)}, of ${SITE_LENGTH_MAX} characters at most, got ${JSON.stringify(site)}`); // prettier-ignore
  return { url, site, shown: `${site} in ${shown(url)}` };
}

/** What people call it: the site, or the file without its folder. */
export function recordingName(recording: string): string {
  return placeOf(recording)?.site ?? basename(recording, ".db");
}

export function recordingIn(url: string, site: string): string {
  return `${checkedUrl(url)}#${encodeURIComponent(site)}`;
}

/** Throws an Error for people, without the password in it. */
function checkedUrl(url: string): string {
  if (!SCHEME.test(url) || !URL.canParse(url)) throw new Error("expected a database as postgres://USER@HOST/NAME, got something else");
  return url;
}

/** Without the password, wherever it stands. */
export function shown(url: string): string {
  const { host, pathname, searchParams } = new URL(url);
  return `postgres://${host === "" ? (searchParams.get("host") ?? "") : host}${pathname}`;
}
