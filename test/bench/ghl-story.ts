import { expectedAfter } from '../support/ghl-model.ts';
import { type Difference, differences } from '../support/ghl-model-compare.ts';
import { badWeather, play } from '../support/ghl-model-play.ts';
import { openPostOffice } from '../support/ghl-model-post.ts';
import { storyOf } from '../support/ghl-model-story.ts';
import { booksOf, control, furnishTeam, namesOf, type Running, unsettledSends } from '../support/ghl-model-world.ts';
import { createRandom } from '../support/random.ts';

const HOLD_MS = 3_000;
const TWICE = 0.1;
const FAULTS = 0.05;
const LIMIT_MS = 1_200_000;

export interface StoryFigures {
  /** State of the CRM that is not as the model says. */
  readonly differences: number;
  /** Tags, fields, notes, tasks and opportunities of people that are lost or changed. */
  readonly othersLost: number;
  /** Effects that were made more often than the model says, or are missing and nobody was told. */
  readonly effectsWrong: number;
  /** Differences whose send the product has left to a human, since its outcome is unknown. */
  readonly leftToHumans: number;
  readonly found: readonly Difference[];
  readonly parts: Readonly<Record<string, unknown>>;
}

/** A story happens in the CRM while its news comes shuffled and doubled and calls fail; then the books are compared with the model. */
export async function measureStory(
  running: Running,
  count: { readonly people: number; readonly happenings: number },
  seed: number,
  say: (line: string) => void,
): Promise<StoryFigures> {
  const team = await furnishTeam(running);
  // Faults are injected; the vendor's limit would only make the run longer.
  await control(running, 'POST', 'limits', { locationId: team.locationId, max: 1_000, intervalMs: 10_000 });
  await control(running, 'POST', 'index', { lagMs: 1_000 });
  const story = storyOf(seed, count);
  const doorUrl = `${running.apiUrl}/webhooks/ghl`;
  const post = await openPostOffice({ doorUrl, random: createRandom(seed + 1), holdMs: HOLD_MS, twice: TWICE });
  const weather = badWeather(team, createRandom(seed + 2), FAULTS);
  const began = Date.now();
  try {
    await control(running, 'POST', 'app', { webhookUrl: post.url });
    const { ids, happened } = await play(team, story, post, { width: 12, limitMs: LIMIT_MS, say });
    await weather.stop();
    const expected = expectedAfter(happened, team.settings, Object.keys(team.fieldIds), team.stages);
    const all = differences(expected, await booksOf(team), namesOf(team, ids), team.settings);
    const unsettled = new Set((await unsettledSends(team)).map(({ contactId }) => ids.indexOf(contactId)));
    const left = all.filter(
      ({ kind, who, what }) => unsettled.has(who) && (kind === 'effect' || what === 'opportunities'),
    );
    const found = all.filter((one) => !left.includes(one));
    return {
      differences: found.filter(({ kind }) => kind !== 'effect').length,
      othersLost: all.filter(({ kind }) => kind === 'theirs').length,
      effectsWrong: found.filter(({ kind }) => kind === 'effect').length,
      leftToHumans: left.length,
      found: all,
      parts: {
        ...{
          seed,
          people: count.people,
          happenings: happened.chapters.flat().length,
          seconds: (Date.now() - began) / 1_000,
        },
        ...{ webhooks: post.delivered, callsOfTheProduct: weather.calls, callsThatFailed: weather.failed },
      },
    };
  } finally {
    await weather.stop();
    await control(running, 'POST', 'app', { webhookUrl: doorUrl });
    await control(running, 'POST', 'index', { lagMs: 0 });
    await post.close();
  }
}
