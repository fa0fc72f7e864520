/** What is wrong with a device, as risk counts it, leads to where it is told whole: the weakness's page or the finding's. */
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { RiskTrouble } from "../../../src/model/risk.ts";

interface TroubleLinkProps extends Pick<RiskTrouble, "of" | "name"> {
  readonly children: ReactNode;
}

export function TroubleLink({ of, name, children }: TroubleLinkProps) {
  if (of === "finding") return <Link to="/findings/$id" params={{ id: name }}>{children}</Link>; // prettier-ignore
  return <Link to="/weaknesses/$name" params={{ name }}>{children}</Link>; // prettier-ignore
}
