/**
 * The closed list of what a protocol may find worth saying at once (`report.notable`), because a second later would be late: a step of an
 * attack, a command that changes a device, a claim that may contradict another. It says that it was heard, never that it was meant ill:
 * most of it is ordinary somewhere, and the core judges by who, how often, and whether that is new (`findings/`).
 */
interface About {
  /** What was heard; of what kind `thing` is, which tells repetitions apart, and `amount`, which adds up, where they are given. */
  readonly doc: string;
}

const list = {
  snmpSet: { doc: "An SNMP manager writes to an agent (RFC 3416 section 4.2.5)." },
  tftpWrite: { doc: "A file is pushed by TFTP (RFC 1350: WRQ)." },
} as const satisfies Record<string, About>;

export type Notable = keyof typeof list;
export const notables: Readonly<Record<Notable, About>> = list;
