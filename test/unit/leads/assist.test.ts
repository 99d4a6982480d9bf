import { describe, expect, it } from '@jest/globals';
import { assistFor, assistNext } from '../../../domain/leads/assist.ts';
import { decide } from '../../../domain/leads/decide.ts';
import type { Situation } from '../../../domain/leads/decision.ts';
import { defaultSettings } from '../../../domain/leads/settings.ts';
import { readMessage } from '../../../domain/leads/read-message.ts';
import { event, message, situation } from './situation.ts';

const present = { present: true, owed: null, open: false } as const;
const AT = '2026-03-02T15:00:00.000Z';

/** A message of a lead on whom we may act, and who is decided upon. */
function written(body: string, change: Partial<Situation> = {}, channel: 'sms' | 'email' | 'chat' | 'call' = 'sms') {
  const of = situation({
    event: event('message.inbound', { occurredAt: AT, message: message('inbound', { body, channel }) }),
    reading: readMessage(body, { optedOut: false }),
    assistant: present,
    ...change,
  });
  return decide(of).assist;
}

const dueAt = (seconds: number): string => new Date(Date.parse(AT) + seconds * 1_000).toISOString();

describe('a message of a lead', () => {
  it('is read, and answered after a silence', () => {
    expect(written('We want a house')).toEqual({
      read: true,
      summary: false,
      reply: { channel: 'sms', firstAt: AT, lastAt: AT, dueAt: dueAt(20) },
    });
  });

  it('moves the answer that is owed already, and not without end', () => {
    const owed = { firstAt: dueAt(-60), lastAt: dueAt(-15) };
    expect(written('Hello?', { assistant: { ...present, owed } })?.reply).toMatchObject({
      ...{ firstAt: dueAt(-60), lastAt: AT, dueAt: dueAt(20) },
    });
    const long = { firstAt: dueAt(-85), lastAt: dueAt(-15) };
    expect(written('Hello?', { assistant: { ...present, owed: long } })?.reply).toMatchObject({ dueAt: dueAt(5) });
  });

  it('that comes late, behind a newer one, does not count as the newest', () => {
    const owed = { firstAt: dueAt(5), lastAt: dueAt(10) };
    expect(written('Hello?', { assistant: { ...present, owed } })?.reply).toMatchObject({
      ...{ firstAt: AT, lastAt: dueAt(10), dueAt: dueAt(30) },
    });
  });

  it.each([
    ['in a chat, for which there is no way out', 'We want a house', {}, 'chat'],
    ['where the location wants no drafts', 'We want a house', { modes: { replies: 'off' } }, 'sms'],
  ] as const)('is read and not answered %s', (_name, body, choices, channel) => {
    const settings = { ...defaultSettings, ...choices };
    expect(written(body, { settings }, channel)).toMatchObject({ read: true, reply: 'keep' });
  });

  it.each([
    ['that ends all messages', 'STOP', {}, 'sms'],
    ['that may be an opt-out', 'leave me out of this please, not interested anymore ok', {}, 'sms'],
    ['that asks for the standard line', 'HELP', {}, 'sms'],
    ['without a word', '  ', {}, 'sms'],
    ['that was a call', 'We want a house', {}, 'call'],
    ['that is old', 'We want a house', { stale: true }, 'sms'],
    [
      'to a person who works the lead',
      'We want a house',
      { lead: { ...situation().lead, state: 'taken-over' } },
      'sms',
    ],
    ['of a paused lead', 'We want a house', { lead: { ...situation().lead, state: 'paused' } }, 'sms'],
    ['of somebody on whom we may not act', 'We want a house', { snapshot: { tags: ['AI-Off'] } }, 'sms'],
    ['where there is no assistant', 'We want a house', { assistant: { ...present, present: false } }, 'sms'],
  ] as const)('is neither read nor answered: one %s', (_name, body, change, channel) => {
    expect(written(body, change as Partial<Situation>, channel)).toMatchObject({ read: false, reply: 'keep' });
  });
});

describe('a message that the assistant cannot answer', () => {
  const looks = (body: string, change: Partial<Situation> = {}, channel: 'sms' | 'email' | 'chat' | 'call' = 'sms') => {
    const of = situation({
      event: event('message.inbound', { occurredAt: AT, message: message('inbound', { body, channel }) }),
      reading: readMessage(body, { optedOut: false }),
      assistant: present,
      ...change,
    });
    return decide(of).tasks.flatMap(({ onceKey }) => (onceKey.startsWith('look:') ? [onceKey] : []));
  };

  it.each([
    ['a picture without a word', '  ', 'sms'],
    ['words in a chat', 'We want a house', 'chat'],
  ] as const)('is looked at by a person, who is asked once a day: %s', (_name, body, channel) => {
    expect(looks(body, {}, channel)).toEqual(['look:2026-03-02']);
  });

  it.each([
    ['it can be answered', 'We want a house', {}, 'sms'],
    ['it ends all messages', 'STOP', {}, 'chat'],
    ['it was a call', '', {}, 'call'],
    ['it is old', '', { stale: true }, 'sms'],
    ['a person works the lead', '', { lead: { ...situation().lead, state: 'taken-over' } }, 'sms'],
    ['there is no assistant', '', { assistant: { ...present, present: false } }, 'sms'],
    ['the location wants no drafts', '', { settings: { ...defaultSettings, modes: { replies: 'off' } } }, 'sms'],
  ] as const)('is nobody’s task where %s', (_name, body, change, channel) => {
    expect(looks(body, change as Partial<Situation>, channel)).toEqual([]);
  });
});

describe('what is owed or drafted', () => {
  const owed = { present: true, owed: { firstAt: AT, lastAt: AT }, open: true } as const;
  const after = (change: Partial<Situation>) => decide(situation({ assistant: owed, ...change })).assist?.reply;

  it.each([
    ['an opt-out', { event: event('message.inbound'), reading: readMessage('STOP', { optedOut: false }) }],
    ['a pause', { lead: { ...situation().lead, state: 'paused' } }],
    ['a stop tag', { snapshot: { tags: ['AI-Off'] } }],
    ['do-not-disturb', { snapshot: { tags: ['Hit List'], dnd: true } }],
  ] as const)('is not after %s', (_name, change) => {
    expect(after(change as Partial<Situation>)).toBe('cancel');
  });

  it('is not after a colleague wrote by hand', () => {
    const byHand = message('outbound', { origin: 'app', userId: 'user-1' });
    expect(after({ event: event('message.outbound', { message: byHand }) })).toBe('cancel');
  });

  it('stays after whatever else happens', () => {
    expect(after({ event: event('contact.updated') })).toBe('keep');
    expect(after({ event: event('message.outbound', { message: message('outbound') }) })).toBe('keep');
  });

  it('is nobody’s concern where there never was an assistant', () => {
    expect(assistFor(situation(), { state: 'active', stage: 'new', active: { yes: true } }, null)).toBeNull();
  });
});

describe('who turns to a lead', () => {
  it('gets some words about it when they take it over, and not again', () => {
    const byHand = message('outbound', { origin: 'app', userId: 'user-1' });
    const talked = { ...situation().lead, lastInboundAt: AT };
    const wrote = { event: event('message.outbound', { message: byHand }), assistant: present };
    expect(decide(situation({ ...wrote, lead: talked })).assist?.summary).toBe(true);
    expect(decide(situation({ ...wrote, lead: { ...talked, state: 'taken-over' } })).assist?.summary).toBe(false);
    expect(decide(situation({ ...wrote, lead: { ...talked, lastInboundAt: null } })).assist?.summary).toBe(false);
  });
});

describe('what the assistant waits for', () => {
  it('is told in plain words, the earlier first', () => {
    expect(assistNext({ jobAt: null, replyAt: null }, null)).toBeNull();
    expect(assistNext({ jobAt: dueAt(0), replyAt: dueAt(20) }, null)).toEqual({
      at: dueAt(0),
      sentence: 'Monday 15:00 UTC: what the lead wrote is read',
    });
    expect(assistNext({ jobAt: null, replyAt: dueAt(20) }, 'America/New_York')?.sentence).toBe(
      "Monday 10:00 in the lead's zone: a reply is drafted, once the lead has been silent for a moment",
    );
  });
});
