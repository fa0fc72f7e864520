/** Completion for bash, zsh, fish and PowerShell: static words from the commands, dynamic ones from recordings and interfaces. */
import { readdirSync } from "node:fs";
import tab from "@bomb.sh/tab/commander";
import type { Command } from "commander";
import { defaultDataDirectory } from "../config.ts";
import { recordingsIn } from "../link/recording-files.ts";

/** The library is young: everything we use of it is here. */
export function addCompletion(program: Command): void {
  const root = tab(program, { completionCommandName: "completion" });
  for (const [name, command] of root.commands) {
    const recording = command.options.get("recording");
    if (recording !== undefined) {
      recording.handler = (complete) => {
        for (const it of recordingsIn(process.env["AUSCULT_DATA"] ?? defaultDataDirectory())) complete(it.name, "recording");
      };
    }
    const interfaces = name === "listen" ? command.arguments.get("interfaces") : undefined;
    if (interfaces !== undefined) {
      interfaces.handler = (complete) => {
        for (const device of readdirSync("/sys/class/net")) complete(device, "interface");
      };
    }
  }
}
