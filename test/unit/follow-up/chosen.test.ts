import { describe, expect, it } from '@jest/globals';
import { beginningHere } from '../../../domain/follow-up/chosen.ts';
import { bundledSequences } from '../../../platform/bundled-sequences.ts';
import { welcome } from '../leads/situation.ts';

const waiting = { ...welcome, key: 'waiting', optIn: true as const };
const keys = (chosen: Readonly<Record<string, boolean>>) =>
  beginningHere([welcome, waiting], chosen).map(({ key }) => key);

describe('sequences that begin by themselves', () => {
  it('are those that need not be turned on, until a location chooses otherwise', () => {
    expect(keys({})).toEqual(['new-lead-welcome']);
    expect(keys({ waiting: true })).toEqual(['new-lead-welcome', 'waiting']);
    expect(keys({ waiting: true, 'new-lead-welcome': false })).toEqual(['waiting']);
    expect(keys({ waiting: false, toString: true })).toEqual(['new-lead-welcome']);
  });

  it('are of those that ship the welcome alone, and those for which the location has told of a feed that may be used so', () => {
    const shipped = bundledSequences().map((document) => ({ ...document, version: 1 }));
    const begin = beginningHere(shipped, {}).filter(({ trigger }) => trigger.on !== 'operator');
    expect(shipped.length).toBeGreaterThanOrEqual(8);
    const asked = begin.filter(({ needs }) => needs.includes('listings'));
    expect(asked.map(({ key }) => key)).toEqual(['listing-alerts', 'open-house', 'price-drop']);
    const others = begin.filter((document) => !asked.includes(document));
    expect(others.map(({ key }) => key)).toEqual(['new-lead-welcome']);
  });
});
