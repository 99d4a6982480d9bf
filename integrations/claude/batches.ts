import type { Anthropic } from '@anthropic-ai/sdk';
import type { Breakpoint } from '../../domain/assistant/breakpoints.ts';
import type { ModelFailure } from '../../domain/ports/model.ts';
import {
  MOST_IN_A_BATCH,
  type Batch,
  type BatchCall,
  type BatchResult,
  type ModelBatches,
} from '../../domain/ports/model-batches.ts';
import { endOf, heardWhole } from './answer.ts';
import { attempt, endedEarly, type Attempt } from './attempt.ts';
import type { Client } from './client.ts';
import { idOf, wordOf } from './failure.ts';
import { batchParams } from './request.ts';

type VendorBatch = Anthropic.Messages.MessageBatch;
type VendorResult = Anthropic.Messages.MessageBatchIndividualResponse;

const CALL_ID = /^[a-zA-Z0-9_-]{1,64}$/;
/** The vendor gives no more at a time. */
const PAGE = 1_000;
/** An account with more batches than these since an instant is looked through no further. */
const MOST_LISTED = 5_000;

/** The vendor's Batch API on the client of the single calls. */
export function createBatches(client: Client): ModelBatches {
  return {
    async create(calls, options) {
      const requests = requestsOf(calls);
      return one(await attempt(client, options, (sdk, call) => sdk.messages.batches.create({ requests }, call)));
    },
    look: async (batchId, options) =>
      one(await attempt(client, options, (sdk, call) => sdk.messages.batches.retrieve(batchId, undefined, call))),
    cancel: async (batchId, options) =>
      one(await attempt(client, options, (sdk, call) => sdk.messages.batches.cancel(batchId, undefined, call))),
    async since(from, options) {
      const listed = await attempt(client, options, async (sdk, call) => {
        const batches: Batch[] = [];
        for await (const batch of sdk.messages.batches.list({ limit: PAGE }, call)) {
          if (Date.parse(batch.created_at) < Date.parse(from) || batches.length === MOST_LISTED) break;
          batches.push(batchOf(batch));
        }
        return batches;
      });
      return 'failed' in listed ? listed.failed : { kind: 'listed', batches: listed.value };
    },
    async results(batchId, marksOf, options) {
      const read = await attempt(client, options, async (sdk, call) => {
        const { request_counts: counts } = await sdk.messages.batches.retrieve(batchId, undefined, call);
        const results: BatchResult[] = [];
        let lines = 0;
        for await (const line of await sdk.messages.batches.results(batchId, undefined, call)) {
          lines += 1;
          const marks = marksOf(line.custom_id);
          if (marks !== undefined) results.push(resultOf(line, marks));
        }
        // A line that broke between two results looks like the end of them.
        if (lines < totalOf(counts)) throw endedEarly();
        return results;
      });
      return 'failed' in read ? read.failed : { kind: 'read', results: read.value };
    },
  };
}

function requestsOf(calls: readonly BatchCall[]): Anthropic.Messages.BatchCreateParams.Request[] {
  if (calls.length === 0 || calls.length > MOST_IN_A_BATCH)
    throw new RangeError(`A batch has 1 to ${MOST_IN_A_BATCH} calls.`);
  if (new Set(calls.map(({ id }) => id)).size < calls.length || !calls.every(({ id }) => CALL_ID.test(id)))
    throw new RangeError('Calls of a batch have ids of their own, of letters, digits, _ and -.');
  return calls.map(({ id, request }) => ({ custom_id: id, params: batchParams(request) }));
}

function one(tried: Attempt<VendorBatch>): Batch | ModelFailure {
  return 'failed' in tried ? tried.failed : batchOf(tried.value);
}

function batchOf({ id, processing_status: status, request_counts: counts, created_at: createdAt }: VendorBatch): Batch {
  const calls = totalOf(counts);
  const state = status === 'ended' ? 'ended' : 'working';
  return { kind: 'batch', batchId: id, state, calls, done: calls - counts.processing, createdAt };
}

function totalOf(counts: VendorBatch['request_counts']): number {
  return counts.processing + counts.succeeded + counts.errored + counts.canceled + counts.expired;
}

function resultOf({ custom_id: id, result }: VendorResult, marks: readonly Breakpoint[]): BatchResult {
  if (result.type !== 'succeeded') {
    const code = result.type === 'errored' ? wordOf(result.error.error.type) : result.type;
    const requestId = result.type === 'errored' ? idOf(result.error.request_id) : null;
    return { id, outcome: dropped(code ?? 'unknown_error', requestId) };
  }
  const end = endOf(heardWhole(result.message), { marks, tier: 'batch' });
  // It came whole and does not say why it ended: what it cost is not to be taken for known.
  if (end === undefined) return { id, outcome: { ...dropped('no_stop_reason', null), how: 'unpriced' } };
  return { id, outcome: { ...end, requestId: null } };
}

function dropped(code: string, requestId: string | null): ModelFailure {
  return { kind: 'failed', how: 'batch-dropped', then: 'never', code, requestId };
}
