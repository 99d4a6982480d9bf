import type { LeadRef } from '../../domain/glossary.ts';
import type { LeadEnv } from './lead-env.ts';
import type { playWith } from './lead-play.ts';

/** A message as the outbox has it. */
export interface SentStep {
  readonly contactId: string;
  readonly enrolmentId: string;
  readonly sequence: string;
  readonly step: string;
  readonly channel: 'sms' | 'email';
  readonly at: Date;
}

/** Leads that live on side by side in the one time of their server. */
export function livesOf(env: LeadEnv, play: ReturnType<typeof playWith>) {
  /** When each lead wakes next; a lead that nothing has happened to is not asked again. */
  const wakes = new Map<string, number>();
  const refs = new Map<string, LeadRef>();

  async function settle(ref: LeadRef): Promise<void> {
    const { nextAt } = await play.settled(ref);
    refs.set(ref.contactId, ref);
    wakes.set(ref.contactId, nextAt === null ? Infinity : Date.parse(nextAt));
  }

  return {
    settle,
    /** From wake to wake until an instant, or until `over` says so. */
    async liveTo(until: number, over: () => Promise<boolean> = () => Promise.resolve(false)): Promise<void> {
      while (!(await over())) {
        const next = Math.min(until, ...wakes.values());
        await env.time.skip(next - env.time.now().getTime() + 50);
        if (next >= until) return;
        const due = [...wakes].filter(([, at]) => at <= env.time.now().getTime()).map(([contactId]) => contactId);
        for (const contactId of due) await settle(refs.get(contactId)!);
      }
    },
    async enrol(ref: LeadRef, sequence: string): Promise<void> {
      await play.act(ref, 'enrol', { sequence });
      await settle(ref);
    },
    /** Somebody books; `startsAt` in virtual time. */
    async books(ref: LeadRef, startsAt: Date): Promise<void> {
      const appointment = {
        ...{ id: `app${ref.contactId.slice(3)}`, contactId: ref.contactId, title: 'Showing' },
        ...{ calendarId: 'cal0000000000000001', appointmentStatus: 'confirmed', startTime: startsAt.toISOString() },
        dateAdded: env.time.now().toISOString(),
      };
      await env.deliver('AppointmentCreate', { contactId: ref.contactId, appointment });
      await settle(ref);
    },
    /** Messages of all enrolments that went out, oldest first. */
    async sent(): Promise<SentStep[]> {
      const { rows } = await env.pool.query<SentStep>(
        `select o.contact_id as "contactId", e.enrolment_id::text as "enrolmentId", e.sequence_key as sequence, o.step_key as step, o.channel, o.sending_at::timestamptz as at
         from outbox o join enrolments e using (location_id, enrolment_id)
         where o.location_id = $1 and o.channel in ('sms', 'email') and o.state = 'sent'
         order by o.sending_at, o.once_key`,
        [env.locationId],
      );
      return rows.map((row) => ({ ...row, at: new Date(row.at) }));
    },
    /** Why the lead's enrolment in a sequence ended; null while it runs, undefined where there is none. */
    async ended({ contactId }: LeadRef, sequence: string): Promise<string | null | undefined> {
      const { rows } = await env.pool.query<{ reason: string | null }>(
        `select ended_reason as reason from enrolments
         where location_id = $1 and contact_id = $2 and sequence_key = $3 order by enrolled_at limit 1`,
        [env.locationId, contactId, sequence],
      );
      return rows[0]?.reason;
    },
  };
}
