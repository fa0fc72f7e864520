/** A clinical guard that hears not all, said wherever one might take its silence for good news. One that hears says nothing. */
import { useQuery } from "@tanstack/react-query";
import { IconEarOff } from "@tabler/icons-react";
import type { GuardView } from "../../../src/model/guard.ts";
import { api } from "../api.ts";

const STATE_WORDS: Readonly<Record<GuardView["state"], string>> = {
  blind: "The guard is blind",
  "half-blind": "The guard is half-blind",
  learning: "The guard is learning",
  hearing: "The guard hears",
};

/** Those that hear not all, of one device or of the whole site; undefined while it is asked. */
export function useDeafGuards(fresh: number, device?: string): readonly GuardView[] | undefined {
  const { data } = useQuery({
    queryKey: ["guards", device ?? "site", fresh],
    queryFn: ({ signal }) => api.guards(device, signal),
    placeholderData: (before) => before,
  });
  return data?.filter(({ devices, state }) => devices > 0 && state !== "hearing");
}

export function DeafGuards({ guards }: { readonly guards: readonly GuardView[] | undefined }) {
  return guards?.map(({ name, title, state, says }) => (
    <p key={name} className={state === "learning" ? "notice" : "notice warn"}>
      <IconEarOff className="icon" size={18} stroke={1.6} aria-hidden="true" />
      <span>
        <b>
          {title}. {STATE_WORDS[state]}:
        </b>{" "}
        {says}.
      </span>
    </p>
  ));
}
