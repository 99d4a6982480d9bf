import type { LeadDetail } from '../api/contract/leads.ts';
import type { TimelineEntry } from '../domain/leads/lead.ts';
import { type Colour, type Io, paint, printable, signedBars } from './output.ts';

const tierColours: Readonly<Record<string, Colour>> = { hot: 'red', warm: 'yellow', cold: 'cyan' };

/** A lead for people: where it stands, why it has its score, who may be written to, what comes next and what happened last. */
export function leadText(io: Pick<Io, 'colour'>, lead: LeadDetail, timeline: readonly TimelineEntry[]): string {
  const line = (label: string, text: string) => `${paint(io, 'dim', label.padEnd(10))}${text}\n`;
  return [
    `${paint(io, 'bold', `${lead.locationId}/${lead.contactId}`)}\n`,
    line('stage', `${lead.stage}, ${lead.state}`),
    line('score', scoreText(io, lead)),
    ...(lead.score === null ? [] : saidOf(line, lead.score)),
    line('tags', tagsText(lead.tags)),
    line('consent', consentText(lead)),
    line('next', lead.next === undefined ? 'nothing is planned' : `${lead.next.at}  ${printable(lead.next.what)}`),
    ...lead.parked.map((send) =>
      line('parked', paint(io, 'yellow', printable(`${send.channel} ${send.step ?? ''}: ${send.reason ?? 'unknown'}`))),
    ),
    ...(lead.links.temporal === null ? [] : [line('temporal', lead.links.temporal)]),
    ...timeline.map((entry, i) => line(i === 0 ? 'timeline' : '', `${entry.at}  ${printable(entry.summary)}`)),
  ].join('');
}

function scoreText(io: Pick<Io, 'colour'>, { score, tier }: LeadDetail): string {
  if (score === null) return 'none yet';
  const name = tier === null ? 'no tier' : paint(io, tierColours[tier] ?? 'bold', tier);
  const sure = `confidence ${score.confidence.toFixed(2)}`;
  return `${Math.round(score.value)} of 100, ${name}, ${sure}, by ${printable(score.model)}`;
}

type Score = NonNullable<LeadDetail['score']>;

/** Who speaks and how sure, what it is made of, and what to do. */
function saidOf(line: (label: string, text: string) => string, score: Score): string[] {
  return [
    line('', printable(score.says)),
    ...(score.reasons.length === 0 ? [] : [reasonBars(score)]),
    ...score.recommendations.map(({ does, withinHours }, i) =>
      line(i === 0 ? 'do' : '', `${printable(does)}${withinHours === null ? '' : `, ${withinWords(withinHours)}`}`),
    ),
  ];
}

function withinWords(hours: number): string {
  if (hours === 1) return 'within the hour';
  return hours < 48 ? `within ${hours} hours` : `within ${Math.round(hours / 24)} days`;
}

/** Strongest first, each with its words. */
function reasonBars(score: Score): string {
  const reasons = score.reasons.toSorted((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
  return signedBars(
    reasons.map(({ feature, contribution, words }) => ({
      label: feature,
      value: contribution,
      note: printable(words),
    })),
  );
}

function consentText({ consent }: LeadDetail): string {
  const one = (channel: 'sms' | 'email' | 'call') => {
    const { state, since } = consent[channel];
    return `${channel} ${state}${since === undefined ? '' : ` since ${since.slice(0, 10)}`}`;
  };
  return [one('sms'), one('email'), one('call')].join(', ');
}

function tagsText(tags: readonly string[] | null): string {
  if (tags === null) return 'unknown';
  return tags.length === 0 ? 'none' : printable(tags.join(', '));
}
