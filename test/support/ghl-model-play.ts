import { setTimeout as pause } from 'node:timers/promises';
import { zoneAt } from './brokerage.ts';
import type { Call } from './ghl-model-compare.ts';
import type { PostOffice } from './ghl-model-post.ts';
import type { Happening, Person, Story } from './ghl-model-story.ts';
import { calm, control, type Team } from './ghl-model-world.ts';
import type { Random } from './random.ts';
import { until } from './until.ts';

/**
 * Lets a story happen in the stand-in: what people do they do there, each contact's happenings in their order and many contacts at once,
 * while the product works what it hears of it. Answers the vendor's ids of the people, in their order, and the story as it happened: nobody
 * can move an opportunity that the product has not been able to make yet.
 */
export async function play(
  team: Team,
  story: Story,
  post: PostOffice,
  options: { readonly width: number; readonly limitMs: number; readonly say: (line: string) => void },
): Promise<{ readonly ids: string[]; readonly happened: Story }> {
  const ids: string[] = [];
  const impossible = new Set<Happening>();
  for (const [number, chapter] of story.chapters.entries()) {
    await inOrder(chapter, options.width, async (happening) => {
      if ((await happen(team, story.people, ids, happening)) === IMPOSSIBLE) impossible.add(happening);
    });
    options.say(`chapter ${number + 1}: ${chapter.length} happenings done, waiting for the news to be worked`);
    await until(() => post.idle(), options.limitMs);
    await calm(team, options.limitMs);
    await until(() => post.idle(), options.limitMs);
    await calm(team, options.limitMs);
  }
  const chapters = story.chapters.map((chapter) => chapter.filter((happening) => !impossible.has(happening)));
  return { ids, happened: { ...story, chapters } };
}

const IMPOSSIBLE = Symbol('there is nothing to do this to');

/** Many at once, those of one person one after another. */
async function inOrder(
  happenings: readonly Happening[],
  width: number,
  work: (happening: Happening) => Promise<void>,
): Promise<void> {
  const last = new Map<number, Promise<void>>();
  const rest = happenings[Symbol.iterator]();
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (const happening of rest) {
        const before = last.get(happening.who);
        const mine = (async () => {
          await before;
          await work(happening);
        })();
        last.set(happening.who, mine);
        await mine;
      }
    }),
  );
}

async function happen(
  team: Team,
  people: readonly Person[],
  ids: string[],
  { who, what }: Happening,
): Promise<unknown> {
  const contactId = ids[who]!;
  const act = (method: string, path: string, body?: object) => actOf(team, method, path, body);
  const contact = `/contacts/${contactId}`;
  // Two changes of one contact in the same millisecond would leave their order unsaid.
  await pause(2);
  switch (what.kind) {
    case 'create': {
      const made = (await act('POST', '/contacts/', bodyOf(team, people[who]!))) as { contact: { id: string } };
      ids[who] = made.contact.id;
      return made;
    }
    case 'tag':
      if (what.add.length > 0) await act('POST', `${contact}/tags`, { tags: what.add });
      if (what.remove.length > 0) await act('DELETE', `${contact}/tags`, { tags: what.remove });
      return undefined;
    case 'field':
      return act('PUT', contact, {
        customFields: [{ id: team.fieldIds[what.key], field_value: what.value }],
      });
    case 'edit':
      return act('PUT', contact, { city: what.city });
    case 'dnd':
      return act('PUT', contact, { dnd: what.on });
    case 'text':
      return control(team.running, 'POST', 'inbound', { contactId, type: 'SMS', body: what.text.words });
    case 'colleague':
      return act('POST', '/conversations/messages', { type: 'SMS', contactId, message: what.words });
    case 'note':
      return act('POST', `${contact}/notes`, { body: what.words });
    case 'task':
      return act('POST', `${contact}/tasks`, {
        ...{ title: what.title, dueDate: '2030-01-02T15:00:00.000Z', completed: false },
      });
    case 'opportunity': {
      const [pipelineId, stages] =
        what.pipeline === 'ours' ? [team.pipelineId, team.stageIds] : [team.otherPipelineId, team.otherStageIds];
      const placed = { pipelineId, pipelineStageId: stages[what.stage], locationId: team.locationId, contactId };
      return act('POST', '/opportunities/', {
        ...{ ...placed, name: `Deal of ${who}`, status: 'open', monetaryValue: what.value },
      });
    }
    case 'moved':
      return change(team, contactId, { pipelineStageId: team.stageIds[what.stage] });
    case 'valued':
      return change(team, contactId, { monetaryValue: what.value });
    case 'closed':
      return change(team, contactId, { status: what.status });
    case 'delete':
      return act('DELETE', contact);
  }
}

/** Somebody opens the contact's opportunity in the team's pipeline and changes it. */
async function change(team: Team, contactId: string, body: object): Promise<unknown> {
  const { opportunities } = await control<{ opportunities: { id: string; contactId: string; pipelineId: string }[] }>(
    team.running,
    'GET',
    'state',
  );
  const found = opportunities.find((one) => one.contactId === contactId && one.pipelineId === team.pipelineId);
  if (found === undefined) return IMPOSSIBLE;
  return actOf(team, 'PUT', `/opportunities/${found.id}`, body);
}

async function actOf(team: Team, method: string, path: string, body?: object): Promise<unknown> {
  return control(team.running, 'POST', 'act', { userId: team.userId, locationId: team.locationId, method, path, body });
}

function bodyOf(team: Team, { firstName, email, phone, source, tags, fields }: Person): object {
  const customFields = Object.entries(fields).map(([key, value]) => ({ id: team.fieldIds[key], field_value: value }));
  return {
    ...{ locationId: team.locationId, firstName, email, phone, source, tags, customFields },
    timezone: zoneAt(13),
  };
}

export interface Weather {
  /** Calls of the product that failed, by how. */
  readonly failed: Readonly<Record<string, number>>;
  readonly calls: number;
  stop(): Promise<void>;
}

const faults: readonly (readonly [how: string, fault: object])[] = [
  ['429', { status: 429, headers: { 'retry-after': '1' } }],
  ['500', { status: 500 }],
  ['answer cut off', { dropAfterHandling: true }],
  ['hangs', { hang: true }],
];

/** Makes this share of the product's calls fail, each in one of four ways, whatever they are for. */
export function badWeather({ running }: Team, random: Random, share: number): Weather {
  const failed: Record<string, number> = {};
  let calls = 0;
  let last = 0;
  let stopped = false;
  const blowing = (async () => {
    let next = 1 / share;
    while (!stopped) {
      const news = await control<{ calls: Call[]; last: number }>(running, 'GET', `ledger?after=${last}`);
      last = news.last;
      calls += news.calls.filter(({ by }) => by === undefined).length;
      for (; calls >= next; next += 1 / share) {
        const [how, fault] = random.pick(faults);
        failed[how] = (failed[how] ?? 0) + 1;
        await control(running, 'POST', 'faults', { match: {}, times: 1, ...fault });
      }
      await pause(50);
    }
    await control(running, 'DELETE', 'faults');
  })();
  return {
    failed,
    get calls() {
      return calls;
    },
    async stop() {
      stopped = true;
      await blowing;
    },
  };
}
