import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { diffOf, impactOf } from '../../domain/follow-up/versions.ts';
import type { SequenceStore, UnnumberedSequence } from '../../domain/ports/sequences.ts';
import { createSequenceStore } from '../../integrations/postgres/sequences.ts';
import { type TestDatabase, createTestDatabase } from '../support/database.ts';
import { newRef, NOW, sequence } from '../support/records.ts';
import { type Sends, sendsIn } from '../support/sends.ts';

let db: TestDatabase;
let store: SequenceStore;
let sends: Sends;
let key: string;

beforeAll(async () => {
  db = await createTestDatabase();
  store = createSequenceStore(db.tenants.house);
  sends = sendsIn(db.tenants);
});
afterAll(() => db.drop());
beforeEach(() => {
  key = `key-${randomUUID().slice(0, 8)}`;
});

function document(title: string): UnnumberedSequence {
  const { version: _, ...rest } = sequence(key);
  return { ...rest, title };
}
const inForce = async () => {
  const { versions } = await store.history(key);
  return versions.map(
    ({ version, inForce: yes, running }) => `${version}${yes ? ' in force' : ''}, ${running} running`,
  );
};

describe('a sequence', () => {
  it('is drafted without binding anybody, and published as the next version; there is no draft afterwards', async () => {
    expect(await store.draft(key)).toBeUndefined();
    expect(await store.publishDraft(key, 'robin')).toBeUndefined();
    const saved = await store.saveDraft(document('first'), 'robin', NOW);
    expect(saved).toEqual({ document: document('first'), basedOn: null, savedBy: 'robin', savedAt: NOW });
    expect(await store.get(key)).toBeUndefined();
    expect((await store.list()).filter((one) => one.key === key)).toMatchObject([
      { document: null, draft: { savedBy: 'robin' } },
    ]);
    expect(await store.publishDraft(key, 'robin')).toMatchObject({ version: 1, title: 'first' });
    expect(await store.draft(key)).toBeUndefined();
    expect(await store.saveDraft(document('second'), 'robin', NOW)).toMatchObject({ basedOn: 1 });
    expect(await store.get(key)).toMatchObject({ version: 1, title: 'first' });
  });

  it('rolls back to a version that there was, and says who put what in force', async () => {
    for (const title of ['first', 'second']) await store.publish(document(title), 'robin');
    expect(await store.rollBack(key, 1, 'dana')).toMatchObject({ version: 1, title: 'first' });
    expect(await store.get(key)).toMatchObject({ version: 1 });
    expect((await store.published()).find((one) => one.key === key)).toMatchObject({ version: 1 });
    expect((await sends.leads.standing(newRef(), '', NOW)).sequences.find((one) => one.key === key)).toMatchObject({
      version: 1,
    });
    expect(await store.rollBack(key, 1, 'dana')).toMatchObject({ version: 1 });
    expect(await store.rollBack(key, 9, 'dana')).toBeUndefined();
    expect((await store.history(key)).releases.map(({ version, act, by }) => [version, act, by])).toEqual([
      [1, 'roll-back', 'dana'],
      [2, 'publish', 'robin'],
      [1, 'publish', 'robin'],
    ]);
    // What is published now is compared with what is in force, and numbered after all that there was.
    expect((await store.publish(document('first'))).version).toBe(1);
    expect((await store.publish(document('second'))).version).toBe(3);
    expect(await inForce()).toEqual(['3 in force, 0 running', '2, 0 running', '1, 0 running']);
  });

  it('keeps its version where it is under way, and counts who stands before which step', async () => {
    const step = (name: string) => ({ ...sequence(key).steps[0]!, key: name });
    const first = await store.publish({ ...document('first'), steps: [step('a'), step('b')] });
    const refs = [newRef(), newRef(), newRef()];
    for (const ref of refs) await sends.work(ref, { enrol: [first] });
    const [enrolment] = await sends.leads.enrolments(refs[0]!);
    await sends.leads.recordStep(refs[0]!, enrolment!.enrolmentId, 'a', 'sent', NOW);
    const second = await store.publish({ ...document('second'), steps: [step('a'), { ...step('b'), offset: 'P2D' }] });
    expect(await store.running(key)).toEqual([
      { version: 1, nextStep: 'a', leads: 2 },
      { version: 1, nextStep: 'b', leads: 1 },
    ]);
    expect(await inForce()).toEqual(['2 in force, 0 running', '1, 3 running']);
    expect((await sends.leads.enrolments(refs[0]!))[0]?.document).toEqual(first);
    expect(diffOf(first, second).steps).toEqual([
      { kind: 'changed', key: 'b', place: 2, wasPlace: 2, aspects: ['time'] },
    ]);
    expect(impactOf(first, second, await store.running(key), new Map([[1, first]])).keep).toEqual([
      { version: 1, leads: 3, differing: 3 },
    ]);
  });

  it('takes one change after another, whoever makes them at once', async () => {
    await store.publish(document('first'));
    const titles = Array.from({ length: 8 }, (_, i) => `title ${i}`);
    const versions = await Promise.all(titles.map(async (title) => (await store.publish(document(title))).version));
    expect(versions.toSorted((a, b) => a - b)).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
    const live = await store.get(key);
    expect((await store.history(key)).releases[0]).toMatchObject({ version: live?.version });
  });
});
