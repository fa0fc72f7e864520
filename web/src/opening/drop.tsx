/** A capture may be dropped anywhere on any page. It stays on this computer: it goes from the browser to Auscult beside it. */
import { useRouter } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import type { ReactNode } from "react";
import { api } from "../api.ts";
import { GraduatedLine } from "../marks/graduated-line.tsx";
import { say, sayWrong } from "../say.tsx";
import { words } from "../words.ts";
import { filesOf, FILES_MAX } from "./dropped.ts";

/** Asks the page to take files, from wherever a button is. */
const FILES = "auscult-files";
export function openFiles(files: readonly File[]): void {
  document.dispatchEvent(new CustomEvent<readonly File[]>(FILES, { detail: files }));
}

export function Drop({ children }: { readonly children: ReactNode }) {
  const router = useRouter();
  const [over, setOver] = useState(false);
  const [sending, setSending] = useState<{ readonly sent: number; readonly of: number; readonly name: string } | null>(null);

  useEffect(() => {
    const take = async (chosen: readonly File[] | Promise<readonly File[]>) => {
      try {
        const files = await chosen;
        if (files.length === 0) return say("The folder holds no file.");
        if (files.length > FILES_MAX)
          throw new Error(`expected at most ${words.count(FILES_MAX)} files at once: open the folder with auscult open`);
        const of = files.reduce((sum, file) => sum + file.size, 0);
        const name = files.length === 1 ? files[0]!.name : words.plural(files.length, "file");
        setSending({ sent: 0, of, name });
        await api.openFiles(files, (sent) => setSending({ sent, of, name }));
        await router.navigate({ to: "/devices" });
      } catch (error) {
        sayWrong(error);
      } finally {
        setSending(null);
      }
    };
    const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
    const dragged = (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const left = (event: DragEvent) => event.relatedTarget === null && setOver(false);
    const dropped = (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      setOver(false);
      if (event.dataTransfer !== null) void take(filesOf(event.dataTransfer));
    };
    const asked = (event: Event) => void take((event as CustomEvent<readonly File[]>).detail);
    document.addEventListener("dragover", dragged);
    document.addEventListener("dragleave", left);
    document.addEventListener("drop", dropped);
    document.addEventListener(FILES, asked);
    return () => {
      document.removeEventListener("dragover", dragged);
      document.removeEventListener("dragleave", left);
      document.removeEventListener("drop", dropped);
      document.removeEventListener(FILES, asked);
    };
  }, [router]);

  return (
    <>
      {children}
      {over && <div className="drop-over">Drop it: it stays on this computer</div>}
      {sending !== null && (
        <div className="sending" role="status">
          <b>Taking {sending.name}</b> <span className="quiet">{words.bytes(sending.of)}, on this computer</span>
          <GraduatedLine share={sending.of === 0 ? 1 : sending.sent / sending.of} label={`Taken of ${sending.name}`} />
        </div>
      )}
    </>
  );
}
