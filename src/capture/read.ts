/** One input from its first frame to its last: a capture file of any kind, or the pipe of a capture program. */
import type { InputClock } from "./clock.ts";
import { Descriptor } from "./descriptor.ts";
import { Intake } from "./intake.ts";
import { pump } from "./pump.ts";
import type { FrameSink } from "./sink.ts";

export interface ReadOptions {
  readonly live: boolean;
  readonly clock: InputClock;
  /** Live: the capture host's clock in microseconds since 1970, for ticks. Given from outside: a stage never reads the clock. */
  readonly now?: () => number;
  /** Awaited between two reads: how those who come after hold back a file. */
  readonly room?: () => Promise<void> | undefined;
}

export interface ReadResult {
  readonly frames: number;
  /** As they lie on disk, so packed ones count packed. */
  readonly bytesRead: number;
  /** Why the rest was not read: what was expected, what came, at which byte. Absent when it was whole. */
  readonly trouble?: string;
  /** Frames whose stamp lay before the latest one. */
  readonly timeBackwards: number;
}

/** Never rejects for what is in the input; what `sink` throws passes through. */
export async function readFrames(fd: number, sink: FrameSink, options: ReadOptions): Promise<ReadResult> {
  const { clock, live, now, room } = options;
  const input = new Descriptor(fd);
  const intake = new Intake(sink, clock);
  const backwardsBefore = clock.backwards;

  let quiet = false;
  let pausing: NodeJS.Timeout | undefined;
  let readBefore = 0;
  const timer =
    live && now !== undefined
      ? setInterval(() => {
          if (quiet && clock.latest > 0) sink.tick(clock.tick(now() - TICK_BEHIND_US));
        }, TICK_MS)
      : undefined;
  try {
    const { packing, trouble } = await pump(input, intake, {
      readBytes: live ? PIPE_BYTES : FILE_BYTES,
      waiting: (is) => {
        quiet = is;
        clearTimeout(pausing);
        if (!is || timer === undefined) return;
        timer.refresh();
        pausing = setTimeout(() => sink.pause(), PAUSE_MS);
      },
      between: () => {
        sink.progress(input.bytesRead);
        const count = input.bytesRead - readBefore;
        readBefore = input.bytesRead;
        return live && count < PIPE_BYTES / 4 ? new Promise((resolve) => setTimeout(resolve, GATHER_MS)) : room?.();
      },
    });
    const place = packing === undefined ? "" : " (of what it unpacks to)";
    const why = input.trouble ?? trouble ?? (intake.trouble === undefined ? undefined : intake.trouble + place);
    return {
      frames: intake.frames,
      bytesRead: input.bytesRead,
      timeBackwards: clock.backwards - backwardsBefore,
      ...(why === undefined ? {} : { trouble: why }),
    };
  } finally {
    clearInterval(timer);
    clearTimeout(pausing);
  }
}

/** Measured: parsing must find the bytes still in the second-level cache, and a pipe never hands more than 64 KB. */
const FILE_BYTES = 1 << 20;
const PIPE_BYTES = 1 << 16;

/** The capture program writes frame by frame: what comes in so long is taken at once, or each frame of a busy link would wake us. */
const GATHER_MS = 5;

/** Blocks of the kernel come a second apart where little is said; within one all is there at once. */
const PAUSE_MS = 25;

const TICK_MS = 1_000;
/** The kernel hands frames on in blocks, after at most a second: what it still holds must not come to lie before a tick. */
const TICK_BEHIND_US = 1_500_000;
