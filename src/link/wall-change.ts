/**
 * A wall is put up so that it comes down by itself unless somebody says that all is well.
 *
 * In this order: what takes it back is written and synced, then that a change is pending; then a small process of its own is up, holds the
 * file that takes it back, and has said so; only then the kernel is given the new rules, in one transaction. Two things take it back, and
 * neither needs the other: that process, and the kernel itself, which answers by the rules before as soon as the elements of a set have
 * expired, with no process alive. Nothing is written that a restart would load until it is confirmed, so a restart takes it back as well.
 *
 * Who is first is decided by renaming one file: `pending` becomes `confirmed`, or `rolling` and then `rolled-back`, never both.
 */
import { spawn } from "node:child_process";
import {
  appendFileSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { uptime } from "node:os";
import { join } from "node:path";
import { BASE_CHAIN, entrance, TABLE } from "../policies/exporters/nftables-names.ts";
import { baseChain, type NftablesForm } from "../policies/exporters/nftables.ts";
import type { Wall } from "../policies/exporters/exporter.ts";
import { meaningOf, type WallMeaning } from "./wall-meaning.ts";
import type { Followed } from "../policies/following.ts";
import { GATE, PACKET_KINDS, partsOf, type Firewall, type StandingTable } from "./firewall.ts";

export interface Change {
  /** Later ones are greater. */
  readonly id: string;
  readonly policy: string;
  readonly mark: string;
  /** What its names in the table end with. */
  readonly letter: Letter;
  /** Who, and for therapy who else; as they were called at the terminal. */
  readonly by: string;
  readonly second: string | null;
  /** Milliseconds since 1970, by the wall clock. */
  readonly at: number;
  readonly until: number;
  /** Of this run of the kernel: rules do not outlive it. */
  readonly boot: string;
}

/** Who the groups of a wall are: as it was put up, and from then on as `policy follow` keeps them. */
export interface Kept {
  /** The policy's text. */
  readonly policy: string;
  /** In which recording they are heard. */
  readonly recording: string;
  /** Whether an address speaks from its own card only. */
  readonly cards: boolean;
  readonly followed: Followed;
}

/** `rolling`: being taken back. `refused`: the kernel did not take it. */
export type ChangeState = "pending" | "confirmed" | "rolling" | "rolled-back" | "refused";

/** What a person is told: it could not be done, and what is so now. */
export class ChangeRefused extends Error {}

type Letter = "a" | "b";

/** The process that takes it back has its say within this, or nothing is loaded. */
const TIMER_READY_MS_MAX = 10_000;
/** So late after its time the process that takes it back has surely begun. */
const OVERDUE_MS = 3_000;
/** Some ten thousand lines, more than anybody reads. */
const LOG_BYTES_MAX = 4 << 20;
const STATES: readonly ChangeState[] = ["pending", "confirmed", "rolling", "rolled-back", "refused"];

/** Changes of the walls of one family, kept in one folder. */
export class WallChanges {
  readonly #firewall: Firewall;
  readonly #form: NftablesForm;
  readonly #folder: string;

  constructor(folder: string, firewall: Firewall, form: NftablesForm) {
    this.#folder = join(folder, firewall.family);
    this.#firewall = firewall;
    this.#form = form;
  }

  /** What a restart may load: written only when a wall is confirmed, or taken back after that. */
  get bootFile(): string {
    return join(this.#folder, "boot.nft");
  }

  /** Newest first. */
  all(): readonly (Change & { readonly state: ChangeState })[] {
    if (!existsSync(this.#folder)) return [];
    return readdirSync(this.#folder)
      .flatMap((name) => {
        const [, state, id] = /^([a-z-]+)-(\d+)\.json$/.exec(name) ?? [];
        if (id === undefined || !(STATES as readonly string[]).includes(state!)) return [];
        return [{ ...(JSON.parse(readFileSync(join(this.#folder, name), "utf8")) as Change), state: state as ChangeState }];
      })
      .toSorted((a, b) => (a.id < b.id ? 1 : -1));
  }

  pending(): Change | undefined {
    return this.all().find(({ state }) => state === "pending" || state === "rolling");
  }

  /** The last one confirmed, while it is what stands in the kernel. */
  confirmed(): Change | undefined {
    const last = this.all().find(({ state }) => state === "confirmed");
    return last?.mark === this.#firewall.standing()?.mark ? last : undefined;
  }

  /** What stands was changed by somebody else since we put it up. */
  hasDrifted(): boolean {
    const standing = this.#firewall.standing();
    if (standing === null || standing.isGated) return false;
    return !existsSync(this.bootFile) || !readFileSync(this.bootFile, "utf8").endsWith(standing.text);
  }

  /** Walls whose sets stand in the kernel: the one that waits, and the one that was confirmed before it. */
  standing(): readonly Change[] {
    const standing = this.#firewall.standing();
    if (standing?.mark === null || standing === null) return [];
    const letters = new Set(
      standing.parts.flatMap(({ kind, name }) => (kind === "chain" && name.startsWith("look_") ? [name.at(-1)] : [])),
    );
    const all = this.all();
    const pending = all.find(({ state, mark }) => state === "pending" && mark === standing.mark);
    const confirmed = all.find(({ state, mark }) => state === "confirmed" && (pending !== undefined || mark === standing.mark));
    return [pending, confirmed].filter((it) => it !== undefined && letters.has(it.letter)) as Change[];
  }

  /** Null: it was put up by an Auscult that kept none. */
  keptOf({ id }: Change): Kept | null {
    const file = this.#file(`${id}.members.json`);
    return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Kept) : null;
  }

  keep({ id }: Change, kept: Kept): void {
    this.#write(`${id}.members.json`, `${JSON.stringify(kept)}\n`);
  }

  /** A restart loads the sets as they are now. Whatever else somebody changed since is left as it was confirmed, and stays told of. */
  keepSets(): void {
    const standing = this.#firewall.standing();
    if (standing === null || standing.isGated || !existsSync(this.bootFile)) return;
    const boot = readFileSync(this.bootFile, "utf8");
    const now = new Map(standing.parts.filter(({ kind }) => kind === "set").map(({ name, text }) => [name, text]));
    const next = partsOf(boot).reduce((text, part) => (part.kind === "set" ? text.replace(part.text, () => now.get(part.name) ?? part.text) : text), boot); // prettier-ignore
    if (next !== boot) this.#write("boot.nft", next);
  }

  /** What became of its groups, a line each; what is older than so much is kept in one file beside it. */
  log(line: object): void {
    const file = this.#file("followed.log");
    if (existsSync(file) && statSync(file).size > LOG_BYTES_MAX) renameSync(file, `${file}.before`);
    appendFileSync(file, `${JSON.stringify(line)}\n`, { mode: 0o600, flush: true });
  }

  /** The text that a change put up, for people to read differences in. */
  textOf({ id }: Change): string {
    return readFileSync(this.#file(`wall-${id}.nft`), "utf8");
  }

  /** What each rule of it says, by the rule's number in the text. */
  rulesOf(change: Change): ReadonlyMap<string, string> {
    return new Map([...this.textOf(change).matchAll(/^\t\t# (\d+): (.*)$/gm)].map(([, number, words]) => [`rule ${number}`, words!]));
  }

  /** What its names and comments mean; null of one that was put up before this was kept. */
  meaningOf({ id }: Change): WallMeaning | null {
    const file = this.#file(`wall-${id}.meaning.json`);
    return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as WallMeaning) : null;
  }

  /** Milliseconds since 1970: what stands has been counting and remembering since then at the earliest. */
  countsSince(change: Change, now: number): number {
    const takenBack = this.all().flatMap(({ id, state }) =>
      state === "rolled-back" ? [statSync(this.#file(`${state}-${id}.json`)).ctimeMs] : [],
    );
    return Math.max(change.at, now - uptime() * 1_000, ...takenBack);
  }

  /**
   * Takes back what is overdue, or has nobody left to take it back, or was taken back half. Of a restart the kernel has forgotten what was
   * pending. What it did is told.
   */
  settle(now: number): readonly (Change & { readonly why: string })[] {
    return this.all().flatMap((change) => {
      const { state, boot, until } = change;
      if (state !== "pending" && state !== "rolling") return [];
      const isAlive = this.#timerIsAlive(change);
      if (boot !== bootOf()) {
        this.#rename(change, state, "rolled-back");
        return [{ ...change, why: "this machine was restarted before it was confirmed" }];
      }
      if (isAlive && now <= until + OVERDUE_MS) return [];
      if (state === "pending" && !this.#rename(change, "pending", "rolling")) return [];
      this.#takeBack(change);
      return [
        { ...change, why: isAlive || now > until ? "nobody confirmed it in time" : "the process that would have taken it back was gone" },
      ];
    });
  }

  /** `seconds`: so long it stands unless confirmed. Refuses where a table of the name is not ours, and while another change is pending. */
  async apply(
    wall: Wall,
    {
      seconds,
      by,
      second,
      now,
      kept,
    }: { readonly seconds: number; readonly by: string; readonly second: string | null; readonly now: number; readonly kept: Kept },
  ): Promise<Change> {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const before = this.#firewall.standing();
    if (before !== null && before.mark === null)
      throw new ChangeRefused(
        `expected no table ${this.#firewall.family} ${TABLE}, or one that we wrote, got one without our mark: it is left as it is`,
      );
    const open = this.pending();
    if (open !== undefined || before?.isGated)
      throw new ChangeRefused("expected no change that waits, got one: auscult policy confirm, or auscult policy rollback");
    const letter: Letter = before?.parts.some(({ name }) => name.endsWith("_a")) ? "b" : "a";
    const change: Change = {
      id: String(now).padStart(15, "0"),
      policy: wall.policy.name,
      mark: this.#form.mark(wall),
      letter,
      by,
      second,
      at: now,
      until: now + seconds * 1_000,
      boot: bootOf(),
    };
    const next = this.#gated(wall, change, before, seconds);
    const back = this.#backTo(before);
    this.#firewall.check(next);
    this.#firewall.check(back);
    this.#write(`wall-${change.id}.nft`, this.#form.write(wall));
    this.#write(`wall-${change.id}.meaning.json`, `${JSON.stringify(meaningOf(wall))}\n`);
    this.#write(`rollback-${change.id}.nft`, back);
    this.keep(change, kept);
    this.#write(`pending-${change.id}.json`, `${JSON.stringify(change)}\n`);
    const timer = await this.#arm(change, seconds);
    try {
      this.#firewall.load(next);
    } catch (error) {
      this.#rename(change, "pending", "refused");
      process.kill(timer, "SIGKILL");
      throw error;
    }
    return change;
  }

  /** From here on it stands until somebody takes it down, and a restart may load it. */
  confirm(now: number): Change {
    const change = this.pending();
    if (change === undefined) throw new ChangeRefused("expected a wall that waits to be confirmed, got none");
    if (change.boot !== bootOf() || now > change.until || !this.#rename(change, "pending", "confirmed")) {
      this.settle(now);
      throw new ChangeRefused(`too late: "${change.policy}" was not confirmed in time, and what stood before stands again`);
    }
    try {
      this.#firewall.load(this.#ungated(change.letter));
    } catch (error) {
      this.#rename(change, "confirmed", "rolling");
      this.#takeBack(change);
      throw error;
    }
    this.#writeBoot();
    return change;
  }

  /** What waits is taken back, else what was confirmed last; a restart then loads what stands again. */
  rollback(): Change {
    const [change] = this.all().filter(({ state }) => state === "pending" || state === "rolling" || state === "confirmed");
    if (change === undefined) throw new ChangeRefused("expected a wall that we put up, got none");
    const { state } = change;
    if (state === "confirmed" && change.mark !== this.#firewall.standing()?.mark)
      throw new ChangeRefused(
        `expected "${change.policy}" to stand, got ${this.#firewall.standing() === null ? "no wall" : "another one"}: nothing was changed`,
      );
    if (state !== "rolling" && !this.#rename(change, state, "rolling"))
      throw new ChangeRefused("expected a wall to take back, got one that is just taken back");
    this.#takeBack(change);
    if (state === "confirmed") this.#writeBoot();
    return change;
  }

  #takeBack(change: Change): void {
    this.#firewall.load(readFileSync(this.#file(`rollback-${change.id}.nft`), "utf8"));
    this.#rename(change, "rolling", "rolled-back");
  }

  /** The rules before and the new ones in one table; which of them answer, a set says that empties itself. */
  #gated(wall: Wall, { mark, letter }: Change, before: StandingTable | null, seconds: number): string {
    const kinds = PACKET_KINDS.map((kind) => `${kind} timeout ${seconds}s`).join(", ");
    const other: Letter = letter === "a" ? "b" : "a";
    return this.#replacing([
      `\tcomment "${mark}"\n`,
      `\tset ${GATE} {\n\t\ttype pkt_type\n\t\tflags timeout\n\t\telements = { ${kinds} }\n\t}\n`,
      ...(before?.parts.map(({ text }) => text) ?? []),
      this.#form.parts(wall, letter),
      baseChain(`meta pkttype @${GATE} goto ${entrance(letter)}`, ...(before === null ? [] : [`goto ${entrance(other)}`])),
    ]);
  }

  /** The gate and the rules before are taken out; counters go on counting. */
  #ungated(letter: Letter): string {
    const where = `${this.#firewall.family} ${TABLE}`;
    const old = (this.#firewall.standing()?.parts ?? []).filter(({ name }) => !name.endsWith(`_${letter}`));
    const chains = old.filter(({ kind }) => kind === "chain");
    return [
      `flush chain ${where} ${BASE_CHAIN}`,
      `add rule ${where} ${BASE_CHAIN} goto ${entrance(letter)}`,
      ...chains.map(({ name }) => `flush chain ${where} ${name}`),
      ...chains.map(({ name }) => `delete chain ${where} ${name}`),
      ...old.filter(({ kind }) => kind === "set").map(({ name }) => `delete set ${where} ${name}`),
      `delete set ${where} ${GATE}`,
      "",
    ].join("\n");
  }

  /** Works whether or not the table is there. */
  #backTo(before: StandingTable | null): string {
    const where = `table ${this.#firewall.family} ${TABLE}`;
    return `${where}\ndelete ${where}\n${before?.text ?? ""}`;
  }

  #replacing(parts: readonly string[]): string {
    const where = `table ${this.#firewall.family} ${TABLE}`;
    return `${where}\ndelete ${where}\n${where} {\n${parts.join("\n")}}\n`;
  }

  #writeBoot(): void {
    this.#write("boot.nft", this.#backTo(this.#firewall.standing()));
  }

  /** A process in a session of its own, with nothing of ours open; it says when it holds the file. */
  async #arm({ id }: Change, seconds: number): Promise<number> {
    const child = spawn("/bin/sh", ["-c", TIMER, "auscult-rollback", this.#folder, id, String(seconds)], {
      detached: true,
      cwd: "/",
      stdio: ["ignore", "pipe", "ignore"],
    });
    child.stdout.setEncoding("utf8");
    const said = await new Promise<string>((resolve, reject) => {
      const late = setTimeout(() => resolve(""), TIMER_READY_MS_MAX);
      child.once("error", reject);
      child.once("exit", () => resolve(""));
      child.stdout.once("data", (text: string) => {
        clearTimeout(late);
        resolve(text);
      });
    });
    child.stdout.destroy();
    child.unref();
    if (said !== "ready\n" || child.pid === undefined) {
      if (child.pid !== undefined && child.exitCode === null) process.kill(child.pid, "SIGKILL");
      this.#rename({ id }, "pending", "refused");
      throw new ChangeRefused("expected the process that takes the wall back to be up, got none: nothing was loaded");
    }
    return child.pid;
  }

  #timerIsAlive({ id }: Change): boolean {
    return readdirSync("/proc").some((pid) => {
      if (!/^\d+$/.test(pid)) return false;
      const words = commandLine(pid);
      return words.includes("auscult-rollback") && words.includes(this.#folder) && words.includes(id);
    });
  }

  /** False where somebody else was first. */
  #rename({ id }: Pick<Change, "id">, from: ChangeState, to: ChangeState): boolean {
    try {
      renameSync(this.#file(`${from}-${id}.json`), this.#file(`${to}-${id}.json`));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
      throw error;
    }
    this.#sync(this.#folder);
    return true;
  }

  /** All of it is on the disk, or what was there before is. */
  #write(name: string, text: string): void {
    const file = this.#file(name);
    const fresh = `${file}.new`;
    writeFileSync(fresh, text, { mode: 0o600, flush: true });
    renameSync(fresh, file);
    this.#sync(this.#folder);
  }

  #sync(folder: string): void {
    const fd = openSync(folder, "r");
    try {
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  }

  #file(name: string): string {
    return join(this.#folder, name);
  }
}

/**
 * Takes a wall back that nobody confirmed. It holds the file open from before it says that it is ready, and goes by what became of the
 * change: only what was confirmed, refused or taken back already is left alone.
 */
const TIMER = `
cd "$1" && exec 3<"rollback-$2.nft" || exit 1
trap '' HUP INT TERM
echo ready
exec >/dev/null 2>"timer-$2.log" </dev/null
sleep "$3"
if mv "pending-$2.json" "rolling-$2.json"; then :
elif [ -e "confirmed-$2.json" ] || [ -e "refused-$2.json" ] || [ -e "rolling-$2.json" ] || [ -e "rolled-back-$2.json" ]; then exit 0
fi
nft -f - <&3 && mv "rolling-$2.json" "rolled-back-$2.json"
`;

function commandLine(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  } catch (error) {
    // It may end between any two looks.
    if (["ENOENT", "ESRCH"].includes((error as NodeJS.ErrnoException).code ?? "")) return [];
    throw error;
  }
}

function bootOf(): string {
  return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
}
