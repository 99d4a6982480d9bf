import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from './faults.ts';
import type { Exchange } from './messages.ts';
import { envelope } from './refusal.ts';
import type { Reply } from './service.ts';
import { eventText, eventsOf } from './stream.ts';

export interface Delivery {
  readonly response: ServerResponse;
  readonly requestId: string;
  readonly fault: Fault | undefined;
  readonly tokensPerSecond: number;
  /** Makes what was done last. */
  commit(): void;
}

/** Sends what the service decided, as whole or as broken as the fault wants it. */
export async function deliver(reply: Reply, delivery: Delivery): Promise<void> {
  const { response, fault } = delivery;
  const headers = { ...reply.headers, 'request-id': delivery.requestId, ...lowered(fault?.headers) };
  if (reply.exchange?.stream) return deliverStream(reply.exchange, headers, delivery);
  reply.exchange?.begin();
  // Who waits no longer is billed all the same: the answer was made.
  reply.exchange?.end(reply.exchange.outputTokens);
  delivery.commit();
  if (fault?.dropAfterHandling) return void response.destroy();
  const text = reply.lines ?? JSON.stringify(reply.exchange?.message ?? reply.body ?? {});
  const bytes = Buffer.from(text);
  const type = reply.lines === undefined ? 'application/json' : 'application/x-jsonl';
  response.writeHead(reply.status, { 'content-type': type, 'content-length': bytes.length, ...headers });
  if (fault?.midStream === undefined || reply.exchange === undefined) response.end(bytes);
  else response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
}

async function deliverStream(exchange: Exchange, headers: Record<string, string>, delivery: Delivery): Promise<void> {
  const { response, fault, requestId, tokensPerSecond } = delivery;
  let had = 0;
  exchange.begin();
  delivery.commit();
  const close = (): void => {
    exchange.end(had);
    delivery.commit();
  };
  if (fault?.dropAfterHandling) {
    had = exchange.outputTokens;
    close();
    return void response.destroy();
  }
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    ...headers,
  });
  const breaks = fault?.midStream;
  for (const { name, data, tokens } of eventsOf(exchange.message, exchange.cut)) {
    if (breaks !== undefined && (tokens > breaks.afterTokens || name === 'message_delta')) {
      close();
      if (breaks.how === 'cut') return void response.destroy();
      const error = envelope({ type: 'overloaded_error', message: 'Overloaded', details: undefined }, requestId);
      return void response.end(breaks.how === 'end' ? undefined : eventText('error', error));
    }
    if (tokensPerSecond > 0 && tokens > had) await sleep(((tokens - had) * 1_000) / tokensPerSecond);
    // What nobody hears any more is not said any more.
    if (response.destroyed) {
      close();
      return;
    }
    had = tokens;
    response.write(eventText(name, data));
  }
  close();
  response.end();
}

/** Names of headers are one whatever their case; two that differ in it would both be sent. */
function lowered(headers: Fault['headers']): Record<string, string> {
  return Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
}
