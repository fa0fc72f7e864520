/** Reports on one page: what pages and API answer of a recording, gathered for one reader, and written as HTML or CSV. */
import { standingWallsIn } from "./link/standing-walls.ts";
import { teamIn } from "./link/team.ts";
import type { DeviceDetail } from "./model/device.ts";
import type { FindingPage } from "./model/finding.ts";
import type { Report, ReportFor } from "./model/report.ts";
import type { RecordingReader } from "./model/store.ts";
import { reportOf } from "./reports/index.ts";
import { Random } from "./simulation/random.ts";
import { VERSION } from "./version.ts";

export { csvOf } from "./reports/csv.ts";
export { HTML_POLICY, htmlOf } from "./reports/html.ts";

const FINDINGS_MAX = 1_000;
export const SAMPLE_MAX = 500;

/** Ten years: beyond, it is the whole recording. */
export const DAYS_MAX = 3_650;
const DAY_US = 86_400_000_000;

export interface ReportAsked {
  readonly audience: ReportFor;
  /** Findings of the recording's last so many days; null: all. The fleet is told as it stands at its end. */
  readonly days: number | null;
  /** So many devices, drawn by the seed, are shown from claim to what was heard. */
  readonly sample: { readonly count: number; readonly seed: number } | null;
}

export async function reportFrom(reader: RecordingReader, data: string, { audience, days, sample }: ReportAsked): Promise<Report> {
  const { asked } = standingWallsIn(data);
  const fleet = await reader.fleet();
  return reportOf({
    audience,
    days,
    version: VERSION,
    fleet,
    coverage: await reader.coverage(),
    risks: await reader.risks({ ...asked, offset: 0, limit: fleet.devices.length }),
    today: await reader.today({ ...asked, hours: teamIn(data)?.hours ?? null }),
    trend: await reader.trend(asked),
    findings: within(await reader.findings({ states: ["new", "acknowledged"], offset: 0, limit: FINDINGS_MAX }), days, fleet.to),
    lifecycle: await reader.lifecycle("kind"),
    sample: sample === null ? null : { seed: sample.seed, devices: await drawn(reader, sample.count, sample.seed, fleet.devices.map(({ id }) => id)) },
  });
} // prettier-ignore

function within(page: FindingPage, days: number | null, to: number | null): FindingPage {
  if (days === null || to === null) return page;
  const rows = page.rows.filter(({ last }) => last >= to - days * DAY_US);
  // What is beyond the most severe is not looked at, and stays counted as left out.
  return { ...page, rows, matching: page.matching - (page.rows.length - rows.length) };
}

/** The same seed draws the same of the same devices. */
async function drawn(reader: RecordingReader, count: number, seed: number, ids: readonly string[]): Promise<DeviceDetail[]> {
  const left = [...ids];
  const found: DeviceDetail[] = [];
  const random = new Random(seed);
  while (found.length < count && left.length > 0) {
    const [id] = left.splice(random.below(left.length), 1);
    const device = await reader.device(id!);
    if (device !== null) found.push(device);
  }
  return found;
}
