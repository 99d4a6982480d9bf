import { readdirSync, readFileSync } from 'node:fs';
import { type GateCheck, gateChecks } from '../../domain/consent/facts.ts';
import { judgeWith } from '../../domain/consent/gate.ts';
import { parseSequence } from '../../domain/follow-up/document.ts';
import type { SequenceDocument, SequenceStep } from '../../domain/follow-up/sequence.ts';
import { type Wrong, type WrongMessage, wrongMessages } from '../support/follow-up-judge.ts';
import { createRandom } from '../support/random.ts';
import { type Lived, live } from './follow-up-lived.ts';
import { anyMonth } from './follow-up-month.ts';

export interface MonthsFigures {
  readonly months: number;
  readonly messages: number;
  readonly calls: number;
  readonly asked: number;
  /** Wrong messages of the kinds that a check of the gate is there for: repeated words are not. */
  readonly telling: number;
  readonly outcomes: Lived['outcomes'];
  readonly late: Lived['late'];
  readonly wrong: Readonly<Partial<Record<Wrong, number>>>;
  /** The first few, to look at. */
  readonly examples: readonly (WrongMessage & { readonly seed: number })[];
  readonly seconds: number;
}

/** The shipped sequences, and one that is in a hurry: none of the shipped ones comes near the cap. */
export function sequencesAtPlay(): readonly SequenceDocument[] {
  const folder = new URL('../../domain/follow-up/sequences/', import.meta.url);
  const shipped = readdirSync(folder).map((file) => {
    const read = parseSequence(JSON.parse(readFileSync(new URL(file, folder), 'utf8')));
    if (!read.ok) throw new Error(`expected ${file} to be a sequence, got ${JSON.stringify(read.problems)}`);
    return { ...read.document, version: 1 };
  });
  return [...shipped, hurried];
}

const hurried: SequenceDocument = {
  ...{ key: 'hurried', version: 1, title: 'hurried', purpose: 'solicitation', priority: 60, track: 'talk' },
  ...{ trigger: { on: 'operator' }, audience: [], coolDown: 'P1D', needs: [] },
  exits: ['reply', 'opt-out', 'takeover', 'booking'],
  steps: Array.from({ length: 12 }, (_, n): SequenceStep => {
    const timing = { key: `n${n}`, offset: `PT${1 + ((n * 5) % 7)}H`, anchor: 'previous' } as const;
    const words = ['Are you still looking?', 'What would you like to see?', 'Is there a date you have in mind?'];
    const body = `${words[n % 3]} Question ${n}.`;
    const withoutConsent = { channel: 'call-task', title: 'Call', body: 'Ask them.' } as const;
    return n % 4 === 3
      ? { ...timing, channel: 'email', subject: 'A question', body, withoutConsent }
      : { ...timing, channel: 'sms', body, withoutConsent };
  }),
};

/** Lives so many months, one seed each, with all checks of the gate but one, and has them judged. */
export function liveMonths(
  seeds: { readonly from: number; readonly to: number },
  without: GateCheck | null,
  options: { readonly documents: readonly SequenceDocument[]; readonly outages?: boolean; readonly until?: number },
): MonthsFigures {
  const began = performance.now();
  const gate = judgeWith(gateChecks.filter((check) => check !== without));
  const outcomes: Record<string, number> = {};
  const late: Record<string, number> = {};
  const wrong: Partial<Record<Wrong, number>> = {};
  const examples: (WrongMessage & { seed: number })[] = [];
  let [months, messages, calls, asked, telling] = [0, 0, 0, 0, 0];
  for (let seed = seeds.from; seed < seeds.to && telling < (options.until ?? Infinity); seed += 1) {
    const random = createRandom(seed);
    const lived = live(
      anyMonth(random, { outage: options.outages === true ? 1 : 0.06 }),
      options.documents,
      gate,
      random,
    );
    for (const found of wrongMessages(lived.history)) {
      wrong[found.wrong] = (wrong[found.wrong] ?? 0) + 1;
      telling += found.wrong === 'repeated' ? 0 : 1;
      if (examples.length < 20) examples.push({ ...found, seed });
    }
    add(outcomes, lived.outcomes);
    add(late, lived.late);
    months += 1;
    messages += lived.history.sent.filter(({ by }) => by === 'us').length;
    calls += lived.history.calls.length;
    asked += lived.asked;
  }
  return {
    months,
    messages,
    calls,
    asked,
    telling,
    outcomes,
    late,
    wrong,
    examples,
    seconds: (performance.now() - began) / 1_000,
  };
}

/** Adds counts up, name by name. */
export function add(to: Record<string, number>, counts: Readonly<Partial<Record<string, number>>>): void {
  for (const [name, n] of Object.entries(counts)) to[name] = (to[name] ?? 0) + (n ?? 0);
}
