/** The captures of the benchmark, as ../shared/bench describes them: made anew each time, since they are too large to keep. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { basename, join, resolve } from "node:path";

const SHARED = resolve(import.meta.dirname, "..", "..", "shared");
const GENERATOR = join(SHARED, "bench", "gencap.ts");

/** Bytes of packets in mix and bulk; devices and packets of hosts. Hosts is written twice, with N and 2N devices. */
export interface Sizes {
  readonly bytes: number;
  readonly devices: number;
  readonly packets: number;
}
export const WHOLE: Sizes = { bytes: 700_000_000, devices: 350_000, packets: 10_000_000 };
export const QUICK: Sizes = { bytes: 70_000_000, devices: 20_000, packets: 600_000 };

export interface BenchCaptures {
  readonly compared: readonly string[];
  /** Of N and of 2N devices. */
  readonly slope: readonly [string, string];
}

/** Writes them into `folder`. Undefined where the generator is not here. */
export function makeCaptures(folder: string, { bytes, devices, packets }: Sizes): BenchCaptures | undefined {
  if (!existsSync(GENERATOR)) return undefined;
  const sources = join(folder, "sources");
  mkdirSync(sources);
  for (const category of readdirSync(join(SHARED, "captures"), { withFileTypes: true })) {
    if (!category.isDirectory()) continue;
    const from = join(category.parentPath, category.name);
    for (const file of readdirSync(from)) if (/\.pcap(?:ng)?$/.test(file)) symlinkSync(join(from, file), join(sources, basename(file)));
  }
  const make = (name: string, ...options: readonly string[]): string => {
    const out = join(folder, name);
    process.stderr.write(`making ${name}\n`);
    const { status } = spawnSync(process.execPath, ["--disable-warning=ExperimentalWarning", GENERATOR, "--out", out, ...options], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    if (status !== 0) throw new Error(`expected ${GENERATOR} to write ${name}, it ended with ${status}`);
    return out;
  };
  const hosts = (name: string, share: number) =>
    make(name, "--kind", "hosts", "--devices", String(devices * share), "--packets", String(packets * share));
  const whole = hosts("hosts.pcap", 1);
  return {
    compared: [
      make("mix.pcap", "--kind", "mix", "--from", sources, "--bytes", String(bytes)),
      make("bulk.pcap", "--kind", "bulk", "--bytes", String(bytes)),
      whole,
    ],
    slope: [hosts("half.pcap", 0.5), whole],
  };
}
