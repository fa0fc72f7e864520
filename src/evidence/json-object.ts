/** An object of JSON that others wrote: nothing in it is known to be of any kind. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Null where the text is none. */
export function objectOf(text: string): JsonObject | null {
  try {
    const it: unknown = JSON.parse(text);
    return typeof it === "object" && it !== null && !Array.isArray(it) ? (it as JsonObject) : null;
  } catch {
    return null;
  }
}

export function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

export function numberOf(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}
