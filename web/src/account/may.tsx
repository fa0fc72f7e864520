/** What the one who looks on may do: what they may not is not offered. */
import type { ReactNode } from "react";
import type { Right } from "../../../src/accounts/rights.ts";
import { useLive } from "../live.tsx";

export function useMay(right: Right): boolean {
  return useLive().now?.rights.includes(right) ?? false;
}

/** `instead`: what stands there for whoever may not. */
export function May({
  right,
  children,
  instead = null,
}: {
  readonly right: Right;
  readonly children: ReactNode;
  readonly instead?: ReactNode;
}) {
  return useMay(right) ? children : instead;
}
