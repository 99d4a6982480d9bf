/** What a launcher throws: the problem in one sentence, then the ways out, one a line. The text holds no password. */
export function serviceError(problem: string, ways: readonly string[], cause?: unknown): Error {
  const text = ways.length === 0 ? problem : [problem, 'Ways out:', ...ways.map((way) => `  - ${way}`)].join('\n');
  const error = new Error(text, cause === undefined ? undefined : { cause });
  error.name = 'ServiceError';
  return error;
}

/** The message of whatever was thrown. Judged by shape, not by class: errors cross realms under a test runner. */
export function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
}

/** Node's `code` of a failed system call, such as `ENOENT`. */
export function systemCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
