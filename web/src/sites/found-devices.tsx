/** Devices of many sites that were searched for, each with a way to its page. */
import type { FoundAcross } from "../api.ts";
import { words } from "../words.ts";

export function FoundDevices({ found: { sites, rows } }: { readonly found: FoundAcross }) {
  const matching = sites.reduce((sum, site) => sum + site.matching, 0);
  const where = sites.filter((site) => site.matching > 0);
  return (
    <section className="sheet">
      <header>
        <h2>{words.plural(matching, "device")}</h2>
        <span className="quiet">
          {where.length === 0
            ? "in none of the sites"
            : where.map(({ site, matching: count }) => `${site} ${words.count(count)}`).join(" · ")}
        </span>
      </header>
      {rows.length > 0 && (
        <div className="sites-found">
          <table className="facts-table">
            <thead>
              <tr>
                <th scope="col">Device</th>
                <th scope="col">Site</th>
                <th scope="col">Kind</th>
                <th scope="col">Addresses</th>
              </tr>
            </thead>
            <tbody>
              {rows.map(({ site, address, device }) => (
                <tr key={`${site} ${device.id}`}>
                  <td>
                    <a href={`${address}devices/${device.id}`}>{device.name}</a>
                  </td>
                  <td>{site}</td>
                  <td>{device.kind?.value ?? ""}</td>
                  <td className="mono">{device.ips.join(" ")}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {matching > rows.length && <p className="quiet">The first {words.count(rows.length)} are shown: say more to see others.</p>}
    </section>
  );
}
