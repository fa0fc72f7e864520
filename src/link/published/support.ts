/**
 * endoflife.date's products → records of `knowledge/support.ts`: as its API gives all of them (`/api/v1/products/full`), or as one object by
 * product with the releases its files say.
 */
import { z } from "zod";
import { SUPPORTED, supportRecords, type PublishedRelease } from "../../knowledge/published-support.ts";
import { SUPPORT_SOURCE } from "../../knowledge/support.ts";
import type { ReadFeed } from "./index.ts";
import { asPublished, Day } from "./wrong-feed.ts";

const Name = z.string().regex(/^[^\t\n]{1,80}$/, "expected a name of one line");
const DayOrWhether = z.union([z.boolean(), Day]);
const Release = z.object({
  releaseCycle: Name,
  releaseLabel: Name.optional(),
  eol: DayOrWhether,
  eoes: DayOrWhether.optional(),
  lts: z.unknown(),
  latest: Name.optional(),
  latestReleaseDate: Day.optional(),
});
const Products = z.record(z.string(), z.object({ releases: z.array(Release) }));

const ApiRelease = z
  .object({
    name: Name,
    label: Name.nullish(),
    isLts: z.boolean().nullish(),
    isEol: z.boolean(),
    eolFrom: Day.nullish(),
    isEoes: z.boolean().nullish(),
    eoesFrom: Day.nullish(),
    latest: z.object({ name: Name, date: Day.nullish() }).nullish(),
  })
  .transform(({ name, label, isLts, isEol, eolFrom, isEoes, eoesFrom, latest }): z.infer<typeof Release> => ({
    releaseCycle: name,
    eol: eolFrom ?? isEol,
    lts: isLts ?? false,
    ...(label == null ? {} : { releaseLabel: label }),
    ...(eoesFrom == null && isEoes == null ? {} : { eoes: eoesFrom ?? isEoes ?? false }),
    ...(latest == null ? {} : { latest: latest.name }),
    ...(latest?.date == null ? {} : { latestReleaseDate: latest.date }),
  }));
const Api = z.object({
  total: z.number().int(),
  generated_at: Day.optional(),
  result: z.array(z.object({ name: z.string(), releases: z.array(ApiRelease) })),
});

export function isOfApi(value: object): boolean {
  return "result" in value && "total" in value;
}

/** Of the file's name only its day counts. Throws an Error for people with the place. */
export function readEnds(value: object, file: string): ReadFeed {
  const { products, made } = isOfApi(value) ? ofApi(value) : { products: asPublished(Products, value), made: undefined };
  const missing = Object.keys(SUPPORTED).find((name) => (products[name]?.releases.length ?? 0) === 0);
  if (missing !== undefined) throw new Error(`expected the releases of ${missing}, got none`);
  const releases: Record<string, readonly PublishedRelease[]> = {};
  for (const [name, product] of Object.entries(products)) releases[name] = product.releases.map(releaseOf);
  const day = made ?? /\d{4}-\d\d-\d\d/.exec(file)?.[0] ?? latestOf(products);
  return { name: "support", source: SUPPORT_SOURCE, day, records: supportRecords(releases) };
}

type AllProducts = z.infer<typeof Products>;

function ofApi(value: object): { readonly products: AllProducts; readonly made: string | undefined } {
  const { total, generated_at: made, result } = asPublished(Api, value);
  if (total !== result.length) throw new Error(`result: expected ${total} products, as total says, got ${result.length}`);
  return { products: Object.fromEntries(result.map(({ name, releases }) => [name, { releases }])), made };
}

function releaseOf({ releaseCycle, eol, lts, releaseLabel, eoes, latest }: z.infer<typeof Release>): PublishedRelease {
  return {
    releaseCycle,
    eol,
    lts,
    ...(releaseLabel === undefined ? {} : { releaseLabel }),
    ...(eoes === undefined ? {} : { eoes }),
    ...(latest === undefined ? {} : { latest }),
  };
}

/** What says no day of its own is as old as the newest release in it. */
function latestOf(products: AllProducts): string {
  const days = Object.values(products).flatMap(({ releases }) => releases.flatMap((it) => it.latestReleaseDate ?? []));
  return days.reduce((latest, day) => (day > latest ? day : latest), "");
}
