import { describe, expect, it } from '@jest/globals';
import {
  type ActionKind,
  actionKinds,
  type CrmAction,
  hasUndo,
  undoState,
  whyNoUndo,
} from '../../../domain/crm/actions.ts';
import { answersNote } from '../../../domain/crm/note.ts';
import { undoOf, type UndoState } from '../../../domain/crm/undo.ts';

const action = (kind: ActionKind, change: Partial<CrmAction> = {}): CrmAction => ({
  ...{
    actionId: 'a1',
    kind,
    target: 'VIP',
    before: null,
    after: 'VIP',
    planVersion: 1,
    sendId: null,
    undoes: null,
    undo: null,
  },
  ...{ at: '2026-05-04T12:00:00.000Z', ...change },
});
const state = (change: Partial<UndoState> = {}): UndoState => ({
  ...{ contact: { tags: [] }, fieldIds: { 'contact.budget': 'f' }, opportunity: undefined, unchanged: undefined },
  mark: { state: 'ours', at: '2026-05-04T12:00:00.000Z' },
  ...change,
});
const field = (before: string | null, after: string | null) =>
  action('field.set', { target: 'contact.budget', before, after });
const shows = (value: string | number | null) => state({ contact: { customFields: { f: value } } });
const opportunity = (stageId: string, status: 'open' | 'won' = 'open') =>
  state({
    opportunity: {
      ...{ opportunityId: 'o', contactId: 'c', pipelineId: 'p', stageId, status, name: 'x', value: null },
      ...{ assignedTo: null, updatedAt: null, stageSince: null },
    },
  });

describe('every kind of action', () => {
  it.each(Object.keys(actionKinds) as ActionKind[])('%s has its undo, or says why not', (kind) => {
    const one = action(kind);
    expect(undoState(one)).toBe(hasUndo(one) ? 'possible' : 'none');
    if (hasUndo(one)) expect(undoOf(one, state()).kind).not.toBe('none');
    else {
      expect(undoOf(one, state())).toEqual({ kind: 'none' });
      expect(whyNoUndo(one).length).toBeGreaterThan(10);
    }
  });

  it('has none if it is an undo itself', () => {
    expect(undoState(action('tag.add', { undoes: 'a0' }))).toBe('none');
  });
});

describe('an undo', () => {
  it.each([
    [
      'takes a tag away in the contact’s spelling',
      action('tag.add'),
      state({ contact: { tags: ['vip'] } }),
      { call: { do: 'remove-tag', tag: 'vip' } },
    ],
    [
      'leaves a tag that a person put there after ours was gone',
      action('tag.add'),
      state({ contact: { tags: ['vip'] }, mark: undefined }),
      { kind: 'changed' },
    ],
    [
      'leaves a tag that a person took away and put back',
      action('tag.add'),
      state({ contact: { tags: ['vip'] }, mark: { state: 'let-go', at: '2026-05-04T12:00:00.000Z' } }),
      { kind: 'changed' },
    ],
    [
      'of a tag that was begun is gone on with',
      action('tag.add'),
      state({ contact: { tags: ['vip'] }, mark: { state: 'removing', at: '2026-05-04T12:00:00.000Z' } }),
      { call: { do: 'remove-tag' } },
    ],
    ['of a tag that is gone is done', action('tag.add'), state(), { kind: 'already' }],
    ['puts a tag back', action('tag.remove'), state(), { call: { do: 'add-tag', tag: 'VIP' } }],
    [
      'puts a value back',
      field('400000', '450000'),
      shows('$450,000.00'),
      { call: { do: 'set-field', id: 'f', value: '400000' } },
    ],
    ['empties what was empty', field(null, '450000'), shows(450_000), { call: { do: 'set-field', value: '' } }],
    ['fills what we emptied', field('450000', null), shows(null), { call: { do: 'set-field', value: '450000' } }],
    ['leaves a value that somebody wrote since', field('400000', '450000'), shows('470000'), { kind: 'changed' }],
    ['leaves a field that somebody filled since', field('450000', null), shows('470000'), { kind: 'changed' }],
    [
      'of a field that is gone cannot be done',
      action('field.set', { target: 'contact.x' }),
      state(),
      { kind: 'changed' },
    ],
    [
      'moves back',
      action('opportunity.move', { target: 'o', before: 'a', after: 'b' }),
      opportunity('b'),
      { call: { do: 'move-opportunity', stageId: 'a' } },
    ],
    [
      'leaves what was moved on',
      action('opportunity.move', { target: 'o', before: 'a', after: 'b' }),
      opportunity('c'),
      { kind: 'changed' },
    ],
    [
      'leaves what was won',
      action('opportunity.create', { target: 'o', after: 'b' }),
      opportunity('b', 'won'),
      { kind: 'changed' },
    ],
    [
      'deletes what nobody touched',
      action('opportunity.create', { target: 'o', after: 'b' }),
      opportunity('b'),
      { call: { do: 'delete-opportunity' } },
    ],
    ['leaves a note that somebody changed', action('note.create'), state({ unchanged: false }), { kind: 'changed' }],
    ['does not guess about a note that was not looked at', action('note.create'), state(), { kind: 'changed' }],
    [
      'takes nobody’s contact away',
      action('assignment.set', { after: 'ann' }),
      state({ contact: { assignedTo: 'bob' } }),
      { kind: 'changed' },
    ],
    [
      'gives back',
      action('assignment.set', { after: 'ann' }),
      state({ contact: { assignedTo: 'ann' } }),
      { call: { do: 'assign', userId: null } },
    ],
  ] as const)('%s', (_what, one, now, verdict) => {
    expect(undoOf(one, now)).toMatchObject(verdict);
  });
});

describe('the note of a qualified lead', () => {
  it('says what was said, with its day, and nothing that nobody said', () => {
    const at = '2026-05-04T12:00:00.000Z';
    const note = answersNote({
      side: { value: 'buy', at, from: 'x' },
      budget: { value: 450_000, at, from: 'x' },
      location: { value: 'Austin,\nTX', at, from: 'x' },
      financing: { value: false, at, from: 'x' },
    });
    expect(note).toBe(
      'What the lead told us:\n- Wants to: buy (said on 2026-05-04)\n- Budget: $450,000 (said on 2026-05-04)\n' +
        '- Where: Austin, TX (said on 2026-05-04)\n- Financing: no (said on 2026-05-04)',
    );
  });
});
