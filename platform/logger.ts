import { types } from 'node:util';
import { pino } from 'pino';
import type { Log } from '../domain/ports/log.ts';

/**
 * One JSON line per happening, on stderr: stdout belongs to what commands answer.
 * Redaction is the second wall, not the first: callers pass ids and codes only, and what slips in under a telling name, or stands
 * in an error's message, is taken out here.
 * @param level   `silent` for commands that speak for themselves
 * @param stream  where lines go; stderr when absent
 */
export function createLogger(
  options: { level?: string; name?: string; stream?: { write(line: string): void } } = {},
): Log {
  return pino(
    {
      level: options.level ?? 'info',
      base: options.name === undefined ? null : { role: options.name },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: (fields) => withoutPersonalData(fields) },
    },
    options.stream ?? pino.destination({ fd: 2, sync: true }),
  );
}

const tellingNames =
  /^(body|rawBody|text|content|subject|message|name|firstName|lastName|fullName|phone|email|address\w*|from|to|authorization|cookie|password|secret|token|apiToken|apiKey|\w*Secret|\w*Token|\w*ApiKey|database(App)?Url|redisUrl)$/i;

function withoutPersonalData(fields: object): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(fields)) kept[key] = cleaned(key, value, 0);
  return kept;
}

function cleaned(key: string, value: unknown, depth: number): unknown {
  if (types.isNativeError(value)) return errorFields(value);
  if (tellingNames.test(key)) return '[redacted]';
  if (typeof value === 'string') return scrubbed(value);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return value.toISOString();
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (depth >= 4) return '[deep]';
  if (Array.isArray(value)) return value.slice(0, 50).map((item) => cleaned('', item, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, cleaned(name, inner, depth + 1)]));
}

/**
 * Name, code, message and stack. Parsers quote their input in their message, and a database quotes rows in its `detail`: of those
 * only the name and the code are kept.
 */
function errorFields(error: Error): Record<string, unknown> {
  const code =
    'code' in error && (typeof error.code === 'string' || typeof error.code === 'number') ? error.code : null;
  const quotesInput = error.name === 'SyntaxError';
  return {
    type: error.name,
    code,
    message: quotesInput ? '[redacted]' : scrubbed(error.message),
    stack: (error.stack ?? '')
      .split('\n')
      .filter((line) => /^\s+at /.test(line))
      .slice(0, 12)
      .join('\n'),
    ...(types.isNativeError(error.cause) ? { cause: errorFields(error.cause) } : {}),
  };
}

function scrubbed(text: string): string {
  return text
    .replace(/[^\s@<>"']{1,64}@[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63}){1,8}/gi, '[address]')
    .replace(/\+\d{8,15}\b|\(\d{3}\) ?\d{3}-\d{4}|\b\d{3}[-. ]\d{3}[-. ]\d{4}\b/g, '[phone]')
    .slice(0, 2000);
}
