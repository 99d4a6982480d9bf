import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bearsWordsOf, render } from '../../../domain/follow-up/merge.ts';
import { type Wanted, recollect } from '../../../domain/follow-up/recollect.ts';
import type { Unclaimed } from '../../../domain/ports/restores.ts';

const UNTIL = '2026-03-02T12:00:00.000Z';
const BEFORE = '2026-03-02T11:00:00.000Z';
const AFTER = '2026-03-02T13:00:00.000Z';

type Send = Unclaimed['sends'][number];

function send(body: string, change: Partial<Send> = {}): Send {
  return { sendId: body, vendorId: `v-${body}`, channel: 'sms', body, at: BEFORE, ...change };
}

function unclaimed(sends: readonly Send[], eventAt: string | null = null): Unclaimed {
  return { sends, until: UNTIL, eventAt };
}

function step(body: string, change: Partial<Wanted> = {}): Wanted {
  return {
    ...{ onceKey: 'enrolment:e:s', channel: 'sms', content: { body }, claimedAt: AFTER },
    step: { dueAt: BEFORE, enrolledAt: BEFORE },
    ...change,
  };
}

function task(onceKey: string, title: string, body: string, claimedAt = AFTER): Wanted {
  return { onceKey, channel: 'call-task', content: { title, body }, claimedAt, step: null };
}

describe('the words of a template', () => {
  it('are known again whatever its fields were filled with, however it was wrapped, with whatever around it', () => {
    const template = 'Hi {{contact.firstName|there}}, this is {{location.name}}. \n\nStill looking?';
    expect(bearsWordsOf(template, 'Hi Zoë María, this is Oak & Co.   Still\nlooking?')).toBe(true);
    expect(bearsWordsOf(template, 'Hi there, this is X. Still looking? Reply STOP to unsubscribe')).toBe(true);
    expect(bearsWordsOf(template, 'Hi there, this is X. Still there?')).toBe(false);
    expect(bearsWordsOf(template, 'Still looking? Hi there, this is X.')).toBe(false);
  });

  it('are known again after any filling', () => {
    const name = fc.stringMatching(/^[A-Z][a-z]{1,20}$/);
    const piece = fc.stringMatching(/^[ -z]{0,30}$/);
    fc.assert(
      fc.property(name, piece, piece, (firstName, head, tail) => {
        const template = `${head}{{contact.firstName}}${tail}`;
        const rendered = render(template, { contact: { firstName } });
        // What is written for no name, like "Na", fills nothing, and nothing is sent.
        fc.pre(rendered.ok);
        return bearsWordsOf(template, rendered.text);
      }),
    );
  });
});

describe('what was recalled after a restore', () => {
  it('stands for the send that bears its words, the oldest first', () => {
    const found = recollect(step('Hello {{contact.firstName}}'), unclaimed([send('Hello Ann'), send('Hello Bob')]), []);
    expect(found).toMatchObject({ kind: 'was-sent', send: { body: 'Hello Ann' } });
  });

  it('may stand for a send of other words that can have gone out then, unless it is known as another send', () => {
    const strange = unclaimed([send('Good morning')]);
    expect(recollect(step('Hello'), strange, [])).toMatchObject({ kind: 'may-have-been' });
    const other = { channel: 'sms', content: { body: 'Good {{contact.firstName}}' } } as const;
    expect(recollect(step('Hello'), strange, [other])).toBeUndefined();
  });

  it.each([
    ['claimed before', { claimedAt: BEFORE, step: null }, true],
    ['due before', { step: { dueAt: BEFORE, enrolledAt: BEFORE } }, true],
    ['enrolled anew', { step: { dueAt: AFTER, enrolledAt: AFTER } }, true],
    ['not due before', { step: { dueAt: AFTER, enrolledAt: BEFORE } }, false],
  ] as const)('puts a send of other words in doubt: %s', (_title, change, doubt) => {
    const found = recollect(step('Hello', change), unclaimed([send('Good morning')]), []);
    expect(found?.kind).toBe(doubt ? 'may-have-been' : undefined);
  });

  it('never stands for another channel', () => {
    expect(recollect(step('Hello'), unclaimed([send('Hello', { channel: 'email' })]), [])).not.toMatchObject({
      kind: 'was-sent',
    });
  });

  it('is a task of a decision by its title, if the event is no newer; other words make no doubt', () => {
    const made = send('Score 83', { channel: 'call-task', title: 'Call: hot' });
    const wanted = task('hot:1', 'Call: hot', 'Score 81');
    expect(recollect(wanted, unclaimed([made], BEFORE), [])).toMatchObject({ kind: 'was-sent' });
    expect(recollect(wanted, unclaimed([made], AFTER), [])).toBeUndefined();
    expect(recollect(task('hot:1', 'Call: late', 'Score 83'), unclaimed([made], BEFORE), [])).toBeUndefined();
  });

  it('is the task of a step by its title and its words', () => {
    const made = send('Ask Ann', { channel: 'call-task', title: 'Call Ann' });
    const key = 'enrolment:e:s';
    expect(recollect(task(key, 'Call {{contact.firstName}}', 'Ask'), unclaimed([made]), [])).toBeDefined();
    expect(recollect(task(key, 'Call {{contact.firstName}}', 'Tell'), unclaimed([made]), [])).toBeUndefined();
  });
});
