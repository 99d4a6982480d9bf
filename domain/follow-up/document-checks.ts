import { neverHolds } from './conditions.ts';
import {
  type Findings,
  isObject,
  jsonPath,
  listAt,
  type LooseStep,
  type Problem,
  place,
  readSteps,
  textsOf,
  triggerOf,
} from './document-tree.ts';
import { listingChecks } from './document-listings.ts';
import { fieldsOf } from './merge.ts';
import type { SequenceTest } from './sequence.ts';

/**
 * What holds between the fields of a document: names that are unique, events where there is one, conditions that can hold, and what the
 * first text must say.
 */
export function crossChecks(json: unknown): Findings {
  const steps = readSteps(json);
  return {
    problems: [
      ...doubleKeys(steps),
      ...doubles(json, 'exits'),
      ...doubles(json, 'needs'),
      ...events(json, steps),
      ...tags(steps),
      ...firstTexts(steps),
      ...listingChecks(json, steps),
    ],
    warnings: [
      ...impossible(json, ['audience']),
      ...steps.flatMap(({ index, step }) => impossible(step, ['steps', index, 'when'])),
    ],
  };
}

function doubleKeys(steps: readonly LooseStep[]): Problem[] {
  const seen = new Map<string, number>();
  return steps.flatMap(({ index, step: { key } }) => {
    if (typeof key !== 'string') return [];
    const before = seen.get(key);
    if (before !== undefined) return [{ path: place(index, 'key'), message: `already the key of steps[${before}]` }];
    seen.set(key, index);
    return [];
  });
}

function doubles(json: unknown, name: string): Problem[] {
  const list = listAt(json, name);
  return list.flatMap((one, index) =>
    list.indexOf(one) < index ? [{ path: jsonPath([name, index]), message: 'named twice' }] : [],
  );
}

/** Only an appointment and an open house give their sequence an event to be timed by, and an appointment one to speak of. */
function events(json: unknown, steps: readonly LooseStep[]): Problem[] {
  const trigger = triggerOf(json)['on'];
  const hasAppointment = trigger === 'appointment.booked' || typeof trigger !== 'string';
  const hasEvent = hasAppointment || listAt(triggerOf(json), 'change').includes('open-house');
  return steps.flatMap(({ index, step }): Problem[] => {
    const { anchor, side } = step;
    const problems: Problem[] = [];
    if (anchor === 'event' && side === undefined) {
      problems.push({ path: place(index, 'side'), message: 'missing; expected before or after the event' });
    }
    if (anchor !== 'event' && typeof anchor === 'string' && side !== undefined) {
      problems.push({
        path: place(index, 'side'),
        message: 'only a step that is anchored to an event has a side of it',
      });
    }
    if (hasAppointment) return problems;
    const wish = `only a sequence that begins on appointment.booked has one; this begins on ${trigger}`;
    if (anchor === 'event' && !hasEvent) {
      problems.push({ path: place(index, 'anchor'), message: `no event: ${wish}` });
    }
    for (const name of textsOf(step)) {
      if (!fieldsOf(String(step[name])).fields.some((field) => field.startsWith('appointment.'))) continue;
      problems.push({ path: place(index, name), message: `names an appointment: ${wish}` });
    }
    return problems;
  });
}

function tags(steps: readonly LooseStep[]): Problem[] {
  return steps.flatMap(({ index, step }): Problem[] => {
    if (step['channel'] !== 'tag') return [];
    if (step['add'] === undefined && step['remove'] === undefined) {
      return [{ path: jsonPath(['steps', index]), message: 'expected tags to add or to remove' }];
    }
    const added = new Set(listAt(step, 'add').map((tag) => String(tag).toLowerCase()));
    const both = listAt(step, 'remove').findIndex((tag) => added.has(String(tag).toLowerCase()));
    return both < 0 ? [] : [{ path: `${place(index, 'remove')}[${both}]`, message: 'added by the same step' }];
  });
}

/**
 * Whichever text comes first names its sender and says how to stop: CTIA Messaging Principles 5.1.2; 47 CFR 64.1200(a)(10) makes STOP
 * binding. First may be each one before which all others stand on a branch, or before an event that may be too near.
 */
function firstTexts(steps: readonly LooseStep[]): Problem[] {
  const texts = steps.filter(({ step }) => step['channel'] === 'sms');
  const sure = texts.findIndex(({ step }) => step['when'] === undefined && step['side'] !== 'before');
  const firsts = sure < 0 ? texts : texts.slice(0, sure + 1);
  return firsts.flatMap(({ index, step: { body } }) => {
    if (typeof body !== 'string') return [];
    const problems: Problem[] = [];
    const which = firsts.length === 1 ? 'the first text' : 'a text that may be the first';
    if (!/\b(?:reply|text|send)\s+["']?stop\b/i.test(body)) {
      const message = `${which} must say how to opt out, for example: Reply STOP to opt out.`;
      problems.push({ path: place(index, 'body'), message });
    }
    if (!/\{\{\s*location\.name\s*[|}]/.test(body)) {
      problems.push({ path: place(index, 'body'), message: `${which} must name its sender: {{location.name}}` });
    }
    return problems;
  });
}

function impossible(json: unknown, path: readonly (string | number)[]): Problem[] {
  const tests = listAt(json, String(path.at(-1))).filter(isTest);
  const why = neverHolds(tests);
  return why === null ? [] : [{ path: jsonPath(path), message: `can never hold: ${why}` }];
}

function isTest(value: unknown): value is SequenceTest {
  return isObject(value) && typeof value['fact'] === 'string';
}
