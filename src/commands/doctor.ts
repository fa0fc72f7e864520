/** `auscult doctor`: what holds on this machine: rights, confinement, mirrors, recordings, the chain of changes, whoever is told of findings. Exit 1 when something is wrong. */
import { execFileSync } from "node:child_process";
import { existsSync, statfsSync } from "node:fs";
import { readSettings, type Settings } from "../config.ts";
import { interfacesHere, voicesOf, type Interface } from "../link/interfaces.ts";
import { startLine } from "../link/reading.ts";
import { holds, type Holds } from "../link/sandbox.ts";
import { startSensor } from "../link/sensor.ts";
import { captureMissing, captureProgram } from "../link/tcpdump.ts";
import { UnusableRecording, type MirrorVerdict } from "../model/store.ts";
import { check as checkRecording } from "../store/backup.ts";
import { Store } from "../store/reader.ts";
import { growthOf } from "../store/retention.ts";
import { recordingsIn } from "../link/recording-files.ts";
import { look } from "../link/recordings.ts";
import { siteFamiliesIn } from "../link/site-families.ts";
import { siteTolerancesIn } from "../link/site-tolerances.ts";
import type { BrokerDoctorOptions } from "./doctor-broker.ts";
import { entrance } from "./doctor-entrance.ts";
import { siteKnowledge } from "./doctor-knowledge.ts";
import { outputs } from "./doctor-outputs.ts";
import { firstTroubles, sumOf } from "./families.ts";
import { checkFolder, unreadable, withReader } from "./recording.ts";
import { Exit, print, size, table } from "./terminal.ts";
import { sumOfTolerances } from "./tolerances.ts";

const NODE_NEEDED = 26;
/** Below it a recording that grows is near its end. */
const FREE_BYTES_MIN = 2_000_000_000;

export interface Finding {
  readonly about: string;
  /** `note`: good to know, nothing is broken. */
  readonly state: "ok" | "note" | "wrong";
  readonly words: string;
  /** The lines that change it, where there are some. */
  readonly cure?: readonly string[];
}

export interface DoctorOptions extends Partial<BrokerDoctorOptions> {
  readonly data: string;
  readonly json?: boolean;
  /** Of many sites; absent: none is asked. */
  readonly database?: string;
  /** The provider of single sign-on is asked as well. */
  readonly signOn?: boolean;
}

export async function doctor({ data, json, database: url, broker, signOn, ...way }: DoctorOptions): Promise<void> {
  const settings = readSettings(data);
  checkFolder(data);
  const findings = [
    node(),
    await capture(),
    await confinement(settings),
    disk(data),
    ...(await mirrors(data, settings)),
    ...recordings(data),
    ...families(data),
    ...tolerances(data),
    ...entrance(data, settings),
    ...outputs(data, settings),
    ...(broker === undefined ? [] : await (await import("./doctor-broker.ts")).brokerFindings({ broker, ...way })),
    ...(url === undefined ? [] : (await import("./doctor-database.ts")).database(data, url)),
    ...(signOn === true ? await (await import("./doctor-sign-on.ts")).signOnFindings(settings) : []),
    ...siteKnowledge(data),
  ];
  if (json) await print(`${JSON.stringify({ schema: "auscult.doctor/1", findings })}\n`);
  else await print(shown(findings));
  process.exitCode = findings.some((it) => it.state === "wrong") ? Exit.findings : Exit.ok;
}

function shown(findings: readonly Finding[]): string {
  const color = { ok: "green", note: "gray", wrong: "red" } as const;
  const lines = findings.flatMap(({ about, state, words, cure = [] }) => [
    { state, about, words },
    ...cure.map((line) => ({ state: "" as const, about: "", words: `  ${line}` })),
  ]);
  return table(
    [
      { title: "State", text: (it) => it.state, style: (it) => (it.state === "" ? undefined : color[it.state]) },
      { title: "About", text: (it) => it.about },
      { title: "What holds", text: (it) => it.words },
    ],
    lines,
  );
}

function node(): Finding {
  const { version, versions } = process;
  return Number(versions.node.split(".")[0]) >= NODE_NEEDED
    ? { about: "Node", state: "ok", words: version }
    : { about: "Node", state: "wrong", words: `expected ${NODE_NEEDED}, got ${version}`, cure: ["npm ci"] };
}

async function capture(): Promise<Finding> {
  const about = "Capture";
  const missing = await captureMissing();
  const found = captureProgram();
  // Whoever reads files needs neither.
  if (missing !== undefined || found === undefined)
    return { about, state: "note", words: missing?.words ?? "", ...(missing?.cure === undefined ? {} : { cure: [missing.cure] }) };
  const version = execFileSync(found.command, ["--version"], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).split("\n")[0];
  return { about, state: "ok", words: `${version}: this account may capture` };
}

/** Asked of the kernel about a sensor that runs, not of our own flags. */
async function confinement(settings: Settings): Promise<Finding> {
  const about = "Confinement";
  const part = { fd: 0, name: "doctor", run: "doctor", skipTo: 0, firstAt: null };
  const start = startLine(settings, "00".repeat(32), [{ live: true, name: "doctor", parts: [part] }]);
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  const complaints: string[] = [];
  try {
    const sensor = await startSensor(start, [{ kind: "live" }], {
      output: () => undefined,
      log: (text) => complaints.push(text),
      ended: () => resolve(),
    });
    const held = holds(sensor.pid);
    sensor.stop();
    await ended;
    const missing = (Object.keys(LAYERS) as (keyof Holds)[]).filter((layer) => !held[layer]);
    const words = `the process that reads hostile bytes runs under Node's permission model${missing.length === 0 ? ", and the kernel gives it" : ""}`;
    if (missing.length === 0) return { about, state: "ok", words: `${words} ${Object.values(LAYERS).join(", ")}` };
    return {
      about,
      state: "note",
      words: `${words}; the kernel does not give it ${missing.map((layer) => LAYERS[layer]).join(", ")}`,
      cure: complaints,
    };
  } catch (error) {
    return { about, state: "wrong", words: (error as Error).message };
  }
}

const LAYERS: Readonly<Record<keyof Holds, string>> = {
  ownNetwork: "an empty network",
  ownUser: "a user of its own",
  noNewPrivileges: "no new privileges",
  noFileWrites: "no byte in any file",
};

function disk(data: string): Finding {
  const about = "Disk";
  if (!existsSync(data)) return { about, state: "ok", words: `${data} will be made when something is first heard` };
  const { bavail, bsize } = statfsSync(data);
  const free = bavail * bsize;
  const words = `${size(free)} free in ${data}`;
  return free < FREE_BYTES_MIN
    ? { about, state: "wrong", words: `${words}: expected at least ${size(FREE_BYTES_MIN)}` }
    : { about, state: "ok", words };
}

async function mirrors(data: string, settings: Settings): Promise<readonly Finding[]> {
  const verdicts = new Map<string, MirrorVerdict | null>();
  const recording = recordingsIn(data).find((it) => it.name === settings.site);
  if (recording !== undefined) {
    try {
      await withReader(recording.path, async (reader) => {
        for (const { name, live, verdict } of (await reader.coverage()).inputs) if (live) verdicts.set(name, verdict);
      });
    } catch (error) {
      if (!(error instanceof UnusableRecording)) throw error; // What is wrong with it is told among the recordings.
    }
  }
  return interfacesHere()
    .filter((it) => !it.loopback)
    .flatMap((it) => {
      const verdict = verdicts.get(it.name);
      const heard = verdict == null ? [] : [mirrorFinding(it.name, verdict)];
      return [interfaceFinding(it, verdict !== undefined), ...heard];
    });
}

function mirrorFinding(name: string, { kind, words, cure }: MirrorVerdict): Finding {
  return { about: name, state: kind === "good" ? "ok" : "note", words: `last heard: ${words}`, ...(cure === "" ? {} : { cure: [cure] }) };
}

/**
 * A mirror that is sent to an address (ERSPAN, VXLAN) is heard like any other, when the sender is told by hand which card it goes to:
 * then this interface needs neither address nor ARP, and the kernel answers nothing. Where somebody listened, anything else is wrong.
 */
function interfaceFinding(it: Interface, listened: boolean): Finding {
  const { name: about, on, up, mac, addresses, hasDefaultRoute, framesIn, framesOut } = it;
  const counted = up ? `${framesIn} frames in, ${framesOut} out` : on ? "no cable in it" : "switched off";
  const voices = voicesOf(it);
  const cures = voices.flatMap(({ cure }) => cure ?? []);
  const words = voices.map((voice) => voice.words).join("; ");
  const state = listened ? "wrong" : "note";

  // The lines would cut off whoever works on this computer by way of it.
  if (hasDefaultRoute)
    return { about, state, words: `${counted}; it is this computer's way to the world: a mirror needs an interface of its own` };
  if (addresses.length > 0 && !listened)
    return {
      about,
      state,
      words: `${counted}; it has ${addresses.join(", ")}: a mirror port has no address, or the kernel answers what it hears`,
    };
  // Given before it is switched on, they leave nothing to be sent at all: with IPv6 the first frames go out in that moment.
  if (!on)
    return {
      about,
      state: "note",
      words: `${counted}; for a mirror port, in this order:`,
      cure: [`sudo ip address flush dev ${about}`, ...cures, `sudo ip link set dev ${about} up`],
    };
  if (voices.length > 0)
    return {
      about,
      state,
      words: listened
        ? `${counted}; it was listened on and is not silent: ${words}`
        : `${counted}; for a mirror port it is to be silent, but ${words}`,
      cure: cures,
    };
  if (!up) return { about, state: "note", words: `${counted}; ${SILENT}` };
  return {
    about,
    state: "ok",
    words: `${counted}; ${SILENT}: fit for a mirror, also one that is sent (ERSPAN, VXLAN) to an ADDRESS no machine has, when the sender has the neighbor by hand`,
    cure: [
      `Linux sender:  ip neigh replace ADDRESS lladdr ${mac} nud permanent dev PORT`,
      `Cisco sender:  arp ADDRESS ${mac.replaceAll(":", "").replace(/(....)(....)(....)/, "$1.$2.$3")} arpa`,
    ],
  };
}

const SILENT = "no address, no ARP, no IPv6, nothing handed on";

/** Whole by SQLite's own check, and what people said chained without a break. */
function recordings(data: string): readonly Finding[] {
  return recordingsIn(data).map(({ name, path, bytes }) => {
    const about = `Recording ${name}`;
    try {
      look(path);
      checkRecording(path);
      return { about, state: "ok", words: `${size(bytes)}, ${growth(path)}; whole; what people said is chained without a break` };
    } catch (error) {
      return {
        about,
        state: "wrong",
        words: (unreadable(path, error) as Error).message,
        cure: [`auscult restore FILE --recording ${name} --replace`],
      };
    }
  });
}

/** Nothing is said where the site adds none. */
function families(data: string): readonly Finding[] {
  const site = siteFamiliesIn(data);
  if (site === null) return [];
  return [{ about: "Families", state: site.troubles.length === 0 ? "ok" : "wrong", words: sumOf(site), cure: firstTroubles(site) }];
}

/** Nothing is said where the site says none. */
function tolerances(data: string): readonly Finding[] {
  const site = siteTolerancesIn(data);
  if (site === null) return [];
  return [{ about: "Tolerances", state: site.troubles.length === 0 ? "ok" : "wrong", words: sumOfTolerances(site), cure: site.troubles }];
}

function growth(path: string): string {
  const store = new Store(path);
  try {
    const { bytesPerDeviceAndYear } = growthOf(store.database);
    return bytesPerDeviceAndYear === null
      ? "heard for too short a time to say how it grows"
      : `grows by about ${size(bytesPerDeviceAndYear)} a device and year`;
  } finally {
    store.close();
  }
}
