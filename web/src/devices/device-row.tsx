/** One row, drawn again only when something in it changed: while a list scrolls, that is none of those that stay. */
import { memo } from "react";
import type { DeviceSummary } from "../../../src/model/device.ts";
import { aboutColumn } from "./columns.tsx";
import type { ColumnName, Surroundings } from "./columns.tsx";

interface DeviceRowProps {
  readonly index: number;
  /** Null until its page has come. */
  readonly device: DeviceSummary | null;
  readonly columns: readonly ColumnName[];
  readonly height: number;
  readonly surroundings: Surroundings;
  readonly justHeard: boolean;
  readonly onOpen: (device: DeviceSummary) => void;
  readonly onMenu: (row: HTMLElement, x: number, y: number) => void;
}

export const DeviceRow = memo(({ index, device, columns, height, surroundings, justHeard, onOpen, onMenu }: DeviceRowProps) => (
  <tr
    data-index={index}
    data-just-heard={justHeard || undefined}
    aria-rowindex={index + 2}
    style={{ height }}
    onClick={(event) => {
      // A link knows what to do by itself; whoever marks a text wants to copy it.
      const marked = getSelection()?.isCollapsed === false;
      if (device !== null && !marked && (event.target as Element).closest("a, button") === null) onOpen(device);
    }}
    onContextMenu={(event) => {
      event.preventDefault();
      onMenu(event.currentTarget, event.clientX, event.clientY);
    }}
  >
    {columns.map((name) => {
      const { right, show } = aboutColumn(name);
      const content = device === null ? <span className="bar" /> : show(device, surroundings, justHeard);
      return name === "device" ? (
        <th key={name} scope="row">
          {content}
        </th>
      ) : (
        <td key={name} className={right ? "number" : undefined}>
          {content}
        </td>
      );
    })}
  </tr>
));
