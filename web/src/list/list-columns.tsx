/** Which column of the list is what: read from its title, and chosen by hand where the title does not say. */
import { useId } from "react";
import { LIST_FIELDS, type ChosenColumns, type ListColumn, type ListField } from "../../../src/model/list.ts";

interface ListColumnsProps {
  readonly columns: readonly ListColumn[];
  readonly choose: (columns: ChosenColumns) => void;
}

export function ListColumns({ columns, choose }: ListColumnsProps) {
  const id = useId();
  const titled = columns.filter(({ title }) => title !== "");
  const left = titled.filter(({ field }) => field === null).length;
  return (
    <details className="sheet list-columns">
      <summary>
        Columns: {titled.length - left} read{left === 0 ? "" : `, ${left} not read`}
      </summary>
      <ul>
        {titled.map(({ title, field }, at) => (
          <li key={`${at} ${title}`}>
            <label htmlFor={`${id}-${at}`}>{title}</label>
            <select
              id={`${id}-${at}`}
              className="field"
              value={field ?? ""}
              onChange={(event) => {
                const to = LIST_FIELDS.find((it) => it === event.currentTarget.value);
                choose({ ...(field === null ? {} : { [field]: null }), ...(to === undefined ? {} : { [to]: title }) });
              }}
            >
              <option value="">is not read</option>
              {LIST_FIELDS.map((it) => (
                <option key={it} value={it}>
                  {FIELD_WORDS[it]}
                </option>
              ))}
            </select>
          </li>
        ))}
      </ul>
    </details>
  );
}

export const FIELD_WORDS: Readonly<Record<ListField, string>> = {
  id: "Id of ours",
  controlNumber: "Control number",
  serial: "Serial number",
  udi: "UDI",
  mac: "Network card",
  ip: "Address",
  names: "Name",
  kind: "What it is",
  maker: "Maker",
  model: "Model",
  location: "Location",
  owner: "Owner",
  status: "Status",
  lifeCritical: "Care class",
  site: "Site",
};
