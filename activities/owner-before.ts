import { mergeRecord } from '../domain/crm/record-merge.ts';
import { recordGone } from '../domain/crm/record-words.ts';
import type { CaseFile } from './case-file.ts';
import { type Deps, isoNow } from './deps.ts';

/** A record that goes over to another contact is news of both: whose it was hears of it before it is stored, and asks anew what is next. */
export async function tellOwnerBefore(deps: Deps, { ref, event, prior }: CaseFile): Promise<void> {
  const before = prior.record?.contactId ?? null;
  if (event.record === undefined || before === null || before === ref.contactId) return;
  if (mergeRecord(prior.record, event.record).record.contactId !== ref.contactId) return;
  const to = { locationId: ref.locationId, contactId: before };
  const { kind } = await deps.inbox.accept({
    ...{ source: 'internal', eventKey: `moved:${event.inboxId}:${before}`, bodyHash: deps.sha256('{}') },
    ...{ type: 'lead.resume', kind: 'other', ...to, occurredAt: null },
    ...{ body: new TextEncoder().encode('{}'), headers: {} },
  });
  if (kind !== 'accepted') return;
  const summary = recordGone(event.record.kind);
  await deps.leads.addTimeline(to, { at: isoNow(deps), kind: 'event', summary, refs: { inboxId: event.inboxId } });
}
