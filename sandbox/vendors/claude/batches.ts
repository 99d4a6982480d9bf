import type { Holder } from './admission.ts';
import { exchangeOf } from './messages.ts';
import { newId } from './random.ts';
import { Refusal, envelope, invalid, notFound } from './refusal.ts';
import type { Row } from './store.ts';
import { readRequest } from './validate.ts';
import type { Version } from './validate.ts';
import { isObject, listOf } from './wire.ts';
import type { Json } from './wire.ts';
import type { World } from './world.ts';

const CUSTOM_ID = /^[a-zA-Z0-9_-]{1,64}$/;
const MOST = 100_000;
const EXPIRES_MS = 24 * 3_600_000;
const DEFAULT_TAKES_MS = 60_000;

/** Checks the list and no more: what is wrong with a request inside is found when it is processed. */
export function createBatch(world: World, holder: Holder, version: Version, body: unknown): Row {
  const requests = isObject(body) ? body['requests'] : undefined;
  if (!Array.isArray(requests)) throw invalid('requests: Field required');
  if (requests.length === 0) throw invalid('requests: List should have at least 1 item');
  if (requests.length > MOST) throw invalid(`requests: List should have at most ${MOST} items`);
  const ids = requests.map((request, n) => {
    const id: unknown = isObject(request) ? request['custom_id'] : undefined;
    if (typeof id !== 'string') throw invalid(`requests.${n}.custom_id: Field required`);
    if (!CUSTOM_ID.test(id))
      throw invalid(`requests.${n}.custom_id: String should match pattern '${CUSTOM_ID.source}'`);
    if (!isObject((request as Json)['params'])) throw invalid(`requests.${n}.params: Field required`);
    return id;
  });
  if (new Set(ids).size < ids.length) throw invalid('requests: custom_id must be unique within a batch');
  const createdAt = world.clock.now();
  const takesMs = Number(world.store.get('settings', 'batches')?.['takesMs'] ?? DEFAULT_TAKES_MS);
  const batch: Row = {
    ...{
      id: newId('msgbatch', world.random),
      ...holder,
      version,
      createdAt,
      takesMs,
      cancelledAt: null,
      endedAt: null,
    },
    ...{ size: requests.length, requests, counts: null },
  };
  world.store.put('batches', batch);
  return batch;
}

/** @throws Refusal 404 for one of another workspace as well */
export function batchOf(world: World, holder: Holder, id: string): Row {
  const batch = world.store.get('batches', id);
  if (batch?.['workspaceId'] !== holder.workspaceId || batch['organizationId'] !== holder.organizationId)
    throw notFound(`Message batch ${id} not found`);
  return settle(world, batch);
}

/** The newest first, in pages. */
export function listBatches(world: World, holder: Holder, query: Json): { data: readonly Row[]; has_more: boolean } {
  const own = [...world.store.all('batches')]
    .filter(
      ({ workspaceId, organizationId }) =>
        workspaceId === holder.workspaceId && organizationId === holder.organizationId,
    )
    .reverse();
  const limit = Number(query['limit'] ?? 20);
  if (!Number.isInteger(limit) || limit < 1 || limit > 1_000)
    throw invalid('limit: Input should be between 1 and 1000');
  const before = own.findIndex(({ id }) => id === query['before_id']);
  const after = own.findIndex(({ id }) => id === query['after_id']);
  const page = before >= 0 ? own.slice(Math.max(0, before - limit), before) : own.slice(after + 1, after + 1 + limit);
  const more = before >= 0 ? before > limit : after + 1 + limit < own.length;
  return { data: page.map((batch) => settle(world, batch)), has_more: more };
}

/** @throws Refusal 400 once it has ended */
export function cancelBatch(world: World, batch: Row): Row {
  if (batch['endedAt'] !== null) throw invalid(`Batch ${batch.id} cannot be canceled because it has ended`);
  const cancelled = { ...batch, cancelledAt: batch['cancelledAt'] ?? world.clock.now() };
  world.store.put('batches', cancelled);
  return cancelled;
}

/** @throws Refusal 400 while it is under way */
export function deleteBatch(world: World, batch: Row): Json {
  if (batch['endedAt'] === null) throw invalid(`Batch ${batch.id} cannot be deleted while it is in progress`);
  world.store.remove('batches', batch.id);
  world.store.remove('results', batch.id);
  return { id: batch.id, type: 'message_batch_deleted' };
}

/** One line per request, in whatever order they were done. */
export function resultsOf(world: World, batch: Row): string {
  if (batch['endedAt'] === null) throw notFound(`Batch ${batch.id} has no results yet: it is still being processed`);
  const lines = listOf(world.store.get('results', batch.id)?.['lines']);
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** The batch as the API tells it. */
export function batchBody(batch: Row, origin: string): Json {
  const { id, createdAt, endedAt, cancelledAt, counts, size } = batch;
  const ended = endedAt !== null;
  const none = { succeeded: 0, errored: 0, canceled: 0, expired: 0 };
  return {
    ...{ id, type: 'message_batch', archived_at: null },
    processing_status: ended ? 'ended' : cancelledAt !== null ? 'canceling' : 'in_progress',
    request_counts: { processing: ended ? 0 : size, ...none, ...(counts as Json | null) },
    created_at: iso(createdAt),
    expires_at: iso(Number(createdAt) + EXPIRES_MS),
    ended_at: ended ? iso(endedAt) : null,
    cancel_initiated_at: cancelledAt === null ? null : iso(cancelledAt),
    results_url: ended ? `${origin}/v1/messages/batches/${id}/results` : null,
  };
}

/** Batches do their work when somebody looks at them after it was due. */
function settle(world: World, batch: Row): Row {
  const { createdAt, takesMs, cancelledAt, endedAt } = batch;
  const now = world.clock.now();
  const expires = Number(createdAt) + EXPIRES_MS;
  const done = Number(createdAt) + Number(takesMs);
  if (endedAt !== null) return batch;
  if (cancelledAt !== null && Number(cancelledAt) < done)
    return finish(world, batch, Number(cancelledAt), () => ({ type: 'canceled' }));
  if (done > expires) return now < expires ? batch : finish(world, batch, expires, () => ({ type: 'expired' }));
  return now < done ? batch : finish(world, batch, done, (params) => resultOf(world, batch, params, done));
}

function finish(world: World, batch: Row, at: number, resultFor: (params: unknown) => Json): Row {
  const requests = batch['requests'] as readonly Json[];
  const lines = requests.map((request) => ({ custom_id: request['custom_id'], result: resultFor(request['params']) }));
  const count = (type: string) => lines.filter(({ result }) => result['type'] === type).length;
  const [succeeded, errored, canceled, expired] = ['succeeded', 'errored', 'canceled', 'expired'].map(count);
  // Any order but the one they came in may be relied upon by somebody.
  world.store.put('results', { id: batch.id, lines: shuffled(lines, world.random) });
  const ended = { ...batch, requests: [], endedAt: at, counts: { succeeded, errored, canceled, expired } };
  world.store.put('batches', ended);
  return ended;
}

/** Requests of a batch are processed one after the other, so each can read what those before it wrote. */
function resultOf(world: World, batch: Row, params: unknown, atMs: number): Json {
  const requestId = newId('req', world.random);
  try {
    const request = readRequest(params, { version: batch['version'] as Version, atMs, purpose: 'batch' });
    const exchange = exchangeOf(world, { request, holder: holderOfBatch(batch), requestId, atMs, batch: true });
    exchange.begin();
    exchange.end(exchange.outputTokens);
    return { type: 'succeeded', message: exchange.message };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { type: 'errored', error: envelope(error, requestId) };
  }
}

/** Whoever created it pays for it. */
function holderOfBatch({ organizationId, workspaceId, apiKeyId }: Row): Holder {
  return {
    organizationId: String(organizationId),
    workspaceId: String(workspaceId),
    apiKeyId: String(apiKeyId),
  };
}

function shuffled<T>(list: readonly T[], random: () => number): T[] {
  const mixed = [...list];
  for (let n = mixed.length - 1; n > 0; n -= 1) {
    const other = Math.floor(random() * (n + 1));
    [mixed[n], mixed[other]] = [mixed[other] as T, mixed[n] as T];
  }
  return mixed;
}

const iso = (ms: unknown): string => new Date(Number(ms)).toISOString();
