import type { CallOrder } from '../domain/assistant/call.ts';
import { type Entry, type News, afterNews, reserve as reserved } from '../domain/assistant/ledger.ts';
import type { BudgetLimits } from '../domain/assistant/limits.ts';
import { type Earlier, readingsOf } from '../domain/assistant/misses.ts';
import { billOf, counterfactualOf } from '../domain/assistant/prices.ts';
import { isAppError } from '../domain/errors.ts';
import type { Iso } from '../domain/glossary.ts';
import type { Log } from '../domain/ports/log.ts';
import type { ModelAnswer, ModelFailure, ModelPort } from '../domain/ports/model.ts';
import type { AttemptRef, KeptAnswer, ModelLedger, Told } from '../domain/ports/model-ledger.ts';
import type { Pauses } from '../domain/ports/pauses.ts';
import type { Flights } from './model-call-flights.ts';
import type { PricedCall } from './model-call-offers.ts';

export interface AttemptDeps {
  readonly model: ModelPort;
  readonly ledger: Pick<ModelLedger, 'reserve' | 'settle'>;
  readonly flights: Flights;
  readonly now: () => Date;
  readonly wait: (ms: number) => Promise<void>;
  readonly log: Log;
  readonly pauses: Pauses;
}

export type Attempted =
  | { readonly kind: 'refused' }
  | {
      readonly kind: 'ended';
      readonly call: PricedCall;
      readonly outcome: ModelAnswer | ModelFailure;
      readonly told: Told;
      readonly entry: Entry;
    };

export interface Attempt {
  readonly order: CallOrder;
  readonly wanted: PricedCall;
  readonly cheaper?: PricedCall;
  readonly limits: BudgetLimits;
  readonly earlier: Earlier;
  /** Epoch ms. */
  readonly deadline: number;
  readonly alive?: (characters: number) => void;
}

/** So much longer than the call itself until it is taken for lost: an answer has to be written down. */
const GRACE_MS = 30_000;
const LONGEST_TRY_MS = 60_000;

/** One attempt: it waits for its turn, is written down, sent, and written down again. Nothing is sent that was not written down. */
export async function attemptCall(deps: AttemptDeps, attempt: Attempt): Promise<Attempted> {
  const { order, wanted, cheaper, limits, earlier, deadline } = attempt;
  const flight = await deps.flights.board(wanted, earlier, deadline);
  try {
    const at = deps.now();
    const withinMs = Math.min(LONGEST_TRY_MS, deadline - at.getTime());
    await deps.pauses.at('model.before-reserve');
    const { locationId, contactId, job, callKey } = order;
    const times = { at: at.toISOString(), until: new Date(at.getTime() + withinMs + GRACE_MS).toISOString() };
    const intent = { locationId, contactId, job, callKey, batch: false, ...times };
    const taken = await deps.ledger.reserve(intent, limits, wanted, cheaper);
    if (taken.kind === 'refused') {
      deps.log.info(
        { locationId, job, of: 'of' in taken.verdict ? taken.verdict.of : undefined },
        'no budget for a call',
      );
      return { kind: 'refused' };
    }
    const call = taken.offer.model === wanted.model ? wanted : cheaper!;
    await deps.pauses.at('model.before-send');
    const outcome = await deps.model.ask(
      { prompt: call.prompt, marks: call.marks, maxTokens: order.maxTokens },
      {
        withinMs,
        alive: (characters) => {
          flight.began();
          attempt.alive?.(characters);
        },
      },
    );
    if (outcome.kind === 'answered') flight.began();
    await deps.pauses.at('model.after-answer');
    const sent = afterNews(reserved(call.most), { kind: 'sending' });
    const { news, told } = newsOf(call, order, earlier, times.at, outcome);
    const ref = { locationId, callKey, attempt: taken.attempt };
    const entry = await settle(deps, ref, sent, news, told, keptOf(call, outcome));
    return { kind: 'ended', call, outcome, told, entry };
  } finally {
    await flight.over();
  }
}

/** What an outcome is to the ledger. A model that refuses after it began is billed for it or not: no source says. */
function newsOf(
  call: PricedCall,
  { maxTokens }: Pick<CallOrder, 'maxTokens'>,
  earlier: Earlier,
  at: Iso,
  outcome: ModelAnswer | ModelFailure,
): { readonly news: News; readonly told: Told } {
  const { model, prompt, marks, minimumPrefix } = call;
  const { requestId } = outcome;
  if (outcome.kind === 'failed') {
    const { how, begun } = outcome;
    // The whole room of the answer: how much of it was said is not known.
    const atMost = begun && billOf({ ...begun, output: maxTokens }, model, at).upTo;
    const news: News = { kind: 'failed', how, ...(atMost === undefined ? {} : { atMost }) };
    return { news, told: { how, requestId } };
  }
  const { usage, firstByteMs, ms } = outcome;
  const bill = billOf(usage, model, at);
  const counterfactual = counterfactualOf(usage, model, at).total;
  const readings = readingsOf({ at: Date.parse(at), prompt, marks, usage, minimumPrefix }, earlier);
  return {
    news: { kind: 'answered', bill },
    told: { usage, bill, counterfactual, readings, requestId, firstByteMs, ms },
  };
}

function keptOf({ model }: PricedCall, outcome: ModelAnswer | ModelFailure): KeptAnswer | undefined {
  if (outcome.kind === 'failed' || outcome.stop === 'refused') return undefined;
  const { text, tool, stop } = outcome;
  return { text, tool, stop, model };
}

const SETTLE_TRIES = 4;

/**
 * A database that is away for a moment must not cost an answer that was paid for. If it stays away the answer goes on all the same, and the
 * attempt stays open until it is swept: what it cost is within what it may have cost.
 */
async function settle(
  { ledger, wait, log }: AttemptDeps,
  ref: AttemptRef,
  sent: Entry,
  news: News,
  told: Told,
  answer: KeptAnswer | undefined,
): Promise<Entry> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await ledger.settle(ref, sent, news, told, answer);
    } catch (error) {
      if (!isAppError(error) || error.code !== 'STORE_AWAY') throw error;
      if (tries === SETTLE_TRIES) {
        log.warn(
          { err: error, ...ref },
          'a call ended and could not be written down; it counts as under way until it is swept',
        );
        return sent;
      }
      await wait(200 * tries);
    }
  }
}
