/**
 * The base name of a file that a device loads or saves of itself, "" for any other: a name of a person's document never passes.
 * Its folders are left out, since those are where people put names.
 */
export function deviceFile(path: string): string {
  const name = path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
  return name.length <= NAME_LENGTH_MAX && (ENDINGS.test(name) || NAMES.test(name)) && !/\s|@/.test(name) ? name : "";
}

/** Names of firmware are long, but none seen is longer. */
const NAME_LENGTH_MAX = 80;

/** Firmware images, boot programs and settings, by the endings vendors' manuals use for TFTP and FTP updates. */
const ENDINGS =
  /\.(bin|img|image|fw|rom|hex|srec|s19|mot|upd|upg|pkg|swu|chk|trx|ubi|uimage|itb|dtb|efi|pxe|0|wim|sdi|elf|cnf|cfg|conf|ini|cnf\.xml|sbn|loads|sgn|tlv)$/i;

/** Names without an ending: boot loaders, and what Cisco devices ask for when they have no settings. */
const NAMES =
  /^(uImage|zImage|vmlinuz[\w.-]*|initrd[\w.-]*|network-confg|cisconet\.cfg|router-confg|ciscortr\.cfg|running-config|startup-config|[\w-]+-confg)$/i;

/** What a file is by its name, as far as devices go by names: "" for any other. */
export function deviceFileKind(path: string): "firmware" | "settings" | "" {
  const name = deviceFile(path);
  return name === "" ? "" : SETTINGS.test(name) ? "settings" : FIRMWARE.test(name) ? "firmware" : "";
}

const SETTINGS = /(?:\.(?:cnf|cfg|conf|ini|cnf\.xml)|-config|-confg)$/i;
/** Of the endings above those that only firmware has; disks and pictures of discs are called .img and .image too, but hardly sent so. */
const FIRMWARE = /\.(?:bin|img|image|fw|rom|hex|srec|s19|mot|upd|upg|swu|chk|trx|ubi|uimage|itb|sbn|loads|sgn)$|^(?:uImage|zImage)$/i;
