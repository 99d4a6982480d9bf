import type { StepChannel } from '../glossary.ts';
import type { News } from '../market/alerts.ts';
import type { SequenceDocument, SequenceStep } from './sequence.ts';

const channelNames: Readonly<Record<StepChannel, string>> = {
  sms: 'SMS',
  email: 'E-mail',
  'call-task': 'Call task',
  'agent-notice': 'Notice to the agent',
  'ghl-workflow': 'GHL workflow',
  tag: 'Tags',
  field: 'Field',
  stage: 'Stage',
};

/** A step in plain words, e.g. `SMS 1 of 3, new-lead welcome`. */
export function stepWords(document: SequenceDocument, step: SequenceStep): string {
  const place = document.steps.findIndex(({ key }) => key === step.key) + 1;
  return `${channelNames[step.channel]} ${place} of ${document.steps.length}, ${document.title}`;
}

/** A message about homes says how many it waits with, e.g. `Listing alert: 2 homes`; null: it is none, or nothing waits. */
export function newsWords(news: readonly Pick<News, 'listingKey'>[], { channel }: SequenceStep): string | null {
  const homes = new Set(news.map(({ listingKey }) => listingKey)).size;
  if (homes === 0 || (channel !== 'sms' && channel !== 'email')) return null;
  return `Listing alert: ${homes === 1 ? '1 home' : `${homes} homes`}`;
}

/** What a step says or does, for a list of steps. */
export function stepText(step: SequenceStep): string {
  switch (step.channel) {
    case 'sms':
      return step.body;
    case 'email':
      return step.subject;
    case 'call-task':
    case 'agent-notice':
      return step.title;
    case 'ghl-workflow':
      return step.workflow;
    case 'tag':
      return [...(step.add ?? []).map((tag) => `+${tag}`), ...(step.remove ?? []).map((tag) => `-${tag}`)].join(' ');
    case 'field':
      return `${step.field} = ${step.value}`;
    case 'stage':
      return step.stage;
  }
}
