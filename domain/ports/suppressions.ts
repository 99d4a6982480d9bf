import type { Suppression, SuppressionReason } from '../consent/suppression.ts';
import type { LeadRef } from '../glossary.ts';

/** Who is not written to, and why. Whoever wants to send asks the gate, which reads the same rows under the person's lock. */
export interface SuppressionStore {
  /** Every reason that holds or held for the person of a lead, newest first: by its number, its address and the contact itself. */
  ofLead(ref: LeadRef): Promise<readonly Suppression[]>;
  /** The reasons that hold for whomever the hash stands for. */
  holding(locationId: string, personHash: string, channel: 'sms' | 'email'): Promise<readonly SuppressionReason[]>;
  /** Contacts that bear the number or address and are not deleted. */
  bearers(locationId: string, personHash: string): Promise<readonly string[]>;
}
