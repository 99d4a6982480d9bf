import { describe, expect, it } from '@jest/globals';
import { consentEvents } from '../../../domain/consent/consent-events.ts';
import { decide } from '../../../domain/leads/decide.ts';
import { event, situation } from './situation.ts';

const told = (type: string) => event('consent', { source: 'internal', type });

describe('a person who wants no more e-mails', () => {
  it('is shown so in the CRM, for e-mails alone, and stays in the sequences, whose texts go on', () => {
    const decision = decide(situation({ event: told(consentEvents.unsubscribed), unsubscribed: true }));
    expect(decision).toMatchObject({
      link: 'withdrawn',
      plan: { dnd: ['email'] },
      end: [],
      suppress: [],
      stage: 'new',
    });
    expect(decision.timeline[0]?.summary).toMatch(/^The lead unsubscribed by the link/);
  });

  it('is shown so after any other event, too, until it is taken back', () => {
    expect(decide(situation({ unsubscribed: true })).plan?.dnd).toEqual(['email']);
    const back = decide(situation({ event: told(consentEvents.resubscribed), unsubscribed: false }));
    expect(back).toMatchObject({ link: 'granted', plan: { dnd: [] }, release: [] });
  });

  it('of whom a vendor told has the entry that stands there already', () => {
    const decision = decide(situation({ event: told(consentEvents.barred), unsubscribed: true }));
    expect(decision).toMatchObject({ link: null, plan: { dnd: ['email'] } });
    expect(decision.timeline.filter(({ kind }) => kind === 'event')).toEqual([]);
  });
});

describe('the word of a carrier', () => {
  it('that a number takes no texts is no opt-out', () => {
    const decision = decide(situation({ event: event('contact.dnd', { carrier: 'unreachable' }) }));
    expect(decision).toMatchObject({ unreachable: true, suppress: [] });
    expect(decision.timeline.map(({ summary }) => summary).join(' ')).toContain('takes no texts');
  });

  it('that its owner wrote STOP is one, to texts', () => {
    const decision = decide(situation({ event: event('contact.dnd', { carrier: 'opt-out' }) }));
    expect(decision).toMatchObject({ unreachable: false, suppress: ['sms'] });
  });
});
