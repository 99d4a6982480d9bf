/**
 * Delivery statuses by how far they have come: reports of one message arrive in any order, and a late `sent` must not hide that it was
 * delivered or has failed. A failure after a delivery is a late bounce; what was opened or clicked was there.
 */
const ranks = [
  ...[
    'scheduled',
    'pending',
    'queued',
    'sending',
    'sent',
    'ringing',
    'initiated',
    'in-progress',
    'answered',
    'connected',
  ],
  ...['no-answer', 'busy', 'canceled', 'cancelled', 'voicemail', 'completed', 'delivered', 'undelivered', 'failed'],
  ...['read', 'opened', 'clicked', 'opt_out'],
] as const;
const rankOf = new Map<string, number>(ranks.map((status, rank) => [status, rank]));

/** Statuses that mean: it did not arrive. */
const failedStatuses = ['undelivered', 'failed', 'opt_out'] as const;

/** Does news of a message's status replace the one that is known? A status that we do not know ranks below all others. */
export function outranks(status: string, known: string | null): boolean {
  if (known === null) return true;
  const [a, b] = [rankOf.get(status) ?? -1, rankOf.get(known) ?? -1];
  return a === b ? status > known : a > b;
}

export function isFailed(status: string | undefined | null): boolean {
  return failedStatuses.some((failed) => failed === status);
}

/** For the store, which compares as `outranks` does: every status that we know, lowest first. */
export const statusesByRank: readonly string[] = ranks;

/** Words of the vendor's for what sends by itself: nobody of the team wrote it, and not we. */
export const automatic: readonly string[] = ['workflow', 'bulk_actions', 'campaign'];

/** Statuses of a message that is known and may still wait for its hour. */
export const waitingStatuses: readonly string[] = ['scheduled', 'pending', 'queued'];
