/** On a device's page: whether scanners should leave it alone, and why. A device nothing speaks for can be put on the list here. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { IconRadar2 } from "@tabler/icons-react";
import type { DeviceDetail } from "../../../src/model/device.ts";
import { api } from "../api.ts";
import { words } from "../words.ts";
import { ScanningActs } from "./scanning-acts.tsx";
import { lineInWords } from "./scanning-words.ts";

export function DeviceDoNotScan({ device, fresh }: { readonly device: DeviceDetail; readonly fresh: number }) {
  const { id, name, standing } = device;
  const { data } = useQuery({
    queryKey: ["do not scan", "of", id, fresh],
    queryFn: ({ signal }) => api.doNotScanOf(id, signal),
    placeholderData: (before) => (before?.line?.device === id ? before : undefined),
    enabled: standing === "device",
  });
  if (data === undefined) return null;
  const { line } = data;
  return (
    <div className="device-scanning">
      {line !== null && (
        <p className={line.state === "listed" ? "" : "quiet"}>
          <IconRadar2 className="icon" size={16} stroke={1.6} aria-hidden="true" /> {lineInWords(line)}{" "}
          {line.ends !== null && line.state === "listed" && <span className="quiet">Until {words.day(line.ends)}. </span>}
          <Link to="/do-not-scan">The do-not-scan list</Link>
        </p>
      )}
      <ScanningActs about={id} name={name} line={line} />
    </div>
  );
}
