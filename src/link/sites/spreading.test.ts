import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { Spreading, type Look } from "./spreading.ts";

const NAMES = Array.from({ length: 20 }, (_, at) => `s${String(at).padStart(2, "0")}`);
/** Of a look it takes two seconds. */
const LOOK_MS = 2_000;

/** Cores that look at one world in turn; what they decide is so at once, unless a core stands still. */
class World {
  readonly holders = new Map<string, number>();
  readonly #cores = new Map<number, { readonly spreading: Spreading; readonly sites: ReadonlySet<string>; isStill: boolean }>();
  now = 0;
  moves = 0;

  join(core: number, sites: readonly string[] = NAMES): void {
    this.#cores.set(core, { spreading: new Spreading(), sites: new Set(sites), isStill: false });
  }

  die(core: number): void {
    this.#cores.delete(core);
    for (const [site, holder] of this.holders) if (holder === core) this.holders.delete(site);
  }

  /** It is there and takes nothing. */
  stand(core: number): void {
    this.#cores.get(core)!.isStill = true;
  }

  look(times = 1): void {
    for (let at = 0; at < times; at++) {
      this.now += LOOK_MS;
      const ready = new Map([...this.#cores].map(([core, { sites }]) => [core, sites]));
      for (const [me, { spreading, isStill }] of this.#cores) {
        if (isStill) continue;
        const look: Look = { me, ready, holders: new Map(this.holders) };
        const { take, give } = spreading.step(look, this.now);
        for (const site of take) if (!this.holders.has(site)) this.holders.set(site, me);
        if (give === null) continue;
        this.moves++;
        this.holders.delete(give);
      }
    }
  }

  counts(): readonly number[] {
    return [...this.#cores.keys()].map((core) => [...this.holders.values()].filter((it) => it === core).length);
  }
}

suite("sites over cores", () => {
  test("one core takes all; a second gets half of them one by one, and then nothing moves", () => {
    const world = new World();
    world.join(1);
    world.look();
    assert.deepEqual(world.counts(), [20]);
    world.join(2);
    world.look();
    assert.ok(world.moves <= 1, "more than one moved at a time");
    world.look(30);
    assert.deepEqual(world.counts(), [10, 10]);
    assert.equal(world.moves, 10);
    world.look(30);
    assert.equal(world.moves, 10, "sites went to and fro");
  });

  test("what a dead core had is taken with the next look by those with the fewest", () => {
    const world = new World();
    for (const core of [1, 2, 3]) world.join(core);
    world.look(40);
    world.die(2);
    world.look();
    assert.deepEqual(world.counts(), [10, 10]);
  });

  test("a site that one core alone would take is taken by it, however many it has", () => {
    const world = new World();
    world.join(1);
    world.join(2, ["s00"]);
    world.look(20);
    assert.equal(world.holders.size, 20);
    assert.equal(world.holders.get("s00"), 2, "the one it would take was not given to it");
  });

  test("what goes to a core that stands still comes back after six seconds, and is not given again soon", () => {
    const world = new World();
    world.join(1);
    world.look();
    world.join(2);
    world.stand(2);
    world.look(60);
    const free = NAMES.length - world.holders.size;
    assert.ok(free <= 1, `${free} sites lie`);
    assert.ok(world.moves <= 40, `${world.moves} moves in two minutes`);
  });

  test("a core that takes one site alone counts for nobody", () => {
    const world = new World();
    world.join(1);
    world.holders.set("s00", 0);
    world.look(5);
    assert.equal(world.holders.get("s00"), 0);
    assert.deepEqual(world.counts(), [19]);
    assert.equal(world.moves, 0);
  });
});
