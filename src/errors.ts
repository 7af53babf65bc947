/** Exit codes of the command line; the meanings follow BSD sysexits where they have one. */
export const EXIT = {
  ok: 0,
  found: 1,
  usage: 2,
  badData: 65,
  noInput: 66,
  unavailable: 69,
  software: 70,
  ioError: 74,
  stoppedEarly: 75,
  keyRefused: 77,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Stable error codes and the exit code that each one ends the process with. */
const exitCodes = {
  E_USAGE: EXIT.usage,
  E_INPUT_COLUMN: EXIT.usage,
  E_INPUT_MISSING: EXIT.usage,
  E_INPUT_UNREADABLE: EXIT.noInput,
  E_INPUT_READ: EXIT.ioError,
  E_INPUT_DAMAGED: EXIT.badData,
  E_OUTPUT_SAME_FILE: EXIT.usage,
  E_OUTPUT_WRITE: EXIT.ioError,
  E_RESUME: EXIT.usage,
  E_SETTING: EXIT.usage,
  E_RULES: EXIT.usage,
  E_MODEL_MISSING: EXIT.usage,
  E_MODEL_DAMAGED: EXIT.software,
  E_MODEL_SHAPE: EXIT.software,
  E_EMBEDDER: EXIT.software,
  E_HUB: EXIT.unavailable,
  E_LLM_KEY: EXIT.keyRefused,
  E_LLM_UNAVAILABLE: EXIT.unavailable,
} as const satisfies Record<string, ExitCode>;

export type ErrorCode = keyof typeof exitCodes;

/**
 * An error that the user can act on. Anything else that is thrown is a bug and reaches `cli.ts` with its stack.
 *
 * @param message What is wrong, with the value that is wrong.
 * @param hint The way out, as an instruction.
 */
export class LogiqError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, hint?: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'LogiqError';
    this.code = code;
    this.hint = hint;
  }

  get exitCode(): ExitCode {
    return exitCodes[this.code];
  }
}
