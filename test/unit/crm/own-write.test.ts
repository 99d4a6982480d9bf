import { describe, expect, it } from '@jest/globals';
import { type MakingSend, ownTraces } from '../../../domain/crm/own-traces.ts';
import { isOwnContactEcho, isOwnMessageEcho, isOwnRecordEcho, type OwnWrite } from '../../../domain/crm/own-write.ts';
import { mergeRecord } from '../../../domain/crm/record-merge.ts';
import type { CrmRecord, Facts, RecordNews } from '../../../domain/crm/records.ts';
import type { MessageFact } from '../../../domain/webhooks/event.ts';

const at = '2026-05-13T01:00:00.000Z';

function news(facts: Facts, change: Partial<RecordNews> = {}): RecordNews {
  return {
    ...{ kind: 'opportunity', recordId: 'O1', contactId: 'C1', action: 'created', at, timed: true, facts },
    ...change,
  };
}

function isOurs(one: RecordNews, writes: readonly OwnWrite[], before: CrmRecord | null = null): boolean {
  return isOwnRecordEcho(mergeRecord(before, one).change, one, before, writes);
}

const write = (change: Partial<OwnWrite>): OwnWrite => ({
  key: 'w',
  kind: 'opportunity',
  recordId: null,
  facts: {},
  ...change,
});
const whole = { pipelineId: 'P', stageId: 'S1', status: 'open', assignedTo: null, name: 'Any', source: 'api' };
const known = (ownAt: string | null, facts: Facts = whole) => ({ ...mergeRecord(null, news(facts)).record, ownAt });

describe('what comes back of a record', () => {
  const creating = write({ facts: { pipelineId: 'P', stageId: 'S1' } });

  it('that we are creating is ours by what it is created with, the rest being what the CRM adds', () => {
    expect(isOurs(news(whole), [creating])).toBe(true);
    expect(isOurs(news({ ...whole, stageId: 'S2' }), [creating])).toBe(false);
    expect(isOurs(news({ ...whole, status: 'won' }), [creating])).toBe(false);
    expect(isOurs(news({ ...whole, assignedTo: 'U1' }), [creating])).toBe(false);
    expect(isOurs(news({ name: 'Any' }), [creating])).toBe(false);
    expect(isOurs(news(whole), [])).toBe(false);
  });

  it('that we are changing is ours by its id and by just this change', () => {
    const moving = write({ recordId: 'O1', facts: { stageId: 'S2' } });
    const moved = news({ ...whole, stageId: 'S2' }, { action: 'changed', at: '2026-05-13T01:00:05.000Z' });
    expect(isOurs(moved, [moving], known(null))).toBe(true);
    expect(isOurs({ ...moved, facts: { ...moved.facts, status: 'lost' } }, [moving], known(null))).toBe(false);
    expect(isOurs({ ...moved, recordId: 'O2' }, [moving], known(null))).toBe(false);
    expect(isOurs(moved, [creating], known(null))).toBe(false);
  });

  it('after our write is stored is ours as far as it adds what we left open, for a while', () => {
    const added = news({ ...whole, value: 0 }, { action: 'changed', at: '2026-05-13T01:00:02.000Z' });
    const ours = known(at, { pipelineId: 'P', stageId: 'S1' });
    expect(isOurs(added, [], ours)).toBe(true);
    expect(isOurs({ ...added, facts: { ...added.facts, stageId: 'S2' } }, [], ours)).toBe(false);
    expect(isOurs({ ...added, facts: { ...added.facts, assignedTo: 'U1' } }, [], ours)).toBe(false);
    expect(isOurs({ ...added, at: '2026-05-13T02:00:00.000Z' }, [], ours)).toBe(false);
  });

  it('that is deleted is ours only if we were deleting it', () => {
    const gone = news({}, { action: 'deleted', at: '2026-05-13T01:00:09.000Z' });
    expect(isOurs(gone, [write({ recordId: 'O1', facts: { deleted: true } })], known(at))).toBe(true);
    expect(isOurs(gone, [write({ recordId: 'O1', facts: { stageId: 'S1' } })], known(at))).toBe(false);
  });
});

describe('what comes back of a contact', () => {
  const ours = write({
    kind: 'contact',
    facts: {
      tagsAdded: ['Hot-Lead'],
      tagsRemoved: ['Cold-Lead'],
      fields: { f1: 72 },
      dnd: { sms: 'on' },
      assignedTo: 'U1',
    },
  });
  const tags = (added: string[], removed: string[]) => ({ field: 'tags', added, removed }) as const;

  it('is ours if all of it is what we were writing, however tags are spelled and numbers come back', () => {
    expect(isOwnContactEcho([tags(['hot-lead'], ['Cold-Lead'])], [ours])).toBe(true);
    expect(isOwnContactEcho([{ field: 'customFields.f1', after: '72' }], [ours])).toBe(true);
    expect(isOwnContactEcho([{ field: 'dndChannels.sms', after: 'on' }], [ours])).toBe(true);
    expect(isOwnContactEcho([{ field: 'assignedTo', before: null, after: 'U1' }], [ours])).toBe(true);
  });

  it('is news as soon as anything else changed', () => {
    expect(isOwnContactEcho([tags(['hot-lead', 'VIP'], [])], [ours])).toBe(false);
    expect(isOwnContactEcho([tags([], ['Hot-Lead'])], [ours])).toBe(false);
    expect(isOwnContactEcho([tags(['hot-lead'], []), { field: 'phone', after: '+12125550142' }], [ours])).toBe(false);
    expect(isOwnContactEcho([{ field: 'customFields.f2', after: 72 }], [ours])).toBe(false);
    expect(isOwnContactEcho([{ field: 'assignedTo', after: 'U2' }], [ours])).toBe(false);
    expect(isOwnContactEcho([], [ours])).toBe(false);
    expect(isOwnContactEcho([tags(['hot-lead'], [])], [])).toBe(false);
  });
});

describe('what we keep of our own sends and marks', () => {
  const send = (channel: MakingSend['channel'], content: MakingSend['content'], vendorId: string | null = null) => ({
    ...{ sendId: 'send', channel, vendorId, content },
  });
  const of = (sends: readonly MakingSend[], one?: RecordNews) => ownTraces({ sends, marks: {}, assigning: null }, one);

  it('names what is being made', () => {
    expect(of([send('opportunity', { body: '', target: 'P', stage: 'S1' })])).toMatchObject([
      { kind: 'opportunity', recordId: null, facts: { pipelineId: 'P', stageId: 'S1' } },
    ]);
    expect(of([send('call-task', { title: 'Call', body: 'x' })])).toMatchObject([
      { kind: 'task', facts: { title: 'Call' } },
    ]);
    expect(of([send('call-task', {}, 'T1')])).toMatchObject([{ kind: 'task', recordId: 'T1', facts: {} }]);
    const note = news({ body: 'Answers: three. Ref LW-1' }, { kind: 'note' });
    expect(of([send('note', { body: 'Answers: three.' })], note)).toMatchObject([
      { facts: { body: note.facts['body'] } },
    ]);
    expect(of([send('ghl-workflow', { body: '' })])).toEqual([]);
  });

  it('knows a text that is under way, and no other', () => {
    const writes = of([send('sms', { body: 'Hello  Robin' })]);
    const message = (change: Partial<MessageFact> = {}): MessageFact => ({
      ...{ messageId: 'm1', direction: 'outbound', channel: 'sms', body: 'Hello Robin', status: 'sent' },
      ...{ origin: 'api', userId: undefined, at },
      ...change,
    });
    expect(isOwnMessageEcho(message(), writes)).toBe(true);
    for (const other of [
      { origin: 'app' },
      { body: 'Hello' },
      { channel: 'email' },
      { direction: 'inbound' },
    ] as const) {
      expect(isOwnMessageEcho(message(other), writes)).toBe(false);
    }
  });

  it('tells what the applier is about to write, and nothing of what it wrote long ago', () => {
    const marks = {
      'tag:hot-lead': { state: 'setting', at },
      'tag:cold-lead': { state: 'removing', at },
      'tag:vip': { state: 'ours', at },
      'field:contact.budget': { state: 'setting', at, value: 5, id: 'f1' },
      'dnd:sms': { state: 'setting', at },
      opportunity: { state: 'setting', at, id: 'O1', value: 'S2' },
    } as const;
    expect(ownTraces({ sends: [], marks, assigning: 'U1' }, undefined)).toEqual([
      {
        ...{ key: 'marks', kind: 'contact', recordId: null },
        facts: {
          ...{ tagsAdded: ['hot-lead'], tagsRemoved: ['cold-lead'], fields: { f1: 5 }, dnd: { sms: 'on' } },
          assignedTo: 'U1',
        },
      },
      { key: 'opportunity', kind: 'opportunity', recordId: 'O1', facts: { stageId: 'S2' } },
    ]);
  });
});
