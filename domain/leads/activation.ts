import type { LocationSettings } from './settings.ts';

/** `by` tells a stop tag, which ends follow-ups, from tags that are merely missing or were never seen. */
export type Activation =
  | { readonly yes: true }
  | { readonly yes: false; readonly reason: string; readonly by: 'unknown' | 'stop-tag' | 'no-activation-tag' };

/**
 * May we act on this contact in the CRM? Only with one of the location's activation tags and none of its stop tags.
 * Tags are compared without case and without surrounding blanks, as the CRM does.
 * @param tags  undefined while nobody has told us the contact's tags: then we keep still, and say so
 */
export function activation(tags: readonly string[] | undefined, settings: LocationSettings): Activation {
  if (tags === undefined)
    return { yes: false, reason: 'unknown: the tags of the contact were never seen', by: 'unknown' };
  const worn = new Set(tags.map(sameTag));
  // A stop tag wins over any activation tag: a person put it there to keep us still.
  const stop = settings.stopTags.find((tag) => worn.has(sameTag(tag)));
  if (stop !== undefined) return { yes: false, reason: `stop tag ${stop}`, by: 'stop-tag' };
  if (settings.activationTags.some((tag) => worn.has(sameTag(tag)))) return { yes: true };
  return { yes: false, reason: 'no activation tag', by: 'no-activation-tag' };
}

/** Two spellings of one tag become equal. */
export function sameTag(tag: string): string {
  return tag.trim().toLowerCase();
}
