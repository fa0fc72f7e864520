export function buildWeb(say?: (line: string) => void): Promise<void>;
/** Whether the pages built last were made of what is there now. */
export function isBuilt(): boolean;
