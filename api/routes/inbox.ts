import { Router } from 'express';
import type { Dispatchable, InboxRow, InboxStore } from '../../domain/ports/inbox.ts';
import { AppError } from '../../domain/errors.ts';
import { isStale } from '../../domain/webhooks/freshness.ts';
import { listWebhooks, replayWebhook, showWebhook } from '../contract/webhooks.ts';
import { mount, ok } from '../mount.ts';
import { present } from './leads.ts';

export interface InboxRouteDeps {
  readonly inbox: Pick<InboxStore, 'list' | 'load' | 'reopen'>;
  readonly onCommitted: (row: Dispatchable) => void;
}

/** The inbox as operators see it: look, and work again what was parked. */
export function inboxRoutes({ inbox, onCommitted }: InboxRouteDeps): Router {
  const router = Router();
  mount(router, listWebhooks, async ({ query }) => ok(await inbox.list(present(query))));
  mount(router, showWebhook, async ({ params }) => ok(shown(await event(inbox, params.inboxId))));
  mount(router, replayWebhook, async ({ params, body }) => {
    const row = await event(inbox, params.inboxId);
    const wouldReopen = row.verdict === 'worked' || row.verdict === 'ignored' || row.verdict === 'parked';
    const applied = wouldReopen && body?.apply === true && (await inbox.reopen(row.inboxId));
    if (applied) onCommitted(row);
    return ok({
      inboxId: row.inboxId,
      type: row.type,
      verdict: applied ? 'received' : row.verdict,
      applied,
      wouldReopen,
      note: noteOn(row, wouldReopen),
    });
  });
  return router;
}

function noteOn(row: InboxRow, wouldReopen: boolean): string {
  if (!wouldReopen) return 'It has no final verdict yet and is being worked.';
  if (row.contactId === null) return 'It concerns no lead: only its own handling is repeated.';
  return isStale(row.occurredAt ?? row.receivedAt, new Date().toISOString())
    ? 'It is old: it changes state and sends nothing.'
    : 'It is worked as if it had just come.';
}

async function event(inbox: Pick<InboxStore, 'load'>, inboxId: string): Promise<InboxRow> {
  const row = await inbox.load(inboxId);
  if (row === undefined) throw new AppError('EVENT_UNKNOWN', `expected the id of a stored event, got ${inboxId}`);
  return row;
}

function shown({ body, ...row }: InboxRow): object {
  try {
    return { ...row, body: JSON.parse(Buffer.from(body).toString('utf8')) as unknown };
  } catch {
    return { ...row, bodyBase64: Buffer.from(body).toString('base64') };
  }
}
