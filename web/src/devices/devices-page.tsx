/** Devices: what is on the network, also while a file is still being read. Filter, order and columns live in the address. */
import { Menu } from "@mantine/core";
import { useDebouncedValue, useLocalStorage, useViewportSize } from "@mantine/hooks";
import { IconCheck, IconColumns3, IconDownload, IconLayoutList } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import { api, csvAddress } from "../api.ts";
import { useLive } from "../live.tsx";
import { isHearing } from "../hearing.ts";
import { listenedOf } from "../marks/heard.tsx";
import { words } from "../words.ts";
import { aboutColumn, COLUMN_NAMES } from "./columns.tsx";
import type { ColumnName } from "./columns.tsx";
import { DeviceTable } from "./device-table.tsx";
import { Facets } from "./facets.tsx";
import { FilterBox } from "./filter-box.tsx";
import { useHold } from "./hold.ts";
import { useJustHeard } from "./just-heard.ts";
import { DidNotCome, Nothing } from "./nothing.tsx";
import { RESTED_MS, useDevices } from "./use-devices.ts";
import { ViewTabs } from "./view-tabs.tsx";
import { countOf, OUTSIDE, searchOf } from "./views.ts";
import type { ShownView } from "./views.ts";

const ROW_COMFORTABLE = 42;
const ROW_COMPACT = 32;
const FACETS_FROM = 1000;
/** Rows of bars while the first page is on its way. */
const WAITING_ROWS = 10;

export function DevicesPage() {
  const search = useSearch({ from: "/devices" });
  const navigate = useNavigate({ from: "/devices" });
  const { now, fresh, connected } = useLive();
  const { width } = useViewportSize();
  const [dense, setDense] = useLocalStorage({ key: "auscult.dense", defaultValue: false });

  const question = useMemo(
    () => ({ filter: search.filter ?? "", sort: isSort(search.sort) ? search.sort : "care", descending: search.descending ?? false }),
    [search.filter, search.sort, search.descending],
  );
  const { shown, wrong, keptAll, error, again, look, ahead } = useDevices(question, fresh);
  const [counted] = useDebouncedValue(shown?.question.filter ?? question.filter, RESTED_MS);
  const answered = shown !== null && shown.question.filter === question.filter;
  const { data: coverage, isPlaceholderData: coverageIsOld } = useQuery({
    queryKey: ["coverage", fresh],
    queryFn: ({ signal }) => api.coverage(signal),
    placeholderData: (before) => before,
  });

  const { data: outside } = useQuery({ ...countOf(OUTSIDE, fresh), enabled: shown?.page.total === 0 });
  const hears = isHearing(now);
  const surroundings = useMemo(
    () => ({
      end: coverage?.to ?? 0,
      listening: hears,
      listened: listenedOf(coverage),
    }),
    [coverage, hears],
  );
  const { span } = surroundings.listened;
  const columns = useMemo(() => {
    const named = search.columns?.split(",");
    // On one day there is nothing to compare.
    const fits = (name: ColumnName) => width >= aboutColumn(name).from && (name !== "heard" || span > 1);
    return COLUMN_NAMES.filter((name) => name === "device" || (named?.includes(name) ?? fits(name)));
  }, [search.columns, width, span]);
  const reading = now?.reading != null;
  const hold = useHold(shown, reading || (now?.listening.length ?? 0) > 0);
  const justHeard = useJustHeard(shown === null ? undefined : hold.rows, `${question.filter}\0${question.sort}`, shown?.page.total ?? 0);

  const setFilter = useCallback(
    (filter: string) => {
      ahead({ ...question, filter });
      void navigate({ search: (before) => ({ ...before, filter }), replace: true });
    },
    [ahead, navigate, question],
  );
  const setSort = useCallback(
    (sort: string, descending: boolean) => {
      ahead({ ...question, sort, descending });
      void navigate({ search: (before) => ({ ...before, sort, descending }), replace: true });
    },
    [ahead, navigate, question],
  );
  const turn = (name: ColumnName) => {
    const after = COLUMN_NAMES.filter((it) => (it === name ? !columns.includes(it) : columns.includes(it)));
    void navigate({ search: (before) => ({ ...before, columns: after.join(",") }), replace: true });
  };

  const heard = coverage?.from == null || coverage.to === null ? null : coverage.to - coverage.from;
  const showView = useCallback((view: ShownView) => void navigate({ search: searchOf(view) }), [navigate]);

  const csv = columns.map((name) => aboutColumn(name).csv).filter(Boolean);
  // What was asked while a file was being read does not say what was in it.
  const over = !reading && fresh === now?.revision && shown?.version === fresh && coverage !== undefined && !coverageIsOld;
  const facets = <Facets filter={question.filter} counted={counted} version={fresh} onFilter={setFilter} />;

  return (
    <div className="devices-page">
      <div className="page-title">
        <h1>Devices</h1>
        <Counts reading={reading} version={fresh} />
      </div>
      <ViewTabs question={question} columns={columns} version={fresh} heard={heard} onView={showView} />
      <div className="devices-body">
        {width >= FACETS_FROM ? (
          facets
        ) : (
          <details className="facets-folded">
            <summary>Narrow down</summary>
            {facets}
          </details>
        )}
        <div className="devices-list">
          <FilterBox
            filter={question.filter}
            matching={connected || answered ? (shown?.page.matching ?? null) : null}
            total={shown?.page.total ?? null}
            wrong={wrong}
            keptAll={keptAll}
            instead={answered ? shown.page.instead : undefined}
            onFilter={setFilter}
          />
          <div className="toolbar">
            <span className="toolbar-words">
              {hold.waiting > 0 ? (
                <button type="button" className="link" onClick={hold.letIn}>
                  {words.count(hold.waiting)} more {hold.waiting === 1 ? "has" : "have"} arrived
                </button>
              ) : (
                `${isSort(search.sort ?? "care") ? "" : `Nothing is sorted by “${search.sort}”. `}Sorted by ${SORT_WORDS[question.sort] ?? question.sort}${question.descending ? ", last first" : ""}`
              )}
            </span>
            <Menu
              closeOnItemClick={false}
              position="bottom-end"
              withInitialFocusPlaceholder={false}
              transitionProps={{ duration: 0 }}
              width={300}
              shadow="md"
            >
              <Menu.Target>
                <button type="button" className="button small">
                  <IconColumns3 className="icon" size={16} stroke={1.6} aria-hidden="true" />
                  Columns
                </button>
              </Menu.Target>
              <Menu.Dropdown>
                {COLUMN_NAMES.filter((name) => name !== "device").map((name) => (
                  <Menu.CheckboxItem
                    key={name}
                    checked={columns.includes(name)}
                    checkIcon={<IconCheck className="icon" size={16} stroke={2} aria-hidden="true" />}
                    onChange={() => turn(name)}
                  >
                    <span className="two-lines">
                      <span>{aboutColumn(name).title}</span>
                      <span className="line2">{aboutColumn(name).doc}</span>
                    </span>
                  </Menu.CheckboxItem>
                ))}
              </Menu.Dropdown>
            </Menu>
            <button type="button" className="button small" aria-pressed={dense} onClick={() => setDense(!dense)}>
              <IconLayoutList className="icon" size={16} stroke={1.6} aria-hidden="true" />
              Compact
            </button>
            <a className="button small" href={csvAddress(shown?.question ?? question, csv)} download="devices.csv">
              <IconDownload className="icon" size={16} stroke={1.6} aria-hidden="true" />
              CSV of {shown === null ? "these" : `these ${words.count(shown.page.matching)}`}
            </a>
          </div>
          {error !== null ? (
            <DidNotCome what="The list" error={error} again={again} />
          ) : shown?.page.matching === 0 ? (
            <Nothing
              total={shown.page.total}
              outside={outside?.matching ?? 0}
              frames={over ? coverage.frames : null}
              filter={shown.question.filter}
              now={now}
              all={() => setFilter("")}
              allOutside={() => setFilter(OUTSIDE)}
            />
          ) : (
            <DeviceTable
              rows={hold.rows}
              offset={shown?.offset ?? 0}
              matching={shown === null ? WAITING_ROWS : hold.matching}
              waiting={shown === null}
              question={shown?.question ?? question}
              columns={columns}
              rowHeight={dense ? ROW_COMPACT : ROW_COMFORTABLE}
              surroundings={surroundings}
              justHeard={justHeard}
              onSort={setSort}
              onFilter={setFilter}
              onLook={look}
              onHeld={hold.setHeld}
            />
          )}
        </div>
      </div>
    </div>
  );
}

/** An address may have been typed, or be of another version. */
function isSort(name: string | undefined): name is string {
  return name !== undefined && Object.hasOwn(SORT_WORDS, name);
}

const SORT_WORDS: Readonly<Record<string, string>> = {
  care: "care class, life-supporting first",
  name: "name",
  kind: "what it is",
  ip: "address",
  maker: "maker",
  model: "model",
  os: "system",
  location: "where it was last heard",
  services: "services",
  peers: "how many it talks to",
  first: "first heard",
  last: "last heard",
};

const CLINICAL = new Set(["life-supporting", "therapy", "diagnostic"]);

function Counts({ reading, version }: { readonly reading: boolean; readonly version: number }) {
  const { data } = useQuery({
    queryKey: ["facet", "counts", version],
    queryFn: ({ signal }) => api.facets("", ["care", "sure"], signal),
    placeholderData: (before) => before,
    retry: false,
  });
  if (data === undefined) return null;
  const sum = (field: string, wanted: (value: string) => boolean) =>
    (data.find((facet) => facet.field === field)?.values ?? []).reduce((total, it) => total + (wanted(it.value) ? it.count : 0), 0);
  return (
    <p className="counts">
      <b>{words.count(sum("care", () => true))}</b> {reading ? "so far" : "heard"} ·{" "}
      <b>{words.count(sum("care", (value) => CLINICAL.has(value)))}</b> clinical ·{" "}
      <b>{words.count(sum("care", (value) => value === "life-supporting"))}</b> life-supporting ·{" "}
      <b>{words.count(sum("sure", (value) => value === "unknown" || value === ""))}</b> not identified
    </p>
  );
}
