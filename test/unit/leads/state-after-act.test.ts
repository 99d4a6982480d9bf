import { expect, it } from '@jest/globals';
import { decide } from '../../../domain/leads/decide.ts';
import { leadStates } from '../../../domain/glossary.ts';
import { leadActions, stateAfter } from '../../../workflows/contract.ts';
import { event, situation } from './situation.ts';

it('leaves a lead where people expect it, from every state', () => {
  const table = Object.fromEntries(
    leadActions.map((action) => [action, leadStates.map((state) => stateAfter(action, state))]),
  );
  expect(leadStates).toEqual(['active', 'paused', 'stopped', 'taken-over']);
  expect(table).toEqual({
    pause: ['paused', 'paused', 'stopped', 'paused'],
    resume: ['active', 'active', 'active', 'active'],
    stop: ['stopped', 'stopped', 'stopped', 'stopped'],
    takeOver: ['taken-over', 'taken-over', 'taken-over', 'taken-over'],
    enrol: ['active', 'paused', 'stopped', 'taken-over'],
  });
});

it('is decided as the workflow answered, for every act and state', () => {
  for (const state of leadStates) {
    for (const action of leadActions) {
      const act = event('operator', { occurredAt: '2026-03-11T15:00:00.000Z', act: { action } });
      const { lead } = situation();
      expect(decide(situation({ lead: { ...lead, state }, event: act })).state).toBe(stateAfter(action, state));
    }
  }
});
