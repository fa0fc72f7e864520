/** What an auditor asks for, clause by clause, and the figure of this recording that answers it. It is evidence, and no certificate. */
import { clauses } from "../knowledge/frameworks.ts";
import type { ReportInputs, Section } from "../model/report.ts";
import { figuresOf } from "./figures.ts";

export function frameworks(inputs: ReportInputs): Section {
  const figures = figuresOf(inputs);
  return {
    id: "frameworks",
    title: "What is asked, and what was heard",
    lead: [
      "Each figure is of this recording and period alone. It shows what the network told; whether a requirement is met is the auditor's to say.",
      "What is only proposed binds nobody yet and is marked so.",
    ],
    table: {
      columns: ["Framework", "Clause", "Asks for", "Status", "Heard here"],
      rows: clauses().map((it) => [
        { text: it.framework },
        { text: it.clause },
        { text: it.asks },
        { text: it.status === "proposed" ? "Proposed, not in force" : it.status },
        {
          text: it.figures.map((name) => figures[name].text).join("; "),
          devices: [...new Set(it.figures.flatMap((name) => figures[name].devices))],
        },
      ]),
      beyond: 0,
    },
  };
}
