/** Whoever sits at the terminal, as this computer calls them: by their number where it has no name for them, as in a container. */
import { userInfo } from "node:os";

/** All that whoever types this is known by: also who became another by sudo. */
export function namesHere(): readonly string[] {
  const before = process.env["SUDO_USER"];
  return before === undefined || before === "" ? [whoIsHere()] : [whoIsHere(), before];
}

export function whoIsHere(): string {
  try {
    return userInfo().username;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_SYSTEM_ERROR") throw error;
    return `user ${process.getuid?.()}`;
  }
}
