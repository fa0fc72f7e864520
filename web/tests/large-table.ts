/**
 * The table of a large hospital in a browser, and what a person does with it, measured in the page: from the moment the wheel turned or
 * the key went down until the rows that answer were painted, whole. The test looks that each is answered, `npm run table` how soon.
 */
import type { Page } from "playwright-core";
import { openReaderThread } from "../../src/link/reader-thread.ts";
import type { RecordingReader } from "../../src/model/store.ts";
import { Recording } from "../../src/testing/recording.ts";
import { manyDevices } from "../../src/testing/ward.ts";
import { words } from "../src/words.ts";
import type { Opened } from "./browser.ts";

export const ACTS = ["wheel", "thumb", "sort", "filter"] as const;
/** Milliseconds of each try; Infinity where nothing came. */
export type Times = Readonly<Record<(typeof ACTS)[number], readonly number[]>>;

const SORTED = ["What it is", "Device", "Last heard at", "Address", "Last"];
/** Each key narrows: no address and no card of all devices has these digits. */
const TYPED = ["2347", "3124", "3901", "4678", "6232", "7009", "7786", "8563", "9340", "2986"];
/** A person looks before the next. */
const BETWEEN_MS = 100;

/** As many tries of each act. */
export async function timesOf({ page, origin }: Opened, devices: number, tries: number): Promise<Times> {
  const times = { wheel: [], thumb: [], sort: [], filter: [] } as Record<keyof Times, number[]>;
  const all = words.count(devices);
  const arrive = async () => {
    await page.goto(`${origin}/devices`);
    await page.getByText(`${all} of ${all}`).waitFor();
    await page.evaluate(stopwatch);
  };
  const measured = async (what: keyof Times, act: () => Promise<unknown>) => {
    await page.evaluate("watch.ready()");
    await act();
    times[what].push(await page.evaluate<number>("watch.painted()"));
    await page.waitForTimeout(BETWEEN_MS);
  };

  await arrive();
  await page.locator("table.devices tbody").hover();
  for (let at = 0; at < tries; at++) await measured("wheel", () => page.mouse.wheel(0, 120 + 60 * (at % 7)));
  for (let at = 0; at < tries; at++) await measured("thumb", () => page.evaluate(`watch.thumb(${((at * 7919) % 97) / 97})`));
  const heads = await headsOf(page);
  for (let at = 0; at < tries; at++) {
    const { x, y } = heads[at % heads.length]!;
    await measured("sort", () => page.mouse.click(x, y));
  }
  await arrive();
  for (let at = 0; at < tries; at++) {
    const text = TYPED[Math.floor(at / 4) % TYPED.length]!;
    if (at % 4 === 0) {
      await page.getByLabel("Filter", { exact: true }).fill("");
      await page.getByText(`${all} of ${all}`).waitFor();
    }
    await measured("filter", () => page.keyboard.press(text[at % 4]!));
  }
  return times;
}

/** Where they stand, because a click on an element scrolls to it first. */
async function headsOf(page: Page): Promise<readonly { readonly x: number; readonly y: number }[]> {
  const heads = [];
  for (const name of SORTED) {
    const { x, y } = (await page.locator("thead").getByRole("button", { name, exact: true }).boundingBox())!;
    heads.push({ x: x + 10, y: y + 10 });
  }
  return heads;
}

/** The ward again and again, under other names and addresses, as the store keeps it; read in a thread of its own, as the program does. */
export function largeRecording(test: { readonly after: (work: () => void) => void }, count: number): Promise<RecordingReader> {
  const recording = new Recording(test);
  recording.sql("BEGIN");
  recording.run("large.pcap");
  for (const it of manyDevices(count)) {
    const { name, lifeCritical, first, last, services, peers, days } = it;
    const stated = (["kind", "maker", "model", "os", "location"] as const).flatMap((attribute) => {
      const value = it[attribute];
      return value === null ? [] : [[attribute, [value.value, value.lead]] as const];
    });
    recording.device([recording.endpoint(it.macs[0]!, it.ips[0]!)], {
      name,
      lifeCritical,
      first,
      last,
      services,
      peers,
      days,
      ...Object.fromEntries(stated),
    });
  }
  recording.sql("COMMIT");
  return openReaderThread(recording.path);
}

/**
 * Runs in the page. An act begins with the event's own time, which the browser takes from the device, before any of our code runs. It
 * ends behind the frame that paints other rows or other places of them, each with its name, over the whole height of the list.
 */
const stopwatch = `
  var watch = (() => {
    const box = () => document.querySelector(".table-scroller");
    const GIVEN_UP_MS = 5_000;
    let began, before, done;
    for (const type of ["wheel", "keydown", "mousedown"])
      addEventListener(type, (event) => { began ??= event.timeStamp; }, { capture: true, passive: true });

    /** What is in view; null while a part of it is bare, or a bar. */
    const view = () => {
      if (document.querySelector(".empty") !== null) return "nothing";
      const { top, bottom } = box().getBoundingClientRect();
      const rows = [...box().querySelectorAll("tr[data-index]")].map((row) => [row, row.getBoundingClientRect()]);
      const seen = rows.filter(([, it]) => it.bottom > top + 36 && it.top < bottom);
      const names = seen.map(([row]) => row.querySelector(".row-link")?.textContent);
      const filled = seen.length > 0 && seen[0][1].top <= top + 36 && (seen.at(-1)[1].bottom >= bottom - 1 || seen.length === rows.length);
      if (!filled || names.includes(undefined)) return null;
      return [document.querySelector(".filter-count").textContent, Math.round(seen[0][1].top), ...names].join("\\n");
    };
    const look = () => {
      const now = view();
      if (performance.now() - began > GIVEN_UP_MS) return done(Infinity);
      if (began === undefined || now === null || now === before) return requestAnimationFrame(look);
      // A message sent before the frame is painted arrives when it has been.
      const channel = new MessageChannel();
      channel.port1.onmessage = () => done(performance.now() - began);
      channel.port2.postMessage(null);
    };
    return {
      ready() {
        began = undefined;
        before = view();
        this.ended = new Promise((resolve) => (done = resolve));
        requestAnimationFrame(look);
      },
      painted() { return this.ended; },
      thumb(share) { began = performance.now(); box().scrollTop = share * box().scrollHeight; },
    };
  })();`;
