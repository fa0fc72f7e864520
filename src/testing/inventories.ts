/** The inventory document of a recording as one text, wherever it is kept. */
import { readerOf } from "../link/recordings.ts";

export async function inventoryOf(recording: string): Promise<string> {
  const reader = await readerOf(recording);
  try {
    let text = "";
    for await (const piece of reader.inventory()) text += piece;
    return text;
  } finally {
    await reader.close();
  }
}
