/** 1234567.5 is 1,234,567.5: as `toLocaleString("en")` writes it, whose first call takes longer than all else of a short command. */
export function thousands(value: number): string {
  const [whole, fraction] = String(Math.round(value * 1000) / 1000).split(".");
  return whole!.replace(/\B(?=(\d{3})+$)/g, ",") + (fraction === undefined ? "" : `.${fraction}`);
}

/** "1 device", "1,234 devices". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${thousands(count)} ${count === 1 ? one : many}`;
}
