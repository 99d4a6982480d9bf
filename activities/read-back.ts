import { isAppError } from '../domain/errors.ts';
import type { Iso, LeadRef } from '../domain/glossary.ts';
import type { OutboxRow } from '../domain/ports/outbox.ts';
import { type Deps, isoNow, later } from './deps.ts';
import { READ_BACK_MS, marked, settle } from './sending.ts';

/** Looks in the CRM whether a send of unknown outcome happened: after 1, 5 and 15 minutes, then a human decides. */
export async function readBack(deps: Deps, ref: LeadRef, row: OutboxRow): Promise<string> {
  const begun = row.sendingAt ?? row.claimedAt;
  const found = await look(deps, ref, row, begun);
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
    // As it was filled when the gate let it through.
    const { body, title } = row.content;
    const vendorId =
      row.channel === 'call-task'
        ? await deps.crm.findTask(ref, { title: title ?? 'Call this lead', body: marked(row, body) })
        : await deps.crm.findMessage(ref, { channel: row.channel, body, since });
    return vendorId === undefined ? { kind: 'absent' } : { kind: 'found', vendorId };
  } catch (error) {
    return { kind: 'unreadable', why: isAppError(error) ? error.code : 'unreadable' };
  }
}
