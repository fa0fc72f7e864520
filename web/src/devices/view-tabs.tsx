/** Saved views as index tabs on the page's edge. A view that was edited and not saved says "changed". */
import { IconBookmark, IconX } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { memo, useState } from "react";
import { useMay } from "../account/may.tsx";
import { api } from "../api.ts";
import type { View } from "../api.ts";
import { say, sayWrong } from "../say.tsx";
import { words } from "../words.ts";
import type { Question } from "./use-devices.ts";
import { countOf, useViews } from "./views.ts";
import type { ShownView } from "./views.ts";

const DAY_MICROS = 86_400e6;

interface ViewTabsProps {
  readonly question: Question;
  readonly columns: readonly string[];
  readonly version: number;
  /** Microseconds from the recording's first moment to its last; null while that is not known. */
  readonly heard: number | null;
  readonly onView: (view: ShownView) => void;
}
export const ViewTabs = memo(({ question, columns, version, heard, onView }: ViewTabsProps) => {
  const client = useQueryClient();
  const { views, saved } = useViews();
  const [picked, setPicked] = useState("All devices");
  const [naming, setNaming] = useState(false);
  const maySay = useMay("say");
  const exact = views.find((view) => view.filter === question.filter);
  const current = exact?.name ?? picked;

  const save = async (name: string) => {
    try {
      await api.saveView({ name, ...question, columns });
      await client.invalidateQueries({ queryKey: ["views"] });
      setPicked(name);
      setNaming(false);
      say(`Saved as ${name}.`);
    } catch (error) {
      sayWrong(error);
    }
  };
  const remove = async (view: View) => {
    try {
      await api.removeView(view.name);
      await client.invalidateQueries({ queryKey: ["views"] });
      say(`The view ${view.name} is taken away.`, async () => {
        await api.saveView(view);
        await client.invalidateQueries({ queryKey: ["views"] });
      });
    } catch (error) {
      sayWrong(error);
    }
  };

  return (
    <nav className="view-tabs" aria-label="Views">
      {views.map((view) => {
        const isCurrent = view.name === current;
        const mine = saved.find((it) => it.name === view.name);
        const isShort = view.days !== undefined && heard !== null && heard < view.days * DAY_MICROS;
        return (
          <span key={view.name} className={isCurrent ? "view-tab current" : "view-tab"}>
            <button
              type="button"
              aria-current={isCurrent ? "true" : undefined}
              onClick={() => {
                setPicked(view.name);
                onView(view);
              }}
            >
              {view.name}{" "}
              {isShort ? (
                <span className="view-count">only {words.duration(heard)} heard</span>
              ) : (
                <Count filter={view.filter} version={version} />
              )}
              {isCurrent && exact === undefined && <span className="changed"> · changed</span>}
            </button>
            {maySay && mine !== undefined && isCurrent && (
              <button type="button" aria-label={`Take the view ${view.name} away`} onClick={() => void remove(mine)}>
                <IconX className="icon" size={14} stroke={1.8} aria-hidden="true" />
              </button>
            )}
          </span>
        );
      })}
      {naming ? (
        <form
          className="view-naming"
          onSubmit={(event) => {
            event.preventDefault();
            const name = new FormData(event.currentTarget).get("name");
            if (typeof name === "string") void save(name);
          }}
        >
          <label>
            <span className="unseen">Name of the view</span>
            <input
              className="field"
              name="name"
              required
              maxLength={60}
              placeholder="Name of the view"
              ref={focusOnce}
              onKeyDown={(event) => event.key === "Escape" && setNaming(false)}
            />
          </label>
          <button type="submit" className="button small">
            Save
          </button>
        </form>
      ) : (
        maySay &&
        exact === undefined && (
          <button type="button" className="button plain small view-save" onClick={() => setNaming(true)}>
            <IconBookmark className="icon" size={16} stroke={1.6} aria-hidden="true" />
            Save this view
          </button>
        )
      )}
    </nav>
  );
});

/** The count before stays while a newer one is on its way. */
function Count({ filter, version }: { readonly filter: string; readonly version: number }) {
  const { data } = useQuery({ ...countOf(filter, version), placeholderData: (before) => before });
  return data === undefined ? null : <span className="view-count">{words.count(data.matching)}</span>;
}

/** The person pressed Save: what comes next is typing the name. */
function focusOnce(field: HTMLInputElement | null): void {
  field?.focus();
}
