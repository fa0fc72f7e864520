/** "Some of it is another machine": which addresses, until it is taken back. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import type { DeviceDetail } from "../../../src/model/device.ts";
import { api } from "../api.ts";
import { say } from "../say.tsx";
import { undoLast } from "../undo.ts";
import { SaidForm } from "./said-form.tsx";

interface SplitProps {
  readonly device: DeviceDetail;
  readonly addresses: readonly string[];
  readonly close: () => void;
}

export function Split({ device, addresses, close }: SplitProps) {
  const client = useQueryClient();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);

  const choose = (address: string, is: boolean) =>
    setChosen((before) => new Set(is ? [...before, address] : [...before].filter((it) => it !== address)));
  const send = async (reason: string) => {
    if (chosen.size === 0) throw new Error("Choose the addresses of the other machine.");
    await api.split(device.id, [...chosen], reason);
    await client.invalidateQueries();
    say(`${[...chosen].join(", ")}: another machine than ${device.id} from now on.`, () => undoLast(client));
  };
  return (
    <li>
      <SaidForm
        label="Some of it is another machine"
        lead={
          <>
            <b>Say which addresses are another machine.</b> With a network card go all addresses it wears, now and later. What was heard
            stays with each.
          </>
        }
        placeholder="Two pumps: I stood before both"
        send={send}
        close={close}
      >
        <fieldset className="split-addresses">
          <legend>Another machine has</legend>
          {addresses.map((address, place) => (
            <label key={address}>
              <input
                ref={place === 0 ? first : undefined}
                type="checkbox"
                checked={chosen.has(address)}
                onChange={(event) => choose(address, event.currentTarget.checked)}
              />{" "}
              {address}
            </label>
          ))}
        </fieldset>
      </SaidForm>
    </li>
  );
}
