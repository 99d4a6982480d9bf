/** Where the module says what it notices. Fields hold names, numbers and errors, never a value nor a key. */
export interface Tell {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}
