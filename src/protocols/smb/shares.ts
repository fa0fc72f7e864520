/** Which shares and files tell of somebody who steers a machine from afar. What they are called goes no further. */
import type { Report } from "../../model/protocol.ts";

/** Windows' own: the folder of the system, and each disk whole (MS-SRVS section 3.1.1.4). */
export function isOfAdministrators(path: string): boolean {
  return /(?:^|\\)(?:admin|[a-z])\$\0?$/i.test(path);
}

/** `writes`: it is made, or written over. */
export function readFileOfAdministrators(name: string, writes: boolean, report: Report): void {
  if (writes && PROGRAM.test(name)) report.notable("programToAdminShare");
  // What commands answer is fetched from a file that tools name after the time ("__" and digits: Impacket's wmiexec and smbexec).
  else if (!writes && OUTPUT.test(name)) report.notable("commandOutput");
}

const PROGRAM = /\.(?:exe|dll|sys|bat|cmd|com|scr|ps1|vbs|js|msi|hta)$/i;
const OUTPUT = /(?:^|\\)__\d{6,}(?:\.\d+)?$/;
