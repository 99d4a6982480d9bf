import { readOptOut } from '../../consent/opt-out.ts';
import type { Question } from '../../leads/lead.ts';
import { tellsTooMuch } from '../../leads/protected-words.ts';
import { factsIn } from '../../leads/read-facts.ts';
import { homeInOneLine } from '../../leads/read-home.ts';
import { readableWords } from '../../leads/read-message.ts';
import { plainly } from '../../leads/spelling.ts';
import { ordersIn, ownWishes, readablePart } from '../../leads/unread-parts.ts';
import { without, written } from '../../leads/written.ts';
import type { Said, Understood } from '../understood.ts';
import type { ReadingContext } from './context.ts';
import { follows } from './follows.ts';
import type { Ground } from './follows.ts';
import { holds } from './quotes.ts';
import { factSchemas } from './record-facts.ts';
import type { FactField, FactOf } from './record-facts.ts';

/** A fact that a model gave and that we do not take. */
export interface Dropped {
  readonly field: string;
  /**
   * schema: it is not of the type we asked for · no-quote: the lead did not newly write these words · order: they are meant for a machine ·
   * protected: they tell what we must not know · not-said: the value does not follow from them
   */
  readonly why: 'schema' | 'no-quote' | 'order' | 'protected' | 'not-said';
}

export type FromModel =
  | { readonly kind: 'understood'; readonly understood: Understood; readonly dropped: readonly Dropped[] }
  | { readonly kind: 'unusable'; readonly why: 'nothing' | 'too-long' | 'no-json' | 'schema' };

/** Facts of a message are short, whatever the message is. */
const LONGEST = 50_000;
const MOST_HAVES = 40;

/**
 * What of a model's reading we take: each fact whose quote stands in what the lead newly wrote, and that follows from it. Nothing that the model
 * leaves out is made up for it, but a wish for a person that rules read stands. Never throws, whatever comes.
 * @param input  of the tool `record_facts`, as it came: anything at all, JSON that was cut short included
 */
export function understoodFrom(input: unknown, message: string, context: ReadingContext = {}): FromModel {
  const given = objectOf(input);
  if (typeof given === 'string') return { kind: 'unusable', why: given };
  // Who opts out tells nothing else.
  if (readOptOut(message) === 'clear')
    return { kind: 'understood', understood: { intent: 'unknown', answers: {} }, dropped: [] };
  const words = readableWords(message);
  const rules = factsIn(words, context);
  const said = written(words);
  // What is meant for us, and not for a machine.
  const meant = without(said, ordersIn(said)).plain.replaceAll(/\s+/g, ' ');
  const ground = { own: readablePart(ownWishes(said, rules.intent === 'sell')), rules, context };
  const dropped: Dropped[] = [];
  const take = <F extends FactField>(field: F, one: unknown): FactOf<F> | undefined => {
    if (one === undefined || one === null) return undefined;
    const parsed = factSchemas[field].safeParse(one);
    const why = parsed.success ? fault(field, parsed.data as FactOf<F>, { text: said.text, meant }, ground) : 'schema';
    if (why === null) return parsed.data as FactOf<F>;
    dropped.push({ field, why });
    return undefined;
  };
  const taken = (field: FactField): unknown => take(field, own(given, field));
  const haves = listOf(own(given, 'must_haves')).map((one) => take('must_haves', one));
  const understood = understoodOf({
    intent: taken('intent') as FactOf<'intent'> | undefined,
    ...{ budget: taken('budget'), area: taken('area'), timeline: taken('timeline'), bedrooms: taken('bedrooms') },
    ...{ bathrooms: taken('bathrooms'), financing: taken('financing'), motivation: taken('motivation') },
    ...{ condition: taken('condition'), pathway: taken('pathway'), slot: taken('slot') },
    // Who asks for a person gets one, whatever a model makes of it.
    wants_human: taken('wants_human') ?? rules.wantsHuman,
    must_haves: haves.filter((one) => one !== undefined),
  } as Taken);
  return { kind: 'understood', understood, dropped };
}

function fault<F extends FactField>(
  field: F,
  fact: FactOf<F>,
  said: { readonly text: string; readonly meant: string },
  ground: Ground,
): Dropped['why'] | null {
  // Who is after nothing says so with no words.
  if (field === 'intent' && fact.value === 'unknown') return null;
  if (!holds(said.text, fact.quote)) return 'no-quote';
  if (!said.meant.includes(written(fact.quote.trim()).plain.replaceAll(/\s+/g, ' '))) return 'order';
  if (tellsTooMuch(plainly(fact.quote))) return 'protected';
  return follows(field, fact, ground) ? null : 'not-said';
}

type Taken = { readonly [F in Exclude<FactField, 'must_haves'>]?: FactOf<F> | undefined } & {
  readonly must_haves: readonly FactOf<'must_haves'>[];
};

function understoodOf(taken: Taken): Understood {
  const { intent, area, bedrooms, bathrooms, must_haves: haves, slot, wants_human: wantsHuman } = taken;
  const parts = [bedrooms, bathrooms, ...haves].filter((part) => part !== undefined);
  const line = homeInOneLine({
    bedrooms: bedrooms?.value,
    baths: bathrooms?.value,
    mustHaves: haves.map(({ value }) => value),
  });
  const { budget, timeline, financing, motivation } = taken;
  // What is said of a home is of the lead's own home only in a seller's mouth.
  const seller = intent?.value === 'sell';
  const answers: { readonly [Q in Question]: Said<string | number | boolean> | undefined } = {
    ...{ budget, location: area, timeline, financing, motivation },
    property: parts[0] === undefined ? undefined : { value: line, quote: parts[0].quote },
    condition: taken.condition,
  };
  return {
    intent: intent?.value ?? 'unknown',
    ...(intent === undefined || intent.value === 'unknown' ? {} : { intentQuote: intent.quote }),
    answers: Object.fromEntries(Object.entries(answers).filter(([, one]) => one !== undefined)),
    ...(area === undefined ? {} : { area }),
    ...(bedrooms === undefined ? {} : { bedrooms }),
    ...(haves.length === 0 ? {} : { mustHaves: haves }),
    ...(taken.pathway === undefined || !seller ? {} : { pathway: taken.pathway }),
    ...(slot === undefined ? {} : { slot }),
    ...(wantsHuman === undefined ? {} : { wantsHuman }),
  };
}

function objectOf(input: unknown): object | Extract<FromModel, { kind: 'unusable' }>['why'] {
  if (typeof input === 'string') {
    if (input.trim() === '') return 'nothing';
    if (input.length > LONGEST) return 'too-long';
    try {
      const parsed: unknown = JSON.parse(input);
      return typeof parsed === 'string' ? 'schema' : objectOf(parsed);
    } catch {
      return 'no-json';
    }
  }
  if (input === undefined || input === null) return 'nothing';
  if (typeof input !== 'object' || Array.isArray(input)) return 'schema';
  if (Object.keys(input).length === 0) return 'nothing';
  return Object.keys(factSchemas).some((field) => Object.hasOwn(input, field)) ? input : 'schema';
}

function own(object: object, field: string): unknown {
  return Object.hasOwn(object, field) ? (object as Record<string, unknown>)[field] : undefined;
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value.slice(0, MOST_HAVES) : value === undefined || value === null ? [] : [value];
}
