/**
 * Machines in namespaces of their own with a switch between them. Each drops what it is told to drop as it arrives, so a way can be cut in
 * one direction, and neither end is told. Needs root, ip from Debian's iproute2 and nft from its nftables.
 */
import { Namespace } from "./namespace.ts";

const NETWORK = "10.77.0";

export class Switch {
  readonly #switch: Namespace;
  readonly #members = new Map<string, { readonly space: Namespace; readonly address: string }>();

  constructor(names: readonly string[]) {
    this.#switch = new Namespace("between");
    this.#switch.type("ip link add hub type bridge", "ip link set dev hub up");
    for (const [at, name] of names.entries()) {
      const space = new Namespace(name);
      const address = `${NETWORK}.${at + 1}`;
      this.#members.set(name, { space, address });
      this.#switch.type(`ip link add port${at} type veth peer name eth0 netns ${space.name}`, `ip link set dev port${at} master hub up`);
      space.type(
        "ip link set dev lo up",
        "ip link set dev eth0 up",
        `ip address add ${address}/24 dev eth0`,
        "nft add table inet cut",
        "nft 'add chain inet cut arriving { type filter hook input priority 0; }'",
      );
    }
  }

  address(name: string): string {
    return this.#members.get(name)!.address;
  }

  space(name: string): Namespace {
    return this.#members.get(name)!.space;
  }

  /** From here on nothing of `from` arrives at `to`. */
  drop(from: string, to: string): void {
    this.space(to).type(`nft add rule inet cut arriving ip saddr ${this.address(from)} drop`);
  }

  /** Everything arrives again. */
  mend(): void {
    for (const { space } of this.#members.values()) space.type("nft flush chain inet cut arriving");
  }

  /** After whoever ran in it. */
  delete(): void {
    for (const { space } of this.#members.values()) space.delete();
    this.#switch.delete();
  }
}
