import type { Iso } from '../glossary.ts';

/** A location's sending on one channel that paused by itself. */
export interface SendingPause {
  readonly channel: 'sms' | 'email';
  readonly why: string;
  readonly since: Iso;
  /** Null: it stands. */
  readonly liftedAt: Iso | null;
  readonly liftedBy: string | null;
}

/** Pauses are made by the gate, under whose locks they are found out; people look at them and lift them. */
export interface SendingPauses {
  /** Of one location, newest first, with those that were lifted. */
  of(locationId: string): Promise<readonly SendingPause[]>;
  /** All that stand, whatever the location. */
  standing(): Promise<readonly (SendingPause & { readonly locationId: string })[]>;
  /** From now on the gate opens again, and what was sent before counts no more. Answers how many were lifted. */
  lift(locationId: string, by: string, channel: 'sms' | 'email' | undefined): Promise<number>;
}
