import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { TalkMessage } from '../../../domain/leads/lead.ts';
import { factsWithEvent, scoreThatStands } from '../../../domain/leads/score-facts.ts';
import { event, message, now, score } from './situation.ts';

const at = (minute: number): string => new Date(Date.parse(now) + minute * 60_000).toISOString();
const said = (direction: 'inbound' | 'outbound', minute: number): TalkMessage => ({
  ...{ direction, channel: 'sms', body: `words of minute ${minute}`, at: at(minute), human: direction === 'outbound' },
});

/** Hours to the answers, once this message is worked and the others are stored. */
function hoursWith(last: TalkMessage, others: readonly TalkMessage[], stored: readonly number[]) {
  const news = event(last.direction === 'inbound' ? 'message.inbound' : 'message.outbound', {
    occurredAt: last.at,
    message: message(last.direction, { body: last.body, at: last.at, channel: last.channel as 'sms' }),
  });
  const given = { qualification: {}, snapshot: null, talk: others, crm: {} };
  return factsWithEvent({ asOf: now, responseHours: stored }, { event: news, ...given }).responseHours ?? [];
}

/** The plain way: each message of the contact right after one of ours. */
function plainly(talk: readonly TalkMessage[]): number[] {
  const hours: number[] = [];
  for (const [index, one] of talk.entries()) {
    const before = talk[index - 1];
    if (one.direction === 'inbound' && before?.direction === 'outbound') {
      hours.push((Date.parse(one.at) - Date.parse(before.at)) / 3_600_000);
    }
  }
  return hours;
}

describe('hours to an answer', () => {
  it('are the same in whatever order the news of a talk came', () => {
    const directions = fc.array(fc.constantFrom('inbound' as const, 'outbound' as const), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(directions, fc.nat(), (turns, choice) => {
        // Ten minutes apart: nearer together the same words of ours would be one send.
        const talk = turns.map((direction, index) => said(direction, index * 10));
        const last = talk[choice % talk.length]!;
        const others = talk.filter((one) => one !== last);
        expect(hoursWith(last, others, plainly(others))).toEqual(plainly(talk));
      }),
    );
  });

  it('keep what lies before the part of the talk that is at hand', () => {
    const talk = [said('inbound', 100), said('outbound', 110)];
    expect(hoursWith(said('inbound', 140), talk, [5, 7])).toEqual([5, 7, 0.5]);
  });

  it('count a message of ours once, though its webhook comes after it was stored', () => {
    const sent = said('outbound', 0);
    const webhook = { ...sent, at: at(1) };
    expect(hoursWith(webhook, [sent, said('inbound', 30)], [0.5])).toEqual([0.5]);
  });

  it('leave internal comments out', () => {
    const comment = { ...said('outbound', 20), channel: 'internal-comment' };
    expect(hoursWith(said('inbound', 30), [said('outbound', 0), comment], [])).toEqual([0.5]);
    expect(hoursWith(comment, [said('outbound', 0), said('inbound', 30)], [0.5])).toEqual([0.5]);
  });
});

describe('a score without the facts that the team keeps in the CRM', () => {
  const blind = [{ what: 'crm-fields', why: 'CRM_UNAVAILABLE' }] as const;

  it('never makes a lead colder than it was', () => {
    expect(scoreThatStands(score(55), score(74), blind)).toBeNull();
    expect(scoreThatStands(score(80), score(74), blind)).toEqual(score(80));
    expect(scoreThatStands(score(55), null, blind)).toEqual(score(55));
    expect(scoreThatStands(null, score(74), blind)).toBeNull();
  });

  it('counts as it is where those facts were read, and where something else was missing', () => {
    expect(scoreThatStands(score(55), score(74), [])).toEqual(score(55));
    const other = [{ what: 'crm-snapshot', why: 'CRM_UNAVAILABLE' }] as const;
    expect(scoreThatStands(score(55), score(74), other)).toEqual(score(55));
  });
});
