/** What people said that fits no device now, or several: it waits, is never guessed, and holds again as soon as it fits one. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { saidInWords, whyWaiting } from "../../../src/model/one-machine.ts";
import { api } from "../api.ts";
import { May } from "../account/may.tsx";
import { useLive } from "../live.tsx";
import { say, sayWrong } from "../say.tsx";
import { words } from "../words.ts";

export function Waiting() {
  const { fresh } = useLive();
  const client = useQueryClient();
  const { data = [] } = useQuery({
    queryKey: ["waiting", fresh],
    queryFn: ({ signal }) => api.waiting(signal),
    placeholderData: (before) => before,
  });
  if (data.length === 0) return null;
  const takeBack = async (change: number, what: string) => {
    try {
      await api.undo(change);
      await client.invalidateQueries();
      say(`Taken back: ${what}.`);
    } catch (error) {
      sayWrong(error);
    }
  };
  return (
    <section className="sheet">
      <header>
        <h2>What people said, and waits</h2>
        <span className="quiet">fits no device now, or several; each holds again when it fits one</span>
      </header>
      <div className="scroll-x">
        <table className="facts-table">
          <thead>
            <tr>
              <th scope="col">Said</th>
              <th scope="col">Of what was known by</th>
              <th scope="col">Why it waits</th>
              <th scope="col">Who, and how they know</th>
              <th scope="col">
                <span className="unseen">Take it back</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {data.map((row) => (
              <tr key={row.number}>
                <th scope="row" className="row-head">
                  {saidInWords(row)}
                </th>
                <td>{row.about}</td>
                <td>{whyWaiting(row.fits)}</td>
                <td>
                  {row.who}, {words.day(row.at)}
                  <span className="second block">{row.reason}</span>
                </td>
                <td>
                  <May right="say">
                    <button
                      type="button"
                      className="link"
                      aria-label={`Take it back: ${saidInWords(row)}`}
                      onClick={() => void takeBack(row.number, saidInWords(row))}
                    >
                      Take it back
                    </button>
                  </May>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
