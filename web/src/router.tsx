/** Every page has an address, and what one looks at (filter, order, tab) is in it, so that it can be sent to a colleague at this computer. */
import { createRootRoute, createRoute, createRouter, Navigate } from "@tanstack/react-router";
import { DevicePage } from "./device/device-page.tsx";
import { DevicesPage } from "./devices/devices-page.tsx";
import { DO_NOT_SCAN_STATES, type DoNotScanState } from "../../src/model/do-not-scan.ts";
import { DoNotScanPage } from "./do-not-scan/do-not-scan-page.tsx";
import { FindingOne } from "./findings/finding-page.tsx";
import { FindingsPage, LISTS, type FindingLists } from "./findings/findings-page.tsx";
import { Frame } from "./frame/frame.tsx";
import { HeardPage } from "./heard/heard-page.tsx";
import { GROWTH_BY, type GrowthBy } from "../../src/model/lifecycle.ts";
import { LifecyclePage } from "./lifecycle/lifecycle-page.tsx";
import { TickListPage } from "./lifecycle/tick-list-page.tsx";
import { useLive } from "./live.tsx";
import { ListPage } from "./list/list-page.tsx";
import { OpeningPage } from "./opening/opening-page.tsx";
import { DraftPage, draftSearch } from "./policy/draft-page.tsx";
import { PoliciesPage } from "./policy/policies-page.tsx";
import { PolicyPage } from "./policy/policy-page.tsx";
import { ReportsPage, reportSearch } from "./reports/reports-page.tsx";
import { BASE } from "./site.ts";
import { TodayPage } from "./today/today-page.tsx";
import { ANSWERS, WEAKNESS_KINDS } from "../../src/model/weakness.ts";
import { WeaknessOne } from "./weaknesses/weakness-page.tsx";
import { WeaknessesPage, type WeaknessSearch } from "./weaknesses/weaknesses-page.tsx";

interface DevicesSearch {
  readonly filter?: string;
  readonly sort?: string;
  readonly descending?: boolean;
  readonly columns?: string;
}
const TABS = ["overview", "how", "connections", "risk", "weaknesses", "findings"] as const;
export type Tab = (typeof TABS)[number];

const POLICY_VIEWS = ["matrix", "groups", "verdicts", "why", "reach", "text", "history", "compare", "export", "firewall"] as const;
type PolicyView = (typeof POLICY_VIEWS)[number];

const root = createRootRoute({ component: Frame, notFoundComponent: NotFound });

const start = createRoute({ getParentRoute: () => root, path: "/", component: Start });
const openingRoute = createRoute({ getParentRoute: () => root, path: "/open", component: OpeningPage });
const todayRoute = createRoute({ getParentRoute: () => root, path: "/today", component: TodayPage });
const devicesRoute = createRoute({
  getParentRoute: () => root,
  path: "/devices",
  validateSearch: (search: Record<string, unknown>): DevicesSearch => ({
    ...(typeof search["filter"] === "string" && search["filter"] !== "" ? { filter: search["filter"] } : {}),
    ...(typeof search["sort"] === "string" ? { sort: search["sort"] } : {}),
    ...(search["descending"] === true ? { descending: true } : {}),
    ...(typeof search["columns"] === "string" ? { columns: search["columns"] } : {}),
  }),
  component: DevicesPage,
});
const deviceRoute = createRoute({
  getParentRoute: () => root,
  path: "/devices/$id",
  validateSearch: (search: Record<string, unknown>): { readonly tab?: Tab } => {
    const tab = TABS.find((name) => name === search["tab"]);
    return tab === undefined || tab === "overview" ? {} : { tab };
  },
  component: DevicePage,
});
const findingsRoute = createRoute({
  getParentRoute: () => root,
  path: "/findings",
  validateSearch: (search: Record<string, unknown>): { readonly list?: FindingLists } => {
    const list = LISTS.find((name) => name === search["list"]);
    return list === undefined || list === "open" ? {} : { list };
  },
  component: FindingsPage,
});
const findingRoute = createRoute({ getParentRoute: () => root, path: "/findings/$id", component: FindingOne });
const weaknessesRoute = createRoute({
  getParentRoute: () => root,
  path: "/weaknesses",
  validateSearch: (search: Record<string, unknown>): WeaknessSearch => {
    const kind = WEAKNESS_KINDS.find((name) => name === search["kind"]);
    const answer = ANSWERS.find((name) => name === search["answer"]);
    return {
      ...(kind === undefined ? {} : { kind }),
      ...(answer === undefined ? {} : { answer }),
      ...(search["dismissed"] === true ? { dismissed: true } : {}),
    };
  },
  component: WeaknessesPage,
});
const weaknessRoute = createRoute({ getParentRoute: () => root, path: "/weaknesses/$name", component: WeaknessOne });
const doNotScanRoute = createRoute({
  getParentRoute: () => root,
  path: "/do-not-scan",
  validateSearch: (search: Record<string, unknown>): { readonly state?: DoNotScanState } => {
    const state = DO_NOT_SCAN_STATES.find((name) => name === search["state"]);
    return state === undefined ? {} : { state };
  },
  component: DoNotScanPage,
});
const listRoute = createRoute({ getParentRoute: () => root, path: "/list", component: ListPage });
const policiesRoute = createRoute({ getParentRoute: () => root, path: "/policy", component: PoliciesPage });
const policyRoute = createRoute({
  getParentRoute: () => root,
  path: "/policy/$name",
  validateSearch: (search: Record<string, unknown>): { readonly view?: PolicyView; readonly group?: string } => {
    const view = POLICY_VIEWS.find((name) => name === search["view"]);
    // A group may be called by a number, which an address is read as.
    const group = ["string", "number"].includes(typeof search["group"]) ? String(search["group"]) : undefined;
    return view === undefined || view === "matrix" ? {} : { view, ...(view === "groups" && group !== undefined ? { group } : {}) };
  },
  component: PolicyPage,
});
const draftRoute = createRoute({ getParentRoute: () => root, path: "/policy-draft", validateSearch: draftSearch, component: DraftPage });
const lifecycleRoute = createRoute({
  getParentRoute: () => root,
  path: "/lifecycle",
  validateSearch: (search: Record<string, unknown>): { readonly by?: GrowthBy } => {
    const by = GROWTH_BY.find((name) => name === search["by"]);
    return by === undefined || by === "kind" ? {} : { by };
  },
  component: LifecyclePage,
});
const recallRoute = createRoute({ getParentRoute: () => root, path: "/recalls/$number", component: TickListPage });
const reportsRoute = createRoute({ getParentRoute: () => root, path: "/reports", validateSearch: reportSearch, component: ReportsPage });
const heardRoute = createRoute({ getParentRoute: () => root, path: "/heard", component: HeardPage });

export const router = createRouter({
  routeTree: root.addChildren([
    start,
    openingRoute,
    todayRoute,
    devicesRoute,
    deviceRoute,
    findingsRoute,
    findingRoute,
    weaknessesRoute,
    weaknessRoute,
    doNotScanRoute,
    listRoute,
    policiesRoute,
    policyRoute,
    draftRoute,
    lifecycleRoute,
    recallRoute,
    reportsRoute,
    heardRoute,
  ]),
  basepath: BASE === "" ? "/" : BASE,
  scrollRestoration: false,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}

/** What needs someone; while a file is read, the table that fills. The first opening has no page yet: the frame shows it instead. */
function Start() {
  const { now } = useLive();
  return <Navigate to={now?.reading == null ? "/today" : "/devices"} replace />;
}

function NotFound() {
  return (
    <div className="page">
      <h1>Nothing is at this address</h1>
      <p>
        <a href={`${BASE}/devices`}>All devices</a>
      </p>
    </div>
  );
}
