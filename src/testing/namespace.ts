/** Network namespaces of a test's own: what happens in them reaches nobody. Needs root, and ip from Debian's iproute2. */
import { execFileSync } from "node:child_process";

export class Namespace {
  readonly name: string;
  /** What starts a program in it. */
  readonly through: readonly string[];

  constructor(name: string) {
    this.name = `auscult-${process.pid}-${name}`;
    this.through = ["ip", "netns", "exec", this.name];
    execFileSync("ip", ["netns", "add", this.name]);
  }

  /** Its output; throws with what it complained of when it fails. */
  run(...line: readonly string[]): string {
    return execFileSync(this.through[0]!, [...this.through.slice(1), ...line], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  }

  /** Each line as a person would type it as root. */
  type(...lines: readonly string[]): void {
    for (const line of lines) this.run("sh", "-c", line.replace(/^sudo /, ""));
  }

  /** Of the kernel, for one interface: `rx_packets`, `tx_packets`, `rx_dropped`. */
  counter(device: string, counter: string): number {
    return Number(this.run("cat", `/sys/class/net/${device}/statistics/${counter}`));
  }

  /** Processes in it, all of which a test started. */
  pids(): readonly number[] {
    return execFileSync("ip", ["netns", "pids", this.name], { encoding: "utf8" }).split("\n").filter(Boolean).map(Number);
  }

  delete(): void {
    execFileSync("ip", ["netns", "delete", this.name]);
  }
}
