/** `auscult.inventory/1` as far as it is scored: what is said of each device, and the evidence behind it. */
export interface Stated {
  readonly value: string;
  readonly confidence: number;
}

export const ATTRIBUTES = ["maker", "model", "os", "software", "names", "kind", "serial"] as const;
export type Attribute = (typeof ATTRIBUTES)[number];

export interface Device extends Readonly<Record<Exclude<Attribute, "names">, Stated | null>> {
  readonly id: string;
  readonly macs: readonly string[];
  readonly ips: readonly string[];
  readonly names: readonly Stated[];
  readonly services: readonly { readonly ip: string; readonly transport: string; readonly port: number }[];
  readonly evidence: readonly Evidence[];
}

interface Evidence {
  readonly attribute: string;
  readonly value: string;
  readonly protocol: string;
  readonly weight: number;
}

export interface Inventory {
  readonly coverage: { readonly frames: number; readonly malformed: number };
  readonly devices: readonly Device[];
  readonly conversations: readonly { readonly client: string; readonly server: string; readonly protocol: string | null }[];
}
