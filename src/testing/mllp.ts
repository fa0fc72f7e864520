/**
 * HL7 over MLLP in one small program, for the lab: `serve PORT` acknowledges what comes, `send HOST PORT` sends one report of an infusion
 * pump (IHE PCD-01), ends with 0 when it was taken and says after how many milliseconds. MLLP: HL7 v2 Transport, Release 1, with its three bytes around each message.
 */
import { connect, createServer } from "node:net";

const [begin, end] = ["\u000b", "\u001c\r"];
/** Nobody is waited for longer. */
const ANSWER_MS_MAX = 5_000;
const AGAIN_MS = 750;

const [what, ...rest] = process.argv.slice(2);
if (what === "serve") serve(Number(rest[0]));
else send(rest[0]!, Number(rest[1]), rest[2] ?? "PUMP");

function serve(port: number): void {
  createServer((socket) => {
    let text = "";
    socket.setEncoding("utf8").on("data", (more: string) => {
      text += more;
      if (!text.includes(end)) return;
      const id = /^.MSH(?:\|[^|\r]*){8}\|([^|\r]*)/.exec(text)?.[1] ?? "";
      text = "";
      socket.write(`${begin}MSH|^~\\&|SERVER|WARD|PUMP|WARD|20260101000000||ACK^R01|A${id}|P|2.6\rMSA|AA|${id}\r${end}`);
    });
    socket.on("error", () => socket.destroy());
  }).listen(port);
}

function send(host: string, port: number, name: string): void {
  const report = [
    `MSH|^~\\&|${name}^00-1D-2F-00-00-01^EUI-64|WARD|SERVER|WARD|20260101000000||ORU^R01^ORU_R01|${process.pid}|P|2.6|||AL|NE`,
    "PID|||MRN-77120934^^^WARD^MR||Marker^Zebedee",
    "OBR|1|1|1|69985^MDC_DEV_PUMP_INFUS_MDS^MDC|||20260101000000",
    "OBX|1|NM|157784^MDC_FLOW_FLUID_PUMP^MDC|1.1.1.1|12|265266^MDC_DIM_MILLI_L_PER_HR^MDC|||||R",
  ];
  const began = performance.now();
  const late = setTimeout(() => process.exit(1), ANSWER_MS_MAX);
  attempt();

  /** Whoever is not answered begins anew, as pumps do. */
  function attempt(): void {
    const socket = connect({ host, port }, () => socket.write(`${begin}${report.join("\r")}\r${end}`));
    const again = setTimeout(() => {
      socket.destroy();
      attempt();
    }, AGAIN_MS);
    let text = "";
    socket.setEncoding("utf8").on("data", (more: string) => {
      text += more;
      if (!text.includes(end)) return;
      clearTimeout(late);
      clearTimeout(again);
      process.stdout.write(`${Math.round(performance.now() - began)} ms\n`);
      socket.end();
      process.exitCode = text.includes("MSA|AA|") ? 0 : 1;
    });
    socket.on("error", () => undefined);
  }
}
