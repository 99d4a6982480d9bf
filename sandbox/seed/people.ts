import { type Dice, createDice, weighted } from './random.ts';
import { DAY, HOUR, type Seat, type Shape } from './shape.ts';
import type { Said, Talks } from './talks.ts';

/** What a lead is, before it is written down; everything that several tables must agree on. */
export interface Person {
  readonly lead: number;
  readonly seat: Seat;
  readonly contactId: string;
  readonly createdAt: number;
  readonly interest: number;
  readonly seller: boolean;
  readonly talk: readonly Said[];
  readonly lastInboundAt: number | null;
  readonly lastHumanAt: number | null;
  readonly lastActivityAt: number;
  /** Questions answered. */
  readonly answered: number;
  readonly stage: 'new' | 'engaged' | 'qualifying' | 'qualified' | 'opted-out' | 'gone';
  readonly state: 'active' | 'paused' | 'stopped' | 'taken-over';
  /** Tags of the location allow to work it; such a lead has a score. */
  readonly activated: boolean;
  /** Its pass through the welcome. */
  readonly welcome: Welcome | null;
}

export interface Welcome {
  readonly enrolledAt: number;
  /** How many of its steps are done. */
  readonly done: number;
  /** When the next one was to come; null once the pass was over. */
  readonly nextAt: number | null;
}

/** How many questions there are for a buyer; a seller is asked one more. */
const QUESTIONS = 6;

const otherStates = weighted<Person['state']>([
  ['active', 90],
  ['taken-over', 6],
  ['paused', 4],
]);

export function createPeople(shape: Shape, talks: Talks): (lead: number) => Person {
  const dice = createDice(shape.seed);
  return (lead) => {
    const seat = shape.seatOf(lead);
    const createdAt = shape.createdAt(lead);
    const interest = shape.interest(lead);
    const talk = talks.of(lead);
    const heard = talk.filter((said) => said.inbound);
    dice.at('person', lead);
    const seller = dice.chance(0.3);
    const answered = answeredOf(dice, heard.length, interest, seller);
    const stage = stageOf(dice, heard.length, answered, seller);
    const state = stage === 'opted-out' || stage === 'gone' ? 'stopped' : otherStates(dice);
    const activated = dice.chance(0.86);
    const lastInboundAt = heard.at(-1)?.at ?? null;
    return {
      lead,
      seat,
      contactId: shape.contactId(lead),
      createdAt,
      interest,
      seller,
      talk,
      lastInboundAt,
      lastHumanAt: talk.findLast((said) => said.human)?.at ?? null,
      lastActivityAt: talk.at(-1)?.at ?? createdAt,
      answered,
      stage,
      state,
      activated,
      welcome: activated ? welcomeOf(dice, { createdAt, stage, state }, shape.asOf) : null,
    };
  };
}

function answeredOf(dice: Dice, heard: number, interest: number, seller: boolean): number {
  if (heard === 0) return 0;
  const chance = Math.min(0.9, Math.max(0.03, 0.28 + 0.17 * interest + 0.07 * heard));
  let answered = 0;
  for (let question = 0; question < QUESTIONS + Number(seller); question += 1) answered += Number(dice.chance(chance));
  return answered;
}

function stageOf(dice: Dice, heard: number, answered: number, seller: boolean): Person['stage'] {
  if (dice.chance(0.012)) return 'gone';
  if (heard > 0 && dice.chance(0.04)) return 'opted-out';
  if (answered === QUESTIONS + Number(seller)) return 'qualified';
  if (answered > 0) return 'qualifying';
  return heard > 0 ? 'engaged' : 'new';
}

/**
 * Some leads went through the welcome. Of those of the last month who have not written, most had a next step planned: that plan
 * stands in the lead's row. No pass is active, so that a start of the product finds nothing under way.
 */
function welcomeOf(
  dice: Dice,
  { createdAt, stage, state }: Pick<Person, 'createdAt' | 'stage' | 'state'>,
  asOf: number,
): Welcome | null {
  const fresh = asOf - createdAt < 30 * DAY && stage === 'new' && state === 'active';
  const chosen = dice.chance(fresh ? 0.6 : 0.02);
  const done = dice.between(1, 2);
  const nextAt = asOf - 6 * HOUR + dice.wait(4 * DAY);
  if (!chosen) return null;
  return { enrolledAt: createdAt + 60_000, done: fresh ? done : 3, nextAt: fresh ? Math.floor(nextAt) : null };
}
