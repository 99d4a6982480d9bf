import { DateTime } from 'luxon';
import { type Iso, isMessage } from '../glossary.ts';
import { type Consequence, evaluate, type Finding, instant, ok, utc } from './checks.ts';
import { type GateCheck, gateChecks, type GateFacts, type GateVerdict } from './facts.ts';
import { sendingWindow } from './quiet-hours.ts';
import { unhealthy } from './sending-health.ts';

const seconds = { hold: 30, longHold: 900 } as const;
/** What an event opens within moments. Everything else that holds waits for a person. */
const soonOver: ReadonlySet<GateCheck> = new Set<GateCheck>(['takeover', 'unworked-inbound']);
/** A read that failed once is soon tried again; one that keeps failing is left in peace for longer. */
const unreadSeconds = [60, 120, 300] as const;

/**
 * May this step go out now? Every check is evaluated and told, in a fixed order, and an unreadable fact closes the gate.
 *
 * Several failed checks may want different things; the most final one is followed. A person who opted out gets no call task for want of
 * consent, and a takeover is not answered by one either: `end`, then `hold`, then reading again what could not be read, then `task`,
 * then `wait`. `closedBy` names the first failed check, whichever was followed.
 *
 * A call task, a note, an opportunity is for the team: it asks only whether the contact, the enrolment, the lead, the location and the
 * activation are there; a task to call the lead asks the Do-Not-Call registries as well. A workflow of the CRM may write to the lead: it
 * asks for opt-outs, for who works the person and for what was not worked yet too, and a step asks whether the lead was bought.
 * @returns the verdict, free of personal data. `opensAt` with `wait` is the first instant at which time has opened all that it alone can
 *          open; with `hold` it is a safety net, since the change that opens it is told by an event
 */
export const judge: (facts: GateFacts) => GateVerdict = judgeWith(gateChecks);

/**
 * The gate with some of its checks alone: the others pass whatever the facts are. Only for the negative controls of tests and benches,
 * which show that each check is needed; the product asks `judge`.
 */
export function judgeWith(asked: readonly GateCheck[]): (facts: GateFacts) => GateVerdict {
  const on = new Set(asked);
  return (facts) => {
    const findings = gateChecks.map((check) => ({
      check,
      ...(on.has(check) ? evaluate[check](facts) : ok('switched off')),
    }));
    return verdictOf(findings, facts, on);
  };
}

type Findings = readonly (Finding & { readonly check: GateCheck })[];

function verdictOf(findings: Findings, facts: GateFacts, on: ReadonlySet<GateCheck>): GateVerdict {
  const checks = findings.map(({ check, pass, finding }) => ({ check, pass, finding }));
  const failed = findings.filter(({ pass }) => !pass);
  const [first] = failed;
  if (first === undefined) return { open: true, checks };

  const followed = finality.find((consequence) => failed.some(({ then }) => then === consequence)) ?? 'end';
  const opensAt = whenNext(followed, failed, facts, on);
  const then = followed === 'unread' ? 'wait' : followed;
  const pause = newPause(failed, facts);
  const ends = failed.some(({ check }) => check === 'wanted') ? exitOf(facts) : undefined;
  return {
    ...{ open: false, checks, closedBy: first.check, then },
    ...(followed === 'unread' ? { unread: true as const } : {}),
    ...(followed === 'unread' && facts.readableAt !== undefined ? { readableAt: facts.readableAt } : {}),
    ...(facts.calls && failed.some(({ check, then }) => check === 'registry' && then === 'end')
      ? { doNotCall: true as const }
      : {}),
    ...(ends === undefined ? {} : { ends }),
    ...(pause === undefined ? {} : { pause }),
    ...(opensAt === undefined ? {} : { opensAt }),
  };
}

const finality: readonly Consequence[] = ['end', 'hold', 'unread', 'task', 'wait'];

function exitOf({ wanted }: GateFacts): GateVerdict['ends'] {
  return wanted.known && (wanted.value === 'reply' || wanted.value === 'booking') ? wanted.value : undefined;
}

function newPause(failed: Findings, { sending, health }: GateFacts): string | undefined {
  if (!sending.known || sending.value.paused !== null || !failed.some(({ check }) => check === 'health'))
    return undefined;
  return unhealthy(sending.value, health);
}

/** When to ask again; undefined where only an event can change the answer, or nothing can. */
function whenNext(
  followed: Consequence,
  failed: Findings,
  facts: GateFacts,
  on: ReadonlySet<GateCheck>,
): Iso | undefined {
  const now = instant(facts.now);
  if (followed === 'end' || followed === 'task' || now === undefined) return undefined;
  if (followed === 'hold') {
    const holding = failed.filter(({ then }) => then === 'hold');
    const held = holding.map(({ check }) => check);
    if (held.includes('quiet-hours') || held.includes('cap') || held.includes('words')) return undefined;
    const soonest = now.plus({ seconds: held.every((check) => soonOver.has(check)) ? seconds.hold : seconds.longHold });
    return utc(DateTime.max(soonest, ...holding.flatMap(({ opensAt }) => instant(opensAt ?? null) ?? [])));
  }
  const opening = failed.flatMap(({ opensAt }) => instant(opensAt ?? null) ?? []);
  if (followed === 'unread') return utc(DateTime.max(readable(now, facts), ...opening));
  const latest = utc(DateTime.max(now, ...opening));
  // The cap may open at night: then the morning after is the first instant at which both are open.
  if (
    !isMessage(facts.channel) ||
    !facts.contact.known ||
    !on.has('quiet-hours') ||
    (facts.purpose === 'answer' && facts.answersAtNight)
  )
    return latest;
  const window = sendingWindow(latest, { ...facts.contact.value, quietHours: facts.quietHours });
  return window.open ? latest : window.opensAt;
}

function readable(now: DateTime<true>, { readableAt, unreadBefore = 0 }: GateFacts): DateTime<true> {
  const seconds = unreadSeconds[unreadBefore] ?? unreadSeconds[unreadSeconds.length - 1]!;
  return instant(readableAt ?? null) ?? now.plus({ seconds });
}
