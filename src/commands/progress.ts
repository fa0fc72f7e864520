/** Progress of reading, on stderr: a line redrawn on a terminal, one line each ten seconds elsewhere. */
import type { ReadingProgress } from "../link/reading.ts";
import { duration, paint, plural, size } from "./terminal.ts";

const REDRAW_MS = 100;
const LINE_MS = 10_000;
const BAR_WIDTH = 30;
/** Below it nobody needs to be told how long it takes. */
const LEFT_SECONDS_MIN = 0.5;

export class ProgressLine {
  readonly #stream = process.stderr;
  readonly #began = performance.now();
  #drawnAt = this.#stream.isTTY ? 0 : this.#began;
  #drawn = false;

  show({ file, bytesRead, bytesTotal, frames }: ReadingProgress, devices: number): void {
    const now = performance.now();
    if (now - this.#drawnAt < (this.#stream.isTTY ? REDRAW_MS : LINE_MS)) return;
    this.#drawnAt = now;
    const rate = bytesRead / this.seconds();
    const parts = [`${size(rate)}/s`, plural(frames, "frame"), plural(devices, "device")];
    if (bytesTotal > 0) {
      const share = Math.min(1, bytesRead / bytesTotal);
      const left = (bytesTotal - bytesRead) / rate;
      parts.unshift(`${Math.floor(share * 100)} %`, `${size(bytesRead)} of ${size(bytesTotal)}`);
      if (left > LEFT_SECONDS_MIN) parts.push(`${duration(left)} left`);
      if (this.#stream.isTTY) parts.unshift(this.#bar(share));
    } else {
      parts.unshift(size(bytesRead));
    }
    this.#draw(`${file}  ${parts.join("   ")}`);
  }

  /** Makes room for what is said next. */
  end(): void {
    if (this.#drawn && this.#stream.isTTY) this.#stream.write("\r\u001b[K");
    this.#drawn = false;
  }

  seconds(): number {
    return (performance.now() - this.#began) / 1000;
  }

  #draw(line: string): void {
    this.#stream.write(this.#stream.isTTY ? `\r\u001b[?7l\u001b[K${line}\u001b[?7h` : `${line}\n`);
    this.#drawn = true;
  }

  /** The graduated line: done, then to come. */
  #bar(share: number): string {
    const done = Math.round(share * BAR_WIDTH);
    return paint("magenta", "━".repeat(done), this.#stream) + paint("gray", "─".repeat(BAR_WIDTH - done), this.#stream);
  }
}
