import type { ActivityOptions, LocalActivityOptions } from '@temporalio/workflow';

/**
 * Retry policies, named by what a repeat risks. Every proxy uses one of them, so that the risk is read where the call is made.
 * What no repetition can mend is thrown as non-retryable by the activities themselves, with its code as type.
 */

/** Our own database, first: three tries inside the workflow task, each within six seconds and nearly always within milliseconds. */
export const storeLocal: LocalActivityOptions = {
  startToCloseTimeout: '6 s',
  retry: {
    initialInterval: '300 ms',
    backoffCoefficient: 2,
    maximumInterval: '1 s',
    maximumAttempts: 3,
  },
};

/** Our own database, when it is away for longer: a regular activity without limit. */
export const store: ActivityOptions = {
  startToCloseTimeout: '20 s',
  retry: {
    initialInterval: '1 s',
    backoffCoefficient: 2,
    maximumInterval: '30 s',
  },
};

/**
 * A page of a feed, a batch that is paid for: harmless to repeat, for what is stored knows how far it came; parks only on what no repetition
 * can mend.
 */
export const read: ActivityOptions = {
  startToCloseTimeout: '5 min',
  heartbeatTimeout: '20 s',
  scheduleToCloseTimeout: '72 h',
  retry: {
    initialInterval: '500 ms',
    backoffCoefficient: 2,
    maximumInterval: '60 s',
  },
};

/**
 * A public file of hundreds of megabytes: harmless to repeat, goes on where it was broken off; asked for ever less often, so that nobody's
 * server is pressed. What cannot be believed is thrown as non-retryable, and the next day asks anew.
 */
export const publicFile: ActivityOptions = {
  startToCloseTimeout: '6 h',
  heartbeatTimeout: '20 s',
  scheduleToCloseTimeout: '22 h',
  retry: {
    initialInterval: '30 s',
    backoffCoefficient: 3,
    maximumInterval: '4 h',
  },
};

/** Tags and fields: harmless to repeat; a later try brings the newest state, so giving up after 72 hours loses only time. */
export const idempotentWrite: ActivityOptions = {
  startToCloseTimeout: '60 s',
  heartbeatTimeout: '20 s',
  scheduleToCloseTimeout: '72 h',
  retry: {
    initialInterval: '1 s',
    backoffCoefficient: 2,
    maximumInterval: '5 min',
  },
};

/** Texts, e-mails, tasks: one attempt. Whatever happens to it, the outbox row knows how far it came, and only a read-back settles it. */
export const irreversible: ActivityOptions = {
  startToCloseTimeout: '90 s',
  heartbeatTimeout: '30 s',
  retry: { maximumAttempts: 1 },
};

/**
 * Renewing a token: a refresh token is used up by the first answer, and for 30 seconds the vendor answers the same call with the same
 * new pair. A process that dies in between is noticed within 8 s, and the call is made again at once.
 */
export const tokenRenewal: ActivityOptions = {
  startToCloseTimeout: '60 s',
  heartbeatTimeout: '8 s',
  retry: {
    initialInterval: '300 ms',
    backoffCoefficient: 2,
    maximumInterval: '15 s',
  },
};

/**
 * Good to have: tried for some minutes, and again at the next occasion. Bounded by time and not by count: a store that is away says itself
 * how soon it is to be asked again, and many tries are over in seconds then.
 */
export const goodToHave: ActivityOptions = {
  startToCloseTimeout: '2 min',
  heartbeatTimeout: '20 s',
  scheduleToCloseTimeout: '20 min',
  retry: { initialInterval: '2 s', backoffCoefficient: 3, maximumInterval: '1 min' },
};

/** What must not happen twice, and knows itself how far it came: one attempt, which may take its time. */
export const onceOnly: ActivityOptions = {
  startToCloseTimeout: '10 min',
  heartbeatTimeout: '20 s',
  retry: { maximumAttempts: 1 },
};

/**
 * A language model's words: its own deadlines end each call within this. A process that dies in between is noticed within ten seconds, and
 * the next one goes on from what is stored: an answer that is there is not asked for again. When no process serves the queue, people take over.
 */
export const model: ActivityOptions = {
  startToCloseTimeout: '2 min',
  heartbeatTimeout: '10 s',
  scheduleToCloseTimeout: '10 min',
  retry: {
    initialInterval: '1 s',
    backoffCoefficient: 2,
    maximumInterval: '15 s',
  },
};
