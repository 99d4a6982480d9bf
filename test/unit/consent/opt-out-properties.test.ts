import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { asksForHelp, explainOptOut, readOptOut } from '../../../domain/consent/opt-out.ts';
import { rules } from '../../../domain/consent/opt-out-rules.ts';

/** One message per line; those that span several are left out here. */
function corpus(name: string): string[] {
  const file = new URL(`../../fixtures/opt-out/${name}.txt`, import.meta.url);
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.includes('\\n'));
}
const clear = corpus('clear');
const ordinary = corpus('ordinary');
const ourText = 'Hi Ana, this is Oak Lane Realty. Are you still looking? Reply STOP to opt out.';

/** Every message is tried, none by chance: those that a change makes something else of. */
const otherwise = (
  messages: readonly string[],
  change: (text: string) => string,
  isAsItWas: (verdict: string) => boolean,
) => messages.filter((text) => !isAsItWas(readOptOut(change(text))));

describe('a plain opt-out stays one', () => {
  const heard = (change: (text: string) => string) =>
    expect(otherwise(clear, change, (verdict) => verdict === 'clear')).toEqual([]);

  it('in lower case', () => heard((text) => text.toLowerCase()));
  it('in capitals', () => heard((text) => text.toUpperCase()));
  it('with exclamation marks behind it', () => heard((text) => `${text}!!!`));
  it('with space around it', () => heard((text) => `\n  ${text} \u00a0 `));
  it('with invisible characters between its letters', () => heard((text) => [...text].join('\u200b')));
  it('in full-width letters', () =>
    heard((text) => text.replace(/[A-Za-z]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0))));
  it('above the mark of a phone', () => heard((text) => `${text}\nSent from my iPhone`));
  it('above a quotation of our own text', () =>
    heard((text) => `${text}\n\nOn Mon, Nov 3, 2026 at 9:00 AM Oak Lane <team@example.com> wrote:\n> ${ourText}`));
});

describe('an ordinary message never becomes an opt-out', () => {
  const unheard = (change: (text: string) => string) =>
    expect(otherwise(ordinary, change, (verdict) => verdict !== 'clear')).toEqual([]);

  it('by lower case', () => unheard((text) => text.toLowerCase()));
  it('by capitals', () => unheard((text) => text.toUpperCase()));
  it('by space and invisible characters', () => unheard((text) => ` \u200b${text}\ufeff `));
  it('by a quotation of our own text below it', () => unheard((text) => `${text}\n\n> ${ourText}`));
  it('by our own text, forwarded with no mark of a quotation', () => unheard((text) => `${ourText}\n${text}`));
  it('by our own text in quotation marks', () => unheard((text) => `"${ourText}" ${text}`));
  it('by a thank-you', () => unheard((text) => `${text}\nThanks,\nAna Lopez\n(813) 555-0142`));
});

describe('letters in disguise', () => {
  it.each(['ЅТОР', 'ꜱᴛᴏᴘ', '🅂🅃🄾🄿', '🆂🆃🅾🅿', '🇸🇹🇴🇵', '$top', '5T0P', 'st*p', 'S+OP', 'ST🛑P', 'S\u3164T\u3164O\u3164P'])(
    'are read as what they look like: %s',
    (text) => {
      expect(readOptOut(text)).toBe('clear');
    },
  );
});

describe('every verdict', () => {
  it('names its rule, and every rule gives its reason', () => {
    const known = new Set(rules.map(({ name }) => name));
    for (const { because } of rules) expect(because).toMatch(/^\p{Lu}.{15,}\.$/u);
    for (const text of clear) {
      const { rule } = explainOptOut(text);
      expect(rule).not.toBeNull();
      if (!known.has(rule ?? '')) expect(said).toContain(rule);
    }
    for (const text of ordinary) expect(explainOptOut(text)).toEqual({ verdict: 'none', rule: null });
  });

  it('is explained by name in the guide for counsel', () => {
    const guide = readFileSync(new URL('../../../docs/consent.md', import.meta.url), 'utf8');
    const names = rules.filter(({ means }) => means !== 'ordinary').map(({ name }) => name);
    expect([...names, ...said].filter((name) => !guide.includes(`\`${name}\``))).toEqual([]);
  });

  /** Verdicts that follow from a whole message. */
  const said = [
    ...['keyword', 'own-line-sent-back', 'stop-beside-refusal', 'two-refusals', 'stop-in-capitals', 'stop-in-jest'],
    ...['another-name', 'sign', 'too-long', 'spares-the-dead'],
  ];
});

describe('preferences, jokes and other channels', () => {
  it.each([
    'stop sending condos',
    "don't text me, e-mail me instead",
    'unsubscribe me from the newsletter but text me',
    'stop it, that is gorgeous!',
  ])('are shown to a person: %j', (text) => {
    expect(readOptOut(text)).toBe('ambiguous');
  });

  it('are no opt-out where texts are what is wanted', () => {
    expect(readOptOut("don't call me, text me")).toBe('none');
  });
});

describe('signs of refusal', () => {
  it('are doubtful alone and plain together', () => {
    expect(readOptOut('not interested')).toBe('ambiguous');
    expect(readOptOut('this is harassment')).toBe('ambiguous');
    expect(readOptOut('not interested stop')).toBe('clear');
    expect(readOptOut('Not interested. This is harassment.')).toBe('clear');
  });
});

it.each(['HELP', 'info', ' Help please! ', 'Ayuda'])('a call for help is none of it: %j', (text) => {
  expect(asksForHelp(text)).toBe(true);
  expect(readOptOut(text)).toBe('none');
});

it('ten thousand characters are read in a moment', () => {
  const text = 'we would like to see the house near the bus stop and not pay more than 400 '
    .repeat(140)
    .slice(0, 10_000);
  readOptOut(text);
  const begun = process.cpuUsage();
  readOptOut(text);
  expect(process.cpuUsage(begun).user).toBeLessThan(1_000_000);
});
