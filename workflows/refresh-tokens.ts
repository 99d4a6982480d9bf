import {
  CancellationScope,
  condition,
  continueAsNew,
  defineSignal,
  patched,
  proxyActivities,
  proxyLocalActivities,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type { TokenActivities, TokenStanding } from './activities.ts';
import { quickThenPatient } from './attempts.ts';
import { workflowNow } from './clock.ts';
import { TOKEN_NEWS_SIGNAL, taskQueues } from './contract.ts';
import type { RefreshTokensInput, TokenNews } from './contract.ts';
import { goodToHave, store, storeLocal, tokenRenewal } from './retry.ts';

const own = quickThenPatient<Pick<TokenActivities, 'tokenStanding'>>(
  proxyLocalActivities<TokenActivities>(storeLocal),
  proxyActivities<TokenActivities>(store),
);
const vendor = proxyActivities<TokenActivities>({ ...tokenRenewal, taskQueue: taskQueues.leads });
const after = proxyActivities<TokenActivities>({ ...goodToHave, taskQueue: taskQueues.leads });

/** Renewals before the history is started afresh, even when the server does not suggest it yet: three months of days. */
const RENEWALS_PER_RUN = 100;
/** Never sooner after one renewal than this: a vendor that grants tokens of no life must not be asked in a circle. */
const LEAST_WAIT_MS = 1_000;
/** What follows an install and did not work out is tried again after this. */
const FOLLOW_AGAIN_MS = 3_600_000;

/**
 * The only refresher of a holder's pair. Sleeps until four fifths of the token's life are over, or somebody brings news: the vendor
 * refused a token, it was installed anew, it was uninstalled. The truth is in Postgres; news only makes it look.
 */
export async function refreshTokens(input: RefreshTokensInput): Promise<void> {
  const { holder } = input;
  let refused = input.refused ?? 0;
  let news = false;
  /** Something about the install is new, and what follows from it is still to be done. */
  let changed = true;
  let following = false;
  let again = false;
  let renewals = 0;

  setHandler(defineSignal<[TokenNews]>(TOKEN_NEWS_SIGNAL), (told) => {
    news = true;
    if (told.refused === null) changed = true;
    else refused = Math.max(refused, told.refused);
  });

  for (;;) {
    news = false;
    let standing = await own.tokenStanding(holder);
    if (standing.state !== 'gone' && (again || isDue(standing))) standing = await renew(standing.version);
    again = false;
    if (mayFollow(standing)) follow();

    // From here to the end of the run nothing is awaited: news that came keeps the run going.
    if (news) continue;
    if (standing.state === 'gone') return;
    if (startsAfresh()) return continueAsNew<typeof refreshTokens>({ holder, refused });
    const rang = await rest(standing);
    again = rang && standing.state === 'parked';
  }

  function isDue(standing: TokenStanding): boolean {
    if (standing.state === 'parked') return standing.hope && changed;
    if (standing.state === 'gone') return false;
    return refused >= standing.version || (standing.renewInMs !== null && standing.renewInMs <= 0);
  }

  async function renew(version: number): Promise<TokenStanding> {
    renewals += 1;
    const standing = await vendor.renewToken({ ...holder, version });
    // With a fresh token, whatever did not work out before; without one only news gives new hope.
    changed = standing.state === 'held';
    return standing;
  }

  function mayFollow(standing: TokenStanding): boolean {
    return standing.state === 'held' && changed && !following;
  }

  /** Beside the loop: a token that dies meanwhile does not wait for it. */
  function follow(): void {
    changed = false;
    following = true;
    after
      .followInstall(holder)
      // The activity has written why.
      .catch(() => {
        // Runs from before have waited for the next renewal.
        if (patched('follow-again')) followAgain();
      })
      .finally(() => {
        following = false;
      });
  }

  /** A run that starts afresh meanwhile, or sees a renewal, follows sooner. */
  function followAgain(): void {
    sleep(FOLLOW_AGAIN_MS, { summary: 'What follows from the install did not work out: it is tried again then' }).then(
      () => {
        changed = true;
      },
      // Cancelled with the workflow.
      () => undefined,
    );
  }

  /** @returns whether the timer rang; false: there is news, room for what follows an install, or it is time to start afresh */
  async function rest(standing: Exclude<TokenStanding, { state: 'gone' }>): Promise<boolean> {
    const wait = waitOf(standing);
    let rang = false;
    const scope = new CancellationScope();
    if (wait !== null) {
      const { ms, summary } = wait;
      scope
        .run(() => sleep(ms, { summary }))
        .then(
          () => {
            rang = true;
          },
          // Cancelled: news came first.
          () => undefined,
        );
    }
    await condition(() => news || rang || mayFollow(standing) || startsAfresh());
    if (!rang) scope.cancel();
    return rang;
  }

  /** What follows an install is waited for: it belongs to this run. */
  function startsAfresh(): boolean {
    return !following && (workflowInfo().continueAsNewSuggested || renewals >= RENEWALS_PER_RUN);
  }
}

/** The one timer, in a sentence; null: only news can change anything. */
function waitOf(
  standing: Exclude<TokenStanding, { state: 'gone' }>,
): { readonly ms: number; readonly summary: string } | null {
  const inMs = standing.state === 'held' ? standing.renewInMs : standing.againInMs;
  if (inMs === null) return null;
  const ms = Math.max(inMs, LEAST_WAIT_MS);
  const at = new Date(workflowNow() + ms).toISOString().slice(0, 16).replace('T', ' ');
  const summary =
    standing.state === 'held'
      ? `The token is renewed at ${at} UTC, when four fifths of its life are over`
      : `Parked: the CRM is asked at ${at} UTC whether it takes us back`;
  return { ms, summary };
}
