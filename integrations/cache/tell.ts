/** Where the module says what it notices. Fields hold names, numbers and errors, never a value nor a key. */
export interface Tell {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/** The client hangs the command that failed, with its key and value, on the error: they are taken off before anybody is told. */
export function toTell(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const told = new Error(error.message);
  told.name = error.name;
  if ('code' in error) Object.assign(told, { code: error.code });
  return told;
}
