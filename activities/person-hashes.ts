import type { ContactSnapshot } from '../domain/leads/contact.ts';
import type { Deps } from './deps.ts';

/** The addresses of a person, keyed: what counts and bars by person knows no address itself. */
export function hashes(
  deps: Pick<Deps, 'personHash'>,
  snapshot: ContactSnapshot | null,
): { sms?: string; email?: string } {
  return {
    ...(snapshot?.phone ? { sms: deps.personHash(snapshot.phone) } : {}),
    ...(snapshot?.email ? { email: deps.personHash(snapshot.email) } : {}),
  };
}
