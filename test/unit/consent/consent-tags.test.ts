import { describe, expect, it } from '@jest/globals';
import { consentsFromTags, restsOnTag } from '../../../domain/consent/consent-tags.ts';

const mapping = { 'Texts-OK': ['sms'], Paper: ['sms', 'email'] } as const;

describe('consent by tags', () => {
  it('is granted by the first configured tag that the contact bears, whatever its spelling', () => {
    expect(consentsFromTags([' texts-ok', 'PAPER', 'vip'], mapping)).toEqual([
      { channel: 'sms', state: 'granted', basis: 'tag:Texts-OK' },
      { channel: 'email', state: 'granted', basis: 'tag:Paper' },
    ]);
  });

  it('is gone for each tag that would have granted a channel that no tag grants', () => {
    expect(consentsFromTags(['vip'], mapping)).toEqual([
      { channel: 'sms', state: 'gone', basis: 'tag:Texts-OK' },
      { channel: 'sms', state: 'gone', basis: 'tag:Paper' },
      { channel: 'email', state: 'gone', basis: 'tag:Paper' },
    ]);
    expect(consentsFromTags(['texts-ok'], mapping)).toEqual([
      { channel: 'sms', state: 'granted', basis: 'tag:Texts-OK' },
      { channel: 'email', state: 'gone', basis: 'tag:Paper' },
    ]);
  });

  it('says nothing while the tags are unknown, nor where no tag is configured', () => {
    expect(consentsFromTags(undefined, mapping)).toEqual([]);
    expect(consentsFromTags(['vip'], {})).toEqual([]);
  });

  it('knows a basis that is a tag from any other', () => {
    expect(['tag:Paper', 'opt-out', 'form tag:Paper', null].map(restsOnTag)).toEqual([true, false, false, false]);
  });
});
