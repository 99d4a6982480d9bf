import type { Holder } from './admission.ts';
import { missReason, rememberPrompt } from './diagnostics.ts';
import type { Fault } from './faults.ts';
import { bill } from './invoice.ts';
import { say } from './message.ts';
import { layOut } from './prompt.ts';
import { newId } from './random.ts';
import { checkSpend } from './spend.ts';
import type { Json, MessageRequest } from './wire.ts';
import { limitsOf } from './world.ts';
import type { World } from './world.ts';

/** An answer that is decided and not yet on its way. */
export interface Exchange {
  readonly message: Json;
  readonly stream: boolean;
  readonly outputTokens: number;
  /** Of tool inputs that end in the middle. */
  readonly cut: ReadonlyMap<number, string>;
  /** The first byte leaves: what the request writes can be read from now on. */
  begin(): void;
  /** The last byte that ever leaves; `produced` is less than everything where the answer was cut. Bills once. */
  end(produced: number): void;
}

export interface Asked {
  readonly request: MessageRequest;
  readonly holder: Holder;
  readonly requestId: string;
  readonly atMs: number;
  readonly batch: boolean;
  readonly fault?: Fault | undefined;
}

/** @throws Refusal 429 or 400 where a limit is reached */
export function exchangeOf(world: World, { request, holder, requestId, atMs, batch, fault }: Asked): Exchange {
  const { store, cache, limiter, random } = world;
  const prompt = layOut(request, holder);
  const plan = cache.plan(prompt, request.model.minimum, atMs);
  checkSpend(store, atMs);
  const [limits, key] = [limitsOf(world), limitKey(holder, request)];
  // Batches have limits of their own, which nobody reaches here.
  if (!batch) limiter.take(key, limits, plan.input + plan.write['5m'] + plan.write['1h'], atMs);
  // Who only warms the cache gets no answer, and takes none from the script.
  const answer = request.maxTokens === 0 ? { uses: [], thinkingTokens: 0 } : world.contents.answer(request);
  const said = say(request, answer, random, fault?.spoil);
  const messageId = newId('msg', random);
  const { read, write, input } = plan;
  const reason = missReason(store, request, read);
  rememberPrompt(store, messageId, request, read + write['5m'] + write['1h']);
  const message = {
    ...{ id: messageId, type: 'message', role: 'assistant', model: request.model.snapshot, content: said.content },
    ...{
      stop_reason: said.stopReason,
      stop_sequence: said.stopSequence,
      stop_details: said.stopDetails,
      container: null,
    },
    diagnostics: request.previousMessageId === undefined ? null : { cache_miss_reason: reason },
    usage: {
      input_tokens: input,
      cache_creation_input_tokens: write['5m'] + write['1h'],
      cache_read_input_tokens: read,
      cache_creation: { ephemeral_5m_input_tokens: write['5m'], ephemeral_1h_input_tokens: write['1h'] },
      output_tokens: said.outputTokens,
      output_tokens_details: said.thinkingTokens > 0 ? { thinking_tokens: said.thinkingTokens } : null,
      server_tool_use: null,
      service_tier: batch ? 'batch' : 'standard',
      inference_geo: request.geo,
      speed: 'standard',
    },
  };
  const refused = said.stopReason === 'refusal' && said.content.length === 0;
  let billed = false;
  return {
    message,
    stream: request.stream,
    outputTokens: said.outputTokens,
    cut: said.cut,
    begin: () => {
      if (!refused) cache.begin(plan);
    },
    end: (produced) => {
      if (billed) return;
      billed = true;
      const whole =
        produced >= said.outputTokens && fault?.midStream === undefined && fault?.dropAfterHandling !== true;
      const broken = fault?.billed === false ? 'unbilled' : 'broken';
      const outcome = refused ? 'refused' : whole ? 'whole' : broken;
      if (!batch) limiter.produced(key, limits, produced, world.clock.now());
      bill(store, { at: atMs, requestId, messageId, holder, request, batch, plan, output: produced, outcome });
    },
  };
}

/** Limits are an organization's, one set for every class of models. */
export function limitKey({ organizationId }: Holder, { model }: Pick<MessageRequest, 'model'>): string {
  return `${organizationId} ${model.limitClass}`;
}
