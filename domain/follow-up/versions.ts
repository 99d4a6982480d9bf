import { canonical } from '../webhooks/payload.ts';
import { testWords } from './conditions.ts';
import type { SequenceDocument, SequenceStep, SequenceTest, SequenceTrigger } from './sequence.ts';

type Unnumbered = Omit<SequenceDocument, 'version'>;

/** What of a step differs. `order`: it stands elsewhere among the steps that stay. */
export type StepAspect = 'order' | 'time' | 'branch' | 'channel' | 'words';

export type StepChange =
  | { readonly kind: 'added'; readonly key: string; readonly place: number }
  | { readonly kind: 'removed'; readonly key: string; readonly wasPlace: number }
  | {
      readonly kind: 'changed';
      readonly key: string;
      readonly place: number;
      readonly wasPlace: number;
      readonly aspects: readonly StepAspect[];
    };

const choices = [
  'title',
  'purpose',
  'priority',
  'track',
  'trigger',
  'optIn',
  'audience',
  'coolDown',
  'needs',
  'exits',
] as const;
type Choice = (typeof choices)[number];

export interface DocumentDiff {
  /** Of the later one's steps in their order, then those that are gone. */
  readonly steps: readonly StepChange[];
  /** Each in plain words. */
  readonly choices: readonly { readonly choice: Choice; readonly before: string; readonly after: string }[];
}

/** What differs between two documents of one key, whichever way round. */
export function diffOf(before: Unnumbered, after: Unnumbered): DocumentDiff {
  return { steps: stepChanges(before.steps, after.steps), choices: choiceChanges(before, after) };
}

/** Leads under way in one version that come to the same step next; null: they are through. */
export interface RunningCount {
  readonly version: number;
  readonly nextStep: string | null;
  readonly leads: number;
}

export interface VersionImpact {
  /** Those under way keep the version that they began with. `differing`: of them, who have a step ahead that is another one now. */
  readonly keep: readonly { readonly version: number; readonly leads: number; readonly differing: number }[];
  /** Does it begin for other leads, or at other times, than before? */
  readonly beginsOtherwise: boolean;
  /** Do leads who begin from now on get anything else than those before them? */
  readonly getsOtherwise: boolean;
}

/**
 * Whom a new version changes something for.
 * @param versions  the documents that are still under way, by version; leads of one that is not among them count as differing
 */
export function impactOf(
  before: Unnumbered,
  after: Unnumbered,
  running: readonly RunningCount[],
  versions: ReadonlyMap<number, Unnumbered>,
): VersionImpact {
  const diff = diffOf(before, after);
  const keep = new Map<number, { leads: number; differing: number }>();
  for (const { version, nextStep, leads } of running) {
    const known = keep.get(version) ?? { leads: 0, differing: 0 };
    const document = versions.get(version);
    const differs = nextStep !== null && (document === undefined || hasOtherAhead(document, after, nextStep));
    keep.set(version, { leads: known.leads + leads, differing: known.differing + (differs ? leads : 0) });
  }
  return {
    keep: [...keep].map(([version, counts]) => ({ version, ...counts })).toSorted((a, b) => b.version - a.version),
    beginsOtherwise: diff.choices.some(({ choice }) => begins.has(choice)),
    getsOtherwise:
      diff.steps.length > 0 || diff.choices.some(({ choice }) => !begins.has(choice) && choice !== 'title'),
  };
}

const begins: ReadonlySet<Choice> = new Set<Choice>([
  'trigger',
  'optIn',
  'audience',
  'priority',
  'track',
  'coolDown',
  'needs',
]);

/** Is any step, from the next one on, not the same in the later document? Its end is looked at, too: steps may have come behind it. */
function hasOtherAhead(document: Unnumbered, after: Unnumbered, nextStep: string): boolean {
  const ahead = restFrom(document.steps, nextStep);
  return ahead === null || canonical(ahead) !== canonical(restFrom(after.steps, nextStep));
}

function restFrom(steps: readonly SequenceStep[], key: string): readonly SequenceStep[] | null {
  const place = steps.findIndex((step) => step.key === key);
  return place < 0 ? null : steps.slice(place);
}

function stepChanges(before: readonly SequenceStep[], after: readonly SequenceStep[]): StepChange[] {
  const old = new Map(before.map((step, index) => [step.key, { step, place: index + 1 }]));
  const staying = after.flatMap(({ key }) => old.get(key)?.place ?? []);
  const inOrder = new Set(longestRising(staying));
  const present = after.flatMap((step, index): StepChange[] => {
    const [key, place] = [step.key, index + 1];
    const was = old.get(key);
    if (was === undefined) return [{ kind: 'added', key, place }];
    const aspects: StepAspect[] = [...(inOrder.has(was.place) ? [] : ['order' as const]), ...aspectsOf(was.step, step)];
    return aspects.length === 0 ? [] : [{ kind: 'changed', key, place, wasPlace: was.place, aspects }];
  });
  const kept = new Set(after.map(({ key }) => key));
  const gone = before.flatMap(({ key }, index): StepChange[] =>
    kept.has(key) ? [] : [{ kind: 'removed', key, wasPlace: index + 1 }],
  );
  return [...present, ...gone];
}

function aspectsOf(before: SequenceStep, after: SequenceStep): StepAspect[] {
  const [was, is] = [parts(before), parts(after)];
  return (['time', 'branch', 'channel', 'words'] as const).filter(
    (aspect) => canonical(was[aspect]) !== canonical(is[aspect]),
  );
}

function parts({ key: _, offset, anchor, side, lapsesAfter, when, channel, ...words }: SequenceStep) {
  return {
    time: { offset, anchor, side: side ?? null, lapsesAfter: lapsesAfter ?? null },
    branch: when ?? [],
    channel,
    words,
  };
}

/** The most of these numbers that already stand in rising order: what is not among them was moved. */
function longestRising(numbers: readonly number[]): readonly number[] {
  const best: (readonly number[])[] = [];
  for (const number of numbers) {
    const before = best.filter((run) => run.at(-1)! < number).toSorted((a, b) => b.length - a.length)[0] ?? [];
    best.push([...before, number]);
  }
  return best.toSorted((a, b) => b.length - a.length)[0] ?? [];
}

function choiceChanges(before: Unnumbered, after: Unnumbered): DocumentDiff['choices'] {
  return choices.flatMap((choice) => {
    const [was, is] = [choiceWords(before, choice), choiceWords(after, choice)];
    return was === is ? [] : [{ choice, before: was, after: is }];
  });
}

function choiceWords(document: Unnumbered, choice: Choice): string {
  switch (choice) {
    case 'trigger':
      return triggerWords(document.trigger);
    case 'optIn':
      return document.optIn === true ? 'where a location turned it on' : 'everywhere';
    case 'audience':
      return document.audience.map(conditionWords).toSorted().join(', ') || 'everybody';
    case 'coolDown':
      return document.coolDown ?? 'once in a life';
    case 'needs':
    case 'exits':
      return document[choice].toSorted().join(', ') || 'nothing';
    case 'title':
    case 'purpose':
    case 'priority':
    case 'track':
      return String(document[choice]);
  }
}

/** `silence of P3D`, `appointment.booked`. */
export function triggerWords(trigger: SequenceTrigger): string {
  switch (trigger.on) {
    case 'silence':
      return `silence of ${trigger.after}`;
    case 'tier':
      return `tier becomes ${trigger.becomes}`;
    case 'listing':
      return `news of homes: ${trigger.change.toSorted().join(', ')}`;
    case 'lead.activated':
    case 'operator':
    case 'appointment.booked':
      return trigger.on;
  }
}

function conditionWords(test: SequenceTest): string {
  return `${test.fact} ${testWords(test)}`;
}
