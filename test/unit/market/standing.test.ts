import { describe, expect, it } from '@jest/globals';
import { statusText } from '../../../cli/market-text.ts';
import { feedsShown } from '../../../domain/market/standing.ts';
import type { FeedStanding } from '../../../domain/ports/market-status.ts';
import { createMarketReading } from '../../../platform/market-metrics.ts';
import { createMetrics } from '../../../platform/metrics.ts';

const NOW = '2026-03-02T15:00:00.000Z';
const choice = {
  ...({ provider: 'mlsgrid', market: 'bayline', originatingSystem: null, pollMinutes: 5 } as const),
  rights: { alerts: true, training: false },
};
const standing: FeedStanding = {
  ...{ market: 'bayline', provider: 'mlsgrid', mode: 'timestamps', phase: 'live' },
  ...{ cursor: { sequence: null, resources: {} }, polledAt: '2026-03-02T14:58:00.000Z', pageAt: null, newestAt: null },
  ...{ recent: { records: 0, since: null }, quota: null, heldUntil: null, failing: null, failingSince: null },
  ...{ listings: { active: 1, all: 2 }, deadLetters: { absurd: 3 }, drift: { open: 1, frozen: [] }, pushWaiting: 0 },
  ...{ reconciledAt: null, reconciled: null, walkingSince: null, halted: null },
};
const shown = (change: Partial<FeedStanding> = {}, chosen = [choice]) =>
  feedsShown('here', chosen, [{ ...standing, ...change }], NOW);
const mark = (watermark: string | null) => ({ watermark, scan: null });

describe('a feed', () => {
  it('is as far as its resource that is furthest behind; one without records holds nothing up', () => {
    const resources = {
      ...{ Property: mark('2026-03-02T14:50:00.000Z'), Office: mark('2026-03-02T14:40:00.000Z') },
      OpenHouse: mark('1970-01-01T00:00:00.000Z'),
    };
    const [feed] = shown({ cursor: { sequence: null, resources } });
    expect(feed?.cursor).toEqual({ sequence: null, at: '2026-03-02T14:40:00.000Z', ageSeconds: 1_200 });
    const unfinished = { ...resources, Media: mark(null) };
    expect(shown({ cursor: { sequence: null, resources: unfinished } })[0]?.cursor.at).toBeNull();
  });

  it('tells which resources the account may not read, which hold nothing up', () => {
    const resources = { Property: mark('2026-03-02T14:50:00.000Z'), OpenHouse: mark('2026-03-01T14:50:00.000Z') };
    const notGranted = { OpenHouse: '2026-03-02T14:00:00.000Z' };
    const [feed] = shown({ cursor: { sequence: null, resources, notGranted } });
    expect(feed).toMatchObject({ notGranted: ['OpenHouse'], cursor: { at: '2026-03-02T14:50:00.000Z' } });
    expect(statusText({ colour: false }, [feed!], NOW)).toContain('OpenHouse: the account may not read them');
    expect(shown()[0]).toMatchObject({ notGranted: [] });
  });

  it('tells whose word its quota is; one that was stored before that was told is our count', () => {
    const quota = { at: NOW, left: 40, limit: 50, resetsAt: null };
    const text = (by: object) => statusText({ colour: false }, shown({ quota: { ...quota, ...by } }), NOW);
    expect(text({ by: 'vendor' })).toContain(`40 of 50 requests left (said by the vendor, ${NOW})`);
    expect(text({ by: 'us' })).toContain(`40 of 50 requests left (counted by us, without what others ask, ${NOW})`);
    expect(text({})).toContain('counted by us');
    expect(statusText({ colour: false }, shown(), NOW)).toContain('unknown: the vendor does not say');
  });

  it('with a journal is as far as the newest change that was seen', () => {
    const [feed] = shown({
      mode: 'events',
      cursor: { sequence: '77', resources: {} },
      newestAt: '2026-03-02T14:59:00.000Z',
    });
    expect(feed?.cursor).toEqual({ sequence: '77', at: '2026-03-02T14:59:00.000Z', ageSeconds: 60 });
  });

  it('brings in so many records a minute of the time in which they came', () => {
    const rate = (records: number, since: string | null) => shown({ recent: { records, since } })[0]?.rowsPerMinute;
    expect([rate(0, null), rate(600, '2026-03-02T14:50:00.000Z'), rate(90, '2026-03-02T14:59:50.000Z')]).toEqual([
      0, 60, 90,
    ]);
  });

  it('of another provider than is chosen under its name has not begun', () => {
    expect(shown({ provider: 'spark' })).toMatchObject([
      { standing: 'not-started', provider: 'mlsgrid', polledAt: null },
    ]);
  });

  it('that was compared says what was missing and what was gone', () => {
    const reconciled = {
      Property: { feed: 9, local: 9, missing: 2, ghosts: 1 },
      Office: { feed: 1, local: 1, missing: 0, ghosts: 0 },
    };
    const words = (change: Partial<FeedStanding>) => statusText({ colour: false }, shown(change), NOW);
    expect(words({ reconciled, reconciledAt: '2026-03-02T08:00:00.000Z' })).toContain(
      'compared       2026-03-02T08:00:00.000Z: Property: 2 were missing, 1 were gone; read again',
    );
    expect(words({ reconciled })).toContain('asked for anew; the last time: Property');
    expect(words({ walkingSince: NOW })).toContain(`going on since ${NOW}`);
    expect(words({ reconciled: {}, reconciledAt: NOW })).toContain('all keys equal');
    const halted = { resource: 'Property', feed: 4_000, local: 20_001, missing: 0, ghosts: 16_001 } as const;
    expect(words({ halted })).toContain(
      'halted: the feed lacks 16,001 of 20,001 Property, and none was taken away; if they are gone indeed  →  leadwright market gone Property 16001',
    );
  });

  it('may send no control characters to a terminal', () => {
    const hostile = statusText(
      { colour: false },
      shown({ deadLetters: { 'a\u001b[31m': 1 }, drift: { open: 1, frozen: ['x\u0007'] } }),
      NOW,
    );
    expect([...hostile].filter((char) => char < ' ' && char !== '\n')).toEqual([]);
  });
});

describe('metrics', () => {
  const text = (feeds: () => Promise<readonly FeedStanding[]>) =>
    createMetrics({
      market: createMarketReading(
        { list: () => Promise.resolve([{ locationId: 'here', settings: { market: { feeds: [choice] } } }] as never) },
        { feeds },
        () => new Date(NOW),
      ),
    }).text();

  it('tell how feeds stand, without their names', async () => {
    const told = await text(() => Promise.resolve([standing]));
    for (const line of [
      ...['leadwright_market_lag_seconds 120', 'leadwright_market_dead_letters 3', 'leadwright_market_drift_open 1'],
      ...['leadwright_market_feeds{standing="well"} 1', 'leadwright_market_feeds{standing="failing"} 0'],
    ]) {
      expect(told.split('\n')).toContain(line);
    }
    expect(told).not.toContain('bayline');
  });

  it('do not know what cannot be read', async () => {
    const told = await text(() => Promise.reject(new Error('away')));
    expect(told).toContain('leadwright_market_lag_seconds Nan');
    expect(told).toContain('leadwright_market_feeds{standing="well"} Nan');
  });
});
