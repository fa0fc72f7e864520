/** Until when makers mend the systems and support the models that were heard: what has ended first, then what ends next. */
import type { SupportEnd } from "../../../src/model/lifecycle.ts";
import { words } from "../words.ts";
import { EventTable } from "./event-table.tsx";

export function SupportEnds({ ends }: { readonly ends: readonly SupportEnd[] }) {
  return (
    <section className="sheet" aria-label="Ends of support">
      <header>
        <h2>Ends of support</h2>
        <span className="quiet">systems by endoflife.date, models by your own table</span>
      </header>
      {ends.length === 0 && (
        <p className="sheet-body quiet">
          No device said a system whose last day is known, and no table names its model. Makers publish no list for models: save one as CSV
          with the columns Manufacturer, Model and End of support, and bring it with <code>auscult update --from FOLDER</code>.
        </p>
      )}
      {ends.map((it) => (
        <EventTable key={`${it.of} ${it.what}`} title={titleOf(it)} list={it.devices} when="Last heard" none="None." />
      ))}
    </section>
  );
}

function titleOf({ what, first, last, ended, devices }: SupportEnd): string {
  const day = first === last ? last : `${first} to ${last}`;
  return `${what}: ${ended ? "ended" : "ends"} ${day}, ${words.plural(devices.total, "device")}`;
}
