/**
 * Which card claims which IP address, as ARP and neighbor discovery have it, and who asked: what tells an answer that takes an address from
 * another card.
 *
 * Honest cards change an address too: a redundant router announces it, a bond or a second card answers for it when asked, DHCP gives it
 * to another. So only an answer nobody asked for counts, by a card that speaks for yet another address, while the first still had this
 * one; and of announcements those that go on long after a take-over would be done. A VLAN is a segment of its own: a trunk shows a router
 * answering on one side for who is on the other.
 *
 * Every card has several addresses of IPv6, so there it proves nothing that one speaks for two. But whoever answers there in another's stead
 * leaves the override flag out (RFC 4861 section 7.2.4), and two machines do not share an address (RFC 4862 section 5.4): so two cards that
 * both override within one question count, and one that says so to the same again and again unasked.
 */

const SECOND_US = 1_000_000;
/** A claim stands for so long without being said again: what a machine remembers of its neighbors (RFC 1122 section 2.3.2.1 speaks of a minute and more). */
const STANDS_US = 300 * SECOND_US;
/** Whoever asked is answered within it, also by who sleeps between beacons: RFC 1122 section 2.3.2.1 has questions a second apart. */
const ASKED_US = 2 * SECOND_US;
/** After an answer nobody asked for, what comes from that card instead of another is laid to it. */
const SUSPECT_US = 60 * SECOND_US;
/** Two cards that take turns at one address for so long use it both; one that takes over from the other does so once, and gives it back once. */
const TURNS_US = 600 * SECOND_US;
const TURNS_MIN = 3;
/** While one takes over, both speak for some seconds; who still do after so long are not agreed. */
const TURNS_LAST_US = 30 * SECOND_US;
/** Who takes over announces so a few times, in seconds; who says it again and again for longer keeps others from hearing the owner. */
const ANNOUNCED_MIN = 8;
const ANNOUNCED_US = 12 * SECOND_US;
const ANNOUNCED_GAP_US = 10 * SECOND_US;
/** By IPv6, where the owner goes on to speak: then nobody took over. */
const AGAINST_OWNER_MIN = 3;
/** Addresses, cards, and questions remembered; the oldest goes first and is counted. A site on one mirror has some tens of thousands of neighbors. */
const CLAIMS_MAX = 1 << 16;
const ASKED_MAX = 1 << 14;
/** Cards that answered unasked at once: beyond them the oldest goes. */
const SUSPECTS_MAX = 64;

/** `asks`: in a question of its own; `answers` one; `announces` to all, asked or not; `overrides` by IPv6 what the other, or all, know. */
export type How = "asks" | "answers" | "announces" | "overrides";

interface Claim {
  mac: string;
  at: number;
  rival: Rival | null;
  /** By another card, one time after the other. */
  announced: { readonly mac: string; readonly since: number; at: number; times: number } | null;
  /** Last overridden by its card, and by another; to whom. */
  own?: Overridden;
  others?: Overridden;
}

interface Overridden {
  readonly mac: string;
  readonly other: string;
  readonly at: number;
}

/** Another card that says the address is its own, in questions or to all. */
interface Rival {
  readonly mac: string;
  readonly since: number;
  /** How often the other of the two spoke, the rival's first word included. */
  turns: number;
  spokeLast: boolean;
}

/** Whose address it was, as far as known. */
export interface Contradiction {
  readonly what: "addressTaken" | "addressContested";
  readonly owner: string;
  /** Who takes it, where that is not who spoke last. */
  readonly taker?: string;
}

export interface Suspect {
  readonly mac: string;
  /** The address it answered for. */
  readonly ip: string;
  readonly at: number;
}

export class Claims {
  /** Claims and questions let go at their limits, since the last call of takeRefused. */
  #refused = 0;
  readonly #claims = new Map<string, Claim>();
  /** By card: the last two addresses it claimed. */
  readonly #spokenFor = new Map<string, readonly string[]>();
  /** By who is asked for, and who asked. */
  readonly #asked = new Map<string, number>();
  readonly #suspects = new Map<string, Suspect>();
  #suspectUntil = 0;

  /** Some card answered unasked a moment ago: packets are worth a look. */
  hasSuspects(at: number): boolean {
    return at < this.#suspectUntil;
  }

  suspect(mac: string, at: number): Suspect | undefined {
    const it = this.#suspects.get(mac);
    return it !== undefined && at - it.at < SUSPECT_US ? it : undefined;
  }

  /** `segment` tells address spaces and VLANs apart; `other` is whom it asks for or answers. */
  heard(segment: string, mac: string, ip: string, how: How, other: string, at: number): Contradiction | null {
    const key = `${segment}/${ip}`;
    const known = this.#claims.get(key);
    const stands = known !== undefined && at - known.at < STANDS_US;
    if (how === "overrides" && stands) return this.#overrides(known, key, mac, other, at);
    const speaksForAnother = this.#speaks(`${segment}/${mac}`, ip);
    if (how === "asks") put(this.#asked, `${segment}/${other}/${ip}`, at, ASKED_MAX, () => this.#refused++);
    if (how === "answers" && at - (this.#asked.get(`${key}/${other}`) ?? Number.NEGATIVE_INFINITY) > ASKED_US) {
      if (stands && known.mac === mac) known.at = at;
      this.#suspect({ mac, ip, at });
      // It makes nobody the owner of anything.
      return stands && known.mac !== mac && speaksForAnother ? { what: "addressTaken", owner: known.mac } : null;
    }
    if (stands && how !== "answers") {
      const contested = inTurn(known, mac, at);
      const isTaken = how === "announces" && known.mac !== mac && goesOn(known, mac, at) && speaksForAnother;
      return isTaken ? { what: "addressTaken", owner: known.mac } : contested;
    }
    if (!stands)
      put(
        this.#claims,
        key,
        { mac, at, rival: null, announced: null, ...(how === "overrides" ? { own: { mac, other, at } } : {}) },
        CLAIMS_MAX,
        () => this.#refused++,
      );
    else if (known.mac === mac) known.at = at;
    return null;
  }

  #overrides(claim: Claim, key: string, mac: string, other: string, at: number): Contradiction | null {
    const said = { mac, other, at };
    if (claim.mac === mac) {
      claim.at = at;
      claim.own = said;
      return isOfOneQuestion(claim.others, said) ? { what: "addressTaken", owner: mac, taker: claim.others!.mac } : null;
    }
    claim.others = said;
    if (isOfOneQuestion(claim.own, said)) return { what: "addressTaken", owner: claim.mac };
    const isAsked = at - (this.#asked.get(`${key}/${other}`) ?? Number.NEGATIVE_INFINITY) <= ASKED_US;
    if (isAsked) return null;
    const isLong = goesOn(claim, `${mac} ${other}`, at);
    const { since, times } = claim.announced!;
    return isLong || (times >= AGAINST_OWNER_MIN && claim.at > since) ? { what: "addressTaken", owner: claim.mac } : null;
  }

  takeRefused(): number {
    const taken = this.#refused;
    this.#refused = 0;
    return taken;
  }

  /** Whether this card claimed an address beside this one; remembers that it claims this. */
  #speaks(card: string, ip: string): boolean {
    const spoken = this.#spokenFor.get(card) ?? NONE;
    if (!spoken.includes(ip)) put(this.#spokenFor, card, [ip, ...spoken].slice(0, 2), CLAIMS_MAX, () => this.#refused++);
    return spoken.some((it) => it !== ip);
  }

  #suspect(it: Suspect): void {
    this.#suspects.delete(it.mac);
    put(this.#suspects, it.mac, it, SUSPECTS_MAX, () => this.#refused++);
    this.#suspectUntil = it.at + SUSPECT_US;
  }
}

/** A card says of its own accord that a claimed address is its own. */
function inTurn(claim: Claim, mac: string, at: number): Contradiction | null {
  const isOwner = claim.mac === mac;
  if (isOwner) claim.at = at;
  if (claim.rival === null || at - claim.rival.since >= TURNS_US) {
    claim.rival = isOwner ? null : { mac, since: at, turns: 1, spokeLast: true };
    return null;
  }
  const { rival } = claim;
  if ((!isOwner && rival.mac !== mac) || rival.spokeLast !== isOwner) return null;
  rival.spokeLast = !isOwner;
  return ++rival.turns < TURNS_MIN || at - rival.since < TURNS_LAST_US
    ? null
    : { what: "addressContested", owner: isOwner ? rival.mac : claim.mac };
}

function isOfOneQuestion(one: Overridden | undefined, said: Overridden): boolean {
  return one !== undefined && one.other === said.other && said.at - one.at <= ASKED_US;
}

/** Another card announces the address again, as nobody does who took it over. */
function goesOn(claim: Claim, mac: string, at: number): boolean {
  const before = claim.announced;
  if (before === null || before.mac !== mac || at - before.at > ANNOUNCED_GAP_US) {
    claim.announced = { mac, since: at, at, times: 1 };
    return false;
  }
  before.at = at;
  before.times++;
  return before.times >= ANNOUNCED_MIN && at - before.since >= ANNOUNCED_US;
}

const NONE: readonly string[] = [];

function put<Value>(map: Map<string, Value>, key: string, value: Value, max: number, letGo: () => void): void {
  map.delete(key);
  if (map.size >= max) {
    map.delete(map.keys().next().value!);
    letGo();
  }
  map.set(key, value);
}
