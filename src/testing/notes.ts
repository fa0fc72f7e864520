/** What a protocol makes of one message, as lines a person can read. All protocol tests go through here. */
import type { Quantity } from "../model/program.ts";
import type { Address, Child, Context, Protocol, Report, Side } from "../model/protocol.ts";

interface Surroundings {
  readonly at?: number;
  readonly side?: Side;
  readonly sender?: Address;
  readonly receiver?: Address;
  readonly senderPort?: number;
  readonly receiverPort?: number;
  readonly cut?: boolean;
  /** Kept from an earlier message of the same conversation. */
  readonly memory?: unknown;
}

const SENDER: Address = { ip: "10.0.0.1" };
const RECEIVER: Address = { ip: "10.0.0.2" };

export function notes(protocol: Protocol, message: Uint8Array, surroundings: Surroundings = {}): string[] {
  const lines: string[] = [];
  const report: Report = {
    // As in flows: an empty value says nothing.
    observe: (about, attribute, value) => {
      if (protocol.privacy?.keeps.includes(attribute) === false)
        throw new Error(`expected ${protocol.name} to keep what its privacy says, got ${attribute}`);
      if (value !== "") lines.push(`${name(about)} ${attribute}: ${value}`);
    },
    operation: (verb) => void lines.push(`operation: ${verb}`),
    attempt: (what, outcome, who) => void lines.push(`${what} ${outcome}${who === undefined ? "" : ` of ${who}`}`),
    notable: (what, thing, amount, ends) => {
      const { sender, receiver, group } = ends ?? {};
      const between = sender === undefined && receiver === undefined ? undefined : `from ${name(sender ?? {})} to ${name(receiver ?? {})}`;
      const apart = group === undefined ? undefined : `in ${group}`;
      lines.push(["notable:", what, thing, amount, between, apart].filter((it) => it !== undefined).join(" "));
    },
    claims: (mac, ip, how, other) => void lines.push(`${mac} claims ${ip}: ${how} ${other}`),
    inside: (as, bytes) => void lines.push(`inside ${as}: ${bytes.length} bytes`),
    expect: (flow) => void lines.push(`expect: ${flow.protocol} ${flow.transport}/${flow.port} at ${name(flow.server)}`),
    enough: () => void lines.push("enough"),
    program: ({ said, pump, rate, volume, ...it }) =>
      void lines.push(
        `program: ${said} ${it.change} ${it.kind} of ${it.drug || "?"} for ${pump.serial}, ${written(rate)}, ${written(volume)}`,
      ),
    touched: (serial, begins) => void lines.push(`touched: ${serial}${begins ? " begins" : ""}`),
    malformed: (why) => void lines.push(`malformed: ${why}`),
  };
  const context: Context = {
    at: surroundings.at ?? 0,
    side: surroundings.side ?? "client",
    sender: surroundings.sender ?? SENDER,
    receiver: surroundings.receiver ?? RECEIVER,
    senderPort: surroundings.senderPort ?? 40_000,
    receiverPort: surroundings.receiverPort ?? 0,
    cut: surroundings.cut ?? false,
    memory: surroundings.memory ?? protocol.remember?.(),
  };
  protocol.read(message, report, context);
  return lines;
}

function written(quantity: Quantity | null): string {
  return quantity === null ? "-" : `${quantity.value} ${quantity.units.map((it) => it.text).join(" or ")}`;
}

function name(about: Address | Child): string {
  if ("serial" in about) return `${name(about.gateway)}/${about.serial}`;
  return about.mac ?? about.ip ?? "?";
}

/** Bytes from hex with spaces and `# comments`. */
export function hex(strings: TemplateStringsArray, ...values: readonly (string | Uint8Array)[]): Uint8Array {
  const text = String.raw(
    { raw: strings },
    ...values.map((value) => (typeof value === "string" ? value : Buffer.from(value).toString("hex"))),
  );
  const digits = text.replace(/#.*$/gm, "").replace(/\s+/g, "");
  if (digits.length % 2 !== 0 || /[^0-9a-f]/i.test(digits)) throw new Error(`expected pairs of hex digits, got "${digits.slice(0, 40)}"`);
  return new Uint8Array(Buffer.from(digits, "hex"));
}
