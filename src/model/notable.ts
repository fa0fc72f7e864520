/**
 * The closed list of what a protocol may find worth saying at once (`report.notable`), because a second later would be late: a step of an
 * attack, a command that changes a device, a claim that may contradict another. It says that it was heard, never that it was meant ill:
 * most of it is ordinary somewhere, and the core judges by who, how often, and whether that is new (`findings/`).
 */
interface About {
  /** What was heard; of what kind `thing` is, which tells repetitions apart, and `amount`, which adds up, where they are given. */
  readonly doc: string;
}

const list = {
  dicomAssociation: { doc: "A DICOM association is accepted (PS3.8 section 9.3.3)." },
  dicomQuery: { doc: "A question to an archive or worklist (PS3.7: C-FIND)." },
  dicomRetrieve: { doc: "Images are asked for, to be sent somewhere or here (C-MOVE, C-GET), or are fetched by DICOMweb." },
  dicomSubOperation: { doc: "The first image of an association that is sent because somebody else asked for it by C-MOVE." },
  dicomProgram: { doc: "A DICOM file whose preamble begins a program." },
  fhirExport: { doc: "A FHIR server is asked for a bulk export." },
  hl7Merge: { doc: "Patients are merged (HL7 chapter 3: A18, A34 to A42, A47, A49)." },
  hl7Replay: { doc: "A message is said again that was accepted before on the same connection; told apart by its control id." },
  snmpSet: { doc: "An SNMP manager writes to an agent (RFC 3416 section 4.2.5)." },
  tftpWrite: { doc: "A file is pushed by TFTP (RFC 1350: WRQ)." },
} as const satisfies Record<string, About>;

export type Notable = keyof typeof list;
export const notables: Readonly<Record<Notable, About>> = list;
