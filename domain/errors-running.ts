import type { ErrorEntry } from './errors.ts';

/** What runs, and what it needs: the database, Temporal, the configuration, installing, the CRM, the model. */
export const runningErrors = {
  STORE_AWAY: {
    status: 503,
    title: 'The database does not answer',
    hint: 'Try again shortly; /readyz shows what is away.',
  },
  STORE_SLOW: {
    status: 503,
    title: 'What was asked for could not be read in the time that one statement has',
    hint: 'Ask for fewer leads at once.',
  },
  STORE_RESTORED: {
    status: 503,
    title: 'The database was restored from an older backup, and nobody said so',
    hint: 'Stop all processes, run leadwright db restored, start again: docs/operations.md, Backup and restore.',
  },
  CACHE_ALONE: {
    status: 503,
    title: 'No Redis is known: each process caches for itself, and nothing is shared that could be looked at',
    hint: 'Start everything, npm start, or set REDIS_URL; the cache of one process is in its /metrics.',
  },
  CACHE_AWAY: {
    status: 503,
    title: 'Redis does not answer',
    hint: 'Check REDIS_URL and that server: leadwright doctor. All goes on without it, more slowly.',
  },
  CACHE_REFUSED: {
    status: 502,
    title: 'Redis answers, and refuses what it was asked',
    hint: 'Check name and password in REDIS_URL, and that this user may read all keys that begin with lw:.',
  },
  TEMPORAL_UNAVAILABLE: {
    status: 503,
    title: 'Temporal does not answer',
    hint: 'What was asked is stored and delivered when Temporal is back; /readyz shows what is away.',
  },
  EVENT_POISON: {
    status: 500,
    title: 'An event could not be worked and is parked',
    hint: 'See its reason: leadwright webhooks show; then replay it.',
  },
  PLAN_OVERTAKEN: {
    status: 409,
    title: 'An attempt to bring the CRM to a plan gave way to a newer plan',
    hint: 'Nothing to do: the newer plan is applied by itself.',
  },
  LOCATION_HELD: {
    status: 409,
    title: 'The location was paused or parked while its CRM was being written to',
    hint: 'Nothing to do: what is left is written when the location goes on.',
  },
  TASK_TIMEOUT: {
    status: 503,
    title: 'A required task of a level did not finish in time',
    hint: 'It is repeated; if it stays, see which task /metrics names.',
  },
  INTERNAL: {
    status: 500,
    title: 'Something failed that should not',
    hint: 'Quote the request id; the log holds the cause under it.',
  },
  CONFIG_INVALID: {
    status: 500,
    title: 'The configuration is not usable',
    hint: 'Mend every name listed; docs/config.md explains each.',
  },
  KEY_DAMAGED: {
    status: 500,
    title: 'A key file in the home folder is damaged',
    hint: 'Restore it from a backup; removing it makes what it sealed unreadable.',
  },
  BAD_CURSOR: {
    status: 400,
    title: 'The cursor does not belong to this query',
    hint: 'Use nextCursor of the page before, with the same filters and sort.',
  },
  BAD_VALUE: {
    status: 400,
    title: 'A value cannot be stored as it is',
    hint: 'Check its type, its range and its characters.',
  },
  SEND_STATE: {
    status: 409,
    title: 'The send is not in a state that allows this',
    hint: 'Read the send again; somebody else has settled it.',
  },
  MIGRATION_CHANGED: {
    status: 500,
    title: 'A migration was edited after it had been applied',
    hint: 'Restore the file; put the change into a new one.',
  },
  MIGRATION_INVALID: {
    status: 500,
    title: 'The migrations folder is not in order',
    hint: 'Name files NNNN-name.sql, each number once, new ones last.',
  },
  MIGRATION_FAILED: {
    status: 500,
    title: 'A migration statement failed',
    hint: 'The cause names the reason; mend it and run migrate again.',
  },
  MIGRATION_LOCKED: {
    status: 500,
    title: 'A migration waited too long for a lock',
    hint: 'End the long transaction that holds it and run migrate again.',
  },
  LOGIN_REFUSED: {
    status: 500,
    title: "The product's own database login does not stand",
    hint: 'Run leadwright migrate; where it may not make logins, make one as docs/operations.md says and name it in DATABASE_APP_URL.',
  },
  CREDENTIAL_UNREADABLE: {
    status: 500,
    title: 'A stored token cannot be opened',
    hint: 'Restore keys/master.key from the backup; without it install the location again.',
  },
  OAUTH_NOT_SET_UP: {
    status: 503,
    title: 'Installing from here is not set up',
    hint: 'Set GHL_CLIENT_ID and GHL_CLIENT_SECRET, or add locations with private integration tokens.',
  },
  OAUTH_STATE: {
    status: 400,
    title: 'This install was not begun here, or not in this browser, or too long ago',
    hint: 'Begin again at /oauth/ghl/start and stay in one browser.',
  },
  OAUTH_DENIED: {
    status: 403,
    title: 'Access was not granted',
    hint: 'Begin again, and choose the location or agency as one of its admins.',
  },
  OAUTH_CODE: {
    status: 400,
    title: 'The CRM did not take the code of this install',
    hint: 'Codes are used once and live for minutes: begin again.',
  },
  OAUTH_CLIENT: {
    status: 502,
    title: 'The CRM does not accept our own client id and secret',
    hint: 'Compare GHL_CLIENT_ID and GHL_CLIENT_SECRET with the app in the marketplace.',
  },
  CRM_UNAVAILABLE: {
    status: 503,
    title: 'The CRM does not answer as it should',
    hint: 'It is tried again by itself; see the status page of GoHighLevel.',
  },
  CRM_RATE_LIMITED: {
    status: 429,
    title: 'The CRM asks us to slow down',
    hint: 'It is tried again when the CRM allows; other apps of the location share the limit.',
  },
  CRM_DAILY_SPENT: {
    status: 429,
    title: "The location's calls to the CRM are used up for today",
    hint: 'It goes on by itself when the CRM counts anew; see which app of the location calls so much.',
  },
  CRM_AUTH: {
    status: 502,
    title: 'The CRM does not accept the token of the location',
    hint: 'Give a valid token: leadwright locations add.',
  },
  CRM_FORBIDDEN: {
    status: 502,
    title: 'The token may not do this in this location',
    hint: "Compare the token's scopes and location with docs/operations.md.",
  },
  CRM_LOCATION_INACTIVE: {
    status: 502,
    title: 'The CRM says that the location is not active',
    hint: 'It is tried again by itself; ask the agency why the sub-account is suspended.',
  },
  CRM_NOT_FOUND: { status: 404, title: 'The CRM does not know this', hint: 'Check the id; it may have been deleted.' },
  CRM_BAD_REQUEST: {
    status: 502,
    title: 'The CRM refuses what we asked as malformed',
    hint: 'Report it with the trace id; asking again will not help.',
  },
  CRM_DUPLICATE: {
    status: 409,
    title: 'The CRM has this already',
    hint: 'Use the one that exists.',
  },
  CRM_FIELD_UNKNOWN: {
    status: 409,
    title: 'A custom field is not in the location any more',
    hint: 'It is left out at the next try; make the field anew or take it out of the settings.',
  },
  CRM_FIELD_NOT_TAKEN: {
    status: 502,
    title: 'The CRM said yes to a custom field and did not keep the value',
    hint: 'Compare the type of the field with what is written into it.',
  },
  FEED_AWAY: {
    status: 503,
    title: 'The MLS feed does not answer as it should',
    hint: 'It is asked again by itself; see the status page of the feed’s vendor.',
  },
  FEED_BUSY: {
    status: 429,
    title: 'The quota of the MLS feed allows no request now',
    hint: 'It is asked again when the quota allows; other programs that use the same account share it.',
  },
  FEED_SUSPENDED: {
    status: 502,
    title: 'The vendor of the MLS feed has suspended the account or its token',
    hint: 'Ask the vendor why; MLS Grid lifts it by itself when usage is back within its limits.',
  },
  FEED_REFUSED: {
    status: 502,
    title: 'The MLS feed does not accept our credentials, or not for this',
    hint: 'Compare RESO_TOKEN, or RESO_CLIENT_ID and RESO_CLIENT_SECRET, and the licence with the vendor’s account page.',
  },
  FEED_BROKEN: {
    status: 502,
    title: 'The MLS feed answers with something that is no answer of a RESO Web API',
    hint: 'Check RESO_BASE_URL; if it is right, report what the message says to the vendor. Nothing of the answer was stored.',
  },
  FEED_BAD_REQUEST: {
    status: 502,
    title: 'The MLS feed refuses what it was asked',
    hint: 'Check that the feed’s provider and OriginatingSystemName in the settings are right; the message holds the vendor’s words.',
  },
  MODEL_PRICE_UNKNOWN: {
    status: 503,
    title: 'No price of the model is known for that day',
    hint: 'Choose a model of the price list, or add a dated row: domain/assistant/price-rows.ts.',
  },
  PROMPT_UNSTABLE: {
    status: 500,
    title: 'A layer of the prompt that calls share holds what changes from call to call',
    hint: 'Move it into the volatile layer, or name a date that stands there on purpose.',
  },
  LEDGER_STEP: {
    status: 409,
    title: 'The attempt at a call of the model is not in a state that allows this',
    hint: 'Reserve another attempt; the one that is named was sent, given up or billed before.',
  },
  MODEL_DAMAGED: {
    status: 503,
    title: 'The scoring model cannot be used',
    hint: 'Restore the model file and its manifest from the release, or build them again.',
  },
  SCORING_LOST: {
    status: 503,
    title: 'The scoring process gave no answer, twice, or cannot be started',
    hint: 'It is started anew by a later request, half a minute later at most; if it stays, see its last words in the log, and try another model.',
  },
} as const satisfies Record<string, ErrorEntry>;
