/** Every command, in the order of `--help`. */
import type { Command } from "commander";
import { addAccount } from "./account.ts";
import { addDevices } from "./devices.ts";
import { addDisclosure } from "./disclosure.ts";
import { addDoNotScan } from "./do-not-scan.ts";
import { addFindings } from "./findings.ts";
import { addFleet } from "./fleet.ts";
import { addHearing } from "./hearing.ts";
import { addKnowledge } from "./knowledge.ts";
import { addManyMachines } from "./many-machines.ts";
import { addPolicy } from "./policy.ts";
import { addStore } from "./store.ts";
import { addRecordings } from "./recordings.ts";
import { addRisk } from "./risk.ts";
import { addSaid } from "./said.ts";

export function addCommands(program: Command): void {
  addHearing(program);
  addManyMachines(program);
  addStore(program);
  addDevices(program);
  addFleet(program);
  addFindings(program);
  addRisk(program);
  addDoNotScan(program);
  addSaid(program);
  addPolicy(program);
  addRecordings(program);
  addDisclosure(program);
  addKnowledge(program);
  addAccount(program);
}
