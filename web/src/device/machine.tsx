/** Why these addresses are one machine: by what they said and by what people said, who may join it with another or take it apart. */
import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { DeviceDetail } from "../../../src/model/device.ts";
import { whyApart, whyDivided, whyJoined } from "../../../src/model/one-machine.ts";
import { api } from "../api.ts";
import { May } from "../account/may.tsx";
import { say, sayWrong } from "../say.tsx";
import { words } from "../words.ts";
import { Merge } from "./merge.tsx";
import { Split } from "./split.tsx";

export function Machine({ device }: { readonly device: DeviceDetail }) {
  const [open, setOpen] = useState<"merge" | "split" | null>(null);
  const client = useQueryClient();
  const { joined, apart, divided } = device;
  const addresses = [...device.macs, ...device.ips, ...device.children];
  const takeBack = async (change: number) => {
    try {
      await api.undo(change);
      await client.invalidateQueries();
      say(`Change ${change} is taken back: the addresses are divided as before.`);
    } catch (error) {
      sayWrong(error);
    }
  };
  return (
    <section className="sheet machine" aria-label="One machine">
      <header>
        <h2>One machine</h2>
        <span className="quiet">{words.plural(addresses.length, "address", "addresses")}; what was heard stays with each</span>
      </header>
      <ul className="sheet-body machine-why">
        {joined.map((join) => (
          <li key={`${join.by} ${join.value}`}>{whyJoined(join)}</li>
        ))}
        {apart.map((it) => (
          <li key={it.serial}>{whyApart(it)}</li>
        ))}
        {divided.map((it) => (
          <li key={it.change}>
            {whyDivided(it)} <span className="quiet">{words.day(it.at)}</span>{" "}
            <May right="say">
              <button
                type="button"
                className="link"
                aria-label={`Take it back: ${whyDivided(it)}`}
                onClick={() => void takeBack(it.change)}
              >
                Take it back
              </button>
            </May>
          </li>
        ))}
        {joined.length + apart.length + divided.length === 0 && <li className="quiet">{byItself(device)}</li>}
        <May right="say">
          <li className="machine-buttons">
            <button type="button" className="button small" aria-expanded={open === "merge"} onClick={() => setOpen("merge")}>
              It is one with another…
            </button>
            <button
              type="button"
              className="button small"
              aria-expanded={open === "split"}
              aria-disabled={addresses.length < 2}
              title={addresses.length < 2 ? "It has one address: there is nothing to take apart." : undefined}
              onClick={() => addresses.length > 1 && setOpen("split")}
            >
              Some of it is another machine…
            </button>
          </li>
        </May>
        {open === "merge" && <Merge device={device} close={() => setOpen(null)} />}
        {open === "split" && <Split device={device} addresses={addresses} close={() => setOpen(null)} />}
      </ul>
    </section>
  );
}

/** Where no key joins several of them. */
function byItself({ macs, ips, spokenFor }: DeviceDetail) {
  if (spokenFor !== null) return <SpokenFor spokenFor={spokenFor} />;
  if (macs.length === 0) return "An address behind a router: its network card was not heard.";
  return ips.length === 0
    ? "A network card by itself."
    : "A network card, and the addresses that ARP, DHCP or its own frames showed to be its own.";
}

/** "Spoken for by Gateway 4, 12 reports" */
export function SpokenFor({ spokenFor: { device, name, reports } }: { readonly spokenFor: NonNullable<DeviceDetail["spokenFor"]> }) {
  return (
    <>
      Spoken for by{" "}
      {device === null ? (
        name
      ) : (
        <Link to="/devices/$id" params={{ id: device }}>
          {name}
        </Link>
      )}
      , {words.plural(reports, "report")}; it was not heard itself.
    </>
  );
}
