import { describe, expect, it } from '@jest/globals';
import { priceOf } from '../../../domain/assistant/prices.ts';
import { warmingOf, type SharedPrefix } from '../../../domain/assistant/warming.ts';

const NOW = Date.parse('2026-11-10T15:00:00Z');
const MINUTE = 60_000;
const SONNET = 'claude-sonnet-5-5';
const HAIKU = 'claude-haiku-5-5';

const prefix = (change: Partial<SharedPrefix> = {}): SharedPrefix => ({
  ...{ model: SONNET, touched: NOW - 10 * MINUTE, pings: 0, ttl: '1h', same: true },
  ...change,
});
const found = (prefixes: readonly SharedPrefix[], next: 'unknown' | 'none' | number = 'unknown') =>
  warmingOf(prefixes, next, NOW, (model) => priceOf(model, '2026-11-10T15:00:00Z').rates);

describe('what a location shares', () => {
  it('is pinged when nine tenths of its hour are over', () => {
    expect(found([prefix()])).toEqual({ kind: 'ping', at: NOW + 44 * MINUTE, model: SONNET });
  });

  it('is pinged on the model whose hour ends first', () => {
    const haiku = prefix({ model: HAIKU, touched: NOW - 20 * MINUTE });
    expect(found([prefix(), haiku])).toMatchObject({ at: NOW + 34 * MINUTE, model: HAIKU });
    expect(found([haiku, prefix()])).toMatchObject({ model: HAIKU });
  });

  it('is left alone once the pings cost what a write does, each model by its own price', () => {
    expect(found([prefix({ pings: 37 })])).toMatchObject({ kind: 'ping' });
    expect(found([prefix({ pings: 38 })])).toEqual({ kind: 'stop', why: 'spent' });
    expect(found([prefix({ model: HAIKU, pings: 18 })])).toEqual({ kind: 'stop', why: 'spent' });
    expect(found([prefix({ pings: 38 }), prefix({ model: HAIKU })])).toMatchObject({ kind: 'ping', model: HAIKU });
  });

  it('is left alone where a ping would have to write it', () => {
    expect(found([prefix({ touched: NOW - 61 * MINUTE })])).toEqual({ kind: 'stop', why: 'cold' });
    expect(found([prefix({ ttl: 'none' })])).toEqual({ kind: 'stop', why: 'cold' });
    expect(found([prefix({ same: false })])).toEqual({ kind: 'stop', why: 'cold' });
  });

  it('is left alone where nobody comes', () => {
    expect(found([])).toEqual({ kind: 'stop', why: 'nobody-comes' });
    expect(found([prefix()], 'none')).toEqual({ kind: 'stop', why: 'nobody-comes' });
  });

  it('is left alone where the next call comes in time, or not for days', () => {
    expect(found([prefix()], NOW + 30 * MINUTE)).toEqual({ kind: 'stop', why: 'in-time' });
    expect(found([prefix()], NOW + 72 * 60 * MINUTE)).toEqual({ kind: 'stop', why: 'too-long' });
  });
});
