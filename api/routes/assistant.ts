import { Router } from 'express';
import { ownWordsFindings } from '../../domain/assistant/reply/own-words.ts';
import { wordOnDraft } from '../../domain/assistant/reply-tasks.ts';
import { AppError } from '../../domain/errors.ts';
import type { LeadRef } from '../../domain/glossary.ts';
import type { AskedAssistant } from '../../domain/assistant/asked.ts';
import type { DraftRow, DraftStore, DraftVerdict } from '../../domain/ports/drafts.ts';
import type { InboxStore } from '../../domain/ports/inbox.ts';
import type { LeadActs } from '../../domain/ports/lead-acts.ts';
import type { LeadStore } from '../../domain/ports/leads.ts';
import type { LocationStore } from '../../domain/ports/locations.ts';
import type { Log } from '../../domain/ports/log.ts';
import { sha256 } from '../../platform/secrets.ts';
import { approveDraft, askAssistant, listDrafts, rejectDraft } from '../contract/assistant.ts';
import { mount, ok, type Reply } from '../mount.ts';
import { OPERATOR } from '../operator.ts';
import { type Patient, within } from '../within.ts';
import { knownLead } from './leads.ts';

export interface AssistantRouteDeps extends Patient {
  readonly drafts: Pick<DraftStore, 'decide' | 'find' | 'list'>;
  readonly leads: Pick<LeadStore, 'load'>;
  readonly locations: Pick<LocationStore, 'get'>;
  readonly inbox: Pick<InboxStore, 'accept' | 'markDispatched'>;
  readonly acts: Pick<LeadActs, 'draft'>;
  /** Undefined: there is no key, or the location may spend nothing. */
  readonly askAssistant: (ref: LeadRef, text: string) => Promise<AskedAssistant | undefined>;
  readonly log: Log;
  readonly now: () => Date;
}

const NANO = 1e9;

export function assistantRoutes(deps: AssistantRouteDeps): Router {
  const router = Router();
  mount(router, listDrafts, async ({ query: { locationId, ...filter } }) => {
    const { items, nextCursor } = await deps.drafts.list(locationId, filter, deps.now().toISOString());
    return ok({ items: items.map(shown), nextCursor });
  });
  mount(router, approveDraft, ({ params, body }) => decide(deps, params, 'approve', body.text ?? null));
  mount(router, rejectDraft, ({ params }) => decide(deps, params, 'reject', null));
  mount(router, askAssistant, async ({ params, body }) => {
    await knownLead(deps.leads, params);
    const asked = await deps.askAssistant(params, body.text);
    if (asked === undefined) throw new AppError('ASSISTANT_ABSENT', 'expected a key and a budget of the location');
    const { cost, ...rest } = asked;
    return ok({ ...rest, dollars: cost / NANO });
  });
  return router;
}

/**
 * A person's word takes three steps, like any act: it is in force once it is stored; an event in the inbox brings it to the workflow whatever
 * happens here; and the workflow is told, for as long as a caller likes to wait. Their own words stay in the store.
 */
async function decide(
  deps: AssistantRouteDeps,
  { locationId, draftId }: { readonly locationId: string; readonly draftId: string },
  verdict: DraftVerdict,
  text: string | null,
): Promise<Reply> {
  const now = deps.now().toISOString();
  const draft = await deps.drafts.find(locationId, draftId, now);
  if (draft === undefined) throw new AppError('DRAFT_UNKNOWN', 'expected the id of a draft of this location');
  if (text !== null && text !== draft.text && draft.state === 'proposed') await mayGoOut(deps, locationId, text);
  const ref = { locationId, contactId: draft.contactId };
  const decided = await deps.drafts.decide(ref, draftId, wordOnDraft({ verdict, text, by: OPERATOR }, now), now);
  if (decided.kind === 'unknown') throw new AppError('DRAFT_UNKNOWN', 'expected the id of a draft of this location');
  if (decided.kind === 'not-open') {
    throw new AppError('DRAFT_STATE', `expected a draft that waits for a person, this one is ${decided.state}`);
  }
  const told = await tellLead(deps, ref, draftId, verdict);
  const delivery = told ? 'delivered' : 'pending';
  return { status: told ? 200 : 202, body: { draft: shown(decided.draft), delivery } };
}

/** No reason holds one of the words. */
async function mayGoOut({ locations }: AssistantRouteDeps, locationId: string, words: string): Promise<void> {
  const states = (await locations.get(locationId))?.settings.assistant.states ?? [];
  const reasons = ownWordsFindings(words, states);
  if (reasons.length > 0) throw new AppError('DRAFT_WORDS', reasons.map(({ what }) => what).join(' '));
}

async function tellLead(
  deps: AssistantRouteDeps,
  ref: LeadRef,
  draftId: string,
  verdict: DraftVerdict,
): Promise<boolean> {
  const { inboxId } = await deps.inbox.accept({
    ...{ source: 'internal', type: 'lead.resume', kind: 'other', ...ref, occurredAt: null, headers: {} },
    ...{ eventKey: `draft:${draftId}:${verdict}`, bodyHash: sha256('{}'), body: Buffer.from('{}') },
  });
  try {
    const late = (): Error => new AppError('TEMPORAL_UNAVAILABLE', 'the workflow did not answer in time');
    await within(deps.patienceMs, deps.acts.draft(ref, verdict, { draftId, inboxId, by: OPERATOR }), late);
    await deps.inbox.markDispatched([inboxId]);
    return true;
  } catch (error) {
    deps.log.warn({ err: error, inboxId, verdict }, 'a word on a draft is in force, and its lead is told later');
    return false;
  }
}

function shown(row: DraftRow): object {
  const { draftId, locationId, contactId, channel, state, mode, rung, text, edited, question, facts, gates, why } = row;
  const { cost, createdAt, expiresAt, decidedAt, decidedBy } = row;
  return {
    ...{ draftId, locationId, contactId, channel, state, mode, rung, text, edited, question, facts, gates, why },
    ...{ dollars: cost / NANO, createdAt, expiresAt, decidedAt, decidedBy },
  };
}
