/** Compressions that an input may have. */
export type Compression = 'gzip' | 'zstd' | 'brotli';

/** What the first bytes of an input say about it. */
export type Signature =
  | { readonly kind: 'compressed'; readonly by: Compression }
  /** Compressed in a way that is not read here; `tool` decompresses it. */
  | { readonly kind: 'foreign'; readonly name: string; readonly tool: string }
  /** A byte order mark of so many bytes. */
  | { readonly kind: 'bom'; readonly bytes: number; readonly encoding: 'utf-8' | 'utf-16le' | 'utf-16be' };

const BZIP2: Signature = { kind: 'foreign', name: 'bzip2', tool: 'bzip2 -dc' };

/** By their bytes as text of code points 0 to 255. */
const signatures: ReadonlyArray<readonly [bytes: string, signature: Signature]> = [
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((level) => [`BZh${level}1AY`, BZIP2] as const),
  ['\u001f\u008b\u0008', { kind: 'compressed', by: 'gzip' }],
  ['\u0028\u00b5\u002f\u00fd', { kind: 'compressed', by: 'zstd' }],
  ['\u00fd7zXZ\0', { kind: 'foreign', name: 'xz', tool: 'xz -dc' }],
  ['PK\u0003\u0004', { kind: 'foreign', name: 'zip', tool: 'unzip -p' }],
  ['\u00ef\u00bb\u00bf', { kind: 'bom', bytes: 3, encoding: 'utf-8' }],
  ['\u00ff\u00fe', { kind: 'bom', bytes: 2, encoding: 'utf-16le' }],
  ['\u00fe\u00ff', { kind: 'bom', bytes: 2, encoding: 'utf-16be' }],
];

/** Bytes that are enough to tell all of them. */
export const SIGNATURE_BYTES = 7;

export function findSignature(head: Buffer): Signature | undefined {
  const bytes = head.toString('latin1', 0, SIGNATURE_BYTES);
  return signatures.find(([signature]) => bytes.startsWith(signature))?.[1];
}

/** Whether more bytes could still make a signature of so few. */
export function mayBecomeSignature(head: Uint8Array): boolean {
  const bytes = Buffer.from(head).toString('latin1');
  return bytes.length < SIGNATURE_BYTES && signatures.some(([signature]) => signature.startsWith(bytes));
}
