import { LogiqError } from '../errors.ts';

interface Explanation {
  readonly reason: string;
  readonly hint: string;
}

const explanations: Readonly<Record<string, Explanation>> = {
  ENOSPC: { reason: 'the disk is full', hint: 'Free some space or write elsewhere with -o.' },
  EDQUOT: { reason: 'your disk quota is used up', hint: 'Free some space or write elsewhere with -o.' },
  EFBIG: {
    reason: 'the file would be larger than is allowed',
    hint: 'Split the input or raise the limit (ulimit -f).',
  },
  ENOENT: { reason: 'its folder does not exist', hint: 'Create the folder first.' },
  ENOTDIR: { reason: 'a part of its path is no folder', hint: 'Check the path.' },
  EEXIST: { reason: 'there is a file of that name', hint: 'Name a folder.' },
  EISDIR: { reason: 'it is a folder', hint: 'Name a file.' },
  EACCES: { reason: 'permission denied', hint: 'It takes the right to write to the file and to its folder.' },
  EPERM: {
    reason: 'the operation is not permitted',
    hint: 'It takes the right to write to the file and to its folder.',
  },
  EROFS: { reason: 'the file system is read-only', hint: 'Write elsewhere with -o.' },
  ENAMETOOLONG: { reason: 'its name is too long', hint: 'Choose a shorter name.' },
  ELOOP: { reason: 'its symbolic links go round in circles', hint: 'Name the file itself.' },
};

const OTHERWISE = 'The rows written so far may be incomplete; check the device and run again.';

/** @param name What was written to, for people. */
export function writeError(name: string, cause: unknown): LogiqError {
  const { reason, hint } = explanations[errorCode(cause)] ?? { reason: errorMessage(cause), hint: OTHERWISE };
  return new LogiqError('E_OUTPUT_WRITE', `Cannot write to ${name}: ${reason}.`, hint, { cause });
}

/** The system's code of an error, such as `ENOSPC`; '' when it has none. */
export function errorCode(error: unknown): string {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return code ?? '';
}

function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
