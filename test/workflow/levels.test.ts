import { describe, expect, it } from '@jest/globals';
import { optional, required, runLevel } from '../../activities/run-level.ts';
import type { Measurement } from '../../activities/deps.ts';
import { AppError } from '../../domain/errors.ts';

const LONG = 60_000;

function level({ serial = false, taskDelayMs = 0 } = {}) {
  const measured: Measurement[] = [];
  return {
    measured,
    deps: { bench: { serial, taskDelayMs, echoGuard: true }, measure: (what: Measurement) => void measured.push(what) },
  };
}

/** A promise that the test itself fulfils. */
function gate(): { open: () => void; opened: Promise<void> } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open: () => open(), opened };
}

const never = () => new Promise<never>(() => undefined);
const fails = (error: unknown) => () => Promise.reject(error instanceof Error ? error : new Error(String(error)));

describe('a level', () => {
  it('answers what its required tasks answered, and its optional ones as present', async () => {
    const { deps } = level();
    const results = await runLevel(deps, 'understand', {
      talk: required(LONG, async () => ['hello']),
      market: optional(LONG, async () => 7),
    });
    expect(results).toEqual({ talk: ['hello'], market: { present: true, value: 7 } });
  });

  it('records an optional task that failed as absent with its code, and goes on', async () => {
    const { deps } = level();
    const results = await runLevel(deps, 'qualify', {
      questions: required(LONG, async () => 'asked'),
      known: optional(LONG, fails(new AppError('CRM_UNAVAILABLE', 'no answer'))),
      foreign: optional(LONG, fails(new RangeError('Robin Sample, +12125550100, is out of range'))),
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- a foreign library may reject with anything
      strange: optional(LONG, () => Promise.reject('Robin Sample')),
    });
    expect(results).toEqual({
      questions: 'asked',
      known: { present: false, why: 'CRM_UNAVAILABLE' },
      // The text of an error that is not ours may quote a lead: its class is all that is kept.
      foreign: { present: false, why: 'RangeError' },
      strange: { present: false, why: 'unknown' },
    });
  });

  it('fails with the first failure of a required task', async () => {
    const { deps } = level();
    const first = new AppError('CANNOT_STORE', 'the database did not answer');
    const run = runLevel(deps, 'decide', {
      stored: required(LONG, fails(first)),
      facts: required(LONG, fails(new Error('second'))),
    });
    await expect(run).rejects.toBe(first);
  });

  it('ends no sooner than all of its tasks have: none goes on behind the next level', async () => {
    const { deps } = level();
    const slow = gate();
    let ended = false;
    const run = runLevel(deps, 'decide', {
      stored: required(LONG, fails(new Error('at once'))),
      facts: required(LONG, () => slow.opened),
    })
      .catch(() => 'failed')
      .finally(() => {
        ended = true;
      });
    await new Promise((resolve) => setImmediate(resolve));
    expect(ended).toBe(false);
    slow.open();
    expect(await run).toBe('failed');
  });

  it('gives each task its own time: a required one that takes longer fails the level, an optional one is absent', async () => {
    const { deps } = level();
    const late = runLevel(deps, 'decide', { stored: required(5, never) });
    await expect(late).rejects.toMatchObject({ code: 'TASK_TIMEOUT' });
    await expect(late).rejects.toThrow('decide.stored');
    const results = await runLevel(deps, 'decide', { score: optional(5, never), facts: required(LONG, async () => 1) });
    expect(results).toEqual({ score: { present: false, why: 'TASK_TIMEOUT' }, facts: 1 });
  });

  it('measures every task by level and name, and whether it succeeded', async () => {
    const { deps, measured } = level();
    await runLevel(deps, 'qualify', {
      questions: required(LONG, async () => 1),
      snapshot: optional(LONG, fails(new Error('no'))),
      late: optional(5, never),
    });
    const lines = measured.map((what) => (what.kind === 'task' ? `${what.level}.${what.task} ${what.ok}` : what.kind));
    expect(lines.sort()).toEqual(['qualify.late false', 'qualify.questions true', 'qualify.snapshot false']);
    expect(measured.every((what) => what.kind === 'task' && Number.isFinite(what.ms) && what.ms >= 0)).toBe(true);
  });

  it('runs its tasks side by side: each may wait for another', async () => {
    const { deps } = level();
    const [one, other] = [gate(), gate()];
    const meet = (mine: typeof one, theirs: typeof one) => async () => {
      mine.open();
      await theirs.opened;
      return true;
    };
    const results = await runLevel(deps, 'understand', {
      one: required(LONG, meet(one, other)),
      other: required(LONG, meet(other, one)),
    });
    expect(results).toEqual({ one: true, other: true });
  });

  it('runs them one after another in the control, in the order in which they stand, past a failed one', async () => {
    const { deps } = level({ serial: true });
    const seen: string[] = [];
    const task = (name: string, answer: () => Promise<unknown>) =>
      optional(LONG, async () => {
        seen.push(`${name} begins`);
        await new Promise((resolve) => setImmediate(resolve));
        seen.push(`${name} ends`);
        return answer();
      });
    await runLevel(deps, 'understand', {
      first: task('first', fails(new Error('no'))),
      second: task('second', async () => 2),
    });
    expect(seen).toEqual(['first begins', 'first ends', 'second begins', 'second ends']);
  });

  it('counts the delay of the control into the time of its task, whose limit then holds', async () => {
    const { deps, measured } = level({ taskDelayMs: 1_000 });
    let ran = false;
    const run = async () => {
      ran = true;
    };
    const results = await runLevel(deps, 'understand', { talk: optional(5, run) });
    expect(results).toEqual({ talk: { present: false, why: 'TASK_TIMEOUT' } });
    expect(ran).toBe(false);
    expect(measured).toHaveLength(1);
  });
});
