import { wordsFacts, withDisclosure } from '../consent/disclosure.ts';
import { countedMs, type GateFacts } from '../consent/facts.ts';
import { whereaboutsOf } from '../consent/whereabouts.ts';
import { type Iso, isMessage } from '../glossary.ts';
import { defaultSettings } from '../leads/settings.ts';
import { outboxChannel } from './draft.ts';
import { render } from './merge.ts';
import type { MadeStep } from './sequence.ts';
import { type SimulatedLead, stateAt } from './simulated-lead.ts';

/** A message that went out in the simulation. */
export interface SimulatedSend {
  readonly at: Iso;
  readonly channel: 'sms' | 'email';
}

/** What the gate would look at: what the lead file says, and for the rest a location that sends in good health with default settings. */
export function simulatedGateFacts(
  lead: SimulatedLead,
  step: MadeStep,
  sent: readonly SimulatedSend[],
  now: Iso,
): GateFacts {
  const channel = outboxChannel(step);
  const lately = sent.filter(({ at }) => Date.parse(at) > Date.parse(now) - countedMs);
  return {
    ...{ now, channel, purpose: 'solicitation', step: true },
    ...(step.channel === 'call-task' ? { calls: true as const } : {}),
    contact: {
      known: true,
      value: {
        ...whereaboutsOf({ timezone: lead.zone, state: lead.state, phone: phoneOf(lead) }),
        ...{ exists: true, hasPhone: true, hasEmail: true, dnd: false, dndChannel: 'off', tags: [] },
      },
    },
    consent: {
      known: true,
      value: {
        written: isMessage(channel) ? lead.consents[channel] : 'none',
        ...{ record: null, origin: lead.origin, registry: lead.registry, relationship: null },
      },
    },
    suppressed: { known: true, value: false },
    sentIn24h: { known: true, value: { count: lately.length, oldestAt: lately[0]?.at ?? null } },
    wroteAt: { known: true, value: null },
    state: { known: true, value: stateAt(lead, now) },
    location: { known: true, value: 'active' },
    sending: {
      known: true,
      value: { paused: null, sent: 0, failed: 0, optedOut: 0, complained: 0, segments: 0, oldestAt: null },
    },
    unworkedInbound: { known: true, value: 0 },
    wanted: { known: true, value: true },
    activated: { known: true, value: true },
    words: wordsOf(lead, step, sent),
    quietHours: lead.quietHours,
    answersAtNight: defaultSettings.answersAtNight,
    capPer24h: defaultSettings.capPer24h,
    health: { ...defaultSettings.sendingHealth, newNumberSince: defaultSettings.newNumberSince },
  };
}

/** A number of that area that belongs to nobody; undefined: there is none whose area is known. */
function phoneOf({ areaCode }: SimulatedLead): string | null {
  return areaCode === null ? null : `+1${areaCode}5550142`;
}

/** The words as they would go out: the first text to a person has the disclosure that it lacks put to it. */
function wordsOf(lead: SimulatedLead, step: MadeStep, sent: readonly SimulatedSend[]): GateFacts['words'] {
  if (step.channel !== 'sms' && step.channel !== 'email') return null;
  const body = filledFor(lead, step.body, step.channel).text;
  if (step.channel === 'email') {
    return wordsFacts(
      'email',
      { body, subject: filledFor(lead, step.subject, step.channel).text },
      lead.location,
      false,
    );
  }
  const first = !sent.some(({ channel }) => channel === 'sms');
  return wordsFacts('sms', { body: first ? withDisclosure(body, lead.location) : body }, lead.location, first);
}

/** The words with their merge fields filled, and those that are not known and stand as they are. */
export function filledFor(
  lead: SimulatedLead,
  template: string,
  channel: string,
): { readonly text: string; readonly missing: readonly string[] } {
  const { firstName, location, zone, officeZone, appointmentAt, homes } = lead;
  const rendered = render(template, {
    contact: { firstName, timezone: zone },
    location: { name: location, timezone: officeZone },
    appointment: appointmentAt === null ? null : { at: appointmentAt },
    homes: {
      homes,
      most: channel === 'email' ? homes.length : 1,
      lines: channel === 'email',
      zone: zone ?? officeZone,
    },
  });
  return rendered.ok ? { text: rendered.text, missing: [] } : { text: template, missing: rendered.missing };
}
