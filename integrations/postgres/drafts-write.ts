import type { Iso, LeadRef } from '../../domain/glossary.ts';
import type { Decided, DraftRow, DraftStore, DraftWord, NewDraft } from '../../domain/ports/drafts.ts';
import type { OutboxDraft } from '../../domain/ports/outbox.ts';
import { addDrafts, storeTimeline } from './decision-parts.ts';
import { addJobs } from './drafts-decision.ts';
import { GONE } from './kept.ts';
import { leadLock, takeLocks } from './locks.ts';
import { type Client, type Place, transaction } from './pool.ts';
import { clean, instant, isUuid, toJsonb } from './values.ts';

export const DRAFT = `location_id as "locationId", contact_id as "contactId", draft_id as "draftId", answers, channel, mode, state, rung,
  proposed, text, edited, question, facts, gates, call_keys as "callKeys", cost, why, created_at as "createdAt", expires_at as "expiresAt",
  decided_at as "decidedAt", decided_by as "decidedBy"`;

/** Nobody has to be there for a draft to be too old. */
export function shown(row: DraftRow, now: Iso): DraftRow {
  const over = row.state === 'proposed' && Date.parse(row.expiresAt) <= Date.parse(now);
  return over ? { ...row, state: 'expired' } : row;
}

type Made = Parameters<DraftStore['store']>[2];

/** The lead's lock orders it against whatever ends it: opt-outs, people, newer messages. */
export async function store(place: Place, ref: LeadRef, draft: NewDraft, made: Made): Promise<DraftRow | undefined> {
  return transaction(place, async (client) => {
    const [, known, { owed, gone }] = await Promise.all([
      takeLocks(client, [leadLock(ref)]),
      draftFor(client, ref, draft.answers),
      stands(client, ref, draft.answers),
    ]);
    // Nothing of a deleted lead is kept.
    if (gone) return undefined;
    // The process that stored it died before it could say so.
    if (known !== undefined) return known.state === 'superseded' ? undefined : known;
    const state = !owed
      ? 'superseded'
      : draft.text === null
        ? 'to-human'
        : draft.mode === 'auto'
          ? 'approved'
          : 'proposed';
    const row = await insert(client, ref, draft, state);
    if (!owed) return undefined;
    const { outbox, told, summary } = made(row.draftId);
    const now = instant(draft.createdAt);
    await Promise.all([
      client.query({
        name: 'reply-paid',
        text: 'delete from replies_due where location_id = $1 and contact_id = $2 and inbox_id = $3',
        values: [ref.locationId, ref.contactId, draft.answers],
      }),
      outbox.length === 0 ? undefined : addDrafts(client, ref, outbox, now),
      told.length === 0 ? undefined : storeTimeline(client, ref, told),
      summary ? addJobs(client, ref, ['summary'], draft.answers, now) : undefined,
    ]);
    return row;
  });
}

async function draftFor(client: Client, ref: LeadRef, answers: string): Promise<DraftRow | undefined> {
  const { rows } = await client.query<DraftRow>({
    name: 'draft-for',
    text: `select ${DRAFT} from reply_drafts where location_id = $1 and contact_id = $2 and answers = $3`,
    values: [ref.locationId, ref.contactId, answers],
  });
  return rows[0];
}

async function stands(client: Client, ref: LeadRef, answers: string): Promise<{ owed: boolean; gone: boolean }> {
  const { rows } = await client.query<{ owed: boolean; gone: boolean }>({
    name: 'reply-stands',
    text: `select ${GONE} as gone, exists (
        select from replies_due r join leads l using (location_id, contact_id)
        where r.location_id = $1 and r.contact_id = $2 and r.inbox_id = $3
          and l.state = 'active' and l.deleted_at is null and l.stage not in ('opted-out', 'gone')) as owed`,
    values: [ref.locationId, ref.contactId, answers],
  });
  return rows[0]!;
}

async function insert(client: Client, ref: LeadRef, draft: NewDraft, state: DraftRow['state']): Promise<DraftRow> {
  const byItself = state === 'approved';
  const { rows } = await client.query<DraftRow>({
    name: 'draft-insert',
    text: `insert into reply_drafts (location_id, contact_id, answers, channel, mode, state, rung, proposed, text, question, facts, gates,
        call_keys, cost, why, created_at, expires_at, decided_at, decided_by)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19) returning ${DRAFT}`,
    values: [
      ...[ref.locationId, ref.contactId, draft.answers, draft.channel, draft.mode, state, draft.rung],
      ...[toJsonb(draft.proposed), draft.text === null ? null : clean(draft.text), draft.question],
      ...[toJsonb(draft.facts), toJsonb(draft.gates), draft.callKeys, draft.cost],
      ...[draft.why === null ? null : clean(draft.why), instant(draft.createdAt), instant(draft.expiresAt)],
      ...[byItself ? instant(draft.createdAt) : null, byItself ? 'assistant' : null],
    ],
  });
  const [row] = rows;
  if (row === undefined) throw new Error('a draft was inserted and is not there');
  return row;
}

/** Whatever was owed is left to people. */
export async function forgive(
  place: Place,
  ref: LeadRef,
  given: { readonly inboxId: string; readonly tasks: readonly OutboxDraft[]; readonly now: Iso },
): Promise<boolean> {
  return transaction(place, async (client) => {
    await takeLocks(client, [leadLock(ref)]);
    const { rowCount } = await client.query({
      name: 'reply-forgive',
      text: 'delete from replies_due where location_id = $1 and contact_id = $2 and inbox_id = $3',
      values: [ref.locationId, ref.contactId, given.inboxId],
    });
    if (rowCount !== 1) return false;
    if (given.tasks.length > 0) await addDrafts(client, ref, given.tasks, instant(given.now));
    return true;
  });
}

/** A person's word on a draft; said again it is the same word. */
export async function decide(place: Place, ref: LeadRef, draftId: string, word: DraftWord, now: Iso): Promise<Decided> {
  if (!isUuid(draftId)) return { kind: 'unknown' };
  return transaction(place, async (client) => {
    const [, stored] = await Promise.all([takeLocks(client, [leadLock(ref)]), byId(client, ref, draftId)]);
    if (stored === undefined) return { kind: 'unknown' };
    const draft = shown(stored, now);
    if (isRepeat(draft, word)) return { kind: 'done', draft };
    if (draft.state !== 'proposed' || draft.text === null) {
      return { kind: 'not-open', state: draft.state, why: draft.why ?? draft.state };
    }
    const own = word.text !== null && word.text !== draft.text ? word.text : null;
    const state = word.verdict === 'reject' ? 'rejected' : own === null ? 'approved' : 'edited';
    const [decided, wroteAt] = await Promise.all([
      settle(client, ref, { draftId, state, edited: own, by: word.by, now: instant(now) }),
      lastWrote(client, ref, draft.channel),
    ]);
    const sends = word.verdict === 'approve' ? [word.send(decided, own ?? draft.text, wroteAt)] : [];
    if (sends.length > 0) await addDrafts(client, ref, sends, instant(now));
    const refs = { draftId, by: word.by };
    await storeTimeline(client, ref, [{ at: instant(now), kind: 'action', summary: SAID[state], refs }]);
    await closeTask(client, ref, draftId, instant(now));
    return { kind: 'done', draft: decided };
  });
}

const SAID = {
  approved: 'A person approved the drafted reply.',
  edited: 'A person sends the drafted reply in their own words.',
  rejected: 'A person rejected the drafted reply.',
} as const;

function isRepeat({ state, edited, text }: DraftRow, word: DraftWord): boolean {
  if (word.verdict === 'reject') return state === 'rejected';
  if (state === 'approved' || state === 'sent') return word.text === null || word.text === (edited ?? text);
  return state === 'edited' && (word.text === null || word.text === edited);
}

async function byId(client: Client, ref: LeadRef, draftId: string): Promise<DraftRow | undefined> {
  const { rows } = await client.query<DraftRow>({
    name: 'draft-by-id',
    text: `select ${DRAFT} from reply_drafts where location_id = $1 and contact_id = $2 and draft_id = $3 for update`,
    values: [clean(ref.locationId), clean(ref.contactId), draftId],
  });
  return rows[0];
}

async function settle(
  client: Client,
  ref: LeadRef,
  word: {
    readonly draftId: string;
    readonly state: string;
    readonly edited: string | null;
    readonly by: string;
    readonly now: string;
  },
): Promise<DraftRow> {
  const { rows } = await client.query<DraftRow>({
    name: 'draft-settle',
    text: `update reply_drafts set state = $4, edited = $5, decided_by = $6, decided_at = $7
      where location_id = $1 and contact_id = $2 and draft_id = $3 returning ${DRAFT}`,
    values: [
      ...[ref.locationId, ref.contactId, word.draftId, word.state, word.edited === null ? null : clean(word.edited)],
      ...[clean(word.by), word.now],
    ],
  });
  const [row] = rows;
  if (row === undefined) throw new Error('a draft was settled and is not there');
  return row;
}

async function lastWrote(client: Client, ref: LeadRef, channel: string): Promise<Iso | null> {
  const { rows } = await client.query<{ at: Iso | null }>({
    name: 'draft-last-wrote',
    text: `select max(at) as at from messages
      where location_id = $1 and contact_id = $2 and direction = 'inbound' and channel = $3`,
    values: [ref.locationId, ref.contactId, channel],
  });
  return rows[0]?.at ?? null;
}

/** The task to look at a draft that was not made yet has nothing to look at any more. */
async function closeTask(client: Client, ref: LeadRef, draftId: string, now: string): Promise<void> {
  await client.query({
    name: 'draft-close-task',
    text: `update outbox set state = 'cancelled', reason = 'somebody has looked', settled_at = $4, check_at = null
      where location_id = $1 and contact_id = $2 and once_key = 'approve:' || $3 and state in ('claimed', 'not-sent')`,
    values: [ref.locationId, ref.contactId, draftId, now],
  });
}
