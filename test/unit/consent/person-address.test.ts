import { describe, expect, it } from '@jest/globals';
import { personAddress } from '../../../domain/consent/person-address.ts';
import { personHash } from '../../../platform/secrets.ts';

describe('one person', () => {
  it.each([
    [
      'dana@example.com',
      ['Dana@Example.com', ' dana@example.com ', 'Dana W <dana@example.com>', 'dana+zillow@example.com'],
    ],
    ['dana@example.com', ['DANA+a+b@EXAMPLE.COM', '<mailto:dana@example.com>', 'dana@example.com.']],
    [
      'danawhitfield@gmail.com',
      ['dana.whitfield@gmail.com', 'Dana.Whitfield+home@googlemail.com', 'd.a.n.a.whitfield@gmail.com'],
    ],
    [
      '+18135550142',
      [
        '8135550142',
        '(813) 555-0142',
        '1 813 555 0142',
        '+1-813-555-0142',
        '813.555.0142 x12',
        'tel:+18135550142;ext=9',
      ],
    ],
    ['+442079460018', ['+44 20 7946 0018', '+44 (20) 79460018']],
  ])('is %s however it is spelled', (address, spellings) => {
    expect(spellings.map(personAddress)).toEqual(spellings.map(() => address));
    expect(personAddress(address)).toBe(address);
  });

  it.each([
    // Dots mean something everywhere but at Gmail.
    ['dana.w@example.com', 'danaw@example.com'],
    ['dana@example.com', 'dana@example.org'],
    ['dana@example.com', 'dan@example.com'],
    ['+18135550142', '+18135550143'],
    // Ten digits after a plus sign are some other country's.
    ['+8135550142', '8135550142'],
  ])('is not another: %s and %s', (one, other) => {
    expect(personAddress(one)).not.toBe(personAddress(other));
  });

  it.each([
    '',
    '+',
    '@',
    '+tag@example.com',
    '12345',
    'visitor:dana@example.com',
    '.@gmail.com',
    'contact:abc',
    '1'.repeat(40),
  ])('stays as it is where it is neither: %j', (text) => {
    expect(personAddress(text)).toBe(text);
  });

  it('has one hash, which another key does not make', () => {
    const key = Buffer.alloc(32, 1);
    expect(personHash(key, 'dana.whitfield+x@gmail.com')).toBe(personHash(key, 'DanaWhitfield@googlemail.com'));
    expect(personHash(key, 'dana@example.com')).not.toBe(personHash(Buffer.alloc(32, 2), 'dana@example.com'));
  });
});
