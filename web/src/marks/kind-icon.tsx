/** A picture beside the word for what a device is. It only helps the eye along a column: the word carries the meaning. */
import {
  IconBell,
  IconBuildingHospital,
  IconDeviceCctv,
  IconDeviceDesktop,
  IconDevices,
  IconHeartRateMonitor,
  IconHelpCircle,
  IconId,
  IconLungs,
  IconMedicineSyrup,
  IconMicroscope,
  IconPhone,
  IconPrinter,
  IconRouter,
  IconScan,
  IconServer2,
  IconWaveSine,
} from "@tabler/icons-react";

export function KindIcon({ kind, size = 18 }: { readonly kind: string | null; readonly size?: number }) {
  const Icon = kind === null ? IconHelpCircle : (PICTURES.find(([pattern]) => pattern.test(kind))?.[1] ?? IconDevices);
  return <Icon className="icon" size={size} stroke={1.6} aria-hidden="true" />;
}

/** The first that fits: "monitor gateway" is a gateway, "pump server" a server. */
const PICTURES = [
  [/gateway|server|archive|engine|pacs|central station/i, IconServer2],
  [/pump|infus/i, IconMedicineSyrup],
  [/ventilat|anesth|anaesth|respirat/i, IconLungs],
  [/ultrasound|ecg|ekg|\beeg/i, IconWaveSine],
  [/monitor|defibrill|telemetry/i, IconHeartRateMonitor],
  [/\bct\b|x-?ray|radiograph|\bmr\b|mri|mammo|imaging|modality|fluoro|scanner|tomograph/i, IconScan],
  [/analy[sz]er|lab|glucose|blood/i, IconMicroscope],
  [/nurse ?call/i, IconBell],
  [/printer/i, IconPrinter],
  [/camera|cctv|video/i, IconDeviceCctv],
  [/switch|router|access point|firewall|network|relay/i, IconRouter],
  [/badge|door|reader/i, IconId],
  [/phone|voip/i, IconPhone],
  [/workstation|computer|desktop|laptop|\bpc\b|client/i, IconDeviceDesktop],
  [/medical|clinical|dialysis|incubator|bed\b/i, IconBuildingHospital],
] as const;
