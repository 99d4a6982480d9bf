import { createHash } from 'node:crypto';
import { defaultSettings } from '../../domain/leads/settings.ts';
import { createRandom, type Random } from '../support/random.ts';

/** One message of a lead, which is read and answered. */
export interface Turn {
  /** Epoch ms. */
  readonly at: number;
  readonly text: string;
}

export interface Talk {
  readonly id: string;
  readonly turns: readonly Turn[];
}

/** Talks of one location: when they open, how they go on. The same seed is the same trace, to the byte. */
export interface Trace {
  readonly name: string;
  readonly seed: number;
  readonly leadsPerDay: number;
  readonly days: number;
  readonly talks: readonly Talk[];
  /** SHA-256 of all of it: figures of two runs are of the same trace where this is the same. */
  readonly hash: string;
}

export interface TraceShape {
  readonly name: string;
  readonly seed: number;
  readonly leadsPerDay: number;
  readonly days: number;
  /** Leads come ten at a time within two seconds, as an import or an open house makes them. */
  readonly bursty?: boolean;
}

/** Monday noon in Eastern time is 17:00 by UTC; days are counted from local midnight. */
const FIRST_MIDNIGHT = Date.parse('2026-11-09T05:00:00Z');
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Leads open talks between seven in the morning and ten at night. */
const [OPENS, CLOSES] = [7 * HOUR_MS, 22 * HOUR_MS];
const BURST = 10;
const BURST_MS = 2_000;
/** From a message to our answer, as far as the next message is counted from it. */
export const ANSWERED_AFTER_MS = 30_000;

/**
 * Talks of six turns on average. Of a lead's answers six in ten come after some minutes (log-normal, median 2.5), the others after some hours
 * (log-normal, median 3), by night as well.
 */
export function traceOf({ name, seed, leadsPerDay, days, bursty = false }: TraceShape): Trace {
  const random = createRandom(seed);
  const opened = Array.from({ length: days }, (_, day) =>
    openings(random, leadsPerDay, bursty).map((at) => day * DAY_MS + at),
  );
  const talks = opened
    .flat()
    .sort((a, b) => a - b)
    .map((at, n): Talk => ({ id: `${name}-${n}`, turns: turnsFrom(random, FIRST_MIDNIGHT + at) }));
  const hash = createHash('sha256').update(JSON.stringify(talks)).digest('hex');
  return { name, seed, leadsPerDay, days, talks, hash };
}

function openings(random: Random, leads: number, bursty: boolean): number[] {
  const anywhere = (): number => OPENS + Math.floor(uniform(random) * (CLOSES - OPENS));
  if (!bursty) return Array.from({ length: leads }, anywhere);
  return Array.from({ length: Math.ceil(leads / BURST) }, anywhere).flatMap((start) =>
    Array.from({ length: Math.min(BURST, leads) }, () => start + random.below(BURST_MS)),
  );
}

function turnsFrom(random: Random, opened: number): Turn[] {
  const turns = 3 + random.below(7);
  let at = opened;
  return Array.from({ length: turns }, (_, n): Turn => {
    if (n > 0) at += ANSWERED_AFTER_MS + answerDelay(random);
    return { at, text: messageOf(random, n) };
  });
}

function answerDelay(random: Random): number {
  const [medianMs, sigma] = random.chance(0.6) ? [150_000, 0.7] : [3 * HOUR_MS, 0.7];
  return Math.round(medianMs * Math.exp(sigma * normal(random)));
}

/** Box and Muller. */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - uniform(random))) * Math.cos(2 * Math.PI * uniform(random));
}

function uniform(random: Random): number {
  return random.below(2 ** 32) / 2 ** 32;
}

/** A call of the trace: each message is read at once, and answered when the lead has written no more for a while. */
export interface Asking {
  readonly at: number;
  readonly job: 'read' | 'draft';
  readonly talk: Talk;
  readonly turn: number;
}

const DEBOUNCE_MS = 1_000 * defaultSettings.assistant.debounceSeconds;
/** Until the first byte of an answer; who comes within it finds nothing written yet. */
const FIRST_BYTE_MS = 1_500;

/** The calls of a trace in their order; those that begin before the first of them has its first byte run side by side. */
export function crowdsOf({ talks }: Trace): Asking[][] {
  const all = talks
    .flatMap((talk) =>
      talk.turns.flatMap(({ at }, turn): Asking[] => [
        { at, job: 'read', talk, turn },
        { at: at + DEBOUNCE_MS, job: 'draft', talk, turn },
      ]),
    )
    .sort((a, b) => a.at - b.at);
  const crowds: Asking[][] = [];
  for (const one of all) {
    const last = crowds.at(-1);
    if (last !== undefined && one.at - last[0]!.at < FIRST_BYTE_MS) last.push(one);
    else crowds.push([one]);
  }
  return crowds;
}

const first = [
  'Hi, I saw the place on Maple Street online, is it still available?',
  'Good morning, we are looking for a three bedroom house with a yard near the river.',
  'hello i would like to see the townhouse this weekend if thats possible',
  'What could I get for my house on the north side? Thinking about selling in spring.',
  'Is the condo with the balcony still for sale and does it allow a dog?',
] as const;
const later = [
  'We would like to move before the school year starts, so within four months or so.',
  'Our budget is around 450k, maybe a little more for the right place.',
  'yes we talked to a lender already and have a letter',
  'No, we have not sold our current home yet.',
  'Saturday after lunch would be best, can we see two of them on the same day?',
  'Does it have a garage? And how old is the roof?',
  'thats a bit far from work for me. anything closer?',
  'My partner would have to see it too. Could we do it in the evening?',
  'Thanks. What happens after the showing if we like it?',
  'ok',
  'Sounds good, please send me the details.',
  'How long has it been on the market, and has the price changed since then?',
] as const;

function messageOf(random: Random, turn: number): string {
  if (turn === 0) return random.pick(first);
  const said = random.pick(later);
  return random.chance(0.25) ? `${said} ${random.pick(later)}` : said;
}
