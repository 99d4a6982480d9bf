import type { Iso } from '../glossary.ts';

/** News of a user of the CRM; a field that is absent was not told. */
export interface TeamMember {
  readonly agentId: string;
  readonly name?: string | null;
  readonly email?: string | null;
  /** Has the user been deleted? */
  readonly deleted: boolean;
  readonly at: Iso;
}
