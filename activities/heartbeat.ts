import { Context } from '@temporalio/activity';

/** Half of the shortest heartbeat time-out in use, with room for a busy process. */
const EVERY_MS = 5_000;

/** Lets each activity say that it lives while it waits for the vendor, however many calls it makes. */
export function withHeartbeat<T extends object>(activities: T): T {
  const wrapped: Record<string, unknown> = {};
  for (const [name, run] of Object.entries(activities)) {
    wrapped[name] = async (...args: unknown[]) => {
      const context = Context.current();
      const beat = setInterval(() => {
        context.heartbeat();
      }, EVERY_MS);
      try {
        return await (run as (...args: unknown[]) => Promise<unknown>)(...args);
      } finally {
        clearInterval(beat);
      }
    };
  }
  return wrapped as T;
}
