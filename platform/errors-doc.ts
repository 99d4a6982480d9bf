import { errors } from '../domain/errors.ts';

/** The text of `docs/errors.md`, made from the table; a test compares them. */
export function errorsDoc(): string {
  const rows = Object.entries(errors)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([code, { status, title, hint }]) => `| \`${code}\` | ${status} | ${title} | ${hint} |`);
  return [
    '# Errors',
    '',
    '<!-- Generated from domain/errors.ts. Write it anew: LEADWRIGHT_WRITE_GENERATED=1 with the test test/unit/errors.test.ts -->',
    '',
    'Every error has a code that never changes its meaning. Over HTTP it comes as a problem document (RFC 9457,',
    '`application/problem+json`) with `type`, `title`, `status`, `detail`, `code`, `hint` and `requestId`, and `problems` with a path',
    'and a message for each part of the request that a schema refused. On the command line it is printed as code, detail and hint, and the',
    'exit code is 1. The status is that of an HTTP answer where the error reaches a caller. Neither secrets nor a lead’s words are in it.',
    '',
    '429 and 503 come with `Retry-After` in seconds. A webhook that was answered 429 was not stored, and is safe to send again.',
    '',
    '| Code | Status | Means | What to do |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
