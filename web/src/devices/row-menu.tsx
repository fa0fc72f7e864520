/** What one can do with the values of a row: ask for more of the same, for none of it, copy it. */
import { Menu } from "@mantine/core";
import { useRouter } from "@tanstack/react-router";
import type { DeviceSummary } from "../../../src/model/device.ts";
import { copy } from "../copy.ts";
import { valueOf } from "../marks/sure.tsx";
import { narrowed } from "./filter-text.ts";

interface RowMenuProps {
  readonly device: DeviceSummary;
  readonly x: number;
  readonly y: number;
  readonly filter: string;
  readonly onFilter: (filter: string) => void;
  readonly close: () => void;
}

export function RowMenu({ device, x, y, filter, onFilter, close }: RowMenuProps) {
  const router = useRouter();
  const values = Object.entries({
    kind: valueOf(device.kind),
    maker: valueOf(device.maker),
    os: valueOf(device.os),
    care: device.lifeCritical,
  }).filter((pair): pair is [string, string] => pair[1] !== null);
  const copies = [...device.ips.slice(0, 1), ...device.macs.slice(0, 1)];
  return (
    <Menu
      opened
      onClose={close}
      position="bottom-start"
      returnFocus
      withInitialFocusPlaceholder={false}
      transitionProps={{ duration: 0 }}
      width={280}
      shadow="md"
    >
      <Menu.Target>
        <button type="button" className="menu-anchor" style={{ left: x, top: y }} tabIndex={-1} aria-label={`Menu of ${device.name}`} />
      </Menu.Target>
      <Menu.Dropdown aria-label={`Menu of ${device.name}`}>
        <Menu.Item onClick={() => void router.navigate({ to: "/devices/$id", params: { id: device.id } })}>Open {device.name}</Menu.Item>
        <Menu.Item onClick={() => void router.navigate({ to: "/devices/$id", params: { id: device.id }, search: { tab: "how" } })}>
          How we know
        </Menu.Item>
        <Menu.Divider />
        {values.map(([field, value]) => (
          <Menu.Item key={`only ${field}`} onClick={() => onFilter(narrowed(filter, field, value, "only"))}>
            Only {field} = {value}
          </Menu.Item>
        ))}
        {values.slice(0, 2).map(([field, value]) => (
          <Menu.Item key={`not ${field}`} onClick={() => onFilter(narrowed(filter, field, value, "not"))}>
            Without {field} = {value}
          </Menu.Item>
        ))}
        <Menu.Divider />
        {copies.map((text) => (
          <Menu.Item key={text} onClick={() => copy(text, `Copied ${text}.`)}>
            Copy {text}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
