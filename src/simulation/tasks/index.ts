/** What each machine does all day, one line a task. */
import type { Work } from "../day.ts";
import type { Task } from "../hospital.ts";
import { bloodGas, centralStation, monitor, nurseCall, pump, pumpServer, ventilator } from "./bedside.ts";
import { badgeReader, camera, ftp, silent, telnet } from "./building.ts";
import { accessSwitch, gateway } from "./network.ts";
import { printer, telephone, workstation } from "./office.ts";
import { archive, modality, worklist } from "./radiology.ts";
import { directory, doors, engine, management, records, standby, storage, timeServer } from "./servers.ts";

export const tasks: Readonly<Record<Task, Work>> = {
  gateway,
  switch: accessSwitch,
  directory,
  timeServer,
  management,
  storage,
  records,
  engine,
  pumpServer,
  centralStation,
  archive,
  worklist,
  nurseCall,
  doors,
  pump,
  monitor,
  ventilator,
  modality,
  bloodGas,
  printer,
  camera,
  badgeReader,
  telephone,
  workstation,
  telnet,
  ftp,
  standby,
  silent,
};
