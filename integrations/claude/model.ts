import type { Anthropic } from '@anthropic-ai/sdk';
import type { Log } from '../../domain/ports/log.ts';
import type { AskOptions, ModelAnswer, ModelFailure, ModelPort, ModelRequest } from '../../domain/ports/model.ts';
import type { ModelBatches } from '../../domain/ports/model-batches.ts';
import { afterEvent, begunOf, endOf, heardWhole, nothingHeard, type Asked, type Heard } from './answer.ts';
import { attempt, endedEarly, type Progress } from './attempt.ts';
import { createBatches } from './batches.ts';
import { createClient, type Client, type ClientOptions } from './client.ts';
import { idOf } from './failure.ts';
import { countParams, messageParams } from './request.ts';

export interface Claude extends ModelPort {
  /** Does the vendor take our key? Asks for something that is free of charge. */
  tryKey(options: AskOptions): Promise<'taken' | ModelFailure>;
  /** Many calls at once, at half the price. */
  readonly batches: ModelBatches;
  close(): Promise<void>;
}

export function createClaude({ log, ...options }: ClientOptions & { readonly log: Log }): Claude {
  const client = createClient(options);
  return {
    batches: createBatches(client),
    ask: (request, how) => ask(client, request, how, log),
    async count(prompt, how) {
      const params = countParams(prompt);
      const counted = await attempt(client, how, (sdk, call) => sdk.messages.countTokens(params, call));
      if ('failed' in counted) return null;
      const { input_tokens: tokens } = counted.value;
      return Number.isSafeInteger(tokens) ? tokens : null;
    },
    async tryKey(how) {
      const asked = await attempt(client, how, (sdk, call) => sdk.models.list({ limit: 1 }, call));
      return 'failed' in asked ? asked.failed : 'taken';
    },
    close: client.close,
  };
}

/** What is known of a call while it runs. */
interface Call {
  heard: Heard;
  requestId: string | null;
  firstByteMs: number;
}

async function ask(
  client: Client,
  request: ModelRequest,
  options: AskOptions,
  log: Log,
): Promise<ModelAnswer | ModelFailure> {
  const params = messageParams(request);
  const asked: Asked = { marks: request.marks, tier: 'standard' };
  const startedAt = performance.now();
  const elapsed = (): number => Math.round(performance.now() - startedAt);
  const call: Call = { heard: nothingHeard, requestId: null, firstByteMs: 0 };
  const listen = async (sdk: Anthropic, how: Anthropic.RequestOptions): Promise<void> => {
    for await (const heard of hearing(sdk, params, how, (requestId) => {
      call.requestId = idOf(requestId);
      call.firstByteMs = elapsed();
    })) {
      if (heard.characters > call.heard.characters) options.alive?.(heard.characters);
      call.heard = heard;
    }
    if (call.heard.stop === undefined) throw endedEarly();
  };
  const progress = (): Progress => ({
    begun: begunOf(call.heard, asked),
    answering: call.heard.usage !== undefined,
    requestId: call.requestId,
  });
  const attempted = await attempt(client, options, listen, progress);
  const answer = outcome(attempted, call, asked, elapsed());
  if (answer.kind === 'failed') note(log, request.prompt.model, answer, elapsed());
  return answer;
}

/** An answer that said how it ended is whole, whatever became of the line afterwards. */
function outcome(attempted: object, call: Call, asked: Asked, ms: number): ModelAnswer | ModelFailure {
  const { heard, requestId, firstByteMs } = call;
  const end = endOf(heard, asked);
  if (end === undefined) return (attempted as { readonly failed: ModelFailure }).failed;
  return end.kind === 'failed' ? { ...end, requestId } : { ...end, requestId, firstByteMs, ms };
}

/** The answer as it comes. That of a ping is empty, and the vendor does not stream it. */
async function* hearing(
  sdk: Anthropic,
  params: Anthropic.MessageCreateParamsNonStreaming,
  options: Anthropic.RequestOptions,
  begins: (requestId: string | null | undefined) => void,
): AsyncGenerator<Heard> {
  if (params.max_tokens === 0) {
    const { data, request_id } = await sdk.messages.create(params, options).withResponse();
    begins(request_id);
    yield heardWhole(data);
    return;
  }
  const { data, request_id } = await sdk.messages.create({ ...params, stream: true }, options).withResponse();
  begins(request_id);
  let heard = nothingHeard;
  for await (const event of data) {
    heard = afterEvent(heard, event);
    yield heard;
  }
}

/** Codes and ids alone: an answer that cannot be billed wants a person, since no later call will be either. */
function note(log: Log, model: string, { how, then, code, requestId }: ModelFailure, ms: number): void {
  const fields = { model, how, then, code, requestId, ms };
  if (how === 'unpriced')
    log.error(fields, 'an answer of the language model has no price that is known; it counts as maybe billed');
  else if (code === 'aborted') log.info(fields, 'a call of the language model was given up');
  else log.warn(fields, 'the language model did not answer');
}
