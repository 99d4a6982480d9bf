/** A sequence that the operator alone begins, and whose one step sends nothing. */
export const sampleSequence = {
  key: 'welcome',
  title: 'Welcome',
  purpose: 'solicitation',
  priority: 1,
  track: 'talk',
  trigger: { on: 'operator' },
  audience: [],
  coolDown: null,
  needs: [],
  exits: ['reply'],
  steps: [
    {
      key: 'call',
      channel: 'call-task',
      offset: 'PT5S',
      anchor: 'enrolment',
      title: 'Call',
      body: 'Call the lead.',
    },
  ],
} as const;
