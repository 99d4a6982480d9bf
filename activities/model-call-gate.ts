import type { Log } from '../domain/ports/log.ts';
import type { ModelFailure } from '../domain/ports/model.ts';

/** Why the vendor is not asked for a while, whoever wants to. */
export type Closed = 'spend-cap' | 'key';

export interface VendorGate {
  /** May a call be made now? `waitMs`: the vendor wants no call before. */
  open(): { readonly kind: 'open'; readonly waitMs: number } | { readonly kind: 'closed'; readonly why: Closed };
  heard(outcome: 'answered' | Pick<ModelFailure, 'then' | 'retryAfterMs' | 'code'>): void;
  standing(): 'open' | Closed;
}

/** A spend cap stands until somebody raises it, and a key that is refused until it is changed: one call in so long finds out. */
const CLOSED_MS = 5 * 60_000;

/**
 * What one call learned of the vendor, for all calls of the process: what will be refused again is not asked by each lead anew, and what is
 * asked to wait waits together. Said once, when it begins, and once when it is over.
 */
export function createVendorGate({ now, log }: { readonly now: () => Date; readonly log: Log }): VendorGate {
  let closed: { readonly why: Closed; readonly until: number } | undefined;
  let notBefore = 0;
  const ms = (): number => now().getTime();
  return {
    open() {
      if (closed === undefined) return { kind: 'open', waitMs: Math.max(0, notBefore - ms()) };
      if (ms() < closed.until) return { kind: 'closed', why: closed.why };
      // This call looks whether it is still so; the others go on waiting meanwhile.
      closed = { ...closed, until: ms() + CLOSED_MS };
      return { kind: 'open', waitMs: 0 };
    },
    heard(outcome) {
      if (outcome === 'answered') {
        if (closed !== undefined) log.info({ was: closed.why }, 'the vendor of the model answers again');
        closed = undefined;
        return;
      }
      if (outcome.then === 'later') notBefore = Math.max(notBefore, ms() + (outcome.retryAfterMs ?? 0));
      const why = outcome.then === 'spend' ? 'spend-cap' : outcome.then === 'key' ? 'key' : undefined;
      if (why === undefined) return;
      if (closed?.why !== why) log.error({ code: outcome.code }, told[why]);
      closed = { why, until: ms() + CLOSED_MS };
    },
    standing: () => closed?.why ?? 'open',
  };
}

const told: Readonly<Record<Closed, string>> = {
  'spend-cap':
    'the limit of spending at the vendor of the model is reached: templates and people take over until it is raised',
  key: 'the vendor of the model does not take our key: templates and people take over until ANTHROPIC_API_KEY is changed',
};
