import { describe, expect, it } from '@jest/globals';
import { leadText } from '../../../cli/lead-text.ts';
import { main } from '../../../cli/main.ts';
import { type Io, paint, printable, signedBars, table, wantsColour } from '../../../cli/output.ts';
import { nodeVersion } from '../../../cli/checks.ts';

const plain = { colour: false };

/** A command's surroundings, and what it wrote. */
function recorder(): { io: Io; out: () => string; err: () => string } {
  const out: string[] = [];
  const err: string[] = [];
  return {
    io: {
      out: (text) => void out.push(text),
      err: (text) => void err.push(text),
      terminal: false,
      colour: false,
      env: { LEADWRIGHT_HOME: '/nonexistent/home', PORT: '9' },
      cwd: process.cwd(),
    },
    out: () => out.join(''),
    err: () => err.join(''),
  };
}

describe('tables', () => {
  it('line columns up and show an unknown value as a dash', () => {
    const rows = [
      { name: 'Dana', score: 7 },
      { name: null, score: 82 },
    ];
    const text = table(rows, [
      { title: 'NAME', of: (row) => row.name },
      { title: 'SCORE', of: (row) => row.score, right: true },
    ]);
    expect(text).toBe('NAME  SCORE\nDana      7\n-        82\n');
  });

  it('let nothing from outside move the cursor or colour the terminal', () => {
    const rows = [{ name: 'Da\u001b[31mna\r\n\u009bX' }];
    const text = table(rows, [{ title: 'NAME', of: (row) => row.name }]);
    expect(text).not.toMatch(/[\u001b\u009b\r]/);
    expect(text.split('\n')).toHaveLength(3);
    expect(printable('a\u0000b')).toBe('a b');
  });
});

describe('signed bars', () => {
  it('draw all values on one scale around one line, with their figures', () => {
    const text = signedBars([
      { label: 'engagement', value: 1.2 },
      { label: 'budget', value: -0.6 },
      { label: 'views', value: 0, note: 'missing' },
      { label: 'source', value: 0.001 },
    ]);
    const lines = text.trimEnd().split('\n');
    const blocks = lines.map((line) => [...line].filter((char) => char === '█').length);
    expect(blocks).toEqual([12, 6, 0, 1]);
    expect(new Set(lines.map((line) => line.indexOf('│'))).size).toBe(1);
    expect(lines[1]!.indexOf('█')).toBeLessThan(lines[1]!.indexOf('│'));
    expect(lines[0]).toContain('+1.20');
    expect(lines[1]).toContain('-0.60');
    expect(lines[2]).toContain('missing');
  });

  it('are nothing for no reasons', () => expect(signedBars([])).toBe(''));
});

describe('colour', () => {
  it('is used on terminals only, and never against NO_COLOR', () => {
    expect(wantsColour({}, true)).toBe(true);
    expect(wantsColour({ NO_COLOR: '1' }, true)).toBe(false);
    expect(wantsColour({ TERM: 'dumb' }, true)).toBe(false);
    expect(wantsColour({}, false)).toBe(false);
    expect(paint(plain, 'red', 'x')).toBe('x');
    expect(paint({ colour: true }, 'red', 'x')).toBe('\u001b[31mx\u001b[39m');
  });
});

describe('a lead for people', () => {
  const lead = {
    locationId: 'loc-1',
    contactId: 'con-1',
    stage: 'qualifying',
    tier: 'hot' as const,
    score: {
      value: 81.6,
      confidence: 0.72,
      model: 'scorecard-1',
      scoredAt: '2026-03-11T14:00:00.000Z',
      reasons: [
        { feature: 'source', value: 1, contribution: 0.1, words: 'came from a source that tends to close' },
        { feature: 'engagement', value: null, contribution: -0.8, words: 'not known: e-mail engagement' },
      ],
      says: 'By the rules, not by your own results: 82 of 100, hot. A model of your own has not been tried yet.',
      raises: ['came from a source that tends to close'],
      lowers: ['not known: e-mail engagement'],
      unknown: ['e-mail engagement'],
      recommendations: [
        { does: 'Call', withinHours: 1, because: null },
        { does: 'Offer a viewing', withinHours: 48, because: null },
        { does: 'Talk about financing', withinHours: null, because: 'budgetMatch' },
      ],
    },
    tags: ['Hit List', 'Hot-Lead'],
    consent: {
      sms: { state: 'granted' as const, since: '2026-03-01T00:00:00.000Z' },
      email: { state: 'unknown' as const },
      call: { state: 'unknown' as const },
    },
    next: { at: '2026-03-11T15:00:00.000Z', what: 'SMS 1 of 3, new-lead welcome' },
    state: 'active' as const,
    parked: [
      { sendId: 's', channel: 'sms', step: 'first-text', reason: 'not found', claimedAt: '2026-03-11T14:00:00.000Z' },
    ],
    links: { temporal: null, ghl: 'https://app.example.com/con-1' },
  };

  it('says score and tier, the strongest reason first, tags, consent, the next touch, and what is parked', () => {
    const text = leadText(plain, lead, [
      { at: '2026-03-11T14:00:00.000Z', kind: 'event', summary: 'Came in.', refs: {} },
    ]);
    expect(text).toContain('82 of 100, hot, confidence 0.72, by scorecard-1');
    expect(text.indexOf('engagement')).toBeLessThan(text.indexOf('source  '));
    expect(text).toContain(
      'By the rules, not by your own results: 82 of 100, hot. A model of your own has not been tried yet.',
    );
    expect(text).toMatch(/engagement .*-0\.80 {2}not known: e-mail engagement\n/);
    expect(text).toMatch(/do +Call, within the hour\n +Offer a viewing, within 2 days\n +Talk about financing\n/);
    expect(text).toContain('Hit List, Hot-Lead');
    expect(text).toContain('sms granted since 2026-03-01, email unknown, call unknown');
    expect(text).toContain('SMS 1 of 3, new-lead welcome');
    expect(text).toContain('sms first-text: not found');
    expect(text).toContain('Came in.');
  });

  it('says what is not known instead of leaving it out', () => {
    const { next: _, ...rest } = lead;
    const text = leadText(plain, { ...rest, score: null, tier: null, tags: null }, []);
    expect(text).toContain('none yet');
    expect(text).toContain('nothing is planned');
    expect(text).toMatch(/tags\s+unknown/);
  });
});

describe('exit codes and --json', () => {
  const cases: readonly (readonly [string, readonly string[], number])[] = [
    ['an unknown verb', ['no-such-verb'], 2],
    ['an unknown option', ['leads', 'list', '--nope'], 2],
    ['a missing argument', ['leads', 'show'], 2],
    ['neither a location nor all', ['pause'], 2],
    ['a number out of range', ['leads', 'list', '--limit', '0'], 2],
    ['a file that is not there', ['sequences', 'lint', 'no-such-file.json'], 2],
    ['nobody who answers', ['leads', 'list'], 1],
  ];
  it.each(cases)('%s', async (_what, args, code) => {
    const people = recorder();
    expect(await main(args, people.io)).toBe(code);
    expect(people.err()).not.toBe('');
    expect(people.out()).toBe('');

    const machine = recorder();
    expect(await main([...args, '--json'], machine.io)).toBe(code);
    const answer = JSON.parse(machine.out()) as { error: { code: string; message: string } };
    expect(answer.error.message).not.toBe('');
  });

  it('help is no error, for the program and for each verb', async () => {
    for (const args of [
      ['--help'],
      ['start', '--help'],
      ['webhooks', 'send', '--help'],
      ['leads', 'enrol', '--help'],
    ]) {
      const { io, out } = recorder();
      expect(await main(args, io)).toBe(0);
      expect(out()).toContain('Usage: leadwright');
    }
  });

  it('the doctor names what is missing and how to get it', () => {
    expect(nodeVersion('20.19.0').verdict).toBe('pass');
    expect(nodeVersion('24.1.0').verdict).toBe('pass');
    expect(nodeVersion('20.18.3')).toMatchObject({ verdict: 'fail', fix: 'install Node 20.19 or newer' });
  });
});
