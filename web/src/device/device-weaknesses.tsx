/** What is wrong with one device as it stands, the worst first, each with its careful step; what was dismissed stands last. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { DeviceDetail } from "../../../src/model/device.ts";
import { api } from "../api.ts";
import { SeverityWord } from "../marks/severity.tsx";
import { valueOf } from "../marks/sure.tsx";
import { WallLink } from "../policy/wall-link.tsx";
import { Held } from "../weaknesses/held.tsx";
import { DevicePapers } from "./device-papers.tsx";
import { WeaknessActs } from "../weaknesses/weakness-acts.tsx";
import { KIND_WORDS } from "../weaknesses/weakness-words.ts";

export function DeviceWeaknesses({ device, fresh }: { readonly device: DeviceDetail; readonly fresh: number }) {
  const { id, name } = device;
  const { data, error } = useQuery({
    queryKey: ["weaknesses", "of", id, fresh],
    queryFn: ({ signal }) => api.weaknessesOf(id, signal),
    placeholderData: (before) => before,
  });
  if (data === undefined) return <p className="waiting">{error === null ? "Weaknesses are on their way" : error.message}</p>;
  const papers = <DevicePapers id={id} fresh={fresh} />;
  if (data.length === 0)
    return (
      <>
        <p className="sheet sheet-body">
          Nothing that was heard of it is a weakness. What nobody used while we listened, and what it never said of itself, is not known.
        </p>
        {papers}
      </>
    );
  const named = { id, name, maker: valueOf(device.maker), model: valueOf(device.model) };
  return (
    <>
      <ul className="sheet weak-devices" aria-label={`Weaknesses of ${name}`}>
        {data.map((weakness) => (
          <li key={weakness.name} className={weakness.word?.word === "dismissed" ? "dismissed" : undefined}>
            <p className="finding-chips">
              <SeverityWord severity={weakness.severity} />
              <Link to="/weaknesses/$name" params={{ name: weakness.name }}>
                {weakness.title}
              </Link>
              <span className="quiet">{KIND_WORDS[weakness.kind]}</span>
              {weakness.danger.knownExploited && <span className="chip harm">Known exploited</span>}
            </p>
            <Held weakness={weakness} />
            <p>
              <b>What to do:</b> {weakness.remedy}
            </p>
            {weakness.control !== null && (
              <p className="second">
                Or the network: {weakness.control} <WallLink kind={valueOf(device.kind)} />
              </p>
            )}
            <WeaknessActs weakness={weakness} device={named} />
          </li>
        ))}
      </ul>
      {papers}
    </>
  );
}
