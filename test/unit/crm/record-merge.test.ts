import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mergeRecord } from '../../../domain/crm/record-merge.ts';
import { type CrmRecord, leadRecordKinds, otherKinds, type RecordNews } from '../../../domain/crm/records.ts';

const at = (second: number) => new Date(Date.UTC(2026, 4, 13, 1, 0, second)).toISOString();

function news(change: Partial<RecordNews> = {}): RecordNews {
  return {
    ...{ kind: 'opportunity', recordId: 'O1', contactId: 'C1', action: 'changed', at: at(1), timed: true },
    facts: { stageId: 'first', status: 'open' },
    ...change,
  };
}

function after(...all: readonly RecordNews[]): CrmRecord {
  const record = all.reduce<CrmRecord | null>((known, one) => mergeRecord(known, one).record, null);
  if (record === null) throw new Error('no news');
  return record;
}

describe('news of a record', () => {
  it('of one change that comes several times changes it once', () => {
    const created = news({ action: 'created' });
    const first = mergeRecord(null, created);
    const twin = mergeRecord(first.record, { ...created, action: 'changed', at: at(2) });
    expect(first.change).toMatchObject({ what: 'created', facts: { stageId: { after: 'first' } } });
    expect(twin.change).toEqual({ kind: 'opportunity', recordId: 'O1', what: 'none', facts: {} });
  });

  it('tells what was known before and what is known now', () => {
    const { change } = mergeRecord(after(news()), news({ facts: { stageId: 'second', value: 10 }, at: at(2) }));
    expect(change).toMatchObject({
      what: 'changed',
      facts: { stageId: { before: 'first', after: 'second' }, value: { after: 10 } },
    });
    expect(change.facts['value']).not.toHaveProperty('before');
  });

  it('that is older changes nothing that newer news has told, and fills what nobody has told', () => {
    const record = after(news({ at: at(5) }), news({ facts: { stageId: 'older', name: 'River home' }, at: at(2) }));
    expect(record.facts).toEqual({ name: 'River home', stageId: 'first', status: 'open' });
    expect(record.knownAt).toBe(at(5));
  });

  it('keeps what it does not mention, and whose it is', () => {
    const record = after(news(), news({ contactId: undefined, facts: { status: 'won' }, at: at(3) }));
    expect(record).toMatchObject({ contactId: 'C1', facts: { stageId: 'first', status: 'won' } });
  });

  it('of the same time goes by the rank of a status, and by nothing that depends on the order', () => {
    const [won, open] = [news({ facts: { status: 'won' } }), news({ facts: { status: 'open' } })];
    expect(after(won, open).facts).toEqual({ status: 'won' });
    expect(after(open, won).facts).toEqual({ status: 'won' });
  });

  it('without any time of the vendor’s moves a status on and never back', () => {
    const untimed = (status: string, second: number) => news({ facts: { status }, at: at(second), timed: false });
    expect(after(untimed('won', 1), untimed('open', 9)).facts).toEqual({ status: 'won' });
    expect(after(untimed('won', 1), news({ facts: { status: 'lost' } })).facts).toEqual({ status: 'lost' });
  });

  it('without the vendor’s time moves on from an older status with one, whichever comes first', () => {
    const timed = (status: string, second: number) => news({ facts: { status }, at: at(second) });
    const untimed = (status: string, second: number) => news({ facts: { status }, at: at(second), timed: false });
    expect(after(timed('open', 1), untimed('won', 5)).facts).toEqual({ status: 'won' });
    expect(after(untimed('won', 5), timed('open', 1)).facts).toEqual({ status: 'won' });
    expect(after(timed('won', 1), untimed('open', 5)).facts).toEqual({ status: 'won' });
    expect(after(untimed('won', 5), timed('lost', 6), timed('open', 1)).facts).toEqual({ status: 'lost' });
    // What stood against the further one in vain stands once that has fallen.
    expect(after(untimed('won', 2), untimed('lost', 9), timed('open', 4)).facts).toEqual({ status: 'lost' });
  });

  it('of a deletion wins over changes that follow, which only repeat what was deleted, and over those of its time', () => {
    const gone = news({ action: 'deleted', at: at(4) });
    expect(after(news(), gone, news({ at: at(5) })).deletedAt).toBe(at(4));
    expect(after(gone, news({ action: 'created', at: at(4) })).deletedAt).toBe(at(4));
    expect(mergeRecord(after(news(), gone), news({ facts: { stageId: 'other' }, at: at(6) })).change.what).toBe('none');
  });

  it('brings a deleted record back only by a newer creation', () => {
    const gone = after(news(), news({ action: 'deleted', at: at(4) }));
    const again = mergeRecord(gone, news({ action: 'created', at: at(7) }));
    expect(again.record.deletedAt).toBeNull();
    expect(again.change.what).toBe('created');
    expect(mergeRecord(gone, news({ action: 'created', at: at(3) })).record.deletedAt).toBe(at(4));
  });
});

describe('any news of any kind', () => {
  const values = fc.constantFrom<RecordNews['facts'][string]>(
    'open',
    'won',
    'lost',
    'confirmed',
    'showed',
    null,
    3,
    true,
  );
  const anyNews = fc.record({
    kind: fc.constantFrom(...leadRecordKinds, ...otherKinds, 'user' as const),
    recordId: fc.constantFrom('R1', 'R2'),
    contactId: fc.constantFrom('C1', 'C2', undefined),
    action: fc.constantFrom('created', 'changed', 'deleted'),
    facts: fc.dictionary(fc.constantFrom('status', 'stageId', 'name', 'completed', '__proto__', 'contactId'), values),
    at: fc.nat(4).map(at),
    timed: fc.boolean(),
  }) as fc.Arbitrary<RecordNews>;

  const state = (all: readonly RecordNews[]) => {
    const records = new Map<string, CrmRecord>();
    for (const one of all) {
      const key = `${one.kind} ${one.recordId}`;
      records.set(key, mergeRecord(records.get(key) ?? null, one).record);
    }
    return [...records].toSorted(([a], [b]) => (a < b ? -1 : 1));
  };

  it('ends in the same state in any order and any number', () => {
    const shuffled = fc
      .array(anyNews, { minLength: 1, maxLength: 12 })
      .chain((all) =>
        fc.tuple(
          fc.constant(all),
          fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2, maxLength: all.length * 2 }),
        ),
      );
    fc.assert(
      fc.property(shuffled, ([all, again]) => {
        expect(state(again)).toEqual(state(all));
      }),
      { numRuns: 1000 },
    );
  });

  it('that is repeated changes nothing', () => {
    fc.assert(
      fc.property(fc.array(anyNews, { minLength: 1, maxLength: 6 }), (all) => {
        const records = new Map(state(all));
        for (const one of all) {
          const known = records.get(`${one.kind} ${one.recordId}`);
          if (known !== undefined) expect(mergeRecord(known, one).change.what).toBe('none');
        }
      }),
    );
  });
});
