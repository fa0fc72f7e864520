/** How the pages ask. Answers are what the API's schemas promise; a refusal is an error with the person's own column and a better word. */
import type { ConversationView, DeviceDetail, DeviceSummary } from "../../src/model/device.ts";
import type { DoNotScanLine, DoNotScanPage, DoNotScanQuery, DoNotScanWord } from "../../src/model/do-not-scan.ts";
import type { FindingDetail, FindingPage, FindingQuery } from "../../src/model/finding.ts";
import type { GuardView } from "../../src/model/guard.ts";
import type { GrowthBy, LifecycleReport, RecallQuestion, RecallReport } from "../../src/model/lifecycle.ts";
import type { ListPlan, ListQuestion } from "../../src/model/list.ts";
import type { NamedRecall, RecallTick, TickList } from "../../src/model/recall.ts";
import type { Bars, Line, ReportFor } from "../../src/model/report.ts";
import type { DeviceRisk } from "../../src/model/risk.ts";
import type { TodayCalled } from "../../src/model/today.ts";
import type {
  CompareQuestion,
  CompareReport,
  ExportQuestion,
  PolicyExport,
  PolicyReport,
  GroupReport,
  ReachReport,
  WhyReport,
} from "../../src/model/policy-report.ts";
import type { ChangedPart, PolicyChange } from "../../src/model/policy-history.ts";
import type { Weakness, WeaknessWord } from "../../src/model/weakness.ts";
import type { DisclosureReport } from "../../src/model/disclosure.ts";
import type { ShownPapers } from "../../src/model/paper.ts";
import type { WeaknessDetail, WeaknessPage, WeaknessQuery } from "../../src/model/weakness-report.ts";
import type { WallCounts } from "../../src/model/wall.ts";
import type { OutputStanding } from "../../src/model/output.ts";
import type { ChangeRow, Coverage, WaitingRow, DevicePage, DeviceQuery, Facet } from "../../src/model/store.ts";
import type { InterfaceAbout, RecordingAbout, SessionState } from "../../src/api/session.ts";
import type { SiteAbout } from "../../src/model/site.ts";
import { BASE } from "./site.ts";

/** Of a search through all sites. */
const ROWS_ACROSS = 50;
const NO_ANSWER = "Auscult does not answer. Is it still running in its terminal?";

interface Hints {
  readonly column: number;
  readonly suggestion: string;
  readonly length: number;
  readonly signIn: boolean;
  readonly signOn: string;
}

export class Refused extends Error {
  readonly status: number;
  readonly column: number | undefined;
  readonly suggestion: string | undefined;
  readonly length: number | undefined;
  /** Whoever signs in is let in. */
  readonly signIn: boolean;
  /** By single sign-on as well, which is called so. */
  readonly signOn: string | undefined;
  constructor(status: number, message: string, { column, suggestion, length, signIn = false, signOn }: Partial<Hints> = {}) {
    super(message);
    this.status = status;
    this.signIn = signIn;
    this.signOn = signOn;
    this.column = column;
    this.suggestion = suggestion;
    this.length = length;
  }
}

/** With whom to call, by this hour. */
export interface FindingWhole extends FindingDetail {
  readonly contacts: readonly { readonly who: string; readonly call: string; readonly hours: string }[];
  readonly noContact: string | null;
}

/** One of many sites, and where its pages are. */
export interface Site extends SiteAbout {
  readonly address: string;
  readonly isHere: boolean;
}
export interface Sites {
  readonly sites: readonly Site[];
  /** Why the database does not answer; "" while it does. */
  readonly away: string;
  readonly who: string;
}
export interface FoundAcross {
  readonly sites: readonly { readonly site: string; readonly total: number; readonly matching: number }[];
  readonly rows: readonly { readonly site: string; readonly address: string; readonly device: DeviceSummary }[];
}

/** With who said how many hours there are. */
export interface TodayWhole extends TodayCalled {
  readonly hoursSaid: { readonly who: string; readonly at: number } | null;
}
export type TodaySentence = TodayWhole["sentences"][number];
export type TodayItem = TodayWhole["work"]["items"][number];

export interface ReportSearch {
  readonly for: ReportFor;
  readonly days?: number;
  readonly sample?: number;
  readonly seed?: number;
}
export interface ReportCell {
  readonly text: string;
  readonly devices: readonly string[];
  readonly counted: number;
}
export interface ReportShown {
  readonly digest: string;
  readonly title: string;
  readonly about: readonly (readonly [what: string, text: string])[];
  readonly sections: readonly {
    readonly id: string;
    readonly title: string;
    readonly lead: readonly string[];
    readonly columns: readonly string[];
    readonly numbers: readonly number[];
    readonly rows: readonly (readonly ReportCell[])[];
    readonly beyond: number;
    readonly empty: string | null;
    readonly bars: Bars | null;
    readonly line: Line | null;
  }[];
}
export interface MadeReport {
  readonly digest: string;
  readonly audience: ReportFor;
  readonly days: number | null;
  readonly sample: { readonly count: number; readonly seed: number } | null;
  readonly recording: string;
  readonly who: string;
  readonly at: number;
}

export interface View {
  readonly name: string;
  readonly filter: string;
  readonly sort: string;
  readonly descending: boolean;
  readonly columns: readonly string[];
}
/** Of `ListQuestion`, as it crosses the wire. */
type ListAsked = Omit<ListQuestion, "bytes"> & { readonly bytes: string };
export type RecallAsked = RecallQuestion & { readonly list?: Pick<ListAsked, "file" | "bytes"> };
export interface Now extends SessionState {
  /** As written beside every change. */
  readonly who: string;
  /** False until whoever holds the token has said a name. */
  readonly isNamed: boolean;
  /** Null where nobody has an account: the name is not verified. */
  readonly account: { readonly role: string; readonly hasPassword: boolean } | null;
  readonly rights: readonly string[];
}

export interface WrittenPolicy {
  readonly name: string;
  readonly at: number;
  /** That its groups govern, in lower case. */
  readonly kinds: readonly string[];
}

/** Its number in the history; null: nothing was changed. */
interface PolicyChanged {
  readonly change: number | null;
}

export const api = {
  session: (signal?: AbortSignal) => get<Now>("/session", signal),
  interfaces: (signal?: AbortSignal) => get<readonly InterfaceAbout[]>("/interfaces", signal),
  recordings: (signal?: AbortSignal) => get<readonly RecordingAbout[]>("/recordings", signal),
  devices: (query: DeviceQuery, signal?: AbortSignal) => get<DevicePage>(`/devices?${search(query)}`, signal),
  facets: (filter: string, fields: readonly string[], signal?: AbortSignal) =>
    get<readonly Facet[]>(`/facets?${search({ filter, fields: fields.join(",") })}`, signal),
  device: (id: string, signal?: AbortSignal) => get<DeviceDetail>(`/devices/${encodeURIComponent(id)}`, signal),
  conversations: (id: string, offset: number, signal?: AbortSignal) =>
    get<{ readonly total: number; readonly rows: readonly ConversationView[] }>(
      `/devices/${encodeURIComponent(id)}/conversations?${search({ offset, limit: 100 })}`,
      signal,
    ),
  findings: (query: FindingQuery, signal?: AbortSignal) =>
    get<FindingPage>(`/findings?${search({ ...query, states: query.states.join(",") })}`, signal),
  guards: (device?: string, signal?: AbortSignal) =>
    get<readonly GuardView[]>(`/guards${device === undefined ? "" : `?${search({ device })}`}`, signal),
  finding: (id: string, signal?: AbortSignal) => get<FindingWhole>(`/findings/${encodeURIComponent(id)}`, signal),
  weaknesses: (query: WeaknessQuery, signal?: AbortSignal) => get<WeaknessPage>(`/weaknesses?${search(query)}`, signal),
  weakness: (name: string, offset: number, limit: number, signal?: AbortSignal) =>
    get<WeaknessDetail>(`/weaknesses/${encodeURIComponent(name)}?${search({ offset, limit })}`, signal),
  papersOf: (id: string, signal?: AbortSignal) => get<ShownPapers>(`/devices/${encodeURIComponent(id)}/papers`, signal),
  disclosureOf: (id: string, signal?: AbortSignal) =>
    get<{ readonly report: DisclosureReport | null }>(`/devices/${encodeURIComponent(id)}/disclosure`, signal),
  weaknessesOf: (id: string, signal?: AbortSignal) => get<readonly Weakness[]>(`/devices/${encodeURIComponent(id)}/weaknesses`, signal),
  sayOfWeakness: (name: string, said: Pick<WeaknessWord, "word" | "scope" | "reason"> & { readonly device: string }) =>
    answered<{ readonly change: number }>("POST", `/weaknesses/${encodeURIComponent(name)}/said`, said),
  undoWeakness: (name: string, device: string) => send("POST", `/weaknesses/${encodeURIComponent(name)}/undo`, { device }),
  doNotScan: ({ states, ...query }: Omit<DoNotScanQuery, "days">, signal?: AbortSignal) =>
    get<DoNotScanPage>(`/do-not-scan?${search({ ...query, states: states.join(",") })}`, signal),
  doNotScanOf: (id: string, signal?: AbortSignal) =>
    get<{ readonly line: DoNotScanLine | null }>(`/devices/${encodeURIComponent(id)}/do-not-scan`, signal),
  sayOfScanning: (said: Pick<DoNotScanWord, "word" | "reason"> & { readonly about: string; readonly until?: string }) =>
    answered<{ readonly change: number }>("POST", "/do-not-scan/said", said),
  undoScanning: (about: string) => send("POST", "/do-not-scan/undo", { about }),
  makeReport: (asked: ReportSearch) => answered<ReportShown>("POST", "/reports", asked),
  reportsMade: (signal?: AbortSignal) => get<readonly MadeReport[]>("/reports", signal),
  today: (signal?: AbortSignal) => get<TodayWhole>("/today", signal),
  sayHours: (hours: number) => send("PUT", "/today/hours", { hours }),
  risk: (id: string, signal?: AbortSignal) => get<DeviceRisk>(`/devices/${encodeURIComponent(id)}/risk`, signal),
  outputs: (signal?: AbortSignal) => get<{ readonly outputs: readonly OutputStanding[] }>("/outputs", signal),
  coverage: (signal?: AbortSignal) => get<Coverage>("/coverage", signal),
  waiting: (signal?: AbortSignal) => get<readonly WaitingRow[]>("/changes/waiting", signal),
  changes: (signal?: AbortSignal) => get<readonly ChangeRow[]>("/changes?limit=50", signal),
  protocols: (signal?: AbortSignal) => get<readonly { readonly name: string; readonly title: string }[]>("/protocols", signal),
  views: (signal?: AbortSignal) => get<readonly View[]>("/views", signal),

  policies: (signal?: AbortSignal) => get<readonly WrittenPolicy[]>("/policies", signal),
  policy: (name: string, signal?: AbortSignal) => get<{ readonly text: string }>(`/policies/${encodeURIComponent(name)}`, signal),
  policyReport: (asked: { text: string | null; file: string; only?: readonly string[] }, signal?: AbortSignal) =>
    answered<PolicyReport>("POST", "/policies/report", asked, signal),
  comparePolicies: (asked: Omit<CompareQuestion, "ownRanges">, signal?: AbortSignal) =>
    answered<CompareReport>("POST", "/policies/compare", asked, signal),
  policyGroup: (asked: { text: string; file: string; group: string }, signal?: AbortSignal) =>
    answered<GroupReport>("POST", "/policies/group", asked, signal),
  policyReach: (asked: { text: string; file: string }, signal?: AbortSignal) =>
    answered<ReachReport>("POST", "/policies/reach", asked, signal),
  policyWhy: (asked: { name: string; text: string; device: string; minutes: number; zoneMinutes: number; log?: string }) =>
    answered<WhyReport>("POST", "/policies/why", asked),
  policyCounters: (name: string, signal?: AbortSignal) =>
    get<{ readonly counts: WallCounts | null }>(`/policies/${encodeURIComponent(name)}/counters`, signal),
  saveCounters: (name: string, counts: WallCounts) => send("PUT", `/policies/${encodeURIComponent(name)}/counters`, counts),
  policyTargets: (signal?: AbortSignal) => get<readonly { readonly name: string; readonly title: string }[]>("/policy-targets", signal),
  exportPolicy: (asked: Pick<ExportQuestion, "file" | "to" | "denied"> & { text: string }, signal?: AbortSignal) =>
    answered<PolicyExport>("POST", "/policies/export", asked, signal),
  savePolicy: (name: string, text: string, reason: string) =>
    answered<PolicyChanged>("PUT", `/policies/${encodeURIComponent(name)}`, { text, reason }),
  removePolicy: (name: string) => answered<PolicyChanged>("DELETE", `/policies/${encodeURIComponent(name)}`),
  policiesTakenAway: (signal?: AbortSignal) =>
    get<readonly { readonly name: string; readonly at: number; readonly who: string; readonly change: number }[]>(
      "/policies-taken-away",
      signal,
    ),
  policyHistory: (name: string, signal?: AbortSignal) =>
    get<{ readonly changes: readonly PolicyChange[]; readonly trouble: string | null }>(
      `/policies/${encodeURIComponent(name)}/history`,
      signal,
    ),
  policyChange: (name: string, number: number, signal?: AbortSignal) =>
    get<{ readonly text: string | null; readonly parts: readonly ChangedPart[] }>(
      `/policies/${encodeURIComponent(name)}/history/${number}`,
      signal,
    ),
  undoPolicy: (name: string, number: number, reason: string) =>
    answered<PolicyChanged>("POST", `/policies/${encodeURIComponent(name)}/history/${number}/undo`, { reason }),
  restorePolicy: (name: string, number: number, reason: string) =>
    answered<PolicyChanged>("POST", `/policies/${encodeURIComponent(name)}/history/${number}/restore`, { reason }),

  say: (id: string, said: { attribute: string; value: string | null; reason: string }) =>
    send("POST", `/devices/${encodeURIComponent(id)}/said`, said),
  merge: (id: string, other: string, reason: string) => send("POST", `/devices/${encodeURIComponent(id)}/merge`, { other, reason }),
  split: (id: string, addresses: readonly string[], reason: string) =>
    send("POST", `/devices/${encodeURIComponent(id)}/split`, { addresses, reason }),
  lifecycle: (by: GrowthBy, signal?: AbortSignal) => get<LifecycleReport>(`/lifecycle?${search({ by })}`, signal),
  recall: (question: RecallAsked) => answered<Omit<RecallReport, "entries">>("POST", "/recall", question),
  recalls: (signal?: AbortSignal) => get<readonly Omit<TickList, "question" | "wards">[]>("/recalls", signal),
  publishedRecalls: (signal?: AbortSignal) => get<readonly NamedRecall[]>("/recalls/published", signal),
  recallList: (number: string, signal?: AbortSignal) => get<TickList>(`/recalls/${encodeURIComponent(number)}`, signal),
  beginRecall: (asked: RecallAsked & { readonly title: string }) => answered<{ readonly number: number }>("POST", "/recalls", asked),
  tickRecall: (number: string, entry: string, word: RecallTick["word"]) =>
    send("POST", `/recalls/${encodeURIComponent(number)}/ticks`, { entry, word }),
  list: (question: ListAsked) => answered<ListPlan>("POST", "/list", question),
  applyList: (question: ListAsked & { digest: string; reason: string }) =>
    answered<{ readonly change: number; readonly words: number }>("POST", "/list/apply", question),
  sayOfFinding: (id: string, said: { what: string; reason: string; until?: string; owner?: string; verdict?: string }) =>
    answered<{ readonly change: number }>("POST", `/findings/${encodeURIComponent(id)}/said`, said),
  undoFinding: (id: string) => send("POST", `/findings/${encodeURIComponent(id)}/undo`, {}),
  undo: (change: number) => send("POST", `/changes/${change}/undo`, {}),
  saveView: (view: View) => send("PUT", "/views", view),
  removeView: (name: string) => send("DELETE", `/views/${encodeURIComponent(name)}`),
  sites: (signal: AbortSignal) => get<Sites>("/sites", signal),
  acrossSites: (filter: string, signal: AbortSignal) =>
    get<FoundAcross>(`/sites/devices?${search({ filter, limit: ROWS_ACROSS })}`, signal),
  openSample: () => send("POST", "/session/sample"),
  openRecording: (name: string) => send("POST", `/recordings/${encodeURIComponent(name)}/open`),
  listen: (interfaces: readonly string[]) => send("POST", "/session/listen", { interfaces }),
  stop: () => send("POST", "/session/stop"),

  signIn: (name: string, password: string) => send("POST", "/sign-in", { name, password }),
  /** Answers where the browser goes for it. */
  signOn: () => answered<{ readonly address: string }>("POST", "/sign-on"),
  signOnAnswer: (answer: string) => send("POST", "/sign-on/answer", { answer }),
  signOut: () => send("POST", "/sign-out"),
  signOutEverywhere: () => send("POST", "/sign-out/everywhere"),
  changePassword: (current: string, next: string) => send("PUT", "/account/password", { current, next }),
  sayName: (name: string) => send("PUT", "/account/name", { name }),

  /** One after the other, so that a folder of captures does not share the disk with itself. */
  async openFiles(files: readonly File[], sent: (bytes: number) => void): Promise<void> {
    const uploads: string[] = [];
    let before = 0;
    for (const file of files) {
      uploads.push(await upload(file, (bytes) => sent(before + bytes)));
      before += file.size;
    }
    await send("POST", "/session/open", { uploads });
  },
};

export function reportAddress(as: "html" | "csv", asked: ReportSearch): string {
  return `${BASE}/api/report.${as}?${search(asked)}`;
}

/** Of the device's model to its maker, without addresses. */
export function letterAddress(id: string): string {
  return `${BASE}/api/devices/${encodeURIComponent(id)}/disclosure/letter`;
}

export function sheetAddress(recall: string, as: "html" | "csv"): string {
  return `${BASE}/api/recalls/${encodeURIComponent(recall)}/sheet.${as}`;
}

export function csvAddress(query: Pick<DeviceQuery, "filter" | "sort" | "descending">, columns: readonly string[]): string {
  return `${BASE}/api/devices.csv?${search({ ...query, columns: columns.join(",") })}`;
}

async function get<Answer>(path: string, signal?: AbortSignal): Promise<Answer> {
  const response = await fetched(path, signal === undefined ? {} : { signal });
  if (!response.ok) throw await refusal(response);
  return (await response.json()) as Answer;
}

async function answered<Answer>(method: string, path: string, body?: object, signal?: AbortSignal): Promise<Answer> {
  return (await (await sent(method, path, body, signal)).json()) as Answer;
}

async function send(method: string, path: string, body?: unknown): Promise<void> {
  await sent(method, path, body);
}

async function sent(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Response> {
  const response = await fetched(
    path,
    body === undefined
      ? { method }
      : {
          method,
          headers: { "content-type": "application/json" },
          body: JSON.stringify(body),
          ...(signal === undefined ? {} : { signal }),
        },
  );
  if (!response.ok) throw await refusal(response);
  return response;
}

/** A browser says only that it failed to fetch. */
async function fetched(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(`${BASE}/api${path}`, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Error(NO_ANSWER, { cause: error });
  }
}

async function refusal(response: Response): Promise<Refused> {
  const said = (await response.json().catch(() => ({}))) as Partial<Hints> & { readonly message?: string };
  return new Refused(response.status, said.message ?? `Auscult answered ${response.status}.`, said);
}

/** XMLHttpRequest, because `fetch` does not tell how much was sent. */
function upload(file: File, sent: (bytes: number) => void): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("PUT", `${BASE}/api/uploads/${encodeURIComponent(file.name)}`);
    request.setRequestHeader("content-type", "application/octet-stream");
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => sent(event.loaded));
    request.addEventListener("error", () => reject(new Error(NO_ANSWER)));
    request.addEventListener("load", () => {
      const answer = request.response as { upload?: string; message?: string } | null;
      if (request.status === 201 && answer?.upload !== undefined) resolve(answer.upload);
      else reject(new Refused(request.status, answer?.message ?? `Auscult answered ${request.status}.`));
    });
    request.send(file);
  });
}

function search(values: object): string {
  return new URLSearchParams(Object.entries(values).map(([key, value]) => [key, String(value)])).toString();
}
