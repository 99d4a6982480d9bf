import type { Anthropic } from '@anthropic-ai/sdk';
import type { AskOptions, ModelFailure } from '../../domain/ports/model.ts';
import type { Client } from './client.ts';
import { failureOf, type Broken } from './failure.ts';

export type Attempt<T> = { readonly value: T } | { readonly failed: ModelFailure };

/** How far a call has come, for whoever has to say what its failure means; a call that has no beginning of an answer says nothing of it. */
export type Progress = Pick<Broken, 'begun' | 'answering' | 'requestId'>;

const noProgress: Progress = { begun: undefined, answering: false, requestId: null };

/** One call of the vendor's client, bounded in time. What the vendor or the line does is a value. */
export async function attempt<T>(
  client: Client,
  { withinMs, signal }: Pick<AskOptions, 'withinMs' | 'signal'>,
  call: (sdk: Anthropic, options: Anthropic.RequestOptions) => Promise<T>,
  progress: () => Progress = () => noProgress,
): Promise<Attempt<T>> {
  const wire = { sent: false };
  const giveUp = new AbortController();
  let gaveUp: Broken['gaveUp'];
  const leave = (why: Broken['gaveUp']): void => {
    gaveUp ??= why;
    giveUp.abort();
  };
  const aborted = (): void => leave('aborted');
  const timer = setTimeout(() => leave('timeout'), Math.max(0, withinMs));
  signal?.addEventListener('abort', aborted, { once: true });
  if (signal?.aborted === true) aborted();
  try {
    return { value: await call(client.sdk, { ...client.watching(wire), signal: giveUp.signal }) };
  } catch (error) {
    return { failed: failureOf(error, { ...progress(), sent: wire.sent, gaveUp }) };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', aborted);
  }
}

/** An answer that stops in its middle without an error of the line. */
export function endedEarly(): Error {
  return Object.assign(new Error('the answer ended early'), { code: 'ended_early' });
}
