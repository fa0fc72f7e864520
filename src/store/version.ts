/** The shape of a recording's file (`schema.sql`, `user_version`). A file of a newer Auscult is left alone. */
export const RECORDING_VERSION = 5;
