import { admission } from '../domain/leads/admission.ts';
import { UNSETTLED } from '../domain/crm/own-write.ts';
import { isFailed } from '../domain/webhooks/message-status.ts';
import type { MessageFact } from '../domain/webhooks/event.ts';
import type { CaseFile } from './case-file.ts';
import { type Deps, isoNow } from './deps.ts';
import { settle } from './sending.ts';

/** Stores what an event tells although nothing is decided because of it. Where that was news, the event counts as worked. */
export async function keepNews(deps: Deps, file: CaseFile, inboxId: string): Promise<void> {
  const admitted = admission(file);
  if (admitted.work || admitted.keep === undefined) return;
  const { ref, event, prior } = file;
  if (admitted.keep === 'send') await landed(deps, file, admitted.sendId);
  else if (admitted.keep === 'contact' && event.contact !== undefined) {
    await deps.leads.refreshSnapshot(ref, event.contact, event.occurredAt);
  } else if (admitted.keep === 'record' && event.record !== undefined) {
    const isKept = admitted.reason.startsWith('kept: ');
    await deps.records.keep(ref.locationId, event.record, { inboxId, ...(isKept ? {} : { echo: admitted.reason }) });
  } else if (admitted.keep === 'status' && event.message?.messageId !== undefined) {
    const { messageId, status = '', userId = null, channel } = event.message;
    const told = sentence(event.message);
    await deps.records.keepStatus(
      ref,
      { id: messageId, status, userId, told, at: event.occurredAt },
      inboxId,
      isoNow(deps),
    );
    if (isFailed(status) && !isFailed(prior.message?.status)) deps.measure({ kind: 'undelivered', channel });
  }
}

/** A send of ours whose outcome nobody knew has come back. What a person or a read-back has settled meanwhile stands. */
async function landed(deps: Deps, { ref, event }: CaseFile, sendId: string): Promise<void> {
  const vendorId = event.message?.messageId;
  const row = await deps.outbox.get(sendId, ref);
  if (vendorId === undefined || row === undefined || !UNSETTLED.includes(row.state)) return;
  await settle(deps, ref, row, { state: 'sent', vendorId });
}

const names: Readonly<Partial<Record<MessageFact['channel'], string>>> = {
  sms: 'SMS',
  email: 'e-mail',
  call: 'phone',
  voicemail: 'voicemail',
  chat: 'chat',
};

function sentence({ channel, status, direction }: MessageFact): string {
  const by = names[channel] ?? 'another channel';
  const what = direction === 'inbound' ? `The lead's message by ${by}` : `A message by ${by}`;
  return isFailed(status) ? `${what} did not arrive.` : `${what} is now ${known(status)}.`;
}

/** Only words that we know are told: a vendor's free text may hold anything. */
function known(status: string | undefined): string {
  const words = ['sent', 'delivered', 'read', 'opened', 'clicked', 'completed', 'queued', 'pending', 'scheduled'];
  return words.find((word) => word === status) ?? 'further on its way';
}
