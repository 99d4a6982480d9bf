import { describe, expect, it } from '@jest/globals';
import type { SequenceDocument } from '../../../domain/follow-up/sequence.ts';
import { decide } from '../../../domain/leads/decide.ts';
import type { Situation } from '../../../domain/leads/decision.ts';
import { defaultSettings, type LocationSettings } from '../../../domain/leads/settings.ts';
import type { News } from '../../../domain/market/alerts.ts';
import { bundledSequences } from '../../../platform/bundled-sequences.ts';
import { enrolment, event, now, situation, welcome } from './situation.ts';

const market = bundledSequences()
  .filter(({ track }) => track === 'market')
  .map((document): SequenceDocument => ({ ...document, version: 1 }));
const news: News = {
  listingKey: 'L1',
  change: 'new',
  kind: 'new',
  startsAt: null,
  decidedAt: '2026-03-11T13:58:00.000Z',
};
const base = situation();
const worked = {
  ...base.lead,
  activatedAt: '2026-03-01T00:00:00.000Z',
  tier: 'warm' as const,
  lastActivityAt: '2026-03-02T00:00:00.000Z',
};

function told(more: Partial<Situation> = {}, settings: Partial<LocationSettings> = {}) {
  return decide(
    situation({
      ...{ event: event('market.alert', { source: 'internal' }), lead: worked, score: null, news: [news] },
      ...{ sequences: [welcome, ...market], available: ['listings'], settings: { ...defaultSettings, ...settings } },
      ...more,
    }),
  );
}
const begun = (more: Partial<Situation> = {}, settings: Partial<LocationSettings> = {}) =>
  told(more, settings).enrol.map(({ document }) => document.key);
const dropped = (more: Partial<Situation> = {}, settings: Partial<LocationSettings> = {}) =>
  told(more, settings).drop?.map(({ why }) => why) ?? [];

describe('news of homes that waits for a lead', () => {
  it('begins its sequence beside a talk, and nothing goes out before what comes at about the same time is together', () => {
    const { enrol, end, drop } = told({ enrolments: [enrolment(welcome)] });
    expect(enrol).toMatchObject([
      { document: { key: 'listing-alerts' }, because: { on: 'listing' }, notBefore: '2026-03-11T14:08:00.000Z' },
    ]);
    expect(end).toEqual([]);
    expect(drop).toBeUndefined();
  });

  it('is nothing that the lead did: no activation, no score, no new silence, no word that scoring failed', () => {
    const { enrol, score, tier, followUp, timeline, tasks } = told({ lead: { ...worked, activatedAt: null } });
    expect(enrol.map(({ document }) => document.key)).toEqual(['listing-alerts']);
    expect({ score, tier, tasks }).toEqual({ score: null, tier: 'warm', tasks: [] });
    expect(followUp.talk).toEqual(base.talk);
    expect(followUp.facts).toMatchObject({ lastEventAt: '2026-03-02T00:00:00.000Z' });
    const summaries = timeline.map(({ summary }) => summary);
    expect(summaries[0]).toBe('News of 1 home waits for the lead: 1 new.');
    expect(summaries).not.toContain('Scoring failed; the last score stands.');
  });

  it('is begun by any other event as well, but for a message of the lead', () => {
    expect(begun({ event: event('contact.updated') })).toEqual(['listing-alerts']);
    expect(begun({ event: event('message.inbound') })).toEqual([]);
    expect(begun({ event: event('message.understood') })).toEqual([]);
    expect(begun({ stale: true })).toEqual([]);
  });

  it.each<[string, Partial<Situation>, Partial<LocationSettings>, string]>([
    ['the lead is stopped', { lead: { ...worked, state: 'stopped' } }, {}, 'the lead is stopped'],
    ['its tags do not allow us to act', { snapshot: { tags: [] } }, {}, 'we may not act on the lead'],
    [
      'the location sends none',
      {},
      { market: { feeds: [], alerts: { perDay: 0, collectMinutes: 10 } } },
      'the location sends no news of homes',
    ],
    [
      'the location turned it off',
      {},
      { sequences: { 'listing-alerts': false } },
      'no sequence of the location tells of it (new)',
    ],
    ['there is no feed', { available: [] }, {}, 'listing-alerts needs listings, which this location does not have'],
  ])('is dropped with why where %s', (_, more, settings, why) => {
    expect(begun(more, settings)).toEqual([]);
    expect(dropped(more, settings)).toEqual([why]);
    expect(told(more, settings).timeline.map(({ summary }) => summary)).toContain(`Dropped news of a home: ${why}.`);
  });

  it('keeps waiting while a person works the lead or it is paused', () => {
    for (const state of ['paused', 'taken-over'] as const) {
      expect(begun({ lead: { ...worked, state } })).toEqual([]);
      expect(dropped({ lead: { ...worked, state } })).toEqual([]);
    }
  });

  it('that is told already begins nothing again', () => {
    expect(begun({ news: [] })).toEqual([]);
    expect(begun({ enrolments: [enrolment(market[0])] })).toEqual([]);
    expect(told({ news: [] }).timeline[0]?.summary).toBe('News of homes came, and is told or dropped already.');
    expect(now > news.decidedAt).toBe(true);
  });
});
