import {
  type Loose,
  jsonPath,
  listAt,
  type LooseStep,
  place,
  type Problem,
  textsOf,
  triggerOf,
} from './document-tree.ts';
import { fieldsOf, isListingField } from './merge.ts';

/**
 * What a sequence about homes must keep to: its own track and need, a text that tells of homes, and no figure without whose it is, as of
 * when, and who lists the home. Other sequences have no home to speak of.
 */
export function listingChecks(json: unknown, steps: readonly LooseStep[]): Problem[] {
  const trigger = triggerOf(json);
  if (trigger['on'] !== 'listing') return [...strangeTrack(json), ...steps.flatMap(strayFields)];
  const changes = listAt(trigger, 'change');
  const opens = changes.includes('open-house');
  return [
    ...choices(json, changes),
    ...steps.flatMap((one) => (isMessage(one.step) ? messageProblems(one, opens) : strayFields(one))),
  ];
}

function strangeTrack(json: unknown): Problem[] {
  const track = (json as Loose | null)?.['track'];
  return track === 'market'
    ? [{ path: '$.track', message: 'only a sequence that begins on listing is of this track' }]
    : [];
}

function choices(json: unknown, changes: readonly unknown[]): Problem[] {
  const problems: Problem[] = [];
  const { track } = json as Loose;
  if (track !== 'market')
    problems.push({ path: '$.track', message: 'expected market: news of homes goes on beside a talk' });
  if (!listAt(json, 'needs').includes('listings')) {
    problems.push({ path: '$.needs', message: 'expected listings: without a feed there is no news of homes' });
  }
  if (changes.includes('open-house') && changes.length > 1) {
    const message = 'an open house has a time of its own, and a sequence of its own';
    problems.push({ path: jsonPath(['trigger', 'change']), message });
  }
  changes.forEach((change, index) => {
    if (changes.indexOf(change) < index)
      problems.push({ path: jsonPath(['trigger', 'change', index]), message: 'named twice' });
  });
  return problems;
}

function isMessage({ channel }: Loose): boolean {
  return channel === 'sms' || channel === 'email';
}

function strayFields({ index, step }: LooseStep): Problem[] {
  return textsOf(step).flatMap((name) =>
    fieldsOf(String(step[name])).fields.some(isListingField)
      ? [
          {
            path: place(index, name),
            message: 'names a home: only texts and e-mails of a sequence that begins on listing have one',
          },
        ]
      : [],
  );
}

function messageProblems({ index, step }: LooseStep, opens: boolean): Problem[] {
  const { fields } = fieldsOf(
    textsOf(step)
      .map((name) => String(step[name]))
      .join('\n'),
  );
  const path = place(index, 'body');
  const problems: Problem[] = [];
  if (!fields.some(isListingField)) problems.push({ path, message: 'tells of no home: {{listings}}' });
  if (fields.includes('listing.openHouse') && !opens) {
    problems.push({ path, message: 'names an open house: only a sequence that begins on one has it' });
  }
  const single = fields.some((field) => isListingField(field) && field !== 'listings');
  const missing = ['listing.source', 'listing.listedBy'].filter((field) => !fields.includes(field));
  if (single && missing.length > 0) {
    const names = missing.map((field) => `{{${field}}}`).join(' and ');
    problems.push({ path, message: `tells of a home without whose figures they are and who lists it: ${names}` });
  }
  return problems;
}
