import { Router } from 'express';
import { AppError } from '../../domain/errors.ts';
import { parseSequence } from '../../domain/follow-up/document.ts';
import { maySeePreviews, PREVIEW_TAG, previewDrafts } from '../../domain/follow-up/preview.ts';
import type { SequenceDocument } from '../../domain/follow-up/sequence.ts';
import type { LeadRef } from '../../domain/glossary.ts';
import type { Dispatchable, InboxStore } from '../../domain/ports/inbox.ts';
import type { LeadStore } from '../../domain/ports/leads.ts';
import type { OutboxStore } from '../../domain/ports/outbox.ts';
import type { SequenceStore } from '../../domain/ports/sequences.ts';
import { sha256 } from '../../platform/secrets.ts';
import { previewSequence } from '../contract/previews.ts';
import { fieldsError } from '../errors.ts';
import { mount, type Reply } from '../mount.ts';
import { OPERATOR } from '../operator.ts';
import { knownLead } from './leads.ts';

export interface PreviewRouteDeps {
  readonly leads: Pick<LeadStore, 'load' | 'followUp'>;
  readonly sequences: Pick<SequenceStore, 'get'>;
  readonly outbox: Pick<OutboxStore, 'claim'>;
  readonly inbox: Pick<InboxStore, 'accept'>;
  readonly onCommitted: (row: Dispatchable) => void;
  readonly now: () => Date;
}

const HOUR_MS = 3_600_000;

export function previewRoutes(deps: PreviewRouteDeps): Router {
  const router = Router();
  mount(router, previewSequence, async ({ params, body, requestId }) => {
    await checkedReader(deps, params);
    return preview(deps, params, await documentOf(deps, body), requestId);
  });
  return router;
}

async function documentOf(
  deps: PreviewRouteDeps,
  body: { readonly sequence: string } | { readonly document: unknown },
): Promise<SequenceDocument> {
  if ('sequence' in body) {
    const document = await deps.sequences.get(body.sequence);
    if (document === undefined) throw new AppError('SEQUENCE_UNKNOWN', 'expected the key of a published sequence');
    return document;
  }
  const parsed = parseSequence(body.document);
  if (!parsed.ok) throw fieldsError('BAD_REQUEST', parsed.problems);
  return { ...parsed.document, version: 1 };
}

/** By what is stored, so that nobody waits for texts that the gate will not let out; before each text it is asked afresh. */
async function checkedReader(deps: PreviewRouteDeps, ref: LeadRef): Promise<void> {
  const [lead, { talk }] = await Promise.all([knownLead(deps.leads, ref), deps.leads.followUp(ref)]);
  if (!maySeePreviews(lead.snapshot?.tags)) {
    throw new AppError('PREVIEW_REFUSED', `the contact does not bear the tag ${PREVIEW_TAG}`);
  }
  if (!talk.consent.sms) throw new AppError('PREVIEW_REFUSED', 'no consent to texts is recorded for the contact');
  const wrote = talk.wroteAt === null ? Number.NaN : deps.now().getTime() - Date.parse(talk.wroteAt);
  if (!(wrote <= HOUR_MS)) throw new AppError('PREVIEW_REFUSED', 'the contact has not written to us in the last hour');
}

/** The texts are claimed first; the event that follows has the lead's workflow make them. */
async function preview(
  deps: PreviewRouteDeps,
  ref: LeadRef,
  document: SequenceDocument,
  requestId: string,
): Promise<Reply> {
  const now = deps.now();
  const drafts = previewDrafts(document, requestId);
  for (const [index, draft] of drafts.entries()) {
    // In their order: the outbox makes the oldest first.
    await deps.outbox.claim(ref, draft, new Date(now.getTime() + index).toISOString());
  }
  const body = JSON.stringify({ action: 'preview', sequence: document.key, by: OPERATOR });
  const event = { type: 'operator.preview', kind: 'operator', ...ref } as const;
  const acceptance = await deps.inbox.accept({
    ...event,
    source: 'operator',
    eventKey: `${ref.contactId}/preview/${requestId}`,
    bodyHash: sha256(body),
    occurredAt: now.toISOString(),
    body: Buffer.from(body),
    headers: {},
  });
  if (acceptance.kind === 'accepted') deps.onCommitted({ ...acceptance, ...event });
  return { status: 202, body: { texts: drafts.length, eventId: acceptance.inboxId } };
}
