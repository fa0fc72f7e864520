import assert from "node:assert/strict";
import { test } from "node:test";
import { notes } from "../testing/notes.ts";
import { commandShell } from "./command-shell.ts";

const text = (it: string) => new Uint8Array(Buffer.from(it, "latin1"));

test("a prompt, a greeting and a shell without a terminal are recognized, and read no further", () => {
  for (const it of [
    "\r\nC:\\WINNT\\system32>",
    "Microsoft Windows XP [Version 5.1.2600]\r\n(C) Copyright 1985-2001 Microsoft Corp.\r\n\r\nC:\\>",
    "Microsoft Windows [Version 10.0.19045.3803]",
    "bash: no job control in this shell\nbash-5.1$ ",
    "\x1b[?2004hroot@pump-server:/opt/app# ",
    "[svc_lis@analyzer3 ~]$ ",
    "sh-5.2$ ",
    "~ # ",
    "/bin/sh: 0: can't access tty; job control turned off\n$ ",
  ])
    assert.equal(commandShell.recognize(text(it), "server"), true, it);
  assert.deepEqual(notes(commandShell, text("C:\\>")), ["notable: commandShell", "enough"]);
});

test("a prompt cut short, a path among words, and a page about Windows are none", () => {
  for (const it of [
    "\r\nC:\\WINNT\\sys",
    "copy C:\\a.txt>",
    "C:\\a.txt> was written",
    "Microsoft Windows is a product",
    "sh: not found",
    "root@pump-server:/opt/app# ls",
    "lab@hospital.example $ ",
    "user@host: $ 12 ",
    "",
  ])
    assert.equal(commandShell.recognize(text(it), "server"), false, it);
});
