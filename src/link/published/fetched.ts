/** What is published at an address. The only place that asks the Internet for anything, and only for `auscult update`. */

const FETCH_MS_MAX = 120_000;
const NONE_BYTES_MAX = 100_000;

/** Throws an Error for people that names the address. */
export async function fetched(url: URL, bytesMax: number): Promise<Buffer> {
  const answer = await fetchedIfAny(url, bytesMax, null);
  return answer!;
}

/** Null where nothing fits the question, which some say by a 404 with this word in it. Throws an Error for people that names the address. */
export async function fetchedIfAny(url: URL, bytesMax: number, none: string | null): Promise<Buffer | null> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(FETCH_MS_MAX), redirect: "error" });
    if (response.status === 404 && none !== null && (await bytesOf(response, NONE_BYTES_MAX)).includes(none)) return null;
    if (!response.ok) throw new Error(`expected the list, got ${response.status} ${response.statusText}`);
    return await bytesOf(response, bytesMax);
  } catch (error) {
    const { cause, message } = error as Error & { readonly cause?: Error };
    throw new Error(`${url.href}: ${cause === undefined ? message : `expected an answer, got ${cause.message}`}`, { cause: error });
  }
}

async function bytesOf(response: Response, bytesMax: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk as Uint8Array);
    bytes += (chunk as Uint8Array).length;
    if (bytes > bytesMax) throw new Error(`expected at most ${bytesMax / 1e6} MB, got more`);
  }
  return Buffer.concat(chunks);
}
