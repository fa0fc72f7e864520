/** How it goes with whoever is told of findings: for doctor and the pages. Times are in milliseconds since 1970, by this machine's clock. */
export interface OutputStanding {
  /** "syslog", "webhook", "file", "mail". */
  readonly name: string;
  /** For a person: where it goes. */
  readonly where: string;
  /** Findings that wait for it, and since when the first of them does. */
  readonly waiting: number;
  readonly since: number | null;
  readonly sent: number;
  readonly lastSent: number | null;
  /** Given up: refused for good, or tried for days. */
  readonly dead: number;
  readonly lastRefusal: { readonly at: number; readonly why: string } | null;
}
