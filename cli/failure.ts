import { errors, isAppError } from '../domain/errors.ts';

/** Something a command could not do, said for people; `ways` are what they can try next. */
export class Failure extends Error {
  /** 1: a check failed or the work could not be done. 2: the command was used wrongly. */
  readonly exitCode: 1 | 2;
  readonly code: string;
  readonly ways: readonly string[];

  constructor(
    message: string,
    options: { exitCode?: 1 | 2; code?: string; ways?: readonly string[]; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'Failure';
    this.exitCode = options.exitCode ?? 1;
    this.code = options.code ?? (this.exitCode === 2 ? 'USAGE' : 'FAILED');
    this.ways = options.ways ?? [];
  }
}

/** Whatever was thrown, as something to print. A service's own error brings its ways out along in its text. */
export function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (isAppError(error)) {
    const { hint } = errors[error.code];
    return new Failure(error.message, { code: error.code, ways: [hint], cause: error });
  }
  return new Failure(error instanceof Error ? error.message : String(error), { cause: error });
}

/** The wrong way to use a command. */
export function usage(message: string, ways: readonly string[] = []): Failure {
  return new Failure(message, { exitCode: 2, ways });
}
