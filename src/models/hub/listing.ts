import { LogiqError } from '../../errors.ts';
import { getFromHub, type HubRequest } from './request.ts';

const DEFAULT_ENDPOINT = 'https://huggingface.co';
/** Of the answer that lists a model's files. */
const MAX_LISTING_BYTES = 8 * 1024 * 1024;

/** One file of a model on the hub. */
export interface HubFile {
  readonly path: string;
  /** Bytes; undefined where the hub does not say. */
  readonly size: number | undefined;
  /** For large files. */
  readonly sha256: string | undefined;
  /** Git's hash of small files. */
  readonly blobSha1: string | undefined;
}

export interface HubModel {
  readonly id: string;
  /** 40 hexadecimal digits: what is fetched never changes underway. */
  readonly commit: string;
  readonly files: readonly HubFile[];
}

/**
 * `HF_ENDPOINT`, else the public hub; without a slash at its end.
 *
 * @throws {LogiqError} E_SETTING when it is no address.
 */
export function hubEndpoint(env: HubRequest['env']): string {
  const endpoint = (env['HF_ENDPOINT'] || DEFAULT_ENDPOINT).replace(/\/+$/, '');
  if (/^https?:/i.test(endpoint) && URL.canParse(endpoint)) return endpoint;
  throw new LogiqError('E_SETTING', `HF_ENDPOINT is "${endpoint}".`, `It takes an address, such as ${DEFAULT_ENDPOINT}.`);
}

/** @throws {LogiqError} E_HUB when the hub has no such model, asks for a token or answers something else. */
export async function listHubModel(id: string, options: HubRequest): Promise<HubModel> {
  const endpoint = hubEndpoint(options.env);
  const response = await getFromHub(`${endpoint}/api/models/${id}/revision/main?blobs=true`, options);
  if (response.statusCode !== 200) {
    response.resume();
    throw refusal(id, endpoint, response.statusCode ?? 0);
  }
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) {
    text += chunk as string;
    if (text.length > MAX_LISTING_BYTES) throw new LogiqError('E_HUB', `${endpoint} lists too much for ${id}.`);
  }
  return readListing(id, endpoint, text);
}

/** The error for an answer other than 200. */
export function refusal(id: string, endpoint: string, status: number): LogiqError {
  if (status === 401 || status === 403) {
    // The public hub answers 401 for what does not exist, too.
    return new LogiqError(
      'E_HUB',
      `${endpoint} does not give ${id} (${status}): there is none, or it is not open to all.`,
      'Check the id; for a private or gated model set HF_TOKEN.',
    );
  }
  if (status === 404) return new LogiqError('E_HUB', `${endpoint} has no ${id}.`, 'Check the id: owner/name.');
  return new LogiqError('E_HUB', `${endpoint} answers ${status} for ${id}.`, 'Try again later.');
}

function readListing(id: string, endpoint: string, text: string): HubModel {
  let listing: { sha?: unknown; siblings?: unknown };
  try {
    listing = JSON.parse(text) as typeof listing;
  } catch (cause) {
    throw new LogiqError('E_HUB', `${endpoint} does not answer as a hub does.`, 'Check HF_ENDPOINT.', { cause });
  }
  const { sha, siblings } = listing;
  if (typeof sha !== 'string' || !/^[0-9a-f]{40}$/.test(sha) || !Array.isArray(siblings)) {
    throw new LogiqError('E_HUB', `${endpoint} does not answer as a hub does.`, 'Check HF_ENDPOINT.');
  }
  return { id, commit: sha, files: siblings.flatMap((sibling: unknown) => toFile(sibling) ?? []) };
}

interface Sibling {
  readonly rfilename?: unknown;
  readonly size?: unknown;
  readonly blobId?: unknown;
  readonly lfs?: { readonly sha256?: unknown } | null;
}

/** Names that would leave the folder are no files. */
function toFile(value: unknown): HubFile | undefined {
  const { rfilename, size, blobId, lfs } = Object(value) as Sibling;
  if (typeof rfilename !== 'string' || !/^[\w.-]+(?:\/[\w.-]+)*$/.test(rfilename)) return undefined;
  if (rfilename.split('/').includes('..')) return undefined;
  const sha256 = typeof lfs?.sha256 === 'string' ? lfs.sha256 : undefined;
  return {
    path: rfilename,
    size: typeof size === 'number' ? size : undefined,
    sha256,
    blobSha1: sha256 === undefined && typeof blobId === 'string' ? blobId : undefined,
  };
}
