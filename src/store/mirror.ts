/**
 * What is wrong with a mirror, in words, with the line that cures it; judged from sums alone.
 *
 * The worst comes first: what takes most of the hearing away, and what would make every later judgment a guess. The lines are Cisco's,
 * since every other maker's are explained in their terms.
 */
import { counted, thousands } from "../bytes/thousands.ts";
import type { MirrorVerdict } from "../model/store.ts";

/** What one input told. */
export interface MirrorCounts extends Surroundings {
  readonly name: string;
  readonly live: boolean;
  /** Of packet time in which somebody listened. */
  readonly seconds: number;
  readonly frames: number;
  readonly drops: number;
  readonly duplicates: number;
  readonly cut: number;
  readonly broadcast: number;
  readonly multicast: number;
  readonly flowsTwoWay: number;
  readonly flowsOneWay: number;
  readonly unheard: Readonly<Record<string, number>>;
  /** Frames by VLAN id, "0" untagged. */
  readonly vlans: Readonly<Record<string, number>>;
}

/** What the whole recording told. */
export interface Surroundings {
  readonly clinical: boolean;
  readonly dhcp: boolean;
}

/** Less than the minute a person is asked to wait, and a round of everything that repeats: spanning tree, discovery, monitors' numbers. */
const SECONDS_ENOUGH = 50;
/** So many frames tell shares of 1 % and more without waiting so long. */
const FRAMES_ENOUGH = 2_000;
/** A switch that copies nothing still speaks itself: a dozen spanning tree frames a minute at most when it is told to be quiet. */
const FRAMES_A_MINUTE_SILENT = 10;

/** Fewer tell nothing, however long one waits. */
const FRAMES_MIN = 20;

/** A port that is no mirror hears groups, and now and then a flooded frame. A quiet ward at night has half of its frames to one machine. */
const GROUP_SHARE = 0.9;
/** With so many connections heard both ways it is a mirror, however much video goes to groups beside them. */
const TWO_WAY_MIN = 5;
/** Answers that take another path are a few of a hundred; a mirror set to one direction has nearly all of its connections one-sided. */
const ONE_WAY_SHARE = 0.2;
const ONE_WAY_MIN = 5;
/** Questions over UDP show as no one-sided connection: so many frames, with one that is and none both ways, tell as much. */
const UNICAST_UNANSWERED = 100;
/** Most of what goes to one machine. */
const UNREADABLE_SHARE = 0.5;
/** Acknowledgments are never cut, so a mirror that cuts shows it in a fraction of its frames. A few jumbo frames are no fault of a mirror. */
const CUT_SHARE = 0.05;
/** A message of thirty packets is whole 97 times of 100 at this rate; beyond it what rests on counting is weaker. */
const DROP_SHARE = 0.001;
/** Repeats by hosts carry other identifications and are no copies. A doubled mirror has a third and more, since bare acknowledgments cannot be told apart. */
const COPY_SHARE = 0.1;

export function mirrorVerdict(it: MirrorCounts): MirrorVerdict | null {
  const waited = it.seconds >= SECONDS_ENOUGH;
  if (it.live && waited && (it.frames / it.seconds) * 60 < FRAMES_A_MINUTE_SILENT)
    return verdict(
      "silent",
      `Almost nothing comes from this port: ${counted(it.frames, "frame")} in ${Math.floor(it.seconds)} s.`,
      "monitor session 1 destination interface Gi1/0/24",
    );
  if (it.frames < (waited ? FRAMES_MIN : FRAMES_ENOUGH)) return null;
  return unheard(it) ?? spoiled(it) ?? (waited || (it.clinical && it.dhcp) ? misplaced(it) : null);
}

/** Frames that do not come at all, or cannot be read. */
function unheard(it: MirrorCounts): MirrorVerdict | null {
  const group = it.broadcast + it.multicast;
  const unicast = it.frames - group;
  if (group >= it.frames * GROUP_SHARE && it.flowsTwoWay < TWO_WAY_MIN)
    return verdict(
      "onlyBroadcasts",
      `Only what goes to groups is copied: ${of(group, it.frames, "frame")}. What devices say to each other is not heard.`,
      "monitor session 1 source interface Gi1/0/1 both",
    );

  const tunnelled = (it.unheard["esp"] ?? 0) + (it.unheard["capwapDtls"] ?? 0);
  const encrypted = (it.unheard["macsec"] ?? 0) + (it.unheard["wifiProtected"] ?? 0);
  if (tunnelled + encrypted >= unicast * UNREADABLE_SHARE && tunnelled + encrypted > 0)
    return tunnelled >= encrypted
      ? verdict(
          "tunnelled",
          `Most of it goes through encrypted tunnels: ${of(tunnelled, it.frames, "frame")}. Who speaks in them is not heard: copy a port behind the tunnel's end.`,
          "monitor session 1 source interface Gi1/0/1 both",
        )
      : verdict(
          "encrypted",
          `Most of it is encrypted on the link: ${of(encrypted, it.frames, "frame")}. Copy it inside the switch or controller, where it is in the clear.`,
          `monitor session 1 source vlan ${busiestVlan(it)} rx`,
        );

  const flows = it.flowsOneWay + it.flowsTwoWay;
  if (it.flowsOneWay >= ONE_WAY_MIN && it.flowsOneWay >= flows * ONE_WAY_SHARE)
    return verdict(
      "oneDirection",
      `Only one direction is copied of ${of(it.flowsOneWay, flows, "connection")}: without the answers, services and systems stay unknown.`,
      "monitor session 1 source interface Gi1/0/1 both",
    );
  if (it.flowsTwoWay === 0 && it.flowsOneWay > 0 && unicast >= UNICAST_UNANSWERED)
    return verdict(
      "oneDirection",
      `Not one answer was heard to ${counted(unicast, "frame")} between devices: only one direction is copied.`,
      "monitor session 1 source interface Gi1/0/1 both",
    );
  return null;
}

/** Frames that come, but not as they were sent. */
function spoiled(it: MirrorCounts): MirrorVerdict | null {
  if (it.cut >= it.frames * CUT_SHARE && it.cut > 0)
    return verdict(
      "cutShort",
      `${of(it.cut, it.frames, "frame")} came cut short: names and versions in what was cut are lost.`,
      it.live ? "no monitor session 1 truncate" : "tcpdump -i eth1 -s 0 -w ward.pcap",
    );
  if (it.drops >= (it.frames + it.drops) * DROP_SHARE && it.drops > 0)
    return verdict(
      "dropping",
      `${of(it.drops, it.frames + it.drops, "frame")} were dropped before they could be heard: what rests on counting or on silence is weaker.`,
      it.live ? `ethtool -G ${it.name} rx 4096` : "dumpcap -i eth1 -B 64 -w ward.pcapng",
    );
  if (it.duplicates >= it.frames * COPY_SHARE && it.duplicates > 0)
    return verdict(
      "doubled",
      `${of(it.duplicates, it.frames, "frame")} came twice. Each counts once, but the port carries half of what it could.`,
      `monitor session 1 source vlan ${busiestVlan(it)} rx`,
    );
  return null;
}

/** A mirror in order, at a place where a part of the hospital is not heard. */
function misplaced(it: MirrorCounts): MirrorVerdict {
  if (!it.clinical)
    return verdict(
      "nothingClinical",
      `Nothing clinical was heard${onVlans(it)}: add the VLAN in which bedside or imaging devices stand.`,
      "monitor session 1 source vlan 30 both",
    );
  if (!it.dhcp)
    return verdict(
      "noDhcp",
      "No DHCP was heard, in which devices give their names when they ask for an address: add the port towards its server.",
      "monitor session 1 source interface Gi1/0/48 both",
    );
  return verdict("good", "Both directions are copied, once and whole.", "");
}

function verdict(kind: MirrorVerdict["kind"], words: string, cure: string): MirrorVerdict {
  return { kind, words, cure };
}

/** Its number stands in for the one to be mirrored; untagged mirrors do not tell it. */
function busiestVlan({ vlans }: MirrorCounts): string {
  const tagged = Object.entries(vlans).filter(([id]) => id !== "0" && id !== "other");
  return tagged.sort(([, a], [, b]) => b - a)[0]?.[0] ?? "20";
}

const VLANS_NAMED_MAX = 4;

function onVlans({ vlans }: MirrorCounts): string {
  const ids = Object.keys(vlans)
    .filter((id) => id !== "0" && id !== "other")
    .sort((a, b) => Number(a) - Number(b));
  if (ids.length === 0) return "";
  const more = ids.length - VLANS_NAMED_MAX;
  return ` on VLAN ${ids.slice(0, VLANS_NAMED_MAX).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

function of(part: number, whole: number, what: string): string {
  return `${thousands(part)} of ${counted(whole, what)}`;
}
