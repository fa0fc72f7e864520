/** What protocols are called: the program's list says it, which the pages do not repeat. */
import { useQuery } from "@tanstack/react-query";
import { api } from "./api.ts";

/** A name that is on no list, as `ip` and `ftp-data`, is letters. */
export function useProtocolTitles(): (name: string) => string {
  const { data = [] } = useQuery({ queryKey: ["protocols"], queryFn: ({ signal }) => api.protocols(signal), staleTime: Infinity });
  return (name) => data.find((it) => it.name === name)?.title ?? name.toUpperCase();
}
