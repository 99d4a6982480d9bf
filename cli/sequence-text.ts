import type { SequenceDiff, SequenceHistory, SequenceItem } from '../api/contract/sequences.ts';
import type { SequenceDocument } from '../domain/follow-up/sequence.ts';
import { stepText } from '../domain/follow-up/step-words.ts';
import { triggerWords } from '../domain/follow-up/versions.ts';
import { printable, table } from './output.ts';

export function listText(items: readonly SequenceItem[]): string {
  return table(items, [
    { title: 'KEY', of: (item) => item.key },
    { title: 'IN FORCE', of: (item) => item.version, right: true },
    { title: 'TITLE', of: (item) => item.title },
    { title: 'BEGINS ON', of: (item) => item.trigger },
    { title: 'PRIORITY', of: (item) => item.priority, right: true },
    { title: 'STEPS', of: (item) => item.steps, right: true },
    { title: 'RUNNING', of: (item) => item.running, right: true },
    { title: 'DRAFT', of: ({ draft }) => (draft === null ? null : `${draft.savedAt} by ${draft.savedBy}`) },
  ]);
}

/** A document for people: when which step comes, and how it begins. */
export function sequenceText(document: SequenceDocument): string {
  const { key, version, title, trigger, exits, steps } = document;
  const head = `${key}, version ${version}: ${printable(title)}\nbegins on ${triggerWords(trigger)}, ends on ${exits.join(', ') || 'nothing'}\n`;
  return (
    head +
    table(steps, [
      { title: 'STEP', of: (step) => step.key },
      { title: 'AFTER', of: (step) => `${step.offset} ${step.side ?? 'from'} ${step.anchor}` },
      { title: 'CHANNEL', of: (step) => step.channel },
      { title: 'WHAT', of: (step) => stepText(step).slice(0, 60) },
    ])
  );
}

export function historyText({ versions, releases }: SequenceHistory): string {
  const head = table(versions, [
    { title: 'VERSION', of: ({ version }) => version, right: true },
    { title: 'PUBLISHED', of: ({ publishedAt }) => publishedAt },
    { title: 'IN FORCE', of: ({ inForce }) => (inForce ? 'yes' : null) },
    { title: 'RUNNING', of: ({ running }) => running, right: true },
  ]);
  const acts = releases.map(({ version, act, by, at }) => `${at}  ${act} of version ${version} by ${by}\n`);
  return `${head}\n${acts.join('')}`;
}

export function diffText({ from, to, steps, choices, impact }: SequenceDiff): string {
  const lines = [
    `from version ${from} to ${to === 'draft' ? 'the draft' : `version ${to}`}`,
    ...choices.map(({ choice, before, after }) => `  ${choice}: ${before} → ${after}`),
    ...steps.map(stepLine),
    ...(steps.length + choices.length === 0 ? ['  nothing differs'] : []),
    impact.beginsOtherwise ? 'It begins for other leads or at other times.' : 'It begins for the same leads.',
    impact.getsOtherwise ? 'Who begins from now on gets something else.' : 'Who begins from now on gets the same.',
    ...impact.keep.map(
      ({ version, leads, differing }) =>
        `${leads} lead(s) under way keep version ${version}; for ${differing} of them what lies ahead differs.`,
    ),
  ];
  return `${lines.map(printable).join('\n')}\n`;
}

function stepLine(change: SequenceDiff['steps'][number]): string {
  switch (change.kind) {
    case 'added':
      return `  + ${change.key}, as step ${change.place}`;
    case 'removed':
      return `  - ${change.key}, which was step ${change.wasPlace}`;
    case 'changed':
      return `  ~ ${change.key}, step ${change.place}: ${change.aspects.join(', ')}`;
  }
}
