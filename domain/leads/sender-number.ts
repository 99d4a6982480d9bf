import type { ContactSnapshot } from './contact.ts';
import type { LocationSettings } from './settings.ts';

/** The number that texts to this contact go out from: its agent's, else the location's; undefined: the CRM's choice. */
export function senderNumber(
  snapshot: Pick<ContactSnapshot, 'assignedTo'> | null,
  settings: Pick<LocationSettings, 'senderNumbers'> | undefined,
): string | undefined {
  const numbers = settings?.senderNumbers;
  const agent = snapshot?.assignedTo;
  const own = agent && numbers && Object.hasOwn(numbers.byAgent, agent) ? numbers.byAgent[agent] : undefined;
  return own ?? numbers?.standard ?? undefined;
}
