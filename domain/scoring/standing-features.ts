import { plainName } from './features/registry.ts';

/** Features that tell of the source, of appointments and of matches. */
const standing: ReadonlySet<string> = new Set([
  ...['source', 'leadSource', 'propertyMatches', 'listingMatches'],
  ...['appointmentsBooked', 'appointmentsSelfBooked', 'appointmentsKept', 'appointmentsMissed', 'hoursToAppointment'],
]);

/** Is this a feature of what is stored only as it stands today, so that it cannot be read again as of before? */
export function isStanding(feature: string): boolean {
  return standing.has(plainName(feature));
}
