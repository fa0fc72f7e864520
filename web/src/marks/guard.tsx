/** A clinical guard that hears not all, said wherever one might take its silence for good news. One that hears says nothing. */
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
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

/** Those that only learn are told of together: each recording begins with them. */
export function DeafGuards({ guards = [] }: { readonly guards: readonly GuardView[] | undefined }) {
  const learning = guards.filter(({ state }) => state === "learning");
  return (
    <>
      {guards
        .filter(({ state }) => state !== "learning")
        .map(({ name, title, state, says }) => (
          <Notice key={name} isWarning lead={`${title}. ${STATE_WORDS[state]}:`}>
            {says}.
          </Notice>
        ))}
      {learning.length > 0 && (
        <Notice
          lead={learning.length === 1 ? `${learning[0]!.title}. ${STATE_WORDS.learning}:` : `${learning.length} guards are learning:`}
        >
          {learning.map(({ title, says }) => (learning.length === 1 ? `${says}.` : `${title}: ${says}.`)).join(" ")}
        </Notice>
      )}
    </>
  );
}

function Notice({
  lead,
  isWarning = false,
  children,
}: {
  readonly lead: string;
  readonly isWarning?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <p className={isWarning ? "notice warn" : "notice"}>
      <IconEarOff className="icon" size={18} stroke={1.6} aria-hidden="true" />
      <span>
        <b>{lead}</b> {children}
      </span>
    </p>
  );
}
