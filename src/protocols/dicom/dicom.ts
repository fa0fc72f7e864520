/**
 * DICOM: the upper layer of PS3.8 and the messages of PS3.7, on any port.
 *
 * Opening an association, both programs name themselves and say what they can do: application entity titles, implementation, and
 * the services asked for and granted. Commands say what is done. The front of an image says which scanner made it. The patient is
 * in nearly everything else, so all other data is skipped by its length and never touched.
 */
import type { Protocol } from "../../model/protocol.ts";
import { readAnswer, readRequest } from "./association.ts";
import { readData } from "./data.ts";
import { rememberAssociation } from "./memory.ts";
import type { Memory } from "./memory.ts";
import { isUnit, messageLength, Pdu, recognize, resume, wanted } from "./pdu.ts";

export const dicom: Protocol<Memory> = {
  name: "dicom",
  title: "DICOM",
  over: [{ tcp: [104, 11112, 4242, 2761] }],
  setting: "clinical",
  idleMinutes: 120,
  privacy: {
    reads: "Who opens an association and for what; commands; of an image the equipment that made it.",
    ends: "Patients, studies, people, dates, descriptions, all identifiers of images, queries and their answers, users and secrets, the pixels. That there is a patient is noticed, never which.",
    keeps: [
      "maker",
      "model",
      "serial",
      "udi",
      "software",
      "dicomImplementation",
      "aeTitle",
      "dicomRole",
      "sopClass",
      "storedClass",
      "modality",
      "stationName",
      "speaksFor",
      "imagesOf",
      "clearCredentials",
      "patientData",
    ],
  },
  recognize,
  messageLength,
  wanted,
  resume,
  remember: rememberAssociation,
  read(message, report, context) {
    if (!isUnit(message)) return report.malformed("bytes between messages that belong to none");
    switch (message[0]) {
      case Pdu.associateRequest:
        return readRequest(message, report, context);
      case Pdu.associateAnswer:
        return readAnswer(message, report, context);
      case Pdu.associateRefusal:
        return report.attempt("association", "refused");
      case Pdu.data:
        return readData(message, report, context);
      // A release or an abort says nothing more.
    }
  },
};
