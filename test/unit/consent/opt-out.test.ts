import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { readOptOut } from '../../../domain/consent/opt-out.ts';

/** One message per line; `\n` stands for a line break. */
function corpus(name: string): string[] {
  const file = new URL(`../../fixtures/opt-out/${name}.txt`, import.meta.url);
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => line.replaceAll('\\n', '\n'));
}

describe('opt-out words', () => {
  it('holds corpora worth the name', () => {
    expect(corpus('clear').length).toBeGreaterThanOrEqual(80);
    expect(corpus('ordinary').length).toBeGreaterThanOrEqual(200);
  });

  it.each(corpus('clear'))('silences us at once: %j', (text) => {
    expect(readOptOut(text)).toBe('clear');
  });

  it.each(corpus('ambiguous'))('closes the gate for a human to look: %j', (text) => {
    expect(readOptOut(text)).toBe('ambiguous');
  });

  it.each(corpus('ordinary'))('never opts out: %j', (text) => {
    expect(readOptOut(text)).toBe('none');
  });

  it.each([
    'know',
    'now',
    'weekend',
    'lender',
    'offer',
    'end of the month',
    'stop by',
    'can I stop in',
    'I quit my job',
  ])('does not find a stop word inside %j, whatever stands around it', (words) => {
    for (const around of [words, `${words}!`, `  ${words.toUpperCase()} `, `Hi, ${words}?`, `${words}.\nThanks`]) {
      expect(readOptOut(around)).toBe('none');
    }
  });

  it('hears a stop word through any case, punctuation, space and emoji around it', () => {
    const noise = fc.array(
      fc.constantFrom(' ', '.', '!', '?', '"', '“', '”', '\n', '\t', '🙏', '🛑', '…', '*', '\u200b'),
    );
    const everyday = ['cancel', 'End', 'QUIT', 'revoke', 'Remove'];
    const words = [
      'stop',
      'STOPALL',
      'Unsubscribe',
      'cancel',
      'End',
      'QUIT',
      'revoke',
      'OptOut',
      'opt out',
      'Remove',
      'alto',
      'no más',
      'parar',
    ];
    fc.assert(
      fc.property(noise, fc.constantFrom(...words), noise, (before, word, after) => {
        const text = before.join('') + word + after.join('');
        // "Cancel?" asks whether to; the words of every day are then shown to a person.
        const asks = /\?\s*$/.test(text.replaceAll('\u200b', '')) && everyday.includes(word);
        if (asks) expect(readOptOut(text)).not.toBe('none');
        else expect(readOptOut(text)).toBe('clear');
      }),
    );
  });
});

describe('opting in again', () => {
  it.each(['START', 'start', ' Unstop! ', 'unstop please', 'opt in'])('%j lifts an opt-out', (text) => {
    expect(readOptOut(text)).toBe('opt-in');
  });

  it('takes a bare yes as opt-in only from a person who is opted out', () => {
    expect(readOptOut('YES')).toBe('none');
    expect(readOptOut('YES', { optedOut: false })).toBe('none');
    expect(readOptOut('Yes please!', { optedOut: true })).toBe('opt-in');
    expect(readOptOut('yes, the one on Elm', { optedOut: true })).toBe('none');
  });

  it('never lifts an opt-out for a longer sentence or a call for help', () => {
    for (const text of ['when do we start?', 'start with the one on Elm', 'HELP', 'start stop']) {
      expect(readOptOut(text, { optedOut: true })).not.toBe('opt-in');
    }
  });
});

describe('quoted history', () => {
  const ours = 'Hi, this is Oak Lane Realty. Reply STOP to opt out, or unsubscribe below.';

  it.each([
    ['Gmail', `Sounds great!\n\nOn Mon, Nov 3, 2026 at 9:00 AM Oak Lane <team@example.com> wrote:\n> ${ours}`],
    [
      'Gmail, header over two lines',
      `Yes\n\nOn Mon, Nov 3, 2026 at 9:00 AM Oak Lane Realty of Plano\n<team@example.com> wrote:\n\n> ${ours}`,
    ],
    [
      'Apple',
      `See you then\n\nSent from my iPhone\n\n> On Nov 3, 2026, at 9:00 AM, Oak Lane <team@example.com> wrote:\n> ${ours}`,
    ],
    ['Outlook', `Thanks\n\n________________________________\nFrom: Oak Lane <team@example.com>\nSent: Monday\n${ours}`],
    ['Outlook without a line', `Thanks\n\nFrom: Oak Lane\nSent: Monday\nSubject: Homes\n\n${ours}`],
    ['original message', `ok\n-----Original Message-----\n${ours}`],
    ['one line', `Great! On Mon, Nov 3, 2026 at 9:00 AM Oak Lane <team@example.com> wrote: ${ours}`],
    ['Spanish', `Sí\n\nEl lun, 3 nov 2026 a las 9:00, Oak Lane <team@example.com> escribió:\n> ${ours}`],
    ['Windows line ends', `ok\r\n\r\n> ${ours}\r\n`],
  ])('does not count: %s', (_, text) => {
    expect(readOptOut(text)).toBe('none');
  });

  it('does not hide what the person wrote above, below or between', () => {
    const header = 'On Mon, Nov 3, 2026 at 9:00 AM Oak Lane <team@example.com> wrote:';
    expect(readOptOut(`Unsubscribe\n\n${header}\n> Hello`)).toBe('clear');
    expect(readOptOut(`${header}\n> Hello\n> there\n\nTake me off your list`)).toBe('clear');
    expect(readOptOut('> Are you buying?\nstop e-mailing me\n> When?')).toBe('clear');
    expect(readOptOut('On Monday I wrote: stop texting me')).toBe('clear');
  });
});

describe('hostile messages', () => {
  const long = 100_000;
  const pieces = [
    'a',
    'stop ',
    's ',
    'dont want to be ',
    'on mon 9:00 ',
    'please you must ',
    '>',
    '\n',
    'liked ',
    'if you dont ',
    ', ',
    '. ',
    "'",
    '\u0301',
    '𝐒 ',
  ];

  // Quadratic time would take minutes at these lengths and trip the test's own limit.
  it.each(pieces)('reads 100 kB of %j to the end', (piece) => {
    const text = piece.repeat(Math.ceil(long / piece.length));
    expect(['none', 'clear', 'ambiguous']).toContain(readOptOut(text));
    expect(readOptOut(`${text}\nstop texting me`)).toBe('clear');
  });

  it('asks for a human when a message is too long to be read to its end', () => {
    expect(readOptOut('lovely house '.repeat(30_000))).toBe('ambiguous');
  });

  it('answers for any string', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        expect(['none', 'clear', 'ambiguous', 'opt-in']).toContain(readOptOut(text));
      }),
    );
  });
});
