/** Hash in lower-case hex, computed on the thread pool, so that the caller's thread can go on meanwhile. */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex');
}
