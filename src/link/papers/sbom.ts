/** A maker's SBOM, CycloneDX 1.4 to 1.7 as JSON → what we keep of it (model/paper.ts). What depends on what is not kept: nothing rests on it. */
import { z } from "zod";
import { tidied } from "../../knowledge/advisories.ts";
import type { Sbom, SbomComponent, ToldVulnerability } from "../../model/paper.ts";
import { asPublished, Cve, Day, placeOf, shown } from "../published/wrong-feed.ts";

/** A whole Linux distribution has 3,000 packages. */
const COMPONENTS_MAX = 5_000;
const DEPTH_MAX = 20;
const NAME_LENGTH_MAX = 200;

const Text = z.string().min(1).transform((it) => tidied(it.slice(0, NAME_LENGTH_MAX))); // prettier-ignore
const Component = z.object({
  name: Text,
  version: Text.optional(),
  "bom-ref": z.string().optional(),
  components: z.array(z.unknown()).default([]),
});
const Bom = z.object({
  bomFormat: z.literal("CycloneDX", "expected CycloneDX"),
  specVersion: z.enum(["1.4", "1.5", "1.6", "1.7"], "expected CycloneDX 1.4 to 1.7"),
  metadata: z.object({ timestamp: Day, component: Component.optional() }),
  components: z.array(z.unknown()).default([]),
  dependencies: z.array(z.object({ ref: z.string(), dependsOn: z.array(z.string()).default([]) })).default([]),
  vulnerabilities: z
    .array(
      z.object({
        id: z.string(),
        analysis: z.object({ state: z.string() }).optional(),
        affects: z.array(z.object({ ref: z.string() })).default([]),
      }),
    )
    .default([]),
});

export interface ReadSbom {
  readonly sbom: Sbom;
  /** What stands in it and is not as it should be, yet harms nothing here. */
  readonly notes: readonly string[];
}

export function isSbom(value: object): boolean {
  return "bomFormat" in value;
}

/** Throws an Error for people with the place. */
export function readSbom(value: unknown): ReadSbom {
  const { metadata, components, dependencies, vulnerabilities } = asPublished(Bom, value);
  const found: { name: string; version: string | null; told: ToldVulnerability[] }[] = [];
  const byRef = new Map<string, (typeof found)[number]>();
  const add = (list: readonly unknown[], path: readonly PropertyKey[]) => {
    if (path.length > 2 * DEPTH_MAX) throw new Error(`${placeOf(path.slice(0, 4))}expected at most ${DEPTH_MAX} components within each other, got more`);
    for (const [at, it] of list.entries()) {
      const own = [...path, at];
      const component = componentAt(it, own);
      if (found.length === COMPONENTS_MAX) throw new Error(`components: expected at most ${COMPONENTS_MAX}, got more`);
      const kept = { name: component.name, version: component.version ?? null, told: [] };
      found.push(kept);
      const ref = component["bom-ref"];
      if (ref !== undefined && byRef.has(ref)) throw new Error(`${placeOf([...own, "bom-ref"])}expected one that nothing else has, got ${shown(ref)} again`);
      if (ref !== undefined) byRef.set(ref, kept);
      add(component.components, [...own, "components"]);
    }
  };
  add(components, ["components"]);
  if (found.length === 0) throw new Error("components: expected at least one, got none");
  for (const { id, analysis, affects } of vulnerabilities) {
    if (!Cve.safeParse(id).success) continue;
    for (const { ref } of affects) byRef.get(ref)?.told.push({ cve: id, state: STATES[analysis?.state ?? ""] ?? "possible" });
  }
  const circle = circleIn(new Map(dependencies.map(({ ref, dependsOn }) => [ref, dependsOn])));
  const notes = circle === null ? [] : [`its dependencies go in a circle through ${shown(circle)}: no component is left out for it`];
  return { sbom: { kind: "sbom", day: metadata.timestamp, version: metadata.component?.version ?? null, components: distinct(found) }, notes };
} // prettier-ignore

/** CycloneDX's impact analysis states; what is in triage, or not said, is possible. */
const STATES: Readonly<Record<string, ToldVulnerability["state"]>> = {
  exploitable: "affected",
  not_affected: "free",
  false_positive: "free",
  resolved: "free",
  resolved_with_pedigree: "free",
};

function componentAt(value: unknown, path: readonly PropertyKey[]): z.infer<typeof Component> {
  try {
    return asPublished(Component, value);
  } catch (error) {
    throw new Error(`${placeOf(path)}${(error as Error).message}`, { cause: error });
  }
}

/** The same part in several places is one. */
function distinct(components: readonly SbomComponent[]): readonly SbomComponent[] {
  const all = new Map<string, SbomComponent>();
  for (const it of components) {
    const key = `${it.name}\n${it.version ?? ""}`;
    const before = all.get(key);
    all.set(key, before === undefined ? it : { ...before, told: [...before.told, ...it.told] });
  }
  return [...all.values()];
}

/** Something that depends on itself by way of others; null where nothing does. Each is looked at once (Kahn's order), however they hang together. */
function circleIn(dependsOn: ReadonlyMap<string, readonly string[]>): string | null {
  const waitsFor = new Map<string, number>();
  const awaited = new Map<string, string[]>();
  for (const [ref, all] of dependsOn) {
    const own = new Set(all.filter((it) => dependsOn.has(it)));
    waitsFor.set(ref, own.size);
    for (const it of own) addTo(awaited, it, ref);
  }
  const ready = [...waitsFor].flatMap(([ref, count]) => (count === 0 ? [ref] : []));
  for (let ref = ready.pop(); ref !== undefined; ref = ready.pop()) {
    waitsFor.delete(ref);
    for (const it of awaited.get(ref) ?? []) {
      const left = waitsFor.get(it)! - 1;
      waitsFor.set(it, left);
      if (left === 0) ready.push(it);
    }
  }
  return [...waitsFor.keys()][0] ?? null;
}

function addTo(map: Map<string, string[]>, key: string, value: string): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else known.push(value);
}
