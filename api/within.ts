/** What waits no longer than its caller does. */
export interface Patient {
  /** How long the database or a lead's workflow may take altogether, in ms, before whoever asks is told to come again, or that it is done later. */
  readonly patienceMs: number;
}

/**
 * The promise's answer, or `late()` thrown after `ms`. The promise itself goes on: whatever it still does must be harmless.
 */
export async function within<T>(ms: number, promise: Promise<T>, late: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(late()), ms);
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}
