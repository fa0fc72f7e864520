/** What a planted weakness is, and how most of them come to be heard: somebody goes there. */
import { serves, talk } from "../day.ts";
import type { Day, Placed } from "../day.ts";
import type { Machine, Task } from "../hospital.ts";
import type { Line } from "../wire.ts";

export interface Planted {
  /** As `docs/weaknesses.md`, worms.tsv or the advisory names it; what is here more than once has its case behind it. */
  readonly name: string;
  readonly weakness: string;
  readonly answer: "affected" | "possible";
  /** Two of these are drawn, or two machines like this one are there more. */
  readonly at: Task | Guest;
  /** The clean twin, where it is another machine than its like. */
  readonly beside?: Guest;
  readonly weak: Doing;
  readonly twin: Doing;
}

/** A machine that is there only for this; what is not said is a computer of the house. */
export type Guest = Pick<Machine, "stack" | "kind"> & Partial<Pick<Machine, "maker" | "model" | "prefix" | "net">>;

/** What happens at this machine, seen from this visitor. */
export type Doing = (day: Day, at: number, it: Placed, visitor: Placed) => void;

/** Of a connection to it, what both sides say. */
export function visited(port: number, protocol: string, lines: (day: Day, it: Placed) => readonly Line[]): Doing {
  return (day, at, it, visitor) => talk(day, at, visitor, it, port, protocol, lines(day, it));
}

/** Of datagrams to it. */
export function asked(port: number, protocol: string, ask: Doing): Doing {
  return (day, at, it, visitor) => {
    serves(it, "udp", port, protocol);
    ask(day, at, it, visitor);
  };
}
