/** What makers say that their models do on a network: `disclosures.tsv`, and what a person attached beside it. */
import { DISCLOSED_NEEDS, DISCLOSED_WHOLE, type DisclosedFlow, type ModelDisclosure } from "../model/disclosure.ts";
import { POLICY_TRANSPORTS } from "../model/policy.ts";
import { spelled } from "./families.ts";
import { table } from "./table.ts";

const NOT_NAMED = "*";
const NOT_READ = "-";
const DEFAULT = /^default\s+/i;

/** In the order of the table: what stands of the same models is one. */
export function ourDisclosures(): readonly ModelDisclosure[] {
  const rows = table("disclosures.tsv", 14);
  return [...Map.groupBy(rows, ([maker, models]) => `${maker}\t${models}`).values()].map((own): ModelDisclosure => {
    const [maker = "", models = "", , , , , , , , , , , read] = own[0]!;
    return {
      maker,
      models: models.split("; "),
      whole: DISCLOSED_WHOLE.find((it) => it === read) ?? "part",
      flows: own.map(flowOf),
      mds2: null,
      attached: false,
    };
  });
}

function flowOf([, , opens = "", peers = "", transport = "", ports = "", protocol = "", purpose = "", need = "", document = "", page = "", day = ""]: readonly string[]): DisclosedFlow {
  return {
    opens: opens === "peer" ? "peer" : "device",
    peers: peers.split("; "),
    transport: POLICY_TRANSPORTS.find((it) => it === transport) ?? "tcp",
    ...portsSaid(ports),
    protocol: protocol === NOT_NAMED ? null : protocol,
    purpose,
    need: DISCLOSED_NEEDS.find((it) => it === need) ?? "not told",
    document,
    page,
    day: day === NOT_READ ? "" : day,
  };
} // prettier-ignore

/** "104, 11112", "default 104", "*". */
export function portsSaid(text: string): Pick<DisclosedFlow, "ports" | "fixed"> {
  const ports = text.replace(DEFAULT, "");
  return { ports: ports === NOT_NAMED ? null : ports, fixed: ports === text };
}

/** Whether a device that says so is one of its models. What a person attached is of just the model it was attached to. */
export function isOfModels(it: ModelDisclosure, own: { readonly maker: string | null; readonly model: string }): boolean {
  if ((own.maker ?? "") !== it.maker) return false;
  if (it.attached) return it.models.includes(own.model);
  const key = spelled(own.model);
  return it.models.some((model) => {
    if (model.endsWith("*")) return key.startsWith(spelled(model));
    return key === spelled(model) || key === spelled(`${it.maker} ${model}`);
  });
}
