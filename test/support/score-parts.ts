import { randomUUID } from 'node:crypto';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createAtOnce } from '../../activities/at-once.ts';
import type { Deps } from '../../activities/deps.ts';
import { createLeadActivities } from '../../activities/leads.ts';
import { readEnvelope } from '../../domain/webhooks/envelope.ts';
import type { Worked } from '../../workflows/activities.ts';
import { beginLead, closeParts, db, openParts, parts, ref, sends } from './parts.ts';
import { inboxEvent } from './records.ts';
import { openSite, scoreWorld, type ScoreWorld } from './score-world.ts';

/** The product's parts with the real engine: events are worked through all levels, and what they score is stored. */
export let world: ScoreWorld;

export async function openScoreParts(): Promise<void> {
  await openParts();
  world = scoreWorld(db);
}

export async function closeScoreParts(): Promise<void> {
  await world.close();
  await closeParts();
}

export async function beginScoredLead(): Promise<void> {
  await beginLead();
  await openSite(db, ref.locationId);
}

export const scoreDeps = (): Deps => parts({ scores: world.scores, scorer: world.scorer, model: world.rules });

/** A stored event of the lead through all levels. */
export async function works(inboxId: string, kind: string, at: string): Promise<Worked> {
  const deps = scoreDeps();
  const activities = createLeadActivities(deps, createAtOnce(deps));
  const input = { ...ref, inboxId, kind, at, thenAct: false };
  return new MockActivityEnvironment().run(activities.work, input);
}

/** A text of the lead through all levels. */
export async function says(words: string): Promise<Worked> {
  const at = new Date().toISOString();
  const message = { messageType: 'SMS', direction: 'inbound', body: words, messageId: randomUUID(), dateAdded: at };
  const body = { type: 'InboundMessage', ...ref, ...message, timestamp: at };
  const { kind } = readEnvelope('marketplace', body);
  const { inboxId } = await sends.inbox.accept(
    inboxEvent(ref, { type: body.type, kind, occurredAt: at, body: Buffer.from(JSON.stringify(body)) }),
  );
  return works(inboxId, kind, at);
}

/** Events that a pass has set off for the lead's location. */
export async function told(): Promise<
  readonly { readonly inboxId: string; readonly kind: string; readonly at: string }[]
> {
  const { rows } = await db.pool.query<{ inboxId: string; kind: string; at: string }>(
    `select inbox_id as "inboxId", kind, occurred_at as at from inbox where location_id = $1 and type = 'lead.rescore'`,
    [ref.locationId],
  );
  return rows;
}
