/**
 * Structured log. Fields are ids, codes, counts and durations; never a body, a name, a phone number or an address.
 * An `err` field takes the error itself.
 */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
