import type { SharedClock } from './shared-clock.ts';
import type { Lock, Shared } from './shared.ts';

/** Of the time that a lock lasts. */
const RENEWED_AFTER = 0.3;

/**
 * Renews the locks until so much time has passed, or whoever holds them clears the timer, which keeps no process alive.
 * @param lockMs  how long a lock lasts that nobody renews
 */
export function renewing({
  shared,
  locks,
  clock,
  lockMs,
  forMs,
}: {
  shared: Pick<Shared, 'extend'>;
  locks: readonly Lock[];
  clock: SharedClock;
  lockMs: number;
  forMs: number;
}): NodeJS.Timeout | undefined {
  if (locks.length === 0) return undefined;
  const endsAt = clock.own() + forMs;
  const renewal = setInterval(() => {
    if (clock.own() < endsAt) void shared.extend(locks, lockMs);
    else clearInterval(renewal);
  }, lockMs * RENEWED_AFTER);
  return renewal.unref();
}
