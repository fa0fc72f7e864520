/** Kinds of messages: tables 0076 (codes) and 0003 (triggers), and what sending them makes of an application. */

/** The verb of a conversation: `ADT^A01`, `ACK`. From the table only, so that no text of a message can pose as one. */
export function verbOf(code: string, trigger: string): string {
  if (!CODES.has(code)) return LOCAL.test(code) ? "LOCAL" : "OTHER";
  return code !== "ACK" && TRIGGER.test(trigger) ? `${code}^${trigger}` : code;
}

/** What whoever sends it is a source of: "admissions", "orders", "results"; "" for answers and for what says nothing. */
export function nounOf(code: string, trigger: string): string {
  return NOUNS.get(`${code}^${trigger}`) ?? NOUNS.get(code) ?? "";
}

/** A letter and two digits; Q and Z are also followed by letters in old local use, which is not kept. */
const TRIGGER = /^[A-Z]\d\d$/;
/** Section 2.11: messages of one's own begin with Z. */
const LOCAL = /^Z[A-Z0-9]{2}$/;

// prettier-ignore
const CODES = new Set([
  ..."ACK ADR ADT BAR BPS BRP BRT BTS CCF CCI CCM CCQ CCU CQU CRM CSU DBC DBU DEL DEO DER DFT DOC DPR DRC DRG DSR EAC EAN EAR EDR EHC".split(" "),
  ..."EQQ ERP ESR ESU INR INU LSR LSU MCF MDM MFD MFK MFN MFQ MFR NMD NMQ NMR OMB OMD OMG OMI OML OMN OMP OMQ OMS OPL OPR OPU ORA ORB".split(" "),
  ..."ORD ORF ORG ORI ORL ORM ORN ORP ORR ORS ORU ORX OSM OSQ OSR OSU OUL PEX PGL PIN PMU PPG PPP PPR PPT PPV PRR PTR QBP QCK QCN QRY".split(" "),
  ..."QSB QSX QVR RAR RAS RCI RCL RDE RDR RDS RDY REF RER RGR RGV ROL ROR RPA RPI RPL RPR RQA RQC RQI RQP RRA RRD RRE RRG RRI RSP RTB".split(" "),
  ..."SCN SDN SDR SIU SLN SLR SMD SPQ SQM SQR SRM SRR SSR SSU STC STI SUR TBR TCR TCU UDM VQQ VTQ VXQ VXR VXU VXX".split(" "),
]);

/** A code with its trigger goes before the code alone. */
const NOUNS: ReadonlyMap<string, string> = new Map([
  ["ADT", "admissions"],
  ["BAR", "charges"],
  ["DFT", "charges"],
  ["MDM", "documents"],
  ["MFN", "master files"],
  ["OMB", "orders"],
  ["OMD", "orders"],
  ["OMG", "orders"],
  ["OMI", "orders"],
  ["OML", "orders"],
  ["OMN", "orders"],
  ["OMP", "orders"],
  ["OMQ", "orders"],
  ["OMS", "orders"],
  ["OPL", "orders"],
  ["ORM", "orders"],
  ["OPU", "results"],
  ["ORU", "results"],
  // IHE PCD-04 and PCD-10: what monitors and pumps tell of themselves.
  ["ORU^R40", "alarms"],
  ["ORU^R42", "device events"],
  ["OUL", "results"],
  ["QBP", "queries"],
  ["QRY", "queries"],
  ["RAS", "administrations"],
  ["RDE", "orders"],
  ["RDS", "dispenses"],
  ["RGV", "orders"],
  ["SIU", "schedules"],
  ["SRM", "schedules"],
  ["VXQ", "queries"],
  ["VXU", "vaccinations"],
]);
