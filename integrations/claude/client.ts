import { Anthropic } from '@anthropic-ai/sdk';
import { Agent, fetch as undiciFetch, type Dispatcher } from 'undici';

export interface ClientOptions {
  readonly baseUrl: string;
  readonly apiKey: string;
}

/** Whether a byte of a call can have left us: what decides between a call that never was and one that may be billed. */
export interface Wire {
  sent: boolean;
}

export interface Client {
  readonly sdk: Anthropic;
  /** Options of a call of the client, which tells `wire` what becomes of it. */
  readonly watching: (wire: Wire) => Pick<Anthropic.RequestOptions, 'fetchOptions'>;
  close(): Promise<void>;
}

const CONNECT_MS = 10_000;
/** More than calls that run at once; each holds its connection for as long as its answer takes. */
const CONNECTIONS = 64;
/** The client wants a bound of its own; calls are bound by whoever makes them. */
const UNBOUND_MS = 3_600_000;

/**
 * The vendor's own client with everything off that it would do by itself: no retries, since one layer of ours has them; no redirects, which
 * would take a prompt to where nobody sent it; no log and no traces, which would hold prompts and answers; no address and no key of the
 * environment. What it does read there, and no option of it forbids, is `ANTHROPIC_CUSTOM_HEADERS`.
 */
export function createClient({ baseUrl, apiKey }: ClientOptions): Client {
  const agent = new Agent({
    connect: { timeout: CONNECT_MS },
    connections: CONNECTIONS,
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const sdk = new Anthropic({
    baseURL: baseUrl,
    apiKey,
    maxRetries: 0,
    timeout: UNBOUND_MS,
    logLevel: 'off',
    openTelemetry: false,
    // One library for both ends of the dispatcher; its types and the platform's name the same things twice.
    fetch: undiciFetch as unknown as typeof fetch,
    fetchOptions: fetching(agent),
  });
  return {
    sdk,
    watching: (wire) => ({ fetchOptions: fetching(agent.compose(watch(wire))) }),
    close: () => agent.close(),
  };
}

function fetching(dispatcher: Dispatcher): NonNullable<Anthropic.RequestOptions['fetchOptions']> {
  return { dispatcher, redirect: 'manual' };
}

/** A request is started on a connection that stands, right before its first byte is written. */
function watch(wire: Wire): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) =>
    dispatch(options, {
      onRequestStart: (controller, context: unknown) => {
        wire.sent = true;
        handler.onRequestStart?.(controller, context);
      },
      onRequestUpgrade: (...told) => handler.onRequestUpgrade?.(...told),
      onResponseStart: (...told) => handler.onResponseStart?.(...told),
      onResponseData: (...told) => handler.onResponseData?.(...told),
      onResponseEnd: (...told) => handler.onResponseEnd?.(...told),
      onResponseError: (...told) => handler.onResponseError?.(...told),
    });
}
