import { sameTag } from '../leads/activation.ts';
import type { LocationSettings } from '../leads/settings.ts';

/** Written consent as the location's tags record it, with the tag as its basis. Unknown tags record nothing. */
export function consentsFromTags(
  tags: readonly string[] | undefined,
  mapping: LocationSettings['consentTags'],
): { channel: 'sms' | 'email'; state: 'granted'; basis: string }[] {
  const borne = new Set((tags ?? []).map(sameTag));
  const granted = new Map<'sms' | 'email', string>();
  for (const [tag, channels] of Object.entries(mapping)) {
    if (!borne.has(sameTag(tag))) continue;
    for (const channel of channels) if (!granted.has(channel)) granted.set(channel, tag);
  }
  return [...granted].map(([channel, tag]) => ({ channel, state: 'granted' as const, basis: `tag:${tag}` }));
}
