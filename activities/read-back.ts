import { isAppError } from '../domain/errors.ts';
import type { Iso, LeadRef } from '../domain/glossary.ts';
import type { OutboxRow } from '../domain/ports/outbox.ts';
import { type Deps, isoNow, later } from './deps.ts';
import { marked } from './making.ts';
import { READ_BACK_MS, WORKFLOW_UNKNOWN, settle } from './sending.ts';

/** Looks in the CRM whether a send of unknown outcome happened: after 1, 5 and 15 minutes, then a human decides. */
export async function readBack(deps: Deps, ref: LeadRef, row: OutboxRow): Promise<string> {
  // The CRM tells nobody which of its workflows a contact is in: there is nothing to look for.
  if (row.channel === 'ghl-workflow') return settle(deps, ref, row, { state: 'parked', reason: WORKFLOW_UNKNOWN });
  const begun = row.sendingAt ?? row.claimedAt;
  const found = await look(deps, ref, row, begun);
  // While the CRM was asked a person may have settled it. What they said stands; only what was found is not sent once more.
  const state = (await deps.outbox.get(row.sendId, ref))?.state ?? row.state;
  if (state !== 'unknown' && !(found.kind === 'found' && state === 'not-sent')) return `${state} by a person`;
  if (found.kind === 'found') return settle(deps, ref, row, { state: 'sent', vendorId: found.vendorId });
  const nextCheck = READ_BACK_MS[row.checks + 1];
  const now = isoNow(deps);
  if (found.kind === 'unreadable' || nextCheck !== undefined) {
    const planned = later(begun, nextCheck ?? READ_BACK_MS[2]);
    const checkAt = Date.parse(planned) > Date.parse(now) + 30_000 ? planned : later(now, READ_BACK_MS[0]);
    return settle(deps, ref, row, {
      state: 'unknown',
      reason: found.kind === 'unreadable' ? found.why : 'not found yet',
      checkAt,
    });
  }
  return settle(deps, ref, row, { state: 'parked', reason: 'not found in the CRM 15 minutes after it was begun' });
}

type Look = { kind: 'found'; vendorId: string } | { kind: 'absent' } | { kind: 'unreadable'; why: string };

async function look(deps: Deps, ref: LeadRef, row: OutboxRow, since: Iso): Promise<Look> {
  try {
    const vendorId = await find(deps, ref, row, since);
    return vendorId === undefined ? { kind: 'absent' } : { kind: 'found', vendorId };
  } catch (error) {
    return { kind: 'unreadable', why: isAppError(error) ? error.code : 'unreadable' };
  }
}

async function find(deps: Deps, ref: LeadRef, row: OutboxRow, since: Iso): Promise<string | undefined> {
  // As it was filled when the gate let it through.
  const { body, title, target } = row.content;
  switch (row.channel) {
    case 'call-task':
      return deps.crm.findTask(ref, { title: title ?? 'Call this lead', body: marked(row, body) });
    case 'note':
      return deps.crm.findNote(ref, { body: marked(row, body) });
    case 'opportunity':
      // There was none right before the call.
      return (await deps.crm.opportunities(ref)).find(({ pipelineId }) => pipelineId === target)?.opportunityId;
    case 'ghl-workflow':
      return undefined;
    case 'sms':
    case 'email':
      return deps.crm.findMessage(ref, { channel: row.channel, body, since });
  }
}
