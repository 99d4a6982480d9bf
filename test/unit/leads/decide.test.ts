import { describe, expect, it } from '@jest/globals';
import { decide } from '../../../domain/leads/decide.ts';
import type { Situation } from '../../../domain/leads/decision.ts';
import type { LeadState } from '../../../domain/glossary.ts';
import { newLead } from '../../../domain/leads/new-lead.ts';
import { stateAfterAct } from '../../../domain/leads/state-after-act.ts';
import { enrolment, event, message, now, score, situation, welcome, winBack } from './situation.ts';

type OptOut = 'none' | 'clear' | 'ambiguous' | 'opt-in';
const later = '2026-03-11T15:00:00.000Z';
const lead = situation().lead;
const activeLead = { ...lead, activatedAt: '2026-03-11T13:00:00.000Z', tier: 'warm' as const, score: score(55) };
const inWelcome = { lead: activeLead, enrolments: [enrolment()], began: { 'new-lead-welcome': now } };
const inbound = (optOut: OptOut = 'none', more: Partial<Situation> = {}) =>
  situation({
    ...inWelcome,
    event: event('message.inbound', { message: message('inbound') }),
    reading: { optOut, intent: 'unknown', answers: {} },
    ...more,
  });
const act = (action: 'pause' | 'resume' | 'stop' | 'takeOver') =>
  event('operator', { occurredAt: later, act: { action } });
const byHand = event('message.outbound', { message: message('outbound', { origin: 'app', userId: 'user-1' }) });
const keys = (drafts: readonly { onceKey: string }[]) => drafts.map(({ onceKey }) => onceKey);

describe('activation and the plan', () => {
  it('wants exactly one tier tag, and score and tier in their fields', () => {
    expect(decide(situation({ score: score(72.4) })).plan).toMatchObject({
      addTags: ['Hot-Lead'],
      removeTags: ['Warm-Lead', 'Cold-Lead'],
      fields: { 'contact.lead_score': 72, 'contact.lead_tier': 'hot' },
      tier: 'hot',
    });
  });

  it('wants nothing of a contact without an activation tag, with a stop tag, or of unknown tags', () => {
    for (const tags of [[], ['hit list', 'AI-OFF'], undefined]) {
      const snapshot = tags === undefined ? { phone: '+18135550142' } : { tags };
      const decision = decide(situation({ snapshot, score: score(90) }));
      expect(decision.active.yes).toBe(false);
      expect([decision.plan, decision.enrol, decision.tasks]).toEqual([null, [], []]);
      expect(decision.score?.value).toBe(90);
    }
  });

  it('compares tags without case', () => {
    expect(decide(situation({ snapshot: { tags: [' need to QUALIFY '] } })).active).toEqual({ yes: true });
  });

  it('keeps the last score and says so when scoring failed', () => {
    const decision = decide(situation({ ...inWelcome, event: event('contact.updated'), score: null }));
    expect(decision.score).toBeNull();
    expect(decision.plan?.fields['contact.lead_score']).toBe(55);
    expect(decision.timeline.map(({ summary }) => summary)).toContain('Scoring failed; the last score stands.');
  });

  it('records what it was made without, and tells people of what the CRM did not say', () => {
    const absent = [
      { what: 'crm-snapshot', why: 'CRM_UNAVAILABLE' },
      { what: 'crm-fields', why: 'TASK_TIMEOUT' },
      { what: 'score', why: 'TASK_TIMEOUT' },
    ] as const;
    const decision = decide(situation({ score: null, absent }));
    expect(decision.absent).toEqual(absent);
    expect(decision.timeline.slice(-2)).toMatchObject([
      {
        kind: 'decision',
        summary: 'Decided without a fresh look at the contact in the CRM (CRM_UNAVAILABLE).',
        refs: { absent: 'crm-snapshot', why: 'CRM_UNAVAILABLE' },
      },
      { refs: { absent: 'crm-fields', why: 'TASK_TIMEOUT' } },
    ]);
    expect(decide(situation()).absent).toEqual([]);
  });

  it('wants neither tier nor score while neither this nor any earlier scoring succeeded', () => {
    const { plan } = decide(situation({ score: null }));
    expect(plan).toMatchObject({ tier: null, addTags: [], removeTags: [], fields: {} });
  });
});

describe('beginning a sequence', () => {
  it('welcomes a lead once, when its tags first allow it, whichever event told of them', () => {
    const kinds = ['contact.created', 'contact.tagged', 'contact.updated', 'contact.snapshot', 'opportunity'] as const;
    for (const kind of kinds) {
      expect(decide(situation({ event: event(kind) })).enrol).toMatchObject([{ document: welcome, event: null }]);
      expect(decide(situation({ event: event(kind), began: { [welcome.key]: now } })).enrol).toEqual([]);
    }
  });

  it('does not welcome leads that were active before a sequence was published', () => {
    expect(decide(situation({ lead: activeLead, event: event('contact.updated') })).enrol).toEqual([]);
  });

  it('still welcomes a contact whose creation is told after its tags', () => {
    expect(decide(situation({ lead: activeLead })).enrol).toMatchObject([{ document: welcome, event: null }]);
  });

  it('does not welcome who has written already, though the news of the creation comes after the message', () => {
    for (const known of [lead, activeLead]) {
      expect(decide(situation({ lead: { ...known, lastInboundAt: now } })).enrol).toEqual([]);
    }
  });

  it('does not welcome who is paused, stopped, taken over, opted out or not to be disturbed', () => {
    for (const state of ['paused', 'stopped', 'taken-over'] as const) {
      expect(decide(situation({ lead: { ...lead, state } })).enrol).toEqual([]);
    }
    expect(decide(situation({ lead: { ...lead, stage: 'opted-out' } })).enrol).toEqual([]);
    expect(decide(situation({ snapshot: { tags: ['Hit List'], dnd: true } })).enrol).toEqual([]);
  });

  it('makes a call task instead of a welcome when it heard of the new lead too late', () => {
    const decision = decide(situation({ stale: true, score: score(90) }));
    expect(decision.enrol).toEqual([]);
    expect(keys(decision.tasks)).toEqual(['missed:inbox-1']);
    expect(decision.plan?.tier).toBe('hot');
  });

  it('does not welcome a missed lead when our own tag comes back as an event', () => {
    expect(decide(situation({ lead: activeLead, event: event('contact.tagged') })).enrol).toEqual([]);
  });

  it('enrols on request, also again, but not twice at a time nor against an opt-out', () => {
    const wish = (sequence: string) => event('operator', { act: { action: 'enrol', sequence } });
    const asked = { event: wish('win-back'), lead: activeLead, began: { 'win-back': now } };
    expect(decide(situation(asked)).enrol).toMatchObject([{ document: winBack, because: { on: 'operator' } }]);
    expect(decide(situation({ ...asked, enrolments: [enrolment(winBack)] })).enrol).toEqual([]);
    expect(decide(situation({ ...asked, lead: { ...activeLead, stage: 'opted-out' } })).enrol).toEqual([]);
    const late = decide(situation({ ...asked, stale: true }));
    expect(late).toMatchObject({ enrol: [], timeline: [{ summary: 'Not enrolled: it was asked for too long ago.' }] });
    const unknown = decide(situation({ ...asked, event: wish('no-such') }));
    expect(unknown.timeline.at(-1)?.summary).toBe('Not enrolled: no such sequence is published.');
  });
});

describe('ending a sequence', () => {
  it('ends on a reply those sequences that say so', () => {
    const decision = decide(inbound('none', { enrolments: [enrolment(), enrolment(winBack)] }));
    expect(decision.end).toEqual([{ enrolmentId: 'enr-new-lead-welcome', reason: 'reply' }]);
    expect(decision.stage).toBe('engaged');
  });

  it('does not take a message from before the enrolment, told late, for a reply', () => {
    const old = event('message.inbound', { occurredAt: '2026-03-10T13:00:00.000Z', message: message('inbound') });
    expect(decide(inbound('none', { event: old, stale: true })).end).toEqual([]);
  });

  it('ends all of them on an opt-out and closes both channels, whichever it came by', () => {
    const decision = decide(inbound('clear', { enrolments: [enrolment(), enrolment(winBack)] }));
    expect(decision.end.map(({ reason }) => reason)).toEqual(['opt-out', 'opt-out']);
    expect(decision).toMatchObject({ stage: 'opted-out', suppress: ['sms', 'email'], tasks: [] });
    for (const channel of ['email', 'chat'] as const) {
      const came = event('message.inbound', { message: message('inbound', { channel }) });
      expect(decide(inbound('clear', { event: came })).suppress).toEqual(['sms', 'email']);
    }
  });

  it('hands a doubtful opt-out to a person and holds everything until then', () => {
    const decision = decide(inbound('ambiguous'));
    expect(decision).toMatchObject({ state: 'paused', suppress: [], end: [{ reason: 'possible opt-out' }] });
    expect(keys(decision.tasks)).toEqual(['optout-check:inbox-1']);
  });

  const optedOut = { ...activeLead, stage: 'opted-out' as const };
  const sentences = (decision: ReturnType<typeof decide>) => decision.timeline.map(({ summary }) => summary).join(' ');

  it('opens by an opt-in the channel that it came by and no other, and says so', () => {
    for (const [channel, said] of [
      ['sms', 'again by SMS; e-mail stays as it was.'],
      ['email', 'again by e-mail; SMS stays as it was.'],
    ] as const) {
      const came = event('message.inbound', { message: message('inbound', { channel }) });
      const decision = decide(inbound('opt-in', { lead: optedOut, event: came }));
      expect(decision).toMatchObject({ stage: 'engaged', release: [channel], suppress: [] });
      expect(sentences(decision)).toContain(said);
    }
  });

  it('opens nothing by an opt-in that came by chat or before the newest message', () => {
    const chat = event('message.inbound', { message: message('inbound', { channel: 'chat' }) });
    const byChat = decide(inbound('opt-in', { lead: optedOut, event: chat }));
    const old = decide(inbound('opt-in', { lead: { ...optedOut, lastInboundAt: later } }));
    for (const decision of [byChat, old]) expect(decision).toMatchObject({ stage: 'opted-out', release: [] });
    expect(sentences(byChat)).toContain('opens nothing: it came neither by SMS nor by e-mail.');
    expect(sentences(old)).toContain('opens nothing: a newer message is known.');
  });

  it('ends on a stop tag, a takeover, a stop, do-not-disturb and a deleted contact', () => {
    const causes: readonly Partial<Situation>[] = [
      { event: event('contact.tagged'), snapshot: { tags: ['Hit List', 'Stop-Bot'] } },
      { event: byHand },
      { event: act('stop') },
      { event: event('contact.dnd'), snapshot: { tags: ['Hit List'], dndChannels: { sms: 'on' } } },
      { event: event('contact.deleted') },
    ];
    const reasons = causes.map((cause) => decide(situation({ ...inWelcome, ...cause })).end[0]?.reason);
    expect(reasons).toEqual(['stop tag', 'takeover', 'stopped', 'do not disturb', 'contact deleted']);
  });

  it('ends for do-not-disturb of one channel, whatever of the contact shows it first', () => {
    const open = { tags: ['Hit List'], dndChannels: { sms: 'off', email: 'off' } } as const;
    const closed = { ...open, dndChannels: { sms: 'on', email: 'off' } } as const;
    const ended = (change: Partial<Situation>) => decide(situation({ ...inWelcome, ...change })).end[0]?.reason;
    const lead = { ...activeLead, snapshot: open };
    for (const kind of ['contact.updated', 'message.outbound', 'contact.dnd'] as const) {
      expect(ended({ lead, event: event(kind), snapshot: closed })).toBe('do not disturb');
    }
    const known = { ...activeLead, snapshot: closed };
    expect(ended({ lead: known, event: event('contact.updated'), snapshot: closed })).toBeUndefined();
    expect(ended({ lead: known, event: event('contact.dnd'), snapshot: closed })).toBe('do not disturb');
  });

  it('keeps enrolments while the lead is paused, and when an activation tag is merely missing', () => {
    expect(decide(situation({ ...inWelcome, event: act('pause') }))).toMatchObject({ state: 'paused', end: [] });
    const untagged = { ...inWelcome, event: event('contact.tagged'), snapshot: { tags: [] } };
    expect(decide(situation(untagged)).end).toEqual([]);
  });

  it('takes the echo of our own message for nothing', () => {
    const echo = event('message.outbound', { message: message('outbound', { origin: 'api' }) });
    const nothing = { state: 'active', end: [], enrol: [], tasks: [] };
    expect(decide(situation({ ...inWelcome, event: echo }))).toMatchObject(nothing);
  });
});

describe('the state of a lead', () => {
  it('follows what people ask for', () => {
    const states = (['pause', 'resume', 'stop', 'takeOver'] as const).map(
      (action) => decide(situation({ lead: activeLead, event: act(action) })).state,
    );
    expect(states).toEqual(['paused', 'active', 'stopped', 'taken-over']);
  });

  it('is not set back by an act, a takeover or a doubt that is older than what a person set since', () => {
    const resumed = { ...activeLead, state: 'active' as const, stateSince: '2026-03-11T16:00:00.000Z' };
    expect(decide(situation({ lead: resumed, event: act('pause') })).state).toBe('active');
    expect(decide(situation({ lead: resumed, event: byHand })).state).toBe('active');
    expect(decide(inbound('ambiguous', { lead: resumed })).state).toBe('active');
  });

  it('is the one that lets less go out where two acts are of the same instant', () => {
    const acted = (action: Parameters<typeof act>[0], state: LeadState) =>
      decide(situation({ lead: { ...activeLead, state, stateSince: act(action).occurredAt }, event: act(action) }))
        .state;
    for (const action of ['pause', 'stop', 'takeOver'] as const) {
      expect(acted(action, 'active')).toBe(stateAfterAct(action, 'active'));
    }
    expect(acted('resume', 'stopped')).toBe('stopped');
    expect(acted('resume', 'paused')).toBe('paused');
    expect(acted('resume', 'taken-over')).toBe('taken-over');
    expect(acted('takeOver', 'paused')).toBe('paused');
    expect(acted('pause', 'taken-over')).toBe('paused');
    expect(acted('takeOver', 'stopped')).toBe('stopped');
  });

  it('stays paused where a colleague writes, since a takeover may end by itself; the talk is theirs all the same', () => {
    const decision = decide(situation({ ...inWelcome, lead: { ...activeLead, state: 'paused' }, event: byHand }));
    expect(decision).toMatchObject({ state: 'paused', end: [{ reason: 'takeover' }] });
  });

  it('does not take a note among colleagues for a takeover', () => {
    const comment = message('outbound', { origin: 'app', userId: 'user-1', channel: 'internal-comment' });
    const noted = event('message.outbound', { message: comment });
    expect(decide(situation({ lead: activeLead, event: noted })).state).toBe('active');
  });

  it('works a contact again that the CRM created after it was deleted', () => {
    const gone = { ...newLead(lead, now), deletedAt: '2026-01-01T00:00:00.000Z', stage: 'gone' as const };
    expect(decide(situation({ lead: gone, event: event('contact.created') })).stage).toBe('new');
  });

  it('stays gone once the contact was deleted, whatever comes late', () => {
    const gone = { ...newLead(lead, now), deletedAt: now, stage: 'gone' as const };
    for (const kind of ['contact.created', 'contact.updated', 'message.inbound'] as const) {
      const decision = decide(situation({ lead: gone, event: event(kind) }));
      expect(decision).toMatchObject({ stage: 'gone', plan: null, enrol: [], tasks: [] });
    }
  });
});

describe('the task for a hot lead', () => {
  it('is made when the lead turns hot, and not again while it stays hot', () => {
    expect(keys(decide(situation({ lead: activeLead, score: score(80) })).tasks)).toEqual(['hot:inbox-1']);
    const hot = { ...activeLead, tier: 'hot' as const };
    expect(decide(situation({ lead: hot, score: score(85) })).tasks).toEqual([]);
  });

  it('says in words what speaks for the lead, and only that', () => {
    const [task] = decide(situation({ lead: activeLead, score: score(80) })).tasks;
    expect(task?.content).toMatchObject({
      body: "The lead's score is now 80 of 100. What speaks for it: opens and clicks our e-mails. Leads like this are best called within the hour.",
    });
  });

  it('names nothing that is not known or was not done, and asks where too little is known', () => {
    const reasons = [
      { feature: 'budget', value: null, contribution: 0.5 },
      { feature: 'messagesReceived', value: 0, contribution: 0.3 },
    ];
    const body = (more: object): unknown =>
      decide(situation({ lead: activeLead, score: { ...score(80), ...more } })).tasks[0]?.content.body;
    expect(body({ reasons })).toBe(
      "The lead's score is now 80 of 100. Leads like this are best called within the hour.",
    );
    expect(body({ reasons: [], unsure: { ask: 'How soon would you like to move?' } })).toBe(
      "The lead's score is now 80 of 100. Not enough is known to tell; ask: How soon would you like to move? " +
        'Leads like this are best called within the hour.',
    );
  });

  it('is made when the tags first let us act on a lead that was hot before', () => {
    const hot = { ...lead, tier: 'hot' as const, score: score(80) };
    expect(keys(decide(situation({ lead: hot, score: score(80) })).tasks)).toEqual(['hot:inbox-1']);
  });
});

it('writes no word of the lead, no name and no address into timeline, tasks or reasons', () => {
  for (const optOut of ['none', 'clear', 'ambiguous', 'opt-in'] as const) {
    const { timeline, tasks, end, active } = decide(inbound(optOut, { score: score(90) }));
    expect(JSON.stringify([timeline, tasks, end, active])).not.toMatch(/secret words|Dana|8135550142/);
    expect(timeline.length).toBeGreaterThan(0);
  }
});
