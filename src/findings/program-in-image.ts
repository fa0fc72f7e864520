/** A DICOM file whose preamble is the beginning of a program: it opens as an image and runs as a program (CVE-2019-11687). */
import type { Claimed, News, Watch } from "../model/finding.ts";

export const programInImage: Watch<Readonly<Record<string, never>>> = {
  name: "program-in-image",
  title: "A program inside an image",
  family: "threat",
  severity: "high",
  harms: ["device"],
  remedy:
    "Keep the file from being opened outside the archive: have those who run it set the study aside, and look at the machine it came from. The patient's images may be in it: nothing is deleted before radiology has them elsewhere.",
  technique: ["T1027.009 Embedded Payloads", "T1036.008 Masquerade File Type"],
  sees: "The first 128 bytes of a DICOM file that crosses by DICOMweb begin a Windows or Linux program or a script.",
  misses:
    "Files that cross by DICOM itself, which leaves the preamble out; by shares, by TLS, and all but the first of several in one request.",
  mistaken: "Whole-slide images are TIFF files and DICOM files at once: that is another beginning.",
  tune: "Nothing.",
  hears: { notables: ["dicomProgram"] },
  subject: "pair",
  subjectsMax: 1_024,
  remember: () => ({}),
  *notice(news: News): Iterable<Claimed> {
    if (news.news !== "signal" || news.sender === null || news.receiver === null) return;
    const { at, count, sender, receiver, witnesses } = news;
    const text = `${count} DICOM files that begin as a program crossed between the two`;
    yield { story: "", about: receiver, others: [sender], first: at, at, count, summary: text, because: [{ at, text }], witnesses };
  },
};
