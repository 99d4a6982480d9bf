import type { EmailFailure, EmailStat } from '../crm/email-stat.ts';
import type { CrmEvent, ReadOf } from './crm-event.ts';
import { idAt, objectAt, own, textAt, type Json } from './payload.ts';

/** Statistics of the vendor's mail system, one level deeper, with the provider's own names. */
export function readEmailStat(body: Json, { at }: ReadOf): CrmEvent | undefined {
  const report = objectAt(body, 'webhookPayload') ?? body;
  const event = textAt(report, 'event')?.toLowerCase();
  const recipient = mailboxOf(textAt(report, 'recipient'));
  if (event === undefined || !/^[a-z_-]{1,32}$/.test(event) || recipient === undefined) return undefined;
  const messageId = textAt(objectAt(objectAt(report, 'message'), 'headers'), 'message-id');
  const happened = unixAt(report) ?? at;
  const id = idAt(report, 'id') ?? messageId ?? '';
  const failure = failureOf(event, report);
  const stat: EmailStat = {
    // One id may stand for several reports of one mail.
    key: [id, event, happened].join(' ').slice(0, 300),
    event,
    recipient,
    messageId: messageId?.replace(/^<|>$/g, '').slice(0, 200) ?? null,
    code: codeOf(report),
    at: happened,
    failure,
    suppress: suppressionOf(event, failure),
  };
  return { family: 'email-stat', stat };
}

/** The bare address, lower case: it is only ever compared by its hash. */
function mailboxOf(text: string | undefined): string | undefined {
  const address = (/<([^<>\s]+@[^<>\s]+)>/.exec(text ?? '')?.[1] ?? text)?.trim().toLowerCase();
  return address !== undefined && /^[^\s@<>]{1,64}@[^\s@<>]{1,190}$/.test(address) ? address : undefined;
}

function unixAt(report: Json): string | undefined {
  const seconds = Number(own(report, 'timestamp'));
  // Until the year 2286: beyond it are milliseconds.
  return Number.isFinite(seconds) && seconds > 0 && seconds < 1e10
    ? new Date(Math.trunc(seconds * 1000)).toISOString()
    : undefined;
}

function codeOf(report: Json): number | null {
  const code = Number(own(objectAt(report, 'delivery-status'), 'code'));
  return Number.isInteger(code) && code >= 100 && code <= 999 ? code : null;
}

/** Who complains or unsubscribes is never written to again; nor is an address that takes no e-mails. */
function suppressionOf(event: string, failure: EmailFailure | null): EmailStat['suppress'] {
  if (event === 'complained' || event === 'spam') return 'complaint';
  if (event === 'unsubscribed') return 'unsubscribe';
  return failure === 'address' ? 'bounce' : null;
}

/** The provider's own codes for addresses that it has given up: bounced before, unsubscribed, complained. */
const givenUp: readonly number[] = [605, 606, 607];

/**
 * Whose fault a failure is. Systems (x.3), contents (x.6) and policies against the sender (x.7) say nothing about the address; a full mailbox
 * (x.2.2) and the network (x.4) pass. Without the provider's word on how severe it is, a 5xx code is permanent; what nobody says
 * anything about may pass.
 * @see RFC 3463
 */
function failureOf(event: string, report: Json): EmailFailure | null {
  if (event !== 'failed' && event !== 'bounced') return null;
  const code = codeOf(report);
  const enhanced = textAt(objectAt(report, 'delivery-status'), 'enhanced-code') ?? '';
  if (/^\d\.[367]\./.test(enhanced)) return 'other';
  if (/^\d\.(2\.2|4\.)/.test(enhanced)) return 'temporary';
  const severity = textAt(report, 'severity')?.toLowerCase();
  if (severity !== undefined) return severity === 'permanent' ? 'address' : 'temporary';
  const isPermanent = code !== null && ((code >= 500 && code < 600) || givenUp.includes(code));
  return isPermanent ? 'address' : 'temporary';
}
