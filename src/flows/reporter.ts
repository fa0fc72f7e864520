/** What protocols say, one message at a time, on its way into the open batch. There is one, set anew before each message. */
import { macWords } from "../bytes/address.ts";
import { TEXT_LENGTH_MAX } from "../bytes/text.ts";
import type { Notable } from "../model/notable.ts";
import { attributes, type Attribute } from "../model/observation.ts";
import type { Program } from "../model/program.ts";
import type { Address, Attempt, Child, ExpectedFlow, NotableEnds, Report } from "../model/protocol.ts";
import type { Batches, Subject } from "./batches.ts";
import type { How } from "./claims.ts";
import { NOBODY, type Hosts } from "./hosts.ts";
import type { Key, Names } from "./names.ts";

/** What a message tells of the flow it came in. */
export interface Listener {
  operation(verb: string): void;
  attempt(what: Attempt, outcome: "accepted" | "refused", who?: string): void;
  program(program: Program): void;
  touched(serial: string, begins: boolean): void;
  answered(outcome: "accepted" | "refused"): void;
  /** `sender` and `receiver`: hosts, where it is of others than the flow's ends; `group`: "" or what it is counted apart by. */
  notable(what: Notable, thing: string | undefined, amount: number, sender: number | null, receiver: number | null, group: string): void;
  claims(mac: string, ip: string, how: How, other: string): void;
  /** A machine was named to whoever asked for it. */
  named(machine: number, asker: number): void;
  malformed(): void;
  inside(as: string, bytes: Uint8Array, within?: string): void;
  expect(flow: ExpectedFlow): void;
  enough(): void;
}

/** Enough to tell groups apart within minutes. */
const GROUP_DIGITS = 8;

export class Reporter implements Report {
  readonly #hosts: Hosts;
  readonly #batches: Batches;
  readonly #names: Names;
  readonly #deviceMaker: (macHigh: number, macLow: number) => boolean;
  readonly #listener: Listener;
  #malformed: Record<string, number> = {};
  #protocol = "";
  #at = 0;
  #sender: Address = {};
  #senderHost = 0;
  #receiver: Address = {};
  #receiverHost = 0;

  constructor(hosts: Hosts, batches: Batches, names: Names, deviceMaker: (macHigh: number, macLow: number) => boolean, listener: Listener) {
    this.#deviceMaker = deviceMaker;
    this.#hosts = hosts;
    this.#batches = batches;
    this.#names = names;
    this.#listener = listener;
  }

  /** What follows is said by this message. */
  message(protocol: string, at: number, sender: Address, senderHost: number, receiver: Address, receiverHost: number): void {
    this.#protocol = protocol;
    this.#at = at;
    this.#sender = sender;
    this.#senderHost = senderHost;
    this.#receiver = receiver;
    this.#receiverHost = receiverHost;
  }

  observe(about: Address | Child, attribute: Attribute, value: string): void {
    if (value === "") return;
    if (attributes[attribute].answers === true && about !== this.#sender && about !== this.#receiver) this.#answers(about);
    const text = value.length > TEXT_LENGTH_MAX ? value.slice(0, TEXT_LENGTH_MAX) : value;
    const subject = this.#subject(about, attribute, text);
    if (subject === null) return;
    if (attributes[attribute].binds === true) this.#hosts.bound(subject.host, this.#at);
    this.said(subject, attribute, text, this.#protocol, this.#isSender(subject.host) ? NOBODY : this.#senderHost, this.#at);
  }

  /** A message answers with somebody's address: to its receiver that one is named. */
  #answers(about: Address | Child): void {
    if ("serial" in about || this.#receiverHost === NOBODY) return;
    const machine = this.#hostOf(about, undefined);
    if (machine !== NOBODY) this.#listener.named(machine, this.#receiverHost);
  }

  /** A machine may speak of its IP in a frame that carries none. */
  #isSender(host: number): boolean {
    return host === this.#senderHost || this.#hosts.isSameCard(host, this.#senderHost);
  }

  /** Also for what flows itself observes. */
  said(subject: Subject, attribute: Attribute, value: string, protocol: string, via: number, at: number): void {
    if (this.#hosts.named(subject.host, at, this.#batches.stamp)) this.#batches.touch(subject.host);
    if (attributes[attribute].name) {
      const keys = this.#keysOf(subject.host);
      if (!this.#names.mayTell(keys) && !this.#isDeviceMaker(subject.host)) {
        this.#names.wait(keys, { about: subject, attribute, value, protocol, via, at });
        this.#batches.observe(subject, "namePattern", this.#names.pattern(value), protocol, via, at);
        this.#batches.observe(subject, "nameHash", this.#names.hash(value), protocol, via, at);
        return;
      }
    }
    this.#batches.observe(subject, attribute, value, protocol, via, at);
  }

  /** Its names may be told from now on. */
  serves(host: number, at: number): void {
    if (!this.#hosts.newServes(host)) return;
    for (const { about, attribute, value, protocol, via } of this.#names.serves(this.#keysOf(host)))
      this.said(about, attribute, value, protocol, via, at);
  }

  /** Malformed messages since the last call, by protocol. */
  takeMalformed(): Record<string, number> {
    const taken = this.#malformed;
    this.#malformed = {};
    return taken;
  }

  /**
   * What a machine is known by across the addresses it wears: its IP, and its MAC where that is its own. A router's MAC stands for
   * everyone behind it and would lend its standing to all of them, so only a MAC that is alone or came with an initial TTL counts.
   */
  #keysOf(host: number): readonly Key[] {
    const keys: Key[] = [];
    if (this.#hosts.hasIp(host)) keys.push(this.#hosts.ipKey(host));
    if (keys.length === 0 || this.#hosts.isOwnMac(host)) keys.push(this.#hosts.macKey(host));
    return keys;
  }

  /** Its card was made by somebody who makes no telephones and no office computers. */
  #isDeviceMaker(host: number): boolean {
    return (
      (this.#hosts.isOwnMac(host) || this.#hosts.isMacAlone(host)) &&
      this.#deviceMaker(this.#hosts.macHighOf(host), this.#hosts.macLowOf(host))
    );
  }

  operation(verb: string): void {
    this.#listener.operation(verb.slice(0, TEXT_LENGTH_MAX));
  }

  attempt(what: Attempt, outcome: "accepted" | "refused", who?: string): void {
    this.#listener.attempt(what, outcome, who);
    if (what === "order") this.#listener.answered(outcome);
  }

  program(program: Program): void {
    this.#listener.program(program);
  }

  touched(serial: string, begins: boolean): void {
    this.#listener.touched(serial, begins);
  }

  /** Where a child is to be found; null where there was no room for its gateway. */
  childOf({ gateway, serial }: Child): Subject | null {
    const host = this.#hostOf(gateway, undefined);
    return host === NOBODY || serial === "" ? null : { host, serial: serial.slice(0, TEXT_LENGTH_MAX) };
  }

  notable(what: Notable, thing?: string, amount = 0, { sender, receiver, group }: NotableEnds = {}): void {
    this.#listener.notable(
      what,
      thing,
      amount,
      sender === undefined ? null : this.#hostOf(sender, undefined),
      receiver === undefined ? null : this.#hostOf(receiver, undefined),
      group === undefined ? "" : this.#names.hash(group).slice(0, GROUP_DIGITS),
    );
  }

  claims(mac: string, ip: string, how: How, other: string): void {
    this.#listener.claims(mac, ip, how, other);
  }

  inside(as: string, bytes: Uint8Array, within?: string): void {
    this.#listener.inside(as, bytes, within);
  }

  expect(flow: ExpectedFlow): void {
    this.#listener.expect(flow);
  }

  enough(): void {
    this.#listener.enough();
  }

  malformed(_why: string): void {
    this.#malformed[this.#protocol] = (this.#malformed[this.#protocol] ?? 0) + 1;
    this.#listener.malformed();
  }

  #subject(about: Address | Child, attribute: Attribute, value: string): Subject | null {
    if ("serial" in about) {
      const host = this.#hostOf(about.gateway, undefined);
      return host === NOBODY || about.serial === "" ? null : { host, serial: about.serial.slice(0, TEXT_LENGTH_MAX) };
    }
    const host = this.#hostOf(about, attributes[attribute].binds ? value : undefined);
    return host === NOBODY ? null : { host, serial: null };
  }

  /** `bound`: the IP that this very word ties to its MAC. */
  #hostOf(about: Address, bound: string | undefined): number {
    if (bound === undefined || about.mac === undefined) {
      if (about === this.#sender) return this.#senderHost;
      if (about === this.#receiver) return this.#receiverHost;
    }
    const mac = about.mac === undefined ? null : macWords(about.mac);
    return this.#hosts.ofText(this.#hosts.spaceOf(this.#senderHost), mac, about.mac === undefined ? about.ip : (bound ?? about.ip));
  }
}
