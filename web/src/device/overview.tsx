/** The facts with how sure each is, what it answers on, and when it was heard. */
import { Link } from "@tanstack/react-router";
import type { DeviceDetail } from "../../../src/model/device.ts";
import type { Coverage } from "../../../src/model/store.ts";
import { Heard, listenedOf } from "../marks/heard.tsx";
import { Sureness, valueOf } from "../marks/sure.tsx";
import { useProtocolTitles } from "../protocols.ts";
import { words } from "../words.ts";
import { CLAIMS, claimWords, statedOf } from "./claims.ts";
import { SpokenFor } from "./machine.tsx";
import { TalksTo } from "./talks-to.tsx";

const DAYS_SHOWN = 64;

interface OverviewProps {
  readonly device: DeviceDetail;
  readonly coverage: Coverage | undefined;
  readonly fresh: number;
}

export function Overview({ device, coverage, fresh }: OverviewProps) {
  const listened = listenedOf(coverage);
  const titleOf = useProtocolTitles();
  const facts = CLAIMS.filter(([name]) => name !== "names" && name !== "lifeCritical").map(([name, title]) => {
    const stated = statedOf(device, name);
    return { name, title, stated, value: valueOf(stated) };
  });
  return (
    <div className="overview">
      <section className="sheet" aria-label="Facts">
        <dl className="facts">
          {facts.map(({ name, title, stated, value }) => (
            <div key={name}>
              <dt>{title}</dt>
              <dd className={value === null ? "quiet" : "fact"}>{claimWords(name, value)}</dd>
              <dd>
                <Link
                  to="/devices/$id"
                  params={{ id: device.id }}
                  search={{ tab: "how" }}
                  className="facts-sure"
                  aria-label={`How we know: ${title}`}
                >
                  <Sureness stated={stated} />
                </Link>
              </dd>
            </div>
          ))}
          <Heads name="Names" values={device.names.map((it) => it.value)} none="It named itself to nobody" />
          <Heads name="Addresses" values={device.ips} none="None heard" />
          <Heads name="Network cards" values={device.macs} none="None heard" />
          <div>
            <dt>Heard first</dt>
            <dd className="fact">{words.time(device.first)}</dd>
            <dd />
          </div>
        </dl>
      </section>

      <TalksTo device={device} coverage={coverage} fresh={fresh} />

      <section className="sheet">
        <header>
          <h2>Heard</h2>
          <span className="quiet">{words.plural(listened.span, "day")}, newest right</span>
          <span className="quiet">
            {device.spokenFor === null ? (
              `${words.many(device.frames)} frames, ${words.bytes(device.bytes)}`
            ) : (
              <SpokenFor spokenFor={device.spokenFor} />
            )}
          </span>
        </header>
        <div className="sheet-body scroll-x">
          <Heard days={device.days} listened={listened} last={DAYS_SHOWN} width={13} height={30} />
        </div>
      </section>

      <section className="sheet">
        <header>
          <h2>What it answers on</h2>
          <span className="quiet">heard answering, nothing was asked of it</span>
        </header>
        {device.servicesAnswered.length === 0 ? (
          <p className="sheet-body quiet">It was not heard answering anyone. That is no proof that nothing is open.</p>
        ) : (
          <div className="scroll-x">
            <table className="facts-table">
              <thead>
                <tr>
                  <th scope="col">Protocol</th>
                  <th scope="col">Port</th>
                  <th scope="col">Address</th>
                </tr>
              </thead>
              <tbody>
                {device.servicesAnswered.map((service) => (
                  <tr key={`${service.ip} ${service.transport} ${service.port}`}>
                    <th scope="row" className="row-head">
                      {service.protocol === null ? <span className="quiet">Not known</span> : titleOf(service.protocol)}
                    </th>
                    <td>
                      {service.transport.toUpperCase()} {service.port}
                    </td>
                    <td>{service.ip}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </section>
    </div>
  );
}

function Heads({ name, values, none }: { readonly name: string; readonly values: readonly string[]; readonly none: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className={values.length === 0 ? "quiet" : "fact"}>{values.length === 0 ? none : values.slice(0, 4).join(", ")}</dd>
      <dd className="second">{values.length > 4 ? `and ${values.length - 4} more` : ""}</dd>
    </div>
  );
}
