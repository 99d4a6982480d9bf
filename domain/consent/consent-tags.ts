import { sameTag } from '../leads/activation.ts';
import type { LocationSettings } from '../leads/settings.ts';

export interface TagConsent {
  readonly channel: 'sms' | 'email';
  /** `gone`: the contact does not bear the tag, so a consent that rests on it, and on nothing else, rests on nothing. */
  readonly state: 'granted' | 'gone';
  /** The tag, as `tag:<name>`. */
  readonly basis: string;
}

/**
 * Written consent as the location's tags record it. For each channel: the first configured tag that the contact bears; where it bears
 * none, every tag that would have recorded one. Unknown tags say nothing at all.
 */
export function consentsFromTags(
  tags: readonly string[] | undefined,
  mapping: LocationSettings['consentTags'],
): TagConsent[] {
  if (tags === undefined) return [];
  const borne = new Set(tags.map(sameTag));
  const recorded = Object.entries(mapping).flatMap(([tag, channels]) => channels.map((channel) => ({ tag, channel })));
  return (['sms', 'email'] as const).flatMap((channel): TagConsent[] => {
    const recording = recorded.filter((one) => one.channel === channel).map(({ tag }) => tag);
    const granting = recording.find((tag) => borne.has(sameTag(tag)));
    if (granting !== undefined) return [{ channel, state: 'granted', basis: TAG + granting }];
    return recording.map((tag) => ({ channel, state: 'gone', basis: TAG + tag }));
  });
}

const TAG = 'tag:';

/** Does this stored consent, or its end, come from a tag? Then a fresh look at the tags says more than the store. */
export function restsOnTag(basis: string | null): boolean {
  return basis?.startsWith(TAG) === true;
}
