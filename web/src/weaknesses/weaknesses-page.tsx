/** What is wrong with the fleet as it stands, by weakness, the worst first; each with how many devices have it and what hangs on them. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import { ANSWERS, WEAKNESS_KINDS, type Answer, type WeaknessKind } from "../../../src/model/weakness.ts";
import type { WeaknessPage } from "../../../src/model/weakness-report.ts";
import { api } from "../api.ts";
import { DidNotCome } from "../devices/nothing.tsx";
import { useKeys } from "../keys.ts";
import { useLive } from "../live.tsx";
import { FeedAges } from "../marks/feed-ages.tsx";
import { stepThrough } from "../step.ts";
import { words } from "../words.ts";
import { WeaknessLine } from "./weakness-row.tsx";
import { ANSWER_WORDS, KIND_WORDS } from "./weakness-words.ts";

/** More kinds of weakness are not known: conditions and advisories are some hundreds. */
const LISTED_MAX = 1_000;

export interface WeaknessSearch {
  readonly kind?: WeaknessKind;
  readonly answer?: Answer;
  readonly dismissed?: true;
}

const STEPS = ".finding-sentence > a";
const route = getRouteApi("/weaknesses");

export function WeaknessesPage() {
  const { fresh } = useLive();
  const search = route.useSearch();
  const { data, error, refetch } = useQuery({
    queryKey: ["weaknesses", "list", search, fresh],
    queryFn: ({ signal }) => api.weaknesses({ dismissed: false, ...search, offset: 0, limit: LISTED_MAX }, signal),
    placeholderData: keepPreviousData,
  });
  useKeys(useMemo(() => ({ j: () => stepThrough(STEPS, 1), k: () => stepThrough(STEPS, -1) }), []));
  if (data === undefined)
    return error === null ? <p className="waiting">Weaknesses are on their way</p> : <DidNotCome what="The list of weaknesses" error={error} again={() => void refetch()} />; // prettier-ignore
  return (
    <div className="findings-page">
      <div>
        <h1>{titleOf(data)}</h1>
        <p className="page-lead">{leadOf(data)}</p>
      </div>
      {data.total > 0 && <Filters search={search} />}
      {data.rows.length === 0 ? (
        <Nothing page={data} search={search} />
      ) : (
        <ul className="sheet" aria-label="Weaknesses">
          {data.rows.map((row) => (
            <WeaknessLine key={row.name} row={row} />
          ))}
        </ul>
      )}
      {Object.keys(data.knowledge).length > 0 && (
        <section aria-label="How old our knowledge is">
          <h2 className="second">As our knowledge has it</h2>
          <FeedAges knowledge={data.knowledge} />
        </section>
      )}
    </div>
  );
}

function titleOf({ devices, of, total }: WeaknessPage): string {
  if (of === 0) return "No device was heard yet";
  if (total === 0) return `Nothing is known to be wrong with ${words.plural(of, "device")}`;
  if (devices === 0) return "All that is known to be wrong was dismissed";
  return `${words.count(devices)} of ${words.plural(of, "device")} ${devices === 1 ? "has" : "have"} a weakness`;
}

function leadOf({ total, matching, rows }: WeaknessPage): string {
  if (total === 0) return "A weakness is something wrong with a device as it stands, with what it rests on and a careful next step.";
  const open = rows.filter(({ affected, possible }) => affected + possible > 0);
  const pressing = open.filter(({ severity }) => severity === "critical" || severity === "high").length;
  const exploited = open.filter(({ knownExploited }) => knownExploited).length;
  const of = matching === total ? words.plural(total, "weakness", "weaknesses") : `${words.count(matching)} of ${words.plural(total, "weakness", "weaknesses")}`; // prettier-ignore
  return `${of}, the worst first: ${words.count(pressing)} critical or high, ${words.count(exploited)} known to be exploited. Nothing was asked of a device.`;
}

function Filters({ search }: { readonly search: WeaknessSearch }) {
  return (
    <div className="weakness-filters">
      <Choice label="Kind" values={WEAKNESS_KINDS} named={KIND_WORDS} of="kind" search={search} />
      <Choice label="Answer" values={ANSWERS} named={ANSWER_WORDS} of="answer" search={search} />
      <Dismissed search={search} />
    </div>
  );
}

interface ChoiceProps<Value extends string> {
  readonly label: string;
  readonly values: readonly Value[];
  readonly named: Readonly<Record<Value, string>>;
  readonly of: "kind" | "answer";
  readonly search: WeaknessSearch;
}

function Choice<Value extends string>({ label, values, named, of, search }: ChoiceProps<Value>) {
  const navigate = useNavigate();
  const { [of]: chosen, ...others } = search;
  const choose = (value: Value | null) => void navigate({ to: "/weaknesses", search: { ...others, ...(value === null ? {} : { [of]: value }) }, replace: true }); // prettier-ignore
  return (
    <div className="finding-lists" role="group" aria-label={label}>
      <button type="button" className="button small" aria-pressed={chosen === undefined} onClick={() => choose(null)}>
        {of === "kind" ? "All kinds" : "All answers"}
      </button>
      {values.map((value) => (
        <button key={value} type="button" className="button small" aria-pressed={value === chosen} onClick={() => choose(value)}>
          {named[value]}
        </button>
      ))}
    </div>
  );
}

function Dismissed({ search: { dismissed, ...others } }: { readonly search: WeaknessSearch }) {
  const navigate = useNavigate();
  return (
    <label className="check">
      <input
        type="checkbox"
        checked={dismissed === true}
        onChange={(event) => void navigate({ to: "/weaknesses", search: { ...others, ...(event.currentTarget.checked ? { dismissed: true } : {}) }, replace: true })} // prettier-ignore
      />
      With those dismissed of all devices
    </label>
  );
}

/** What would fill it: an empty list is no proof. */
function Nothing({ page: { total, of }, search }: { readonly page: WeaknessPage; readonly search: WeaknessSearch }) {
  if (total > 0) {
    const isFiltered = search.kind !== undefined || search.answer !== undefined;
    return (
      <div className="sheet empty">
        <h2>{isFiltered ? "None is of this kind and answer" : "None is left to look at"}</h2>
        <p>
          {words.plural(total, "weakness", "weaknesses")} {total === 1 ? "is" : "are"} known of the devices heard. What was dismissed of all
          its devices is kept, with who said so and why.
        </p>
        <Link to="/weaknesses" search={{ dismissed: true }} className="button">
          All, with those dismissed
        </Link>
      </div>
    );
  }
  return (
    <div className="sheet empty">
      <h2>No weaknesses</h2>
      <p>
        A service that answers in the clear, an old protocol, a system past its support, an advisory that names a device’s model: each would
        stand here as it is heard. That nothing does is no proof: what nobody used while we listened, and what a device never said of
        itself, is not known.
      </p>
      <Link to={of === 0 ? "/open" : "/heard"} className="button">
        {of === 0 ? "Open a capture or listen" : "What we heard"}
      </Link>
    </div>
  );
}
