/** "It is one with another": the same addresses under the older number, until it is taken back. */
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import type { DeviceDetail, DeviceSummary } from "../../../src/model/device.ts";
import { api } from "../api.ts";
import { say } from "../say.tsx";
import { undoLast } from "../undo.ts";
import { SaidForm } from "./said-form.tsx";

const NAMED_MAX = 3;

export function Merge({ device, close }: { readonly device: DeviceDetail; readonly close: () => void }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [text, setText] = useState("");
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);

  const send = async (reason: string) => {
    const other = await theOne(text.trim());
    await api.merge(device.id, other.id, reason);
    const now = await api.device(device.id);
    await client.invalidateQueries();
    if (now.id !== device.id) await navigate({ to: "/devices/$id", params: { id: now.id }, search: { tab: "how" }, replace: true });
    say(`${device.id} and ${other.id} are one machine: ${now.id}.`, () => undoLast(client));
  };
  return (
    <li>
      <SaidForm
        label="It is one with another"
        lead={
          <>
            <b>Say which device is the same machine.</b> The older number stays and the other leads to it. What was heard stays as it is.
          </>
        }
        placeholder="One cart: both plugs lead to it"
        send={send}
        close={close}
      >
        <label>
          The other device
          <input
            ref={first}
            className="field"
            value={text}
            maxLength={200}
            placeholder="d31, a name or an address"
            onChange={(event) => setText(event.currentTarget.value)}
          />
        </label>
      </SaidForm>
    </li>
  );
}

/** By its number, else by whatever finds exactly one. */
async function theOne(text: string): Promise<Pick<DeviceSummary, "id">> {
  if (text === "") throw new Error("Name the other device: by its number, its name or an address.");
  if (/^d\d+$/.test(text)) return api.device(text);
  const filter = `"${text.replaceAll('"', "")}"`;
  const { rows, matching } = await api.devices({ filter, sort: "name", descending: false, offset: 0, limit: 100 });
  const same = rows.filter((it) => [it.name, ...it.ips, ...it.macs].some((own) => own.toLowerCase() === text.toLowerCase()));
  const [only, ...more] = same.length > 0 ? same : rows;
  if (only === undefined) throw new Error(`No device has “${text}” as its name or an address.`);
  if (more.length === 0) return only;
  const named = [only, ...more].slice(0, NAMED_MAX).map(({ id, name }) => `${id} (${name})`);
  throw new Error(
    `“${text}” fits ${same.length > 0 ? same.length : matching} devices: ${named.join(", ")}${more.length < NAMED_MAX ? "" : ", …"}. Name one by its number.`,
  );
}
