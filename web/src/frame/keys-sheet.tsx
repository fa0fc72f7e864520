/** Every key on one sheet, and the switch for those of a single letter. */
import { Modal } from "@mantine/core";
import { useSingleKeys } from "../keys.ts";
import { NOT_AN_ALARM } from "./not-an-alarm.tsx";

export function KeysSheet({ opened, close }: { readonly opened: boolean; readonly close: () => void }) {
  const [on, set] = useSingleKeys();
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={<strong>Keys</strong>}
      size="lg"
      lockScroll={false}
      closeButtonProps={{ "aria-label": "Close" }}
      transitionProps={{ duration: 0 }}
    >
      <dl className="keys-sheet">
        {KEYS.map(([key, does]) => (
          <div key={key}>
            <dt>
              {key.split(" ").map((part) => (
                <kbd className="kbd" key={part}>
                  {part}
                </kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <label className="check">
        <input type="checkbox" checked={on} onChange={(event) => set(event.currentTarget.checked)} />
        Single letters work as keys
      </label>
      <p className="second">Auscult only listens: not one frame is sent to the network it hears.</p>
      <p className="second">{NOT_AN_ALARM}</p>
    </Modal>
  );
}

const KEYS = [
  ["Ctrl K", "find anything, go anywhere"],
  ["/", "filter box"],
  ["j k", "next, previous row"],
  ["Enter", "open the row"],
  [".", "menu of the row"],
  ["Esc", "back to where one was; typed text stays"],
  ["g t", "Today"],
  ["g d", "Devices"],
  ["g f", "Findings"],
  ["g w", "Weaknesses"],
  ["g l", "The hospital’s own list"],
  ["g p", "Policies"],
  ["g y", "Lifecycle: growth, what changed, recalls"],
  ["g r", "Reports"],
  ["g h", "What we heard"],
  ["g o", "Open a capture, listen"],
  ["a z c", "a finding: I have this, explain it, close it"],
  ["u", "take back the last change"],
  ["?", "this sheet"],
] as const;
