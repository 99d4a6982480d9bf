import type { Tier } from '../glossary.ts';
import { sameTag } from '../leads/activation.ts';
import type { LocationSettings } from '../leads/settings.ts';
import type { CrmDiff } from './diff.ts';
import { fieldMark, type Marks } from './marks.ts';

/** One line of the timeline for one run of the applier. */
export function broughtTo(tier: Tier | null, said: readonly string[], dryRun: boolean): string {
  const did = said.length === 0 ? 'nothing to change' : said.join(', ');
  return `CRM brought to ${tier ?? 'no tier'}: ${did}${dryRun ? ' (recorded only: dry run)' : ''}`;
}

/** What a difference does, without what the lead has said: of a tag made of an answer only that there is one. */
export function wordsOf(diff: CrmDiff, marks: Marks, settings: LocationSettings): string[] {
  const literal = literalTags(settings);
  const tag = (name: string) => (literal.has(sameTag(name)) ? `tag ${name}` : 'a tag made of an answer');
  const news = (key: string, state: 'foreign' | 'unmapped') => marks[fieldMark(key)]?.state !== state;
  return [
    ...Object.entries(diff.dnd).map(
      ([channel, to]) => `do-not-disturb of ${channel === 'sms' ? 'SMS' : 'e-mail'} ${to}`,
    ),
    ...diff.leaveWorkflows.map(() => 'taken out of a GHL workflow'),
    ...diff.removeTags.map((name) => `${tag(name)} removed`),
    ...diff.addTags.map((name) => `${tag(name)} added`),
    ...(diff.setFields.length > 0 ? [`${diff.setFields.length} field(s) set`] : []),
    ...(diff.assignTo === undefined ? [] : ['the contact was assigned']),
    ...diff.letGo.map(() => 'something of ours was changed by somebody and stays so'),
    // Told once, not with every change of the plan.
    ...diff.foreign
      .filter((key) => news(key, 'foreign'))
      .map((key) => `field ${key} shows somebody else's value and is left alone`),
    ...diff.unmapped
      .filter((key) => news(key, 'unmapped'))
      .map((key) => `field ${key} does not exist in this location`),
  ];
}

function literalTags({ tierTags, rules }: LocationSettings): ReadonlySet<string> {
  const ofRules = rules.flatMap(({ then }) => then.flatMap((action) => ('tag' in action ? [action.tag] : [])));
  return new Set([...Object.values(tierTags), ...ofRules.filter((tag) => !tag.includes('{'))].map(sameTag));
}
