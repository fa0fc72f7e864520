/** Views everybody has, and those that were saved. */
import { queryOptions, useQuery } from "@tanstack/react-query";
import { api } from "../api.ts";
import type { View } from "../api.ts";

/** What a view leaves open stays as it is. */
export type ShownView = Partial<View> &
  Pick<View, "name" | "filter"> & {
    /** It tells something only where one has listened for so many days. */
    readonly days?: number;
  };

/** Peers beyond the hospital's own addresses: web sites, clouds. They are listed only where one asks for them. */
export const OUTSIDE = "standing = outside";

/** Times count from the recording's end. */
const STARTERS: readonly ShownView[] = [
  { name: "All devices", filter: "" },
  { name: "Life-supporting", filter: "care = life-supporting" },
  { name: "Not identified", filter: "sure = unknown" },
  { name: "New this week", filter: "first < 7d", days: 7 },
  { name: "Silent 30 days", filter: "last > 30d", days: 30 },
  { name: "Outside", filter: OUTSIDE },
];

/** How many a filter would list. */
export function countOf(filter: string, version: number) {
  return queryOptions({
    queryKey: ["count", filter, version] as const,
    queryFn: ({ signal }) => api.devices({ filter, sort: "name", descending: false, offset: 0, limit: 0 }, signal),
    staleTime: 5_000,
    retry: false,
  });
}

export function useViews(): { readonly views: readonly ShownView[]; readonly saved: readonly View[] } {
  const { data: saved = [] } = useQuery({ queryKey: ["views"], queryFn: ({ signal }) => api.views(signal) });
  return { views: [...STARTERS, ...saved], saved };
}

/** A view as it stands in the address of the list. */
export function searchOf({ filter, sort, descending, columns }: ShownView) {
  return {
    filter,
    ...(sort === undefined ? {} : { sort, descending: descending === true }),
    ...(columns === undefined ? {} : { columns: columns.join(",") }),
  };
}
