/** How the matching devices part. A facet counts under the other filters, writes into the filter text and reads from it. */
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useLocalStorage } from "@mantine/hooks";
import { memo, useState } from "react";
import { CARE_CLASSES, SURENESS } from "../../../src/model/device.ts";
import type { Facet as Parted } from "../../../src/model/store.ts";
import { api } from "../api.ts";
import { words } from "../words.ts";
import { chosen, toggled, without } from "./filter-text.ts";

const FACETS = [
  ["care", "Care class"],
  ["kind", "What it is"],
  ["sure", "How sure we are"],
  ["maker", "Maker"],
  ["os", "System"],
] as const;
type Field = (typeof FACETS)[number][0];
const OPEN_FIRST: readonly Field[] = ["care", "kind", "sure"];
const SHOWN_FIRST = 6;

interface FacetsProps {
  /** What stands in the filter box, and is written into. */
  readonly filter: string;
  /** What the rows in view answer to: counted under this, because what is being typed may not be readable yet. */
  readonly counted: string;
  readonly version: number;
  readonly onFilter: (filter: string) => void;
}

export const Facets = memo(({ filter, counted, version, onFilter }: FacetsProps) => {
  const [open, setOpen] = useLocalStorage({ key: "auscult.facets", defaultValue: OPEN_FIRST });
  const values = useCounts(counted, open, version);
  return (
    <aside className="facets" aria-label="Narrow down">
      {FACETS.map(([field, title]) => (
        <Facet
          key={field}
          title={title}
          open={open.includes(field)}
          onOpen={() => setOpen(open.includes(field) ? open.filter((it) => it !== field) : [...open, field])}
          values={inOrder(field, values.get(field) ?? [])}
          on={chosen(filter, field)}
          toggle={(value) => onFilter(toggled(filter, field, value))}
        />
      ))}
    </aside>
  );
});

/** Fields that are counted under the same rest of the filter are asked for together, and closed ones not at all. */
function useCounts(counted: string, open: readonly Field[], version: number): ReadonlyMap<string, Parted["values"]> {
  const { data = [] } = useQuery({
    queryKey: ["facets", counted, open.join(), version],
    queryFn: async ({ signal }) => {
      const asked = [...Map.groupBy(open, (field) => without(counted, field))];
      return (await Promise.all(asked.map(([under, fields]) => api.facets(under, fields, signal)))).flat();
    },
    staleTime: 5_000,
    retry: false,
    // Counts stay while newer ones are on their way: a list that comes and goes cannot be read.
    placeholderData: (before) => before,
  });
  // As a person would write it.
  const named = (values: Parted["values"]) => values.map(({ value, count }) => ({ value: value === "" ? "unknown" : value, count }));
  return new Map(data.map((facet) => [facet.field, named(facet.values)]));
}

/** Where a field has an order of its own it is kept: the patient comes first. Everything else stands by count. */
const ORDER: Readonly<Record<string, readonly string[]>> = { care: [...CARE_CLASSES, "unknown"], sure: SURENESS };

function inOrder(field: string, values: Parted["values"]): Parted["values"] {
  const order = ORDER[field];
  return order === undefined ? values : values.toSorted((a, b) => order.indexOf(a.value) - order.indexOf(b.value));
}

interface FacetProps {
  readonly title: string;
  readonly open: boolean;
  readonly onOpen: () => void;
  readonly values: Parted["values"];
  readonly on: readonly string[];
  readonly toggle: (value: string) => void;
}

function Facet({ title, open, onOpen, values, on, toggle }: FacetProps) {
  const [all, setAll] = useState(false);
  // What is chosen stays in view, also when nothing matches it any more.
  const listed = [...values, ...on.filter((value) => !values.some((it) => it.value === value)).map((value) => ({ value, count: 0 }))];
  const shown = all ? listed : listed.filter((it, index) => index < SHOWN_FIRST || on.includes(it.value));
  const Chevron = open ? IconChevronDown : IconChevronRight;
  return (
    <section className="facet">
      <h2>
        <button type="button" className="facet-head" aria-expanded={open} onClick={onOpen}>
          <Chevron className="icon" size={16} stroke={1.6} aria-hidden="true" />
          {title}
        </button>
      </h2>
      {open && (
        <ul>
          {shown.map(({ value, count }) => (
            <li key={value}>
              <label>
                <input type="checkbox" checked={on.includes(value)} onChange={() => toggle(value)} />
                <span className="cut" title={value}>
                  {facetWord(value)}
                </span>
                <span className="quiet">{words.count(count)}</span>
              </label>
            </li>
          ))}
          {listed.length > shown.length && (
            <li>
              <button type="button" className="link" onClick={() => setAll(true)}>
                {listed.length - shown.length} more<span className="unseen"> of {title}</span>
              </button>
            </li>
          )}
        </ul>
      )}
    </section>
  );
}

function facetWord(value: string): string {
  return value === "unknown" ? "Not known" : words.capital(value);
}
