/** What was found of this device, on either side; and that nothing was found is no proof. */
import { useQuery } from "@tanstack/react-query";
import type { GuardView } from "../../../src/model/guard.ts";
import { api } from "../api.ts";
import { NotAnAlarm } from "../frame/not-an-alarm.tsx";
import { FindingRows } from "../findings/findings-page.tsx";
import { words } from "../words.ts";

const SHOWN_MAX = 200;

interface DeviceFindingsProps {
  readonly id: string;
  /** Those over it that hear not all, which stand above. */
  readonly guards: readonly GuardView[] | undefined;
  readonly fresh: number;
}

export function DeviceFindings({ id, guards = [], fresh }: DeviceFindingsProps) {
  const { data, error } = useQuery({
    queryKey: ["findings", "of", id, fresh],
    queryFn: ({ signal }) => api.findings({ states: [], device: id, offset: 0, limit: SHOWN_MAX }, signal),
    placeholderData: (before) => before,
  });
  if (data === undefined) return <p className="waiting">{error === null ? "Findings are on their way" : error.message}</p>;
  return (
    <div className="findings-page">
      {data.rows.length === 0 ? (
        <p className="sheet sheet-body">
          {guards.length === 0
            ? "No finding names this device."
            : "What is said to it is not heard in full, so that nothing is found proves nothing."}{" "}
          Only what a mirror shows can be found: what is not heard of it stands under Connections.
        </p>
      ) : (
        <FindingRows rows={data.rows} asked={data.asked} />
      )}
      {data.matching > data.rows.length && (
        <p className="quiet">
          {words.count(data.rows.length)} of {words.count(data.matching)} are shown, the most severe.
        </p>
      )}
      <NotAnAlarm />
    </div>
  );
}
