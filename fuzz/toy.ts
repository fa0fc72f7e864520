/** A parser with two bugs behind four conditions each: what the fuzzer must find before its silence elsewhere means anything. */
import type { Context, Protocol, Report } from "../src/model/protocol.ts";

export const toy: Protocol = {
  name: "toy",
  title: "Toy",
  over: [{ udp: [9] }],
  recognize: (message) => message[0] === 0x54,
  read,
};

function read(message: Uint8Array, report: Report, { sender }: Context): void {
  if (message[0] !== 0x54) return report.malformed("not ours");
  if (message[1] === 0x4f) {
    if (message[2]! > 0x80 && message[3] === 7) throw new Error("planted: the first bug");
    report.observe(sender, "model", "o");
  } else if (message[1] === 0x59) {
    let sum = 0;
    for (let at = 2; at < Math.min(message.length, 8); at++) sum += message[at]!;
    if (message.length > 6 && sum % 251 === 3 && message[5] === 0xff) throw new Error("planted: the second bug");
    report.observe(sender, "model", "y");
  }
}
