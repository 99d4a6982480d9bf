import type { SharedClock } from './shared-clock.ts';
import type { Lock, Shared } from './shared.ts';

/** A holder that dies costs those who wait this long; one that lives renews his lock. */
export const LOCK_MS = 2000;
const RENEW_MS = 600;

/** Renews the locks until so much time has passed, or whoever holds them clears the timer, which keeps no process alive. */
export function renewing({
  shared,
  locks,
  clock,
  forMs,
}: {
  shared: Pick<Shared, 'extend'>;
  locks: readonly Lock[];
  clock: SharedClock;
  forMs: number;
}): NodeJS.Timeout | undefined {
  if (locks.length === 0) return undefined;
  const endsAt = clock.own() + forMs;
  const renewal = setInterval(() => {
    if (clock.own() < endsAt) void shared.extend(locks, LOCK_MS);
    else clearInterval(renewal);
  }, RENEW_MS);
  return renewal.unref();
}
