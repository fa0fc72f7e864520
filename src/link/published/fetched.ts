/** What is published at an address. The only place that asks the Internet for anything, and only for `auscult update`. */

const FETCH_MS_MAX = 120_000;

/** Throws an Error for people that names the address. */
export async function fetched(url: URL, bytesMax: number): Promise<Buffer> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(FETCH_MS_MAX), redirect: "error" });
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
