import {
  CancellationScope,
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  defineUpdate,
  proxyActivities,
  proxyLocalActivities,
  setHandler,
  sleep,
  uuid4,
  workflowInfo,
} from '@temporalio/workflow';
import type { GhlActivities, LeadActivities } from './activities.ts';
import { createAlarm } from './alarm.ts';
import { createAssisting, earlier } from './assisting.ts';
import { workflowNow } from './clock.ts';
import { EVENT_SIGNAL, STATE_QUERY, draftWords, leadActions, stateAfter, taskQueues } from './contract.ts';
import type {
  ActInput,
  ActResult,
  DraftInput,
  DraftWord,
  EventRef,
  LeadInput,
  LeadView,
  MailboxItem,
} from './contract.ts';
import { failureCode, isPermanent, quickThenPatient } from './attempts.ts';
import { idempotentWrite, irreversible, store, storeLocal } from './retry.ts';
import { createFace } from './face.ts';
import type { DecideVerdict, NextTouch } from '../domain/ports/leads.ts';

const own = quickThenPatient<LeadActivities>(
  proxyLocalActivities<LeadActivities>(storeLocal),
  proxyActivities<LeadActivities>(store),
);
const crm = proxyActivities<GhlActivities>({ ...idempotentWrite, taskQueue: taskQueues.ghl });
const outbox = proxyActivities<GhlActivities>({ ...irreversible, taskQueue: taskQueues.ghl });

/** Events worked before the history is started afresh, even when the server does not suggest it yet. */
const EVENTS_PER_RUN = 500;
/** Events worked in a row before the workflow task is closed: what a lost task would have to repeat stays small. */
const EVENTS_PER_TASK = 20;
/** Between one touch and the next, at least: several steps due at once still go out within seconds. */
const REST_MS = 1_000;
/** After a touch whose activity itself failed (worker gone, time-out): ask again no sooner than this. */
const TOUCH_RETRY_MS = 30_000;

/**
 * The lead: mailbox, mutex and alarm clock of one contact. Takes what comes in one by one through the levels; between events it sleeps
 * until its next touch. The truth is in Postgres: everything here can be rebuilt from there.
 */
export async function lead(input: LeadInput): Promise<void> {
  const ref = { locationId: input.locationId, contactId: input.contactId };
  const mailbox: MailboxItem[] = [...(input.carried?.mailbox ?? [])];
  let state = input.carried?.state ?? 'active';
  let dirty = input.carried?.dirty ?? false;
  let verdict: DecideVerdict | null = input.carried?.verdict ?? null;
  let next: NextTouch | null = null;
  let worked = 0;
  let ended = input.carried?.verdict?.ended === 'gone';
  let applying: CancellationScope | null = null;
  let touching = false;
  let replan = input.carried !== undefined;
  let restUntil = 0;
  const alarm = createAlarm();
  const assistant = createAssisting(ref, input.carried?.assist ?? null, {
    own,
    worked: () => worked,
    done: ({ events, made }) => {
      mailbox.push(...events);
      replan ||= made;
    },
  });

  setHandler(defineSignal<[EventRef]>(EVENT_SIGNAL), (event) => void mailbox.push(event));
  for (const action of leadActions) {
    // Never waits: the act takes effect here at once and is written down in its turn.
    setHandler(defineUpdate<ActResult, [ActInput?]>(action), (act = {}) => {
      state = stateAfter(action, state);
      if (state !== 'active') next = null;
      mailbox.push(
        act.inboxId === undefined
          ? { act: action, actId: uuid4(), input: act }
          : { inboxId: act.inboxId, kind: `operator.${action}`, at: new Date(workflowNow()).toISOString() },
      );
      return { state };
    });
  }
  for (const word of Object.keys(draftWords) as DraftWord[]) {
    setHandler(defineUpdate<{ draftId: string }, [DraftInput]>(word), (said) => {
      mailbox.push(
        said.inboxId === undefined
          ? { word, input: said }
          : { inboxId: said.inboxId, kind: 'lead.resume', at: new Date(workflowNow()).toISOString() },
      );
      return { draftId: said.draftId };
    });
  }
  setHandler(defineQuery<LeadView>(STATE_QUERY), (): LeadView => ({
    state,
    stage: verdict?.stage ?? null,
    tier: verdict?.tier ?? null,
    score: verdict?.score ?? null,
    waitingFor: waitingFor(),
    nextAt: next?.at ?? null,
    mailbox: mailbox.length,
    worked,
    applying: applying !== null,
    assistAt: assistant.next()?.at ?? null,
    assisting: assistant.running(),
  }));

  const show = createFace();
  for (;;) {
    for (let inARow = 1; mailbox.length > 0 && !startsAfresh(); inARow += 1) {
      await workOne(mailbox.shift()!);
      if (inARow % EVENTS_PER_TASK === 0) await sleep(1, { summary: 'Many events at once: writing down what is done' });
    }
    if (replan && !startsAfresh()) {
      // A run that goes on from an earlier one, or a touch that an event overtook: stored facts say what is next.
      replan = false;
      next = await own.plan(ref);
      continue;
    }
    if (dirty && applying === null && !ended) startApplier();
    if (isDue() && !touching && !ended) startTouch();
    alarm.set(wantedAlarm(), next?.sentence ?? '');
    assistant.attend();
    show({ state, verdict, next, worked, waitingFor: waitingFor() });

    // From here to the end of the run nothing is awaited: a signal that came is in the mailbox, is carried over or keeps the run going.
    if (startsAfresh()) {
      return continueAsNew<typeof lead>({
        ...ref,
        carried: {
          ...{ mailbox: [...mailbox], dirty: dirty || applying !== null, state, verdict },
          ...(assistant.next() === null ? {} : { assist: assistant.next() }),
        },
      });
    }
    if (mailbox.length > 0) continue;
    if (isOver()) return;
    await condition(
      () =>
        mailbox.length > 0 ||
        replan ||
        (dirty && applying === null && !ended) ||
        (isDue() && !touching && !ended) ||
        wantedAlarm() !== alarm.at() ||
        assistant.calls() ||
        isOver() ||
        startsAfresh(),
    );
  }

  async function workOne(item: MailboxItem): Promise<void> {
    worked += 1;
    let event: EventRef | null = 'inboxId' in item ? item : null;
    try {
      if ('word' in item) {
        await own.decideDraft({ ...ref, ...item.input, verdict: draftWords[item.word] });
        replan = true;
        return;
      }
      if ('act' in item) event = await writeDown(item);
      if (event === null) return;
      const done = await own.work({ ...ref, ...event, thenAct: mailbox.length === 0 && applying === null });
      if (done.verdict !== null) absorb(done.verdict, done.decided);
      if (done.acted) dirty = false;
      if (done.event !== null) mailbox.push(done.event);
    } catch (error) {
      if (!isPermanent(error)) throw error;
      // Poison: this event is set aside with its reason, the next one is worked.
      if (event !== null) await own.park({ inboxId: event.inboxId, code: failureCode(error) });
    }
  }

  async function writeDown(item: Extract<MailboxItem, { act: unknown }>): Promise<EventRef> {
    const { sequence, by } = item.input;
    const recorded = await own.recordAct({
      ...ref,
      actId: item.actId,
      action: item.act,
      ...(sequence === undefined ? {} : { sequence }),
      ...(by === undefined ? {} : { by }),
    });
    return { inboxId: recorded.inboxId, kind: recorded.kind, at: recorded.at };
  }

  function absorb(decided: DecideVerdict, news: boolean): void {
    // People read the last decision; an echo of our own write is none.
    verdict = news || verdict === null ? decided : { ...decided, summary: verdict.summary };
    // An act that still waits in the mailbox has been applied already and must not be undone by an older verdict.
    if (!mailbox.some((item) => 'act' in item || ('kind' in item && item.kind.startsWith('operator.'))))
      state = decided.state;
    next = decided.next;
    assistant.wants(decided.assist);
    dirty ||= decided.dirty;
    ended = decided.ended !== null;
    if (!ended) return;
    applying?.cancel();
    assistant.end();
  }

  function startApplier(): void {
    const scope = new CancellationScope();
    applying = scope;
    dirty = false;
    scope
      .run(() => crm.applyPlan(ref))
      .then(
        (result) => {
          if (result.event !== null) mailbox.push(result.event);
        },
        // Permanent, out of time or cancelled: the activity has written why; the next decision tries again.
        () => undefined,
      )
      .finally(() => {
        applying = null;
      });
  }

  function startTouch(): void {
    touching = true;
    const workedBefore = worked;
    alarm.drop();
    outbox
      .touch(ref)
      .then(
        (result) => {
          next = result.next;
          replan = worked !== workedBefore;
          // A clock behind ours found nothing due: asking again at once would find the same.
          restUntil = workflowNow() + REST_MS;
        },
        async () => {
          await sleep(TOUCH_RETRY_MS, { summary: 'A message step was cut short; looking again how far it came' });
          replan = true;
        },
      )
      .finally(() => {
        touching = false;
      });
  }

  function isDue(): boolean {
    return alarm.isDue(wantedAlarm());
  }

  /** A touch that ended plans the next one: the loop must wake to set its alarm, although nothing is due yet. */
  function wantedAlarm(): number | null {
    return next !== null && !touching && !ended ? Math.max(Date.parse(next.at), restUntil) : null;
  }

  function isOver(): boolean {
    return ended && !touching && applying === null && !assistant.running();
  }

  /** A touch under way is waited for, and so is the assistant: their outcomes belong to this run. */
  function startsAfresh(): boolean {
    return !touching && !assistant.running() && (workflowInfo().continueAsNewSuggested || worked >= EVENTS_PER_RUN);
  }

  function waitingFor(): string {
    if (ended) return 'nothing: the contact is gone';
    if (mailbox.length > 0) return `${mailbox.length} event(s) to be worked`;
    if (state !== 'active' && next === null) return `a person: the lead is ${state}`;
    if (touching) return 'the message step under way';
    if (assistant.running()) return 'the assistant: a message is read, or a reply is drafted';
    return earlier(next, assistant.next())?.sentence ?? 'the next event; nothing is planned';
  }
}
