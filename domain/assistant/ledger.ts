import { AppError } from '../errors.ts';
import type { Bill } from './prices.ts';

/**
 * The ledger of calls: one entry for each attempt, written before anything is sent. The vendor takes no key that would make a call
 * happen once, so what an attempt cost is not always known; what it cost at least and at most always is, and for any set of entries
 * `Σ billed ≤ invoice ≤ Σ upTo` holds at every moment, also in the middle of a call.
 */
export interface Entry {
  readonly state: EntryState;
  /** Nano-dollars that the vendor bills for sure. */
  readonly billed: number;
  /** Nano-dollars that it bills at most. The difference is what may be billed. */
  readonly upTo: number;
}

/**
 * reserved: not a byte was sent yet · sent: an answer is awaited · billed: the answer said its usage · maybe-billed: it may have been worked ·
 * not-billed: it was not · settled: the vendor's usage report told what all calls of its kind cost together, and this is the entry's share.
 */
export type EntryState = 'reserved' | 'sent' | 'billed' | 'maybe-billed' | 'not-billed' | 'settled';

/**
 * How an attempt can end without an answer.
 *   no-connection          not a byte went out
 *   cut-before-first-byte  the connection ended, or a proxy in between gave up, before the answer began
 *   cut-mid-answer         it ended, or an error came, after the answer had begun; its first event told what the prompt costs
 *   rate-limited           429, spend caps too
 *   overloaded             529 instead of an answer
 *   refused                400, 401, 402, 403, 404, 413
 *   server-error           500, 503, 504
 *   timeout                we stopped waiting
 *   worker-killed          the process that made the call is gone, or forgot it
 *   declined               200 with the stop reason `refusal` and no output before it
 *   unpriced               whole, but its usage shows what no price of ours covers: tools run by the vendor, another place, speed or tier
 *   batch-dropped          an item of a batch that came back errored, canceled or expired
 */
export type Failure =
  | 'no-connection'
  | 'cut-before-first-byte'
  | 'cut-mid-answer'
  | 'rate-limited'
  | 'overloaded'
  | 'refused'
  | 'server-error'
  | 'timeout'
  | 'worker-killed'
  | 'declined'
  | 'unpriced'
  | 'batch-dropped';

/**
 * What becomes of an attempt that was sent. Only what the vendor documents as not billed is not billed.
 * @see https://platform.claude.com/docs/en/api/errors, build-with-claude/batch-processing, about-claude/pricing
 */
export const afterFailure: Readonly<Record<Failure, 'not-billed' | 'maybe-billed'>> = {
  'no-connection': 'not-billed',
  'cut-before-first-byte': 'maybe-billed',
  'cut-mid-answer': 'maybe-billed',
  'rate-limited': 'not-billed',
  overloaded: 'not-billed',
  refused: 'not-billed',
  'server-error': 'maybe-billed',
  timeout: 'maybe-billed',
  'worker-killed': 'maybe-billed',
  declined: 'not-billed',
  unpriced: 'maybe-billed',
  'batch-dropped': 'not-billed',
};

export type News =
  /** Written before the first byte goes out: whoever may not write it may not send. */
  | { readonly kind: 'sending' }
  | { readonly kind: 'answered'; readonly bill: Pick<Bill, 'total' | 'upTo'> }
  /** `atMost`: nano-dollars, where the beginning of an answer bounds it closer than the reservation did. */
  | { readonly kind: 'failed'; readonly how: Failure; readonly atMost?: number };

/** @param most  nano-dollars: what the call can cost in the worst case, by `mostOf` */
export function reserve(most: number): Entry {
  return { state: 'reserved', billed: 0, upTo: most };
}

/**
 * The entry after news of its attempt. News may come twice, late and in any order: a slow worker may answer after it was taken for dead.
 * @throws AppError LEDGER_STEP where an attempt must not be sent (it was sent, or given up, before), and for bills that contradict
 */
export function afterNews(entry: Entry, news: News): Entry {
  switch (news.kind) {
    case 'sending':
      if (entry.state === 'reserved') return { ...entry, state: 'sent' };
      throw refusedStep(entry, 'It is not sent');
    case 'answered':
      return afterAnswer(entry, news.bill);
    case 'failed':
      return afterFailed(entry, news.how, news.atMost);
  }
}

function afterAnswer(entry: Entry, { total, upTo }: Pick<Bill, 'total' | 'upTo'>): Entry {
  switch (entry.state) {
    case 'reserved':
      throw refusedStep(entry, 'An answer was counted');
    case 'billed':
      if (entry.billed === total && entry.upTo === upTo) return entry;
      throw refusedStep(entry, 'Another bill came');
    // The report counted this answer among all of its kind.
    case 'settled':
      return entry;
    // Whatever was thought of the attempt, an answer that names its usage is the truth.
    case 'sent':
    case 'maybe-billed':
    case 'not-billed':
      return { state: 'billed', billed: total, upTo };
  }
}

function afterFailed(entry: Entry, how: Failure, atMost = entry.upTo): Entry {
  switch (entry.state) {
    // Nothing had been sent, however it ended.
    case 'reserved':
      return notBilled;
    case 'sent':
    case 'maybe-billed':
      if (afterFailure[how] === 'not-billed') return notBilled;
      return { state: 'maybe-billed', billed: 0, upTo: Math.min(entry.upTo, atMost) };
    case 'billed':
    case 'not-billed':
    case 'settled':
      return entry;
  }
}

const notBilled: Entry = { state: 'not-billed', billed: 0, upTo: 0 };

function refusedStep({ state }: Entry, what: string): AppError {
  return new AppError('LEDGER_STEP', `${what}: the attempt is ${state}.`);
}

/** Of many entries, nano-dollars: billed for sure, what may be billed beside it, and what calls under way may still add. */
export interface Standing {
  readonly billed: number;
  readonly maybe: number;
  readonly reserved: number;
}

export function standingOf(entries: readonly Entry[]): Standing {
  return entries.reduce<Standing>(
    ({ billed, maybe, reserved }, entry) =>
      isOpen(entry)
        ? { billed, maybe, reserved: reserved + entry.upTo }
        : { billed: billed + entry.billed, maybe: maybe + entry.upTo - entry.billed, reserved },
    { billed: 0, maybe: 0, reserved: 0 },
  );
}

export type Reconciled =
  | { readonly kind: 'settled'; readonly entries: readonly Entry[] }
  /** So many attempts have no end yet: they are answered, or given up, first. */
  | { readonly kind: 'open'; readonly open: number }
  /** The invoice lies outside of what the entries allow, by so many nano-dollars: a price row is wrong, or the key is used elsewhere. */
  | { readonly kind: 'below' | 'above'; readonly by: number };

/**
 * Holds entries against the vendor's report of the same calls (one day, model and way of billing). If they agree, doubt ends: what the
 * report shows beyond the bills is shared among the attempts that may have been billed, in proportion to what each could have cost, so that
 * the entries add up to the invoice to the nano-dollar. Which of the attempts it was nobody knows; the shares are not evidence of that.
 * @param invoice  nano-dollars
 */
export function reconcile(entries: readonly Entry[], invoice: number): Reconciled {
  const open = entries.filter(isOpen).length;
  if (open > 0) return { kind: 'open', open };
  const { billed, maybe } = standingOf(entries);
  if (invoice < billed) return { kind: 'below', by: billed - invoice };
  if (invoice > billed + maybe) return { kind: 'above', by: invoice - billed - maybe };
  let reached = 0;
  const sharedUpTo = (amount: number): number =>
    maybe === 0 ? 0 : Number((BigInt(invoice - billed) * BigInt(amount)) / BigInt(maybe));
  return {
    kind: 'settled',
    entries: entries.map((entry) => {
      const span = entry.upTo - entry.billed;
      const amount = entry.billed + sharedUpTo(reached + span) - sharedUpTo(reached);
      reached += span;
      return span === 0 ? entry : { state: 'settled', billed: amount, upTo: amount };
    }),
  };
}

function isOpen({ state }: Entry): boolean {
  return state === 'reserved' || state === 'sent';
}
