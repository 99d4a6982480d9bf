import type { Json } from './context.ts';
import { dndEvent, emailStatsEvent, messageEvent } from './events.ts';
import type { Event } from './events.ts';
import { statusOf } from './message-reading.ts';
import { lagged } from './search-index.ts';
import { appOf } from './settings.ts';
import type { Row, Store } from './store.ts';

/**
 * What GHL makes of a carrier's answer. An unreachable or unknown number is blocked for a time, a blocked one for good; an answer
 * that says nothing about the number blocks nothing. 21610 is the carrier's own list of people who said STOP.
 */
const CODES: Readonly<Record<string, { status: 'failed' | 'undelivered'; dnd?: 'active' | 'permanent' }>> = {
  '21610': { status: 'failed', dnd: 'permanent' },
  '30003': { status: 'undelivered', dnd: 'active' },
  '30004': { status: 'undelivered', dnd: 'permanent' },
  '30005': { status: 'undelivered', dnd: 'active' },
  '30006': { status: 'undelivered', dnd: 'active' },
};

/** Any other code leaves a text undelivered. */
export function statusOfCode(code: string): 'failed' | 'undelivered' {
  return CODES[code]?.status ?? 'undelivered';
}

/** The code that the carrier will answer a text to this number with, used up once; undefined: it takes it. */
export function carrierAnswer(store: Store, to: string): string | undefined {
  const rows = store.of('carrierFaults', 'open');
  const fault = rows.find((row) => row['phone'] === undefined || row['phone'] === to);
  if (fault === undefined) return undefined;
  const times = Number(fault['times']) - 1;
  if (times > 0) store.put('carrierFaults', { ...fault, times });
  else store.remove('carrierFaults', fault.id);
  return String(fault['code']);
}

/** The moment at which a message is delivered or not: its last status is told, and a blocked number silenced. */
export function settle(store: Store, message: Row, now: string): Event[] {
  const status = statusOf(message, now);
  const events: Event[] = [['OutboundMessage', messageEvent(message, status)]];
  const code = message['_carrierCode'];
  const dnd = typeof code === 'string' ? CODES[code]?.dnd : undefined;
  if (dnd !== undefined)
    events.push(
      ...silence(store, String(message['contactId']), dnd, `Carrier error ${String(code)}`, now, String(code)),
    );
  if (message['messageType'] === 'TYPE_EMAIL' && appOf(store).statusEvents) {
    const companyId = store.get('locations', String(message['locationId']))?.['companyId'];
    events.push(['LCEmailStats', emailStatsEvent(message, companyId, { event: 'delivered', code: 250 }, now)]);
  }
  return events;
}

/** Sets or lifts a contact's DND for texts, as GHL does by itself. */
export function silence(
  store: Store,
  contactId: string,
  status: 'active' | 'permanent' | 'inactive',
  message: string,
  now: string,
  code = '',
): Event[] {
  const contact = store.get('contacts', contactId);
  if (contact === undefined) return [];
  const before = contact['dndSettings'] as Json | undefined;
  const changed = { ...contact, dndSettings: { ...before, SMS: { status, message, code } }, dateUpdated: now };
  lagged(store, now).put('contacts', changed);
  return [['ContactDndUpdate', dndEvent(changed)]];
}

/** The words that carriers act upon, alone in a message, whatever case and punctuation. */
export function keyword(body: string): 'stop' | 'start' | undefined {
  const word = body
    .trim()
    .toUpperCase()
    .replace(/[^A-Z ]/g, '');
  if (/^(STOP|STOPALL|UNSUBSCRIBE|CANCEL|END|QUIT)$/.test(word)) return 'stop';
  return /^(START|UNSTOP|YES)$/.test(word) ? 'start' : undefined;
}
