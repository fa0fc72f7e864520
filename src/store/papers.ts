/** Papers of makers, attached to models: rows of the table of changes like any other word, by maker and model, also for devices that come later. */
import type { Engine } from "./engine.ts";
import type { AttachedToModel } from "../model/disclosure.ts";
import { paperInWords, type AttachedPaper, type Paper, type Sbom } from "../model/paper.ts";
import type { FleetDevice } from "../model/weakness.ts";
import { append, PAPER, takenBack } from "./said.ts";
import { modelOf, type AboutModel } from "./weakness-words.ts";

/** Within the caller's transaction; answers the number of the change. Throws an Error for people where the model is not known. `at` is the wall clock. */
export function attachPaper(database: Engine, { who, reason, device, paper }: AttachedPaper, at: number): number {
  const about = JSON.stringify(modelOf(database, device));
  return append(database, { at, who, what: PAPER, about, attribute: paper.kind, value: JSON.stringify(paper), reason, undoes: null });
}

/** The last of each kind counts. */
interface ModelPapers extends AttachedToModel {
  readonly sbom: Sbom | null;
}

/** Devices with the papers of their models. */
export function withPapers(devices: readonly FleetDevice[], database: Engine): readonly FleetDevice[] {
  const papers = papersIn(database);
  if (papers.size === 0) return devices;
  return devices.map((device) => {
    const own = device.model === null ? undefined : papers.get(keyOf({ maker: device.maker?.value ?? "", model: device.model.value }));
    return own === undefined ? device : { ...device, sbom: own.sbom, mds2: own.mds2 };
  });
}

/** What makers say of the network, by model. */
export function disclosedIn(database: Engine): readonly AttachedToModel[] {
  return [...papersIn(database).values()].filter(({ disclosure, mds2 }) => disclosure !== null || mds2 !== null);
}

function papersIn(database: Engine): ReadonlyMap<string, ModelPapers> {
  const rows = database
    .prepare(`SELECT number, about, value FROM change WHERE what = '${PAPER}' ORDER BY number`)
    .all() as unknown as readonly Row[];
  const papers = new Map<string, ModelPapers>();
  if (rows.length === 0) return papers;
  const isTakenBack = takenBack(database);
  for (const { number, about, value } of rows) {
    if (isTakenBack(number)) continue;
    const model = JSON.parse(about) as AboutModel;
    const key = keyOf(model);
    const paper = JSON.parse(value) as Paper;
    papers.set(key, { ...(papers.get(key) ?? { ...model, sbom: null, mds2: null, disclosure: null }), [paper.kind]: paper });
  }
  return papers;
}

interface Row {
  readonly number: number;
  readonly about: string;
  readonly value: string;
}

function keyOf({ maker, model }: AboutModel): string {
  return `${maker}\n${model}`;
}

/** `value` of a row in the list of changes. */
export function paperWordInWords(value: string): string {
  return paperInWords(JSON.parse(value) as Paper);
}
