import type { OutboxDraft } from '../ports/outbox.ts';
import { sameTag } from '../leads/activation.ts';
import { outboxChannel } from './draft.ts';
import { durationWords } from './interpret.ts';
import { isWrite, type SequenceDocument, type SequenceStep } from './sequence.ts';
import { stepText } from './step-words.ts';

/** The contact of whoever tries sequences on their own phone bears it, by their own hand. */
export const PREVIEW_TAG = 'leadwright-preview';

const PREFIX = 'preview:';

/** Does it show a step to somebody of the team, instead of taking one of a lead's? */
export function isPreview({ onceKey }: Pick<OutboxDraft, 'onceKey'>): boolean {
  return onceKey.startsWith(PREFIX);
}

export function maySeePreviews(tags: readonly string[] | undefined): boolean {
  return (tags ?? []).some((tag) => sameTag(tag) === PREVIEW_TAG);
}

/**
 * All steps of a sequence as texts to one phone, one right after the other, each marked as a preview and with the time at which a lead
 * would get it. They are answers: they go to somebody alone who has just written to us, and there are at most twenty of those a day.
 * @param previewId  makes it once, however often it is asked for
 */
export function previewDrafts(document: SequenceDocument, previewId: string): readonly OutboxDraft[] {
  const { steps } = document;
  return steps.map((step, index) => ({
    onceKey: `${PREFIX}${previewId}:${step.key}`,
    ...({ channel: 'sms', purpose: 'answer', enrolmentId: null } as const),
    stepKey: step.key,
    content: {
      body: `[Preview ${index + 1}/${steps.length}, ${timeOf(document, step)}${channelOf(step)}] ${wordsOf(step)}`,
    },
  }));
}

const standIns = new Map<string, string>([
  ['listings', 'HOMES, each with PRICE, SOURCE, DAY and LISTING OFFICE'],
  ['listing.home', 'HOME'],
  ['listing.price', 'PRICE'],
  ['listing.priceBefore', 'PRICE BEFORE'],
  ['listing.source', 'SOURCE, DAY'],
  ['listing.listedBy', 'Listed by OFFICE'],
  ['listing.openHouse', 'DAY AND TIME'],
]);

function eventOf({ trigger }: Pick<SequenceDocument, 'trigger'>): string {
  return trigger.on === 'listing' ? 'open house' : 'appointment';
}

function timeOf(document: SequenceDocument, { offset, anchor, side }: SequenceStep): string {
  const after = durationWords(offset);
  if (anchor === 'event') return `${after} ${side ?? 'after'} the ${eventOf(document)}`;
  return anchor === 'previous' ? `${after} later` : `after ${after}`;
}

/** A text is what it is; of everything else it is said what it would be. */
function channelOf(step: SequenceStep): string {
  if (step.channel === 'sms') return '';
  return `, ${isWrite(step) ? `in the CRM: ${step.channel}` : outboxChannel(step)}`;
}

/** No appointment is booked and no home is told of, so they stand for themselves. */
function wordsOf(step: SequenceStep): string {
  return stepText(step)
    .replaceAll(/\{\{\s*appointment\.day[^{}]*\}\}/g, 'DAY')
    .replaceAll(/\{\{\s*appointment\.time[^{}]*\}\}/g, 'TIME')
    .replaceAll(/\{\{\s*(listings?(?:\.\w+)?)[^{}]*\}\}/g, (whole, name: string) => standIns.get(name) ?? whole);
}
