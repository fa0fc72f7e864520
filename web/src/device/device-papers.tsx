/** What the maker says of this model: which parts are in it, and its answers on security; nothing where nobody attached it. */
import { useQuery } from "@tanstack/react-query";
import { api } from "../api.ts";
import { words } from "../words.ts";

/** What names the document itself: who wrote it, and when. */
const OF_THE_DOCUMENT = /^DOC-/;

export function DevicePapers({ id, fresh }: { readonly id: string; readonly fresh: number }) {
  const { data } = useQuery({ queryKey: ["papers", id, fresh], queryFn: ({ signal }) => api.papersOf(id, signal), placeholderData: (before) => before }); // prettier-ignore
  if (data === undefined || (data.sbom === null && data.mds2 === null)) return null;
  const { sbom, mds2 } = data;
  const answers = mds2?.answers.filter((it) => !OF_THE_DOCUMENT.test(it.id)) ?? [];
  return (
    <section className="sheet sheet-body maker-papers" aria-label="What its maker says">
      <h2>What its maker says of the model</h2>
      {sbom !== null && (
        <p>
          SBOM of {sbom.day}: {words.plural(sbom.components, "part")}
          {sbom.version === null ? "" : `, of version ${sbom.version}`}.{" "}
          <span className="quiet">What is published of them stands above.</span>
        </p>
      )}
      {mds2 !== null && (
        <details>
          <summary>
            MDS2 of {mds2.day}: {words.plural(answers.length, "answer")}
          </summary>
          <dl className="weakness-versions">
            {answers.map((it) => (
              <div key={it.id}>
                <dt>
                  {it.id} {it.question}
                </dt>
                <dd>
                  {it.answer === "words" ? it.words : it.answer}
                  {it.answer !== "words" && it.words !== "" && <span className="second block">{it.words}</span>}
                </dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </section>
  );
}
