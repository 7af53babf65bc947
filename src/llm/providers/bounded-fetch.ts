import { ProviderFailure } from '../provider.ts';

/** An answer of 20 labels takes 2 KiB; beyond this bound it is no answer, whoever sends it. */
export const MAX_RESPONSE_BYTES = 1024 * 1024;

export type Fetch = (url: string | URL | Request, init?: RequestInit) => Promise<Response>;

/**
 * A `fetch` for one address, whatever address it is called with: the SDK knows only Groq's paths.
 *
 * The body is read here, so that the caller's signal and time-out cover it and not the headers alone, and no more of it
 * than `MAX_RESPONSE_BYTES`. Redirects are not followed: a prompt goes to the host that was named and to no other.
 */
export function createBoundedFetch(url: URL): Fetch {
  return async (_url, init) => {
    const response = await fetch(url, { ...init, redirect: 'manual' });
    if (response.status >= 300 && response.status < 400) {
      await response.body?.cancel();
      throw new ProviderFailure('request', `${url.origin} redirects elsewhere.`, { status: response.status });
    }
    const body = await readBounded(response, url);
    return new Response(body, { status: response.status, headers: withoutEncoding(response.headers) });
  };
}

async function readBounded(response: Response, url: URL): Promise<Buffer | null> {
  if (response.body === null || response.status === 204) return null;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // leaving the loop by an error cancels the body, which closes the connection
  for await (const chunk of response.body) {
    bytes += chunk.byteLength;
    if (bytes > MAX_RESPONSE_BYTES) {
      throw new ProviderFailure('malformed', `${url.origin} sent more than ${MAX_RESPONSE_BYTES} bytes.`, {
        status: response.status,
      });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The body is decoded already, so its old length and encoding no longer describe it. */
function withoutEncoding(headers: Headers): Headers {
  const rest = new Headers(headers);
  rest.delete('content-encoding');
  rest.delete('content-length');
  return rest;
}
