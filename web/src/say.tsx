/** Messages at the foot of the page. They report only what has really happened, and nothing important is said only here. */
import { notifications } from "@mantine/notifications";
import { IconAlertTriangle, IconCheck } from "@tabler/icons-react";

const SHOWN_MS = 10_000;
/** With a button that takes back what was done last. */
let undoable: string | null = null;

/** What could be taken back was, or something newer would be in its place. */
export function undone(): void {
  if (undoable !== null) notifications.hide(undoable);
  undoable = null;
}

/** `undo`, where it can be taken back: the button stands as long as the message does. */
export function say(message: string, undo?: () => Promise<void>): void {
  const id = crypto.randomUUID();
  if (undo !== undefined) {
    undone();
    undoable = id;
  }
  const takeBack = async () => {
    notifications.hide(id);
    await undo?.().catch(sayWrong);
  };
  notifications.show({
    id,
    icon: <IconCheck size={18} stroke={1.8} aria-hidden="true" />,
    message:
      undo === undefined ? (
        message
      ) : (
        <span className="said">
          {message}
          <button type="button" className="button small" onClick={() => void takeBack()}>
            Take it back
          </button>
        </span>
      ),
    autoClose: SHOWN_MS,
    withBorder: false,
    closeButtonProps: { "aria-label": "Close the message" },
  });
}

/** Stays until it is closed. */
export function sayWrong(error: unknown): void {
  notifications.show({
    icon: <IconAlertTriangle size={18} stroke={1.8} aria-hidden="true" />,
    message: error instanceof Error ? error.message : String(error),
    autoClose: false,
    role: "alert",
    closeButtonProps: { "aria-label": "Close the message" },
  });
}
