import { describe, expect, it } from '@jest/globals';
import { carrierWord } from '../../../domain/consent/carrier-codes.ts';
import { readLeadEvent } from '../../../domain/webhooks/lead-event.ts';

describe("a carrier's code", () => {
  it.each([
    [{ code: '30005' }, 'unreachable'],
    [{ code: 30006 }, 'unreachable'],
    [{ code: ' 21614 ' }, 'unreachable'],
    [{ code: '', message: 'Carrier error 21211' }, 'unreachable'],
    [{ message: 'STOP received (21610)' }, 'opt-out'],
    // Off for now, filtered, blocked: nothing of it is for good.
    [{ code: '30003' }, null],
    [{ code: '30004' }, null],
    [{ code: '30007' }, null],
    // Its own place outweighs what else is said.
    [{ code: '30003', message: 'not 30006' }, null],
    [{ message: 'Asked by phone on 30 June 2026' }, null],
    [{ code: null, message: {} }, null],
    [{}, null],
  ])('%j means %s', (entry, word) => {
    expect(carrierWord(entry)).toBe(word);
  });
});

describe('news of do-not-disturb', () => {
  const told = (sms: unknown, over: object = {}) =>
    readLeadEvent(
      {
        ...{ inboxId: 'i', source: 'marketplace', type: 'ContactDndUpdate', kind: 'contact.dnd', locationId: 'l' },
        ...{ contactId: 'c', occurredAt: null, receivedAt: '2026-03-02T15:00:00.000Z' },
        ...over,
      },
      { dndSettings: { SMS: sms } },
    ).carrier;

  it('bear the word of a carrier as long as the block stands', () => {
    expect(told({ status: 'permanent', code: '30006' })).toBe('unreachable');
    expect(told({ status: 'active', code: '21610' })).toBe('opt-out');
    for (const none of [{ status: 'inactive', code: '30006' }, { status: 'active' }, 'odd', null, undefined])
      expect(told(none)).toBeUndefined();
  });

  it('are believed from the CRM itself alone, and by their own event', () => {
    const entry = { status: 'permanent', code: '30006' };
    expect(told(entry, { source: 'workflow' })).toBeUndefined();
    expect(told(entry, { kind: 'contact.updated', type: 'ContactUpdate' })).toBeUndefined();
  });
});
