import type { CallModel, CallOrder, CallResult } from '../domain/assistant/call.ts';
import { limitsOf } from '../domain/assistant/limits.ts';
import { afterCall, afterRetry, firstRetries, SHORTEST_TRY_MS, waitForRetry } from '../domain/assistant/retries.ts';
import { isAppError } from '../domain/errors.ts';
import type { LocationStore } from '../domain/ports/locations.ts';
import type { Log } from '../domain/ports/log.ts';
import type { ModelAnswer, ModelFailure, ModelPort } from '../domain/ports/model.ts';
import type { ModelFlights, ModelLedger } from '../domain/ports/model-ledger.ts';
import type { Pauses } from '../domain/ports/pauses.ts';
import type { Measurement } from './deps.ts';
import { type Attempt, attemptCall } from './model-call-attempt.ts';
import { createFlights } from './model-call-flights.ts';
import { type Closed, createVendorGate } from './model-call-gate.ts';
import { createOffers } from './model-call-offers.ts';

export interface ModelCallsDeps {
  /** Null: there is no key, and nothing is ever called. */
  readonly model: ModelPort | null;
  readonly ledger: Pick<ModelLedger, 'before' | 'reserve' | 'settle' | 'traffic'>;
  readonly flights: ModelFlights;
  readonly locations: Pick<LocationStore, 'get'>;
  readonly now: () => Date;
  readonly newId: () => string;
  /** In [0, 1). */
  readonly chance: () => number;
  readonly wait: (ms: number) => Promise<void>;
  readonly log: Log;
  readonly pauses: Pauses;
  readonly measure: (what: Measurement) => void;
}

export interface ModelCalls {
  readonly call: CallModel;
  /** `open`, or why nothing is asked for the time being; for whoever looks after the installation. */
  standing(): 'open' | 'absent' | Closed;
}

/**
 * The one path of every call to a language model: what was answered before is given again; what has no price, no budget or no vendor is not
 * called; what is called is in the ledger first. It is also the one layer that tries again.
 */
export function createModelCalls({ model, ...deps }: ModelCallsDeps): ModelCalls {
  if (model === null) return { call: () => Promise.resolve(none('no-model', 0)), standing: () => 'absent' };
  const parts = { ...deps, model, flights: createFlights(deps), offers: createOffers({ ...deps, model }) };
  const gate = createVendorGate(deps);
  const underWay = new Map<string, Promise<CallResult>>();
  let retries = firstRetries;

  const call: CallModel = (order, alive) => {
    const key = JSON.stringify([order.locationId, order.callKey]);
    // The same work once more while it is under way: one call answers both.
    const already = underWay.get(key);
    if (already !== undefined) return already;
    const result = make(order, alive).finally(() => underWay.delete(key));
    underWay.set(key, result);
    return result;
  };

  async function make(order: CallOrder, alive?: (characters: number) => void): Promise<CallResult> {
    const { locationId, contactId, callKey } = order;
    const now = deps.now().toISOString();
    const [location, before] = await Promise.all([
      deps.locations.get(locationId),
      deps.ledger.before({ locationId, contactId, callKey, model: order.prompt.model, now }),
    ]);
    if (before.answer !== null) return { kind: 'answered', ...before.answer, cost: before.cost };
    const limits = location === undefined ? null : limitsOf(location.settings);
    if (limits === null) return none('no-model', before.cost);
    try {
      const offers = await parts.offers.of(order, before.earlier, now);
      const deadline = Date.parse(order.deadline);
      return await tryAll(
        { order, ...offers, limits, earlier: before.earlier, deadline, ...(alive && { alive }) },
        before.cost,
      );
    } catch (error) {
      if (!isAppError(error) || error.code !== 'MODEL_PRICE_UNKNOWN') throw error;
      deps.log.error({ err: error }, 'a call was not made: its price is not known');
      return none('no-price', before.cost);
    }
  }

  async function tryAll(attempt: Attempt, before: number): Promise<CallResult> {
    let cost = before;
    const left = (): number => attempt.deadline - deps.now().getTime();
    retries = afterCall(retries);
    for (let tries = 1; ; tries += 1) {
      const door = gate.open();
      if (door.kind === 'closed') return none(door.why, cost);
      if (left() - door.waitMs < SHORTEST_TRY_MS) return none('provider', cost);
      if (door.waitMs > 0) await deps.wait(door.waitMs);
      const attempted = await attemptCall(parts, attempt);
      if (attempted.kind === 'refused') return none('budget', cost);
      const { outcome, entry, call } = attempted;
      cost += entry.upTo;
      measure(attempt.order, attempted, tries);
      gate.heard(outcome.kind === 'answered' ? 'answered' : outcome);
      if (outcome.kind === 'answered') return resultOf(outcome, call.model, cost);
      const wait = waitForRetry(outcome, tries, left(), deps.chance());
      const rest = wait === null ? null : afterRetry(retries);
      if (wait === null || rest === null) return none(whyNone(outcome), cost);
      retries = rest;
      await deps.wait(wait);
    }
  }

  function measure(
    { job }: CallOrder,
    { outcome, entry, told }: Extract<Awaited<ReturnType<typeof attemptCall>>, { kind: 'ended' }>,
    tries: number,
  ): void {
    deps.measure({
      kind: 'model-call',
      job,
      outcome: outcome.kind === 'answered' ? 'answered' : outcome.how,
      again: tries > 1,
      billed: entry.billed,
      maybe: entry.upTo - entry.billed,
      ...(told.usage && { usage: told.usage }),
      misses: (told.readings ?? []).flatMap((one) => (one.read ? [] : [{ layer: one.layer, why: one.why }])),
    });
  }

  return { call, standing: gate.standing };
}

function resultOf(answer: ModelAnswer, model: string, cost: number): CallResult {
  const { text, tool, stop } = answer;
  return stop === 'refused' ? none('refused', cost) : { kind: 'answered', text, tool, stop, model, cost };
}

function whyNone({ how, then }: ModelFailure): Extract<CallResult, { kind: 'none' }>['why'] {
  if (then === 'spend') return 'spend-cap';
  if (then === 'key') return 'key';
  if (how === 'declined') return 'refused';
  if (how === 'unpriced') return 'no-price';
  return then === 'never' ? 'bad-request' : 'provider';
}

function none(why: Extract<CallResult, { kind: 'none' }>['why'], cost: number): CallResult {
  return { kind: 'none', why, cost };
}
