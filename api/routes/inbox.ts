import { Router } from 'express';
import { AppError } from '../../domain/errors.ts';
import { parkedEvent } from '../../domain/leads/needs-person.ts';
import type { InboxTools } from '../../domain/ports/inbox-tools.ts';
import type { Dispatchable, InboxRow, InboxStore } from '../../domain/ports/inbox.ts';
import type { Preview } from '../../platform/preview.ts';
import {
  beginReplay,
  continueReplay,
  diffWebhook,
  ignoreWebhook,
  listParked,
  listWebhooks,
  previewRange,
  replayWebhook,
  showReplay,
  showWebhook,
} from '../contract/webhooks.ts';
import { mount, ok } from '../mount.ts';
import { OPERATOR } from '../operator.ts';
import { type LinkBases, linksOf, present } from './leads.ts';

export interface InboxRouteDeps {
  readonly inbox: Pick<InboxStore, 'list' | 'load'>;
  readonly inboxTools: InboxTools;
  readonly preview: Pick<Preview, 'replay' | 'diff'>;
  readonly links: LinkBases;
  readonly onCommitted: (row: Dispatchable) => void;
}

/** So many events are reopened at a time: fresh ones go on beside them. */
const STEP = 20;

/** The inbox as operators see it: look, compare, and work again. What has a name of its own stands before what is named by an id. */
export function inboxRoutes(deps: InboxRouteDeps): Router {
  const router = Router();
  const { inbox, inboxTools, preview } = deps;
  mount(router, listWebhooks, async ({ query: { stuck, ...query } }) =>
    ok(await inbox.list({ ...present(query), ...(stuck === undefined ? {} : { stuck: true }) })),
  );
  mount(router, listParked, async ({ query }) => {
    const { items, nextCursor } = await inbox.list({ ...present(query), verdict: 'parked' });
    return ok({ items: items.map((row) => ({ ...row, ...parkedEvent(row.reason) })), nextCursor });
  });
  replayRoutes(router, deps);
  mount(router, showWebhook, async ({ params }) => ok(await detail(deps, await event(inbox, params.inboxId))));
  mount(router, diffWebhook, async ({ params }) => ok(await preview.diff(params.inboxId)));
  mount(router, replayWebhook, async ({ params, body }) => {
    const seen = await preview.replay(params.inboxId);
    const reopened = body?.apply === true ? await inboxTools.replay(params.inboxId, OPERATOR) : undefined;
    if (reopened !== undefined) deps.onCommitted(reopened);
    const applied = reopened !== undefined;
    return ok({ ...seen, ...(applied ? { verdict: 'received' } : {}), applied, note: noteOn(seen) });
  });
  mount(router, ignoreWebhook, async ({ params: { inboxId }, body }) => {
    const done = await inboxTools.ignore(inboxId, body.reason, OPERATOR);
    if (done === 'absent') throw unknown(inboxId);
    if (done === 'not parked') throw new AppError('EVENT_STATE', 'expected an event that is parked');
    return ok({ inboxId, verdict: 'ignored' });
  });
  return router;
}

/** A whole range: looked at by pages, begun once, and worked step by step by whoever asks to go on. */
function replayRoutes(router: Router, { inbox, inboxTools, preview, onCommitted }: InboxRouteDeps): void {
  mount(router, previewRange, async ({ query }) => {
    const { limit: _limit, cursor: _cursor, ...filter } = present(query);
    const [counted, page] = await Promise.all([
      inboxTools.count(filter),
      inbox.list({ ...present(query), replayable: true }),
    ]);
    const items = [];
    // One after the other: a look must not crowd out what is being worked.
    for (const { inboxId } of page.items) items.push(await preview.replay(inboxId));
    return ok({ ...counted, items, nextCursor: page.nextCursor });
  });
  mount(router, beginReplay, async ({ body }) => ok(await inboxTools.begin(present(body), OPERATOR)));
  mount(router, showReplay, async ({ params: { replayId } }) => {
    const progress = await inboxTools.progress(replayId);
    if (progress === undefined) throw unknownReplay(replayId);
    return ok(progress);
  });
  mount(router, continueReplay, async ({ params: { replayId } }) => {
    const step = await inboxTools.step(replayId, STEP);
    if (step === undefined) throw unknownReplay(replayId);
    for (const row of step.reopened) onCommitted(row);
    return ok(step.progress);
  });
}

function noteOn({ wouldReopen, outcome, old }: Awaited<ReturnType<Preview['replay']>>): string {
  if (!wouldReopen) return 'It has no final verdict yet and is being worked.';
  if (outcome.kind === 'no lead') return 'It concerns no lead: only its own handling is repeated.';
  if ('why' in outcome) return `Nothing comes of it: ${outcome.why}.`;
  return old ? 'It is old: it changes state and texts nobody.' : 'It is worked as if it had just come.';
}

async function event(inbox: Pick<InboxStore, 'load'>, inboxId: string): Promise<InboxRow> {
  const row = await inbox.load(inboxId);
  if (row === undefined) throw unknown(inboxId);
  return row;
}

function unknown(inboxId: string): AppError {
  return new AppError('EVENT_UNKNOWN', `expected the id of a stored event, got ${inboxId}`);
}

function unknownReplay(replayId: string): AppError {
  return new AppError('REPLAY_UNKNOWN', `expected the id of a replay, got ${replayId}`);
}

async function detail({ inboxTools, links }: InboxRouteDeps, row: InboxRow): Promise<object> {
  const { inboxId, locationId, contactId } = row;
  const ref = { locationId: locationId ?? '', contactId: contactId ?? '' };
  const story = await inboxTools.story({ inboxId, ...ref });
  const named = locationId !== null && contactId !== null;
  return { ...shown(row), ...story, links: named ? linksOf(links, ref) : null };
}

function shown({ body, ...row }: InboxRow): object {
  try {
    return { ...row, body: JSON.parse(Buffer.from(body).toString('utf8')) as unknown };
  } catch {
    return { ...row, bodyBase64: Buffer.from(body).toString('base64') };
  }
}
