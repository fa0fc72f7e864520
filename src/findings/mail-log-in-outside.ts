/** A machine of the site logs in to a mail server of somebody else: how stolen passwords leave, and how worms send mail in others' names. */
import { counted } from "../bytes/thousands.ts";
import { atOnce } from "./at-once.ts";

export const mailLogInOutside = atOnce({
  name: "mail-log-in-outside",
  title: "A log-in to a mail server outside",
  family: "threat",
  severity: "medium",
  harms: ["network"],
  remedy:
    "Ask who works at this machine whether they send mail by a server of their own. If not, treat it as infected: tell the security team, and change the passwords that were used on it.",
  technique: ["T1048 Exfiltration Over Alternative Protocol", "T1071.003 Mail Protocols"],
  sees: "AUTH in the clear, by SMTP, from a machine of the site to a server outside.",
  misses: "Log-ins after STARTTLS or by TLS; mail sent by a web page.",
  mistaken:
    "Devices that report by their maker's mail server, and people's own mail programs: both are worth a look, since the password crosses in the clear.",
  tune: "Explain the finding for a device that reports by mail, and have it use the hospital's server.",
  heard: { mailLogIn: { says: (count) => `${counted(count, "log-in")} in the clear to a mail server outside` } },
  hits: "sender",
  concerns: ({ sender, receiver }) => sender?.inside === true && receiver?.inside === false,
});
