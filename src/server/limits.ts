/** Every bound of the server. Times in milliseconds, sizes in bytes. */
export const LIMITS = {
  /** Body of a request that is no upload. */
  bodyBytes: 1 << 20,
  /** Messages in one `POST /classify`. */
  logs: 1000,
  /** Characters of one message. */
  logCharacters: 65_536,
  /** Messages of `POST /classify` being decided at once, over all requests; more are answered 503. */
  waitingLogs: 4096,
  /** Uploads at once, over all clients and for one. */
  uploads: 8,
  uploadsOfOneClient: 4,
  /** Parts of a multipart body, the file included. */
  parts: 16,
  /** Uploads up to here are taken in before the first row goes out: browsers read only once they have sent all. */
  smallUploadBytes: 1 << 20,
  /** Connections; more are closed at once. */
  connections: 2048,
  /** Connections that the kernel holds until they are accepted. Of those beyond, each waits a second and knocks again. */
  backlog: 2048,
  headersMs: 10_000,
  /** For the whole body of a request that is no upload, and for one chunk of an upload. */
  bodyMs: 30_000,
  /** An upload that we waited for this long must have come at `uploadBytesPerSecond` at least. */
  uploadGraceMs: 20_000,
  uploadBytesPerSecond: 4096,
  /** For the answer of `POST /classify`. */
  answerMs: 30_000,
  keepAliveMs: 72_000,
  /** For what is running when the server is told to stop. */
  drainMs: 25_000,
} as const;

export type Limits = { readonly [Name in keyof typeof LIMITS]: number };
