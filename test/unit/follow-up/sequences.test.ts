import { describe, expect, it } from '@jest/globals';
import { readFileSync, readdirSync } from 'node:fs';
import { readOptOut } from '../../../domain/consent/opt-out.ts';
import { parseSequence, type SequenceDraft } from '../../../domain/follow-up/document.ts';
import { smsSegments } from '../../../domain/follow-up/segments.ts';
import type { SequenceStep } from '../../../domain/follow-up/sequence.ts';

const folder = new URL('../../../domain/follow-up/sequences/', import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
const parsed = files.map((file) => ({
  file,
  read: parseSequence(JSON.parse(readFileSync(new URL(file, folder), 'utf8'))),
}));
const documents: SequenceDraft[] = parsed.flatMap(({ read }) => (read.ok ? [read.document] : []));
type Message = Extract<SequenceStep, { channel: 'sms' | 'email' }>;
const isMessage = (step: SequenceStep): step is Message => step.channel === 'sms' || step.channel === 'email';

const steps = documents.flatMap((document) =>
  document.steps.map((step) => ({ name: `${document.key} ${step.key}`, step })),
);
const messages = steps.flatMap(({ name, step }) => (isMessage(step) ? [{ name, step }] : []));
/** What texts about homes are filled with has tests of its own. */
const ofHomes = /\{\{listing/;
const texts = messages
  .filter(({ step }) => step.channel === 'sms' && !ofHomes.test(step.body))
  .map(({ name, step }) => ({ name, body: step.body }));
const words = messages.map(({ name, step }) => ({
  name,
  words: step.channel === 'email' ? `${step.subject}\n${step.body}` : step.body,
}));

/** With a first name and a brokerage of ordinary length, an appointment on the longest of days. */
function filled(body: string): string {
  return body
    .replaceAll(/\{\{contact\.firstName[^}]*\}\}/g, 'Alexandra')
    .replaceAll('{{location.name}}', 'Oak Lane Realty')
    .replaceAll('{{appointment.day}}', 'Wednesday, September 23')
    .replaceAll('{{appointment.time}}', '10:30 AM');
}

describe('the sequences that ship', () => {
  it('are there, and pass their lint without a warning', () => {
    expect(files).toEqual([
      ...['3-7-14-30.json', 'appointment-reminders.json', 'hot-fast-track.json', 'listing-alerts.json'],
      ...['long-term-nurture.json', 'new-lead-welcome.json', 'no-response.json', 'open-house.json', 'price-drop.json'],
      ...['re-engagement.json', 'seller-plan.json'],
    ]);
    for (const { file, read } of parsed) {
      const problems = read.ok ? [] : read.problems;
      expect({ file, problems, warnings: read.warnings }).toEqual({ file, problems: [], warnings: [] });
    }
  });

  it('of which a new lead begins the welcome and no other', () => {
    const byActivation = documents.filter(({ trigger }) => trigger.on === 'lead.activated');
    expect(byActivation.map(({ key }) => key)).toEqual(['new-lead-welcome']);
  });

  it('that talk have priorities of their own, so that of two always the same one wins', () => {
    const talks = documents.filter(({ track }) => track === 'talk').toSorted((a, b) => b.priority - a.priority);
    expect(new Set(talks.map(({ priority }) => priority)).size).toBe(talks.length);
    expect(talks.map(({ key }) => key)).toEqual([
      ...['hot-fast-track', '3-7-14-30', 'new-lead-welcome', 'seller-plan', 're-engagement', 'no-response'],
      'long-term-nurture',
    ]);
  });

  it('that talk end at a reply, an opt-out, a booking, a closing, a stop tag and when a person takes over', () => {
    for (const { key, track, exits } of documents) {
      if (track !== 'talk') continue;
      expect({ key, exits: exits.toSorted() }).toEqual({
        key,
        exits: ['booking', 'closed', 'opt-out', 'reply', 'stop-tag', 'takeover'],
      });
    }
  });

  it('that tell of homes end at an opt-out, a closing, a stop tag and when a person takes over, and go on when the lead writes', () => {
    for (const { key, track, exits } of documents) {
      if (track !== 'market') continue;
      expect({ key, exits: exits.toSorted() }).toEqual({ key, exits: ['closed', 'opt-out', 'stop-tag', 'takeover'] });
    }
  });

  it('tell every kind of news of homes, each by one of them', () => {
    const told = documents.flatMap(({ trigger }) => (trigger.on === 'listing' ? trigger.change : []));
    expect(told.toSorted()).toEqual(['back-on-market', 'closed', 'new', 'open-house', 'pending', 'price-drop']);
  });

  it('go on through the times that they promise', () => {
    const days = (key: string): number[] => {
      const { steps: all } = documents.find((document) => document.key === key)!;
      return [...new Set(all.map(({ offset }) => Number(/^P(\d+)D$/.exec(offset)?.[1] ?? Number.NaN)))];
    };
    expect(days('seller-plan')).toEqual([
      ...[2, 5, 8, 12, 16, 20, 25, 30, 44, 58, 72, 86, 100, 114, 128, 142, 156, 170, 180],
    ]);
    expect(days('long-term-nurture').at(-1)).toBe(180);
    const before = documents.find(({ key }) => key === 'appointment-reminders')!.steps;
    expect(before.map(({ side, offset }) => `${offset} ${side}`)).toEqual([
      ...['P1D before', 'PT2H before', 'PT30M before', 'PT3H after', 'P1D after'],
    ]);
  });
});

describe('every text of ours', () => {
  it.each(texts)('$name fits one segment, names its sender and asks one question at most', ({ body }) => {
    expect(smsSegments(filled(body))).toEqual({ encoding: 'GSM-7', segments: 1 });
    expect(body).toContain('{{location.name}}');
    expect(body.match(/\?/g)?.length ?? 0).toBeLessThanOrEqual(1);
    // A phone that reports a reaction to it quotes it, opt-out line included.
    expect(readOptOut(`Liked “${filled(body)}”`)).toBe('none');
  });

  it('says how to stop wherever it can be the first one of its sequence, whichever branch a lead takes', () => {
    for (const document of documents) {
      const all = document.steps.filter(({ channel }) => channel === 'sms');
      const first = all[0]!;
      const firsts = all.filter(
        ({ anchor, offset, side }) => anchor === first.anchor && offset === first.offset && side === first.side,
      );
      for (const step of firsts) expect((step as Message).body).toMatch(/ Reply STOP to opt out\.$/);
    }
  });

  it('has a call task for leads without consent; only the welcome e-mail has none, half an hour after the call task of its text', () => {
    const without = messages.filter(({ step }) => step.withoutConsent === undefined).map(({ name }) => name);
    const ofMarket = ['listing-alerts', 'open-house', 'price-drop'].flatMap((key) => [`${key} text`, `${key} mail`]);
    expect(without.filter((name) => !ofMarket.includes(name))).toEqual(['new-lead-welcome introduction']);
    expect(without).toHaveLength(7);
  });
});

describe('every e-mail of ours', () => {
  it('names its sender at its end, asks for an answer once, and its subject is no bait', () => {
    for (const { name, step } of messages) {
      if (step.channel !== 'email' || name.startsWith('new-lead-welcome')) continue;
      expect({ name, signed: step.body.endsWith('\n\n{{location.name}}') }).toEqual({ name, signed: true });
      expect({ name, questions: step.body.match(/\?/g)?.length ?? 0 }).toEqual({ name, questions: 1 });
      expect(step.subject).not.toMatch(/^(?:re|fwd?):|!/i);
      expect(step.subject).not.toMatch(/\b[A-Z]{4,}\b/);
    }
  });
});

describe('what a lead reads who gets all of it', () => {
  /** The same words wherever they stand, so that nobody has to look for them. */
  const optOut = 'reply stop to opt out';

  it('never says the same sentence twice, the opt-out line apart', () => {
    const seen = new Map<string, string>();
    for (const { name, words: text } of words) {
      const sentences = text
        .replaceAll(/\{\{[^{}]*\}\}/g, '')
        .split(/(?<=[.?!:])\s+|\n+/)
        .map((sentence) =>
          sentence
            .toLowerCase()
            .replaceAll(/[^a-z0-9]+/g, ' ')
            .replace(/^ ?\d+ /, '')
            .trim(),
        )
        .filter((sentence) => sentence.split(' ').length > 2 && sentence !== optOut);
      for (const sentence of sentences) {
        expect({ sentence, name, before: seen.get(sentence) }).toEqual({ sentence, name, before: undefined });
        seen.set(sentence, name);
      }
    }
    expect(seen.size).toBeGreaterThan(150);
  });

  /** What nobody may tell a person who has not asked, each with a sentence that it must find. */
  const forbidden: readonly (readonly [string, RegExp, string])[] = [
    ['a figure of the market', /\d\s*%|\bpercent\b|\$\s*\d|\bper ?cent\b/i, 'Prices rose 5 % last year.'],
    [
      'what prices, rates or demand do',
      /\b(?:prices?|rates?|values?|demand|inventory|the market)\b[^.?!]{0,20}\b(?:rise|rising|rose|up|down|fall|falling|fell|drop\w*|soar\w*|climb\w*|hot|record)\b/i,
      'Interest rates are falling.',
    ],
    [
      'that time or goods run out',
      /\b(?:hurry|act now|last chance|before it(?:'|’)?s too late|limited|only \d+ left|don(?:'|’)?t miss|expires?|running out|selling fast|now is the time|urgent)\b/i,
      'Act now, before it is too late.',
    ],
    [
      'a promise of success',
      /\b(?:guarantee\w*|promise you|best price|top dollar|risk[- ]free|sold in \d|highest price|no\.? ?1|number one|the best agent)\b/i,
      'We guarantee the best price.',
    ],
    [
      'a reward for business or for naming others',
      /\b(?:reward|gift|bonus|cash ?back|rebate|discount|prize|win a|voucher|referr?(?:al|ed|ing)?s?|recommend us|free)\b/i,
      'A gift card for every referral.',
    ],
    [
      'that a buyer stands by',
      /\b(?:we have (?:a )?buyers?|buyers? (?:is|are) waiting|cash offer|we buy)\b/i,
      'We have buyers waiting.',
    ],
    [
      'who should live where',
      /\b(?:famil(?:y|ies)|child(?:ren)?|kids|schools?|church|safe (?:area|street|neighbou?rhood)|crime|exclusive|singles|retirees|nationality|religio\w*)\b/i,
      'A safe street for families near good schools.',
    ],
    ['that a machine is a person', /\b(?:i am|i'm|my name is)\b/i, "Hi, I'm Sam."],
    ['a link that others share', /https?:|\bwww\.|\.ly\b|\bbit\.|tinyurl/i, 'See https://example.com'],
  ];

  it.each(forbidden)('has nothing of: %s', (_, pattern, example) => {
    expect(example).toMatch(pattern);
    expect(words.filter(({ words: text }) => pattern.test(text)).map(({ name }) => name)).toEqual([]);
  });
});
