import type { Iso } from '../glossary.ts';

/** Somebody of the team. */
export interface AgentProfile {
  /** The CRM's user id. */
  readonly agentId: string;
  readonly name: string;
  readonly email: string | null;
  /** False once the agent has left the team. */
  readonly active: boolean;
  /** What is older never overwrites what is newer. */
  readonly changedAt: Iso;
}

export interface CoachingSession {
  /** A UUID that whoever held the session gave it: stored again it is replaced. */
  readonly sessionId: string;
  readonly agentId: string;
  /** Day in the team's zone, `2026-03-02`. */
  readonly heldOn: string;
  /** 0 to 100; null while nobody has rated it. */
  readonly score: number | null;
  readonly notes: Readonly<Record<string, unknown>>;
}
