import { sameTag } from './activation.ts';
import type { LocationSettings } from './settings.ts';

type Tags = Pick<
  LocationSettings,
  'activationTags' | 'stopTags' | 'consentTags' | 'consentSources' | 'boughtLeads' | 'tierTags' | 'rules'
>;

/**
 * Tags that would play two parts. By activation, stop and consent tags people say what we may do: a tag that we put on or take off
 * ourselves must be none of them, else we would let ourselves act, stop ourselves, or write down a consent that nobody gave.
 */
export function clashingTags(settings: Tags): { readonly path: string; readonly message: string }[] {
  const said = saidByPeople(settings);
  const clash = (path: string, ours: string) =>
    [...said].flatMap(([tag, choice]) =>
      canBecome(ours, tag) ? [{ path, message: `expected a tag that is none of ${choice}, got ${ours}` }] : [],
    );
  const stops = new Set(settings.stopTags.map(sameTag));
  const idle = settings.activationTags.filter((tag) => stops.has(sameTag(tag)));
  return [
    ...idle.map((tag) => ({ path: 'stopTags', message: `expected a tag that is none of activationTags, got ${tag}` })),
    ...Object.entries(settings.tierTags).flatMap(([tier, tag]) => clash(`tierTags.${tier}`, tag)),
    ...settings.rules.flatMap(({ then }, index) =>
      then.flatMap((one) => ('tag' in one ? clash(`rules.${index}.then`, one.tag) : [])),
    ),
  ];
}

/** Tag, in lower case → the choice that names it; of several the last. */
export function saidByPeople({
  activationTags,
  stopTags,
  consentTags,
  consentSources,
  boughtLeads,
}: Omit<Tags, 'tierTags' | 'rules'>): ReadonlyMap<string, string> {
  const of = (choice: string, tags: readonly string[]) => tags.map((tag) => [sameTag(tag), choice] as const);
  return new Map([
    ...of('activationTags', activationTags),
    ...of('stopTags', stopTags),
    ...of('consentTags', Object.keys(consentTags)),
    ...of(
      'consentSources',
      consentSources.flatMap((one) => ('tag' in one ? [one.tag] : [])),
    ),
    ...of('boughtLeads', boughtLeads.tags),
  ]);
}

/**
 * Can this tag come of the template, whatever stands in the place of the braces? Those are words of the lead. No pattern of the
 * language's own: with many braces one takes for ever.
 */
function canBecome(template: string, tag: string): boolean {
  const [first = '', ...rest] = sameTag(template).split(/\{[^{}]*\}/);
  const last = rest.pop();
  if (last === undefined) return first === tag;
  if (!tag.startsWith(first) || !tag.endsWith(last)) return false;
  let at = first.length;
  for (const words of rest) {
    const found = tag.indexOf(words, at + 1);
    if (found === -1) return false;
    at = found + words.length;
  }
  return at + last.length < tag.length;
}
