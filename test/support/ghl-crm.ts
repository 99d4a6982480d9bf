import type { AppError } from '../../domain/errors.ts';
import type { Log } from '../../domain/ports/log.ts';
import type { TokenProvider } from '../../domain/ports/tokens.ts';
import { createGhlCrm } from '../../integrations/ghl/crm.ts';
import { createCallBudget } from '../../integrations/redis/call-budget.ts';
import { productCache } from './product-cache.ts';
import { json, type Script } from './recording-vendor.ts';

export const ref = { locationId: 'LoC0000000000000test', contactId: 'CoN0000000000000test' };
type Options = Parameters<typeof createGhlCrm>[0];

/** Makes adapters against one address or another, and closes them all. */
export function crmMaker(log: Log): {
  crmAt: (baseUrl: string, over?: Partial<Options>) => ReturnType<typeof createGhlCrm>;
  closeAll: () => Promise<void>;
} {
  const open: { close(): Promise<void> }[] = [];
  return {
    crmAt(baseUrl, over = {}) {
      const budget = createCallBudget({ redisUrl: undefined, log });
      const crm = createGhlCrm({
        baseUrl,
        tokens: tokens(() => 'tok-en'),
        budget,
        log,
        cache: productCache(),
        ...over,
      });
      open.push(crm);
      return crm;
    },
    async closeAll() {
      await Promise.all(open.splice(0).map((crm) => crm.close()));
    },
  };
}

/** Tokens that nobody renews. */
export function tokens(of: (locationId: string) => string | undefined): TokenProvider {
  return {
    token: ({ id }) => {
      const token = of(id);
      return Promise.resolve(token === undefined ? undefined : { token, version: 1 });
    },
    refused: () => Promise.resolve(undefined),
    inactive: () => Promise.resolve(),
  };
}

/** Keeps every line, so that a test can search them for what must not be there. */
export function recordingLog(): Log & { readonly lines: readonly string[] } {
  const lines: string[] = [];
  const note = (fields: object, message: string): void => void lines.push(JSON.stringify(fields) + message);
  return { lines, debug: note, info: note, warn: note, error: note };
}

/** The error that a promise ends in; a promise that does not fail, fails. */
export async function failure(promise: Promise<unknown>): Promise<AppError> {
  return promise.then(
    () => {
      throw new Error('expected it to fail');
    },
    (error: unknown) => error as AppError,
  );
}

export function contact(fields: object = {}): Script {
  return json(200, { contact: { id: ref.contactId, locationId: ref.locationId, ...fields }, traceId: 't' });
}

export function sent(): Script {
  return json(201, { conversationId: 'c1', messageId: 'm1', status: 'pending' });
}

export function conversations(...ids: string[]): Script {
  const list = ids.map((id) => ({ id, contactId: ref.contactId, locationId: ref.locationId }));
  return json(200, { conversations: list, total: ids.length });
}

export function wanted(channel: 'sms' | 'email') {
  return { channel, body: 'Hello there', since: '2026-05-04T12:00:00.000Z' } as const;
}

export function task(assignedTo: string | null) {
  return { title: 'Call', body: 'Hot lead', dueAt: '2026-05-04T10:00:00-04:00', assignedTo };
}
