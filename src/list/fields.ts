/** What the columns of a list are called, in CMMS exports and in spreadsheets people keep, in English, German, French and Spanish. */
import { STATUSES } from "../model/device.ts";
import type { ListField } from "../model/list.ts";

/** Compared without case, spaces and punctuation. Our own titles first: `FIELD_TITLES` is what stands over our columns. */
const TITLES: Readonly<Record<ListField, readonly [ours: string, ...others: string[]]>> = {
  id: ["Id"],
  controlNumber: [
    "Control number", "Control no", "Control", "CN", "Asset number", "Asset no", "Asset ID", "Asset tag", "Asset", "Tag", "Tag number",
    "Equipment number", "Equipment no", "Equipment ID", "Inventory number", "Inventory no", "BME number", "BMET tag", "CE number", "Barcode",
    "Inventarnummer", "Inventar-Nr.", "Gerätenummer", "Geräte-Nr.", "Anlagennummer", "Equipment", "Numéro d'inventaire", "N° inventaire", "Número de inventario",
  ],
  serial: [
    "Serial number", "Serial no", "Serial", "Serial #", "S/N", "SN", "SerialNo", "Mfr serial", "Manufacturer serial number",
    "Seriennummer", "Serien-Nr.", "Fabriknummer", "Fabr.-Nr.", "Numéro de série", "N° de série", "Número de serie", "N.º de serie",
  ],
  udi: ["UDI", "Device identifier (UDI)", "UDI-DI/PI", "Full UDI", "Unique device identifier"],
  mac: [
    "Network card", "MAC", "MAC address", "MAC addr", "Ethernet address", "Ethernet MAC", "Hardware address", "Physical address", "LAN MAC", "Wired MAC", "Wireless MAC", "WLAN MAC",
    "MAC-Adresse", "Adresse MAC", "Dirección MAC",
  ],
  ip: ["Address", "IP", "IP address", "IPv4", "IPv4 address", "Network address", "IP-Adresse", "Adresse IP", "Dirección IP"],
  names: [
    "Device", "Host name", "Hostname", "Host", "Computer name", "Computer", "DNS name", "Network name", "NetBIOS name", "Device name", "System name",
    "Rechnername", "Gerätename", "Nom d'hôte", "Nombre de host",
  ],
  kind: [
    "What it is", "Kind", "Type", "Device type", "Equipment type", "Asset type", "Description", "Equipment description", "Device description", "Category", "Device category", "Nomenclature", "UMDNS", "GMDN",
    "Geräteart", "Gerätetyp", "Bezeichnung", "Gerätebezeichnung", "Désignation", "Descripción",
  ],
  maker: ["Maker", "Manufacturer", "Mfr", "Mfg", "Make", "Vendor", "Brand", "OEM", "Hersteller", "Fabrikat", "Fabricant", "Fabricante"],
  model: ["Model", "Model number", "Model no", "Model name", "Product", "Type designation", "Modell", "Typ", "Typenbezeichnung", "Modèle", "Modelo"],
  location: [
    "Last heard at", "Location", "Site location", "Room", "Ward", "Building/Room", "Place", "Unit", "Location name", "Standort", "Raum", "Station", "Emplacement", "Localisation", "Ubicación",
  ],
  owner: [
    "Owner", "Owned by", "Department", "Dept", "Owning department", "Cost center", "Cost centre", "Responsible", "Custodian", "Service group",
    "Kostenstelle", "Abteilung", "Eigentümer", "Verantwortlich", "Propriétaire", "Service", "Propietario", "Departamento",
  ],
  status: ["Status", "Standing", "Asset status", "Equipment status", "Condition", "State", "Lifecycle", "Life cycle status", "Zustand", "Gerätestatus", "Statut", "État", "Estado"],
  lifeCritical: ["Care class"],
  site: ["Site", "Facility", "Hospital", "Campus", "Organization", "Haus", "Klinik", "Krankenhaus", "Établissement", "Centro"],
}; // prettier-ignore

export const FIELD_TITLES = Object.fromEntries(Object.entries(TITLES).map(([field, [ours]]) => [field, ours])) as unknown as Readonly<
  Record<ListField, string>
>;

const BY_TITLE = new Map(
  Object.entries(TITLES).flatMap(([field, titles]) => titles.map((title): [string, ListField] => [plain(title), field as ListField])),
);

export function fieldCalled(title: string): ListField | null {
  return BY_TITLE.get(plain(title)) ?? null;
}

/** What lists say of whether a device is in use. */
const STATUS_WORDS: Readonly<Record<(typeof STATUSES)[number], readonly string[]>> = {
  "in service": [
    "active", "in use", "operational", "installed", "deployed", "ok", "in operation", "available", "online", "live", "in betrieb", "aktiv", "im einsatz", "en service", "actif", "en servicio", "activo",
  ],
  workshop: ["repair", "in repair", "under repair", "out for repair", "maintenance", "defective", "broken", "out of service", "werkstatt", "in reparatur", "defekt", "en réparation", "en reparación"],
  store: ["storage", "stored", "in storage", "in store", "stock", "in stock", "spare", "reserve", "lager", "im lager", "en stock", "almacén"],
  "on loan": ["loan", "loaned", "loaner", "rental", "rented", "leihgerät", "leihgabe", "en prêt", "en préstamo"],
  retired: [
    "decommissioned", "disposed", "disposed of", "scrapped", "inactive", "removed", "written off", "end of life", "condemned", "sold", "ausgemustert", "verschrottet", "außer betrieb", "stillgelegt", "réformé", "retirado", "de baja",
  ],
}; // prettier-ignore

const BY_STATUS_WORD = new Map(
  STATUSES.flatMap((status) => [status, ...STATUS_WORDS[status]].map((word): [string, (typeof STATUSES)[number]] => [plain(word), status])),
);

export function statusCalled(text: string): (typeof STATUSES)[number] | null {
  return BY_STATUS_WORD.get(plain(text)) ?? null;
}

function plain(text: string): string {
  return text.normalize("NFKC").toLowerCase().replace(/[^\p{L}\p{N}#]+/gu, ""); // prettier-ignore
}
