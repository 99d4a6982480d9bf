import type { SettingsChanges } from '../../domain/leads/settings.ts';

/** Every choice with a string in every place that takes one, as the checks of settings allow it. */
export const sampleSettings: SettingsChanges = {
  activationTags: ['plain'],
  stopTags: ['stop'],
  tierTags: { hot: 'hot', warm: 'warm', cold: 'cold' },
  consentTags: { plain: ['sms'] },
  customFields: { score: 'contact.lead_score', tier: 'contact.lead_tier' },
  scoreFields: { budget: 'contact.budget' },
  rules: [
    {
      ...{ key: 'plain', group: 'plain', when: [{ fact: 'location', equals: 'plain' }] },
      then: [{ tag: 'shown' }, { field: 'contact.plain', value: '{location}' }, { workflow: 'plain' }],
    },
  ],
  pipeline: { pipelineId: 'plain', stages: { new: 'plain' }, backwards: false },
  workflows: { plain: 'plain' },
  calendars: { plain: 'plain' },
  assignment: { mode: 'claim', agents: ['plain'], from: 'warm', reactWithinMinutes: 30, escalateTo: 'plain' },
  teamHours: { mon: { from: '09:00', to: '18:00' } },
  holidays: ['2026-12-25'],
  senderNumbers: { standard: '+18135550142', byAgent: { plain: '+18135550142' } },
  postalAddress: 'plain street 1, Tampa, FL 33602',
  agentVoice: { signature: 'plain', tone: 'plain' },
  budgets: { modelDollarsPerDay: 1 },
  modes: { replies: 'draft' },
  assistant: {
    ...{ facts: ['plain'], areas: ['plain'], states: ['FL'], holdingText: 'plain' },
    ...{ debounceSeconds: 20, longestWaitSeconds: 90, leadDollarsPer30Days: 2 },
  },
  market: {
    feeds: [
      {
        ...{ provider: 'reso', market: 'plain', originatingSystem: 'plain', pollMinutes: 5 },
        rights: { alerts: true, training: false },
      },
    ],
    alerts: { perDay: 1, collectMinutes: 5 },
  },
  activityObjects: { plain: { kind: 'plain', contact: 'plain', listing: 'plain' } },
  quietHours: { from: '08:00', to: '20:00' },
  capPer24h: 1,
};
