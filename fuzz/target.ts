/** What must hold for a parser on any bytes, as one function that says what does not. */
import { TEXT_LENGTH_MAX } from "../src/bytes/text.ts";
import { notables } from "../src/model/notable.ts";
import { attributes } from "../src/model/observation.ts";
import type { Context, Protocol, Report, Side } from "../src/model/protocol.ts";

/** One message identifies a machine and what it offers; more than this from one is a parser that runs away. */
const REPORTS_MAX = 4_096;
const SIDES: readonly Side[] = ["client", "server", "unknown"];

export function targetOf(protocol: Protocol): (input: Uint8Array) => string | undefined {
  return (input) => {
    const side = SIDES[input.length % SIDES.length]!;
    const once = outcome(protocol, input, side);
    // The same bytes inside a larger buffer: whoever reads past the end sees the neighbor's bytes instead of nothing.
    const larger = new Uint8Array(input.length + 32).fill(0x5a);
    larger.set(input, 16);
    const within = outcome(protocol, larger.subarray(16, 16 + input.length), side);
    if (once.text !== within.text) return "a neighbor's bytes show, or two readings differ";
    return once.trouble;
  };
}

function outcome(protocol: Protocol, input: Uint8Array, side: Side): { text: string; trouble: string | undefined } {
  let text = "";
  let trouble: string | undefined;
  let reports = 0;
  const note = (line: string) => {
    text += `${line}\n`;
    if (++reports > REPORTS_MAX) trouble = `more than ${REPORTS_MAX} reports from one message`;
  };
  const report: Report = {
    observe: (about, attribute, value) => {
      note(`${JSON.stringify(about)} ${attribute} ${value}`);
      if (!Object.hasOwn(attributes, attribute)) trouble = `an attribute nobody knows: ${attribute}`;
      if (protocol.privacy?.keeps.includes(attribute) === false) trouble = `an attribute its privacy does not name: ${attribute}`;
      if (value.length > TEXT_LENGTH_MAX * 4) trouble = `${attribute} of ${value.length} characters`;
      // oxlint-disable-next-line no-control-regex -- control characters are what must not come out
      if (/[\u0000-\u001f\u007f]/.test(value)) trouble = `${attribute} with a control character`;
    },
    operation: (verb) => note(`operation ${verb}`),
    attempt: (what, result, who) => note(`${what} ${result} ${who}`),
    notable: (what, thing, amount) => {
      note(`notable ${what} ${thing} ${amount}`);
      if (!Object.hasOwn(notables, what)) trouble = `a notable thing nobody knows: ${what}`;
    },
    claims: (mac, ip, how, other) => note(`claims ${mac} ${ip} ${how} ${other}`),
    inside: (as, bytes) => note(`inside ${as} ${bytes.length}`),
    expect: (flow) => note(`expect ${JSON.stringify(flow)}`),
    enough: () => note("enough"),
    program: (program) => note(`program ${JSON.stringify(program)}`),
    touched: (serial, begins) => note(`touched ${serial} ${begins}`),
    malformed: (why) => note(`malformed ${why}`),
  };
  const memory = protocol.remember?.();
  const context = (of: Side): Context => ({
    at: 1_700_000_000_000_000,
    side: of,
    sender: { mac: "02:00:00:00:00:01", ip: "192.0.2.1" },
    receiver: { mac: "02:00:00:00:00:02", ip: "192.0.2.2" },
    senderPort: 40_000,
    receiverPort: 9,
    cut: false,
    memory,
  });
  note(
    `recognized ${protocol.recognize(input, side)} length ${protocol.messageLength?.(input)} wanted ${protocol.wanted?.(input)} resume ${protocol.resume?.(input)}`,
  );
  const length = protocol.messageLength?.(input) ?? 0;
  if (!Number.isSafeInteger(length) || length < 0) trouble = `a message length of ${length}`;
  const wanted = length > 0 ? (protocol.wanted?.(input) ?? 0) : 0;
  if (!Number.isSafeInteger(wanted) || wanted < 0) trouble = `${wanted} bytes wanted`;
  const resumed = protocol.resume?.(input) ?? -1;
  if (!Number.isSafeInteger(resumed) || resumed < -1 || resumed > input.length) trouble = `to go on at ${resumed} of ${input.length}`;
  // Twice in one conversation: what the first leaves in memory must not trip the second.
  protocol.read(input, report, context(side));
  protocol.read(input, report, context(side === "client" ? "server" : "client"));
  return { text, trouble };
}
