/** Copies a recording in a thread of its own (`RecordingWriter.backup`). What goes wrong ends the thread, and whoever waits is told. */
import { workerData } from "node:worker_threads";
import { backup } from "../store/backup.ts";

const { path, file } = workerData as { readonly path: string; readonly file: string };
backup(path, file);
