/** Logs of Zeek as it writes them unless told otherwise: tabs between the fields, whose names stand in a line before (docs.zeek.org, log formats). */
import type { EvidenceForm } from "../model/evidence.ts";
import { zeekEntry, zeekLogOf, type ZeekLog } from "./zeek.ts";

export const zeekTsv: EvidenceForm = {
  title: "Logs of Zeek (conn, notice, dhcp)",
  source: "Zeek log",
  made: "/opt/zeek/logs/current/conn.log, notice.log, dhcp.log",
  recognize: (head) => head[0]?.startsWith("#separator ") === true && head.some((line) => logOf(fieldsOf(line)) !== null),
  reader() {
    let fields: readonly string[] = [];
    let log: ZeekLog | null = null;
    return (line) => {
      if (line === "") return null;
      if (line.startsWith("#")) {
        // Logs of days in one file have their heads one after the other.
        if (line.startsWith(FIELDS)) log = logOf((fields = fieldsOf(line)));
        return null;
      }
      if (log === null) return { expected: "#fields of a conn, notice or dhcp log before its lines" };
      const cells = line.split(TAB, CELLS_MAX);
      if (cells.length !== fields.length) return { expected: `${fields.length} fields, got ${cells.length}` };
      return zeekEntry(log, (name) => valueOf(cells[fields.indexOf(name)]));
    };
  },
};

const FIELDS = "#fields\t";
const TAB = "\t";
/** A log of Zeek has some twenty; packages add a few. */
const CELLS_MAX = 256;

function fieldsOf(line: string): readonly string[] {
  return line.startsWith(FIELDS) ? line.slice(FIELDS.length).split(TAB, CELLS_MAX) : [];
}

function logOf(fields: readonly string[]): ZeekLog | null {
  return zeekLogOf((name) => fields.includes(name));
}

/** What is not set, or empty, as Zeek marks it unless it is told otherwise. */
function valueOf(cell: string | undefined): string {
  return cell === undefined || cell === "-" || cell === "(empty)" ? "" : cell;
}
