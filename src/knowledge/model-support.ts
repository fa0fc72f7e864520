/** Until when makers support models: what a site wrote down of makers' letters and its CMMS, since nobody publishes it. Empty where it brought none. */
import { spelled } from "./families.ts";
import { feedRecords } from "./feeds.ts";
import type { Makers } from "./makers.ts";

export const MODELS_SOURCE = "the site's table of support";

export interface ModelSupport {
  readonly maker: string;
  readonly model: string;
  /** Last day, YYYY-MM-DD. */
  readonly ends: string;
  /** As the table has it: "letter of 2024-03-01"; "" where it says none. */
  readonly source: string;
}

export interface ModelSupports {
  /** Null for a model that no row names. */
  of(maker: string | null, model: string): ModelSupport | null;
}

export function modelRecord({ maker, model, ends, source }: ModelSupport): string {
  return [maker, model, ends, source].join("\t");
}

export function loadModelSupports(makers: Makers, records: readonly string[] = feedRecords("models")): ModelSupports {
  const all = new Map<string, ModelSupport>();
  for (const record of records) {
    const [maker = "", model = "", ends = "", source = ""] = record.split("\t");
    const known = makers.called(maker).name;
    const it = { maker: known, model, ends, source };
    // As lists write them, with the maker's name before the model or without.
    for (const name of [model, `${known} ${model}`]) all.set(`${known} ${spelled(name)}`, it);
  }
  return { of: (maker, model) => (maker === null ? null : (all.get(`${maker} ${spelled(model)}`) ?? null)) };
}
