/** What is kept between the units of one association: who is asked for, what was agreed, and where each side's message stands. */
export interface Memory {
  /** Title the client asked for; the server's own once it has accepted. */
  called: string;
  calling: string;
  /** SOP classes asked for, by presentation context, until the answer says which of them count. */
  proposed: Map<number, string>;
  /** Contexts the client wants to be served in: it retrieves with C-GET. */
  retrieved: Set<string>;
  /** Encodings agreed on, by presentation context. */
  syntaxes: Map<number, Syntax>;
  /** Patient data was reported for this association. */
  patientSeen: boolean;
  /** It was reported that images are sent here because somebody else asked. */
  onBehalfSeen: boolean;
  readonly client: Speaker;
  readonly server: Speaker;
}

export interface Speaker {
  /** Front of a command of which more fragments are to come. */
  command: Uint8Array;
  /** The data set the last command announced and that has not begun. */
  awaited: DataSet | null;
}

export interface DataSet {
  /** An object's data set names the machine that made it; a query's names nobody. */
  readonly isObject: boolean;
}

/** PS3.5 section 10. `unknown` where it was not heard or is compressed as a whole. */
export type Syntax = "implicit" | "explicit" | "bigEndian" | "unknown";

export function rememberAssociation(): Memory {
  return {
    called: "",
    calling: "",
    proposed: new Map(),
    retrieved: new Set(),
    syntaxes: new Map(),
    patientSeen: false,
    onBehalfSeen: false,
    client: { command: NOTHING, awaited: null },
    server: { command: NOTHING, awaited: null },
  };
}

export const NOTHING = new Uint8Array(0);
