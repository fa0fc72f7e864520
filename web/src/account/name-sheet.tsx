/** Asks for a name where nobody signs in: it stands beside what one changes, marked as not verified. */
import { Modal } from "@mantine/core";
import { SayName } from "./say-name.tsx";

export function NameSheet({ opened, close }: { readonly opened: boolean; readonly close: () => void }) {
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={<strong>Who you are</strong>}
      lockScroll={false}
      closeButtonProps={{ "aria-label": "Close" }}
      transitionProps={{ duration: 0 }}
    >
      <p>What you change is written under this name, marked as not verified: nobody signs in on this page.</p>
      <SayName done={close} />
    </Modal>
  );
}
