import { createHash } from 'node:crypto';

/** The hub's answer to /api/models/ID/revision/main?blobs=true: sha256 of the weights, git's hash of all else. */
export function hubListing(commit: string, files: Readonly<Record<string, Buffer>>): string {
  const siblings = Object.entries(files).map(([rfilename, bytes]) => ({
    rfilename,
    size: bytes.length,
    blobId: createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex'),
    ...(rfilename.endsWith('.onnx') && { lfs: { sha256: createHash('sha256').update(bytes).digest('hex') } }),
  }));
  return JSON.stringify({ sha: commit, siblings: [...siblings, { rfilename: '../../evil' }] });
}
