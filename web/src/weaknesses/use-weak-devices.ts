/** One weakness with a window of its devices: three steps around the one that is looked at, so that scrolling over an edge finds the next rows there. */
import { useQuery } from "@tanstack/react-query";
import { api } from "../api.ts";

/** More than fit the tallest screen. */
const STEP = 40;

/** `first`: the first row in view. While other rows are on their way the last ones stay. */
export function useWeakDevices(name: string, first: number, version: number) {
  const offset = Math.max(0, Math.floor(first / STEP) - 1) * STEP;
  const { data, error } = useQuery({
    queryKey: ["weaknesses", "one", name, offset, version],
    queryFn: async ({ signal }) => ({ ...(await api.weakness(name, offset, 3 * STEP, signal)), offset }),
    placeholderData: (before) => (before?.name === name ? before : undefined),
    gcTime: 30_000,
  });
  return { data, error };
}
