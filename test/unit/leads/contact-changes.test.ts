import { describe, expect, it } from '@jest/globals';
import { changesInWords, contactChanges } from '../../../domain/leads/contact-changes.ts';

const before = {
  phone: '+12125550142',
  tags: ['Hit List', 'Cold-Lead'],
  customFields: { f1: 1, f2: ['a'] },
  dndChannels: { sms: 'off' },
  knownAt: { phone: '2026-05-13T01:00:00.000Z' },
} as const;

describe('what changed of a contact', () => {
  it('is told field by field with what was known before, tags as what came and what went', () => {
    const after = {
      ...before,
      phone: null,
      email: 'robin@example.com',
      tags: ['hit list', 'Hot-Lead'],
      customFields: { f1: 2, f2: ['a'] },
      dndChannels: { sms: 'on' },
      knownAt: {},
    } as const;
    expect(contactChanges(before, after)).toEqual([
      { field: 'customFields.f1', before: 1, after: 2 },
      { field: 'dndChannels.sms', before: 'off', after: 'on' },
      { field: 'email', after: 'robin@example.com' },
      { field: 'phone', before: '+12125550142', after: null },
      { field: 'tags', added: ['Hot-Lead'], removed: ['Cold-Lead'] },
    ]);
  });

  it('is nothing when only spellings and times differ, or when tags are not spoken of', () => {
    const { tags: _tags, ...silent } = before;
    expect(contactChanges(before, { ...before, tags: ['HIT LIST', 'cold-lead'] })).toEqual([]);
    expect(contactChanges(before, silent)).toEqual([]);
    expect(contactChanges(null, null)).toEqual([]);
  });

  it('is put into words without any value', () => {
    const words = changesInWords(
      contactChanges(before, { ...before, phone: '+12125550199', customFields: { f1: 9, f2: 8 }, tags: ['New One'] }),
    );
    expect(words).toBe('2 custom fields, phone number, one tag added, 2 tags removed');
  });
});
