/**
 * The core trusts no batch: what a sensor sends is checked once, here, and is a `Batch` from then on. A sensor reads hostile bytes, so
 * whoever takes it over may send anything; nothing he sends may stop the core, or make it keep what no sensor says.
 */
import { ipWords } from "../bytes/address.ts";
import { TEXT_LENGTH_MAX } from "../bytes/text.ts";
import { BATCH_RECORDS_MAX, BATCH_SCHEMA, SIDES, type Batch } from "../model/batch.ts";
import { attributes } from "../model/observation.ts";
import { SLIPS, UNCOMPARED } from "../model/program.ts";
import { SIGNAL_KINDS } from "../model/signal.ts";

/** A row that fills a batch may name two addresses more; a chunk is closed when it is full, not before. */
const ROWS_MAX = BATCH_RECORDS_MAX * 2;
/** Some values are several texts: a banner with its protocol, a list of options. */
const VALUE_LENGTH_MAX = TEXT_LENGTH_MAX * 4;
/** Names of protocols, verbs, limits, inputs, sensors. A file's name has at most 255 characters. */
const NAME_LENGTH_MAX = 256;
/** Entries of one record of counts: protocols, limits, VLANs. */
const NAMES_MAX = 512;
const PORTS_MAX = 8;
const OPERATIONS_MAX = 64;
/** The first 4 and the last 4 frames, each cut after its transport header. */
const WITNESSES_MAX = 8;
const WITNESS_LENGTH_MAX = 256;
/** A wireless card's clock, a VXLAN number, a hash of a tunnel: 32 bits. */
const SPACE_MAX = 2 ** 32;

const TRANSPORTS: ReadonlySet<string> = new Set(["tcp", "udp", "sctp", "icmp", "ip"]);
const SIDE_NAMES: ReadonlySet<string> = new Set(SIDES);
const SIGNAL_NAMES: ReadonlySet<string> = new Set(SIGNAL_KINDS);
const MAC = /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/;
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;

class BadBatch extends Error {}

/** The batch, or why it is none. */
export function checkBatch(value: unknown): Batch | string {
  try {
    check(value);
    return value;
  } catch (error) {
    if (error instanceof BadBatch) return error.message;
    throw error;
  }
}

/** Before anything is read of a part its shape is known, so that no input is an exception of the engine's. */
function check(value: unknown): asserts value is Batch {
  const batch = record(value, "a batch");
  must(batch["schema"] === BATCH_SCHEMA, `expected schema ${BATCH_SCHEMA}`);
  for (const name of ["site", "sensor", "run", "input"]) must(isText(batch[name], NAME_LENGTH_MAX) && batch[name] !== "", `expected ${name} as text`); // prettier-ignore
  must(isCount(batch["sequence"]) && batch["sequence"] >= 1, "expected a sequence from 1");
  const { from, to } = batch;
  must(isCount(from) && isCount(to) && from <= to, "expected times in order");
  must(batch["end"] === undefined || batch["end"] === true, "expected an end that is true");
  checkCounts(record(batch["frames"], "counts of frames"), FRAME_COUNTS);
  checkCounts(record(batch["loss"], "counts of loss"), LOSS_COUNTS);

  const addresses = rows(batch["addresses"], "addresses");
  for (const row of addresses) checkAddress(row, to);
  for (const row of rows(batch["observations"], "observations")) checkObservation(row, addresses.length, to);
  for (const row of rows(batch["conversations"], "conversations")) checkConversation(row, addresses.length, to);
  for (const row of rows(batch["attempts"], "attempts")) checkAttempt(row, addresses.length, to);
  if (batch["programs"] !== undefined) for (const row of rows(batch["programs"], "programs")) checkProgram(row, addresses.length, to);
  for (const row of rows(batch["signals"], "signals")) checkSignal(row, addresses.length, to);
}

const FRAME_COUNTS = [
  "frames", "bytes", "lastFrame", "duplicates", "routedCopies", "cut", "timeBackwards", "malformed", "unheard", "broadcast", "multicast",
  "flowsTwoWay", "flowsOneWay",
]; // prettier-ignore
const LOSS_COUNTS = ["drops", "gaps", "gapBytes", "limits"];
const RECORDS: ReadonlySet<string> = new Set(["malformed", "unheard", "troubles", "vlans", "tunnelled", "limits"]);

/** Those named must be there; others of a later sensor may be. */
function checkCounts(counts: Readonly<Record<string, unknown>>, named: readonly string[]): void {
  for (const name of named) must(counts[name] !== undefined, `expected a count of ${name}`);
  const entries = Object.entries(counts);
  must(entries.length <= NAMES_MAX, `expected at most ${NAMES_MAX} counts`);
  for (const [name, it] of entries) {
    if (RECORDS.has(name)) {
      const inner = Object.entries(record(it, name));
      must(inner.length <= NAMES_MAX && inner.every(([key, times]) => isName(key) && isCount(times)), `expected counts in ${name}`);
    } else must(isName(name) && isCount(it), `expected counts of frames and loss`);
  }
}

function checkAddress(row: Row, to: number): void {
  const [space, mac, ip, child] = row;
  must(row.length === 9, "expected 9 columns of an address");
  must(isCount(space) && space < SPACE_MAX, "expected the space of an address");
  must(mac === null || (typeof mac === "string" && MAC.test(mac)), "expected a MAC");
  must(ip === null || isIp(ip), "expected an IP address");
  must(mac !== null || ip !== null, "expected an address with a MAC or an IP");
  must(child === null || (isText(child, TEXT_LENGTH_MAX) && child !== ""), "expected the serial of a child");
  must(isCount(row[4]) && isCount(row[5]) && isTime(row[6], row[7], to), "expected counts and times of an address");
  must(isCount(row[8]) && row[8] < 128, "expected bits of initial TTLs");
}

function checkObservation(row: Row, addresses: number, to: number): void {
  must(row.length === 8 || row.length === 9, "expected 8 or 9 columns of an observation");
  must(isPlace(row[0], addresses) && (row[4] === -1 || isPlace(row[4], addresses)), "expected the places of addresses in an observation");
  must(typeof row[1] === "string" && Object.hasOwn(attributes, row[1]), "expected a known attribute");
  must(isText(row[2], VALUE_LENGTH_MAX) && isName(row[3]), "expected the value and protocol of an observation");
  must(isTime(row[5], row[6], to) && isCount(row[7]), "expected times and count of an observation");
  if (row.length === 9) checkWitnesses(row[8]);
}

function checkConversation(row: Row, addresses: number, to: number): void {
  must(row.length === 16 || row.length === 17, "expected 16 or 17 columns of a conversation");
  must(isPlace(row[0], addresses) && isPlace(row[1], addresses), "expected the places of addresses in a conversation");
  must(TRANSPORTS.has(row[2] as string) && isPort(row[3]) && isName(row[4]), "expected transport, port and protocol of a conversation");
  const operations = row[5];
  must(Array.isArray(operations) && operations.length <= OPERATIONS_MAX && operations.every(isName), "expected operations");
  for (let column = 6; column < 12; column++) must(isCount(row[column]), "expected counts of a conversation");
  must(isTime(row[12], row[13], to), "expected times of a conversation");
  must(row[16] === undefined || isCount(row[16]), "expected how many of a conversation's connections spoke its protocol");
  must(SIDE_NAMES.has(row[14] as string) && (row[15] === 0 || row[15] === 1), "expected how the side of a conversation is known");
}

function checkAttempt(row: Row, addresses: number, to: number): void {
  must(row.length === 7, "expected 7 columns of an attempt");
  must(isPlace(row[0], addresses) && isPlace(row[1], addresses), "expected the places of addresses in an attempt");
  must(TRANSPORTS.has(row[2] as string) && isCount(row[3]), "expected transport and count of an attempt");
  const ports = row[4];
  must(Array.isArray(ports) && ports.length <= PORTS_MAX && ports.every(isPort), "expected ports of an attempt");
  must(isTime(row[5], row[6], to), "expected times of an attempt");
}

function checkSignal(row: Row, addresses: number, to: number): void {
  must(row.length === 10 || row.length === 11, "expected 10 or 11 columns of a signal");
  must(isTime(row[0], row[0], to) && SIGNAL_NAMES.has(row[1] as string), "expected time and kind of a signal");
  for (const who of [row[2], row[3]]) must(who === -1 || isPlace(who, addresses), "expected the places of addresses in a signal");
  must(isText(row[4], NAME_LENGTH_MAX), "expected the segment of a signal");
  must(isName(row[5]), "expected what a signal is of");
  for (let column = 6; column < 10; column++) must(isCount(row[column]), "expected counts of a signal");
  if (row.length === 11) checkWitnesses(row[10]);
}

function checkProgram(row: Row, addresses: number, to: number): void {
  must(row.length === 6 && isTime(row[0], row[0], to), "expected 6 columns and the time of a program");
  for (const who of row.slice(1, 4)) must(isPlace(who, addresses), "expected the places of addresses in a program");
  const dose = record(row[4], "the ratios of a program");
  must(Object.keys(dose).length === RATIOS.length + 8, "expected the ratios of a program, and nothing else");
  must(SAID.has(dose["said"]) && CHANGES.has(dose["change"]) && USUAL.has(dose["usual"]), "expected what a program is");
  must(
    typeof dose["limit"] === "boolean" && typeof dose["tells"] === "boolean" && typeof dose["atOnce"] === "boolean",
    "expected what a program was compared with",
  );
  must(UNCOMPARED_WORDS.has(dose["uncompared"]) && SLIP_WORDS.has(dose["slip"]), "expected known words of a program");
  for (const name of RATIOS) {
    const ratio = dose[name];
    // Whatever else a number in it could say, it would be more than a ratio.
    must(ratio === null || (typeof ratio === "number" && ratio >= 0 && ratio <= RATIO_MAX && Number(ratio.toPrecision(2)) === ratio), `expected a ratio of two digits in ${name}`); // prettier-ignore
  }
  checkWitnesses(row[5]);
}
const RATIOS = ["ofLimit", "ofUsual", "ofLargest", "ofHigh", "spreads", "ofPrevious", "ofOrdered"];
const RATIO_MAX = 1_000;
const SAID: ReadonlySet<unknown> = new Set(["order", "report"]);
const CHANGES: ReadonlySet<unknown> = new Set(["new", "titration", "bolus"]);
const USUAL: ReadonlySet<unknown> = new Set(["learning", "known"]);
const UNCOMPARED_WORDS: ReadonlySet<unknown> = new Set([null, ...UNCOMPARED]);
const SLIP_WORDS: ReadonlySet<unknown> = new Set([null, ...SLIPS]);

function checkWitnesses(value: unknown): void {
  must(Array.isArray(value) && value.length <= WITNESSES_MAX, "expected witnesses");
  for (const it of value as readonly unknown[]) {
    must(Array.isArray(it) && it.length === 5 && it.slice(0, 3).every(isCount) && isPort((it as Row)[4]), "expected a witness");
    must(isText((it as Row)[3], WITNESS_LENGTH_MAX), "expected the bytes of a witness");
  }
}

type Row = readonly unknown[];

function must(holds: boolean, what: string): asserts holds {
  if (!holds) throw new BadBatch(what);
}

function record(value: unknown, what: string): Readonly<Record<string, unknown>> {
  must(typeof value === "object" && value !== null && !Array.isArray(value), `expected ${what}`);
  return value as Record<string, unknown>;
}

function rows(value: unknown, what: string): readonly Row[] {
  must(Array.isArray(value) && value.length <= ROWS_MAX && value.every(Array.isArray), `expected at most ${ROWS_MAX} rows of ${what}`);
  return value as readonly Row[];
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isPlace(value: unknown, addresses: number): boolean {
  return isCount(value) && value < addresses;
}

function isPort(value: unknown): boolean {
  return isCount(value) && value <= 0xffff;
}

/** Nothing is heard after the batch was closed. */
function isTime(first: unknown, last: unknown, to: number): boolean {
  return isCount(first) && isCount(last) && first <= last && last <= to;
}

/** Half a character would be stored as another one, and PostgreSQL takes no text with an empty one in it. */
function isText(value: unknown, lengthMax: number): boolean {
  return typeof value === "string" && value.length <= lengthMax && value.isWellFormed() && !value.includes("\0");
}

function isName(value: unknown): boolean {
  return isText(value, NAME_LENGTH_MAX);
}

function isIp(value: unknown): boolean {
  return typeof value === "string" && (IPV4.test(value) || ipWords(value) !== null);
}
