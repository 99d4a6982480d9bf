import { describe, expect, it } from '@jest/globals';
import { defaultSettings } from '../../../domain/leads/settings.ts';
import { factsFromFields } from '../../../domain/scoring/crm-facts.ts';

const ids = { 'contact.budget': 'f1', 'contact.timeline': 'f2', 'contact.page_views': 'f3' };

describe('facts of the score in custom fields', () => {
  it('are read by the location’s keys, as numbers or as words', () => {
    expect(factsFromFields({ f1: 'up to $450k', f2: 'asap', f3: '7' }, ids, defaultSettings)).toEqual({
      budget: 450_000,
      timeline: 'immediate',
      pageViews: 7,
    });
    expect(factsFromFields({ f1: 420_000 }, ids, defaultSettings)).toEqual({ budget: 420_000 });
  });

  it('stay absent when the field is missing, empty, impossible or another location’s', () => {
    expect(factsFromFields({ f1: '', f2: 3, f3: -1, f9: 5 }, ids, defaultSettings)).toEqual({});
    expect(factsFromFields({ f1: null, f3: ['a'] }, ids, defaultSettings)).toEqual({});
    expect(factsFromFields({ f1: 1 }, {}, defaultSettings)).toEqual({});
    expect(factsFromFields({ f1: 1 }, ids, { ...defaultSettings, scoreFields: {} })).toEqual({});
  });
});
