import { type AssistantEnv } from '../support/assistant-env.ts';
import { NEW_YORK } from '../support/lead-play.ts';

type Ref = Awaited<ReturnType<AssistantEnv['play']['newLead']>>;

/** The lives of leads that an assistant reads and answers: each answers its lead when all is settled. */
export const assistantScenarios: Readonly<Record<string, (world: AssistantEnv) => Promise<Ref>>> = {
  'assistant-approved': async (world) => {
    const ref = await atTen(world, 'draft');
    await world.writes(ref, 'We are looking for three bedrooms');
    const [draft] = await world.drafts(ref);
    await world.play.handle(ref).executeUpdate('approveDraft', { args: [{ draftId: draft!.draftId }] });
    await world.play.settled(ref);
    await world.writes(ref, 'And has it a garden?');
    const [, second] = await world.drafts(ref);
    await world.play.handle(ref).executeUpdate('rejectDraft', { args: [{ draftId: second!.draftId }] });
    await world.play.settled(ref);
    return ref;
  },

  'assistant-by-itself': async (world) => {
    const ref = await atTen(world, 'auto');
    await world.writes(ref, 'We are looking for three bedrooms');
    await world.play.humanWrites(ref, 'Hello, this is your agent');
    await world.play.settled(ref);
    await world.writes(ref, 'Thank you');
    return ref;
  },

  /** Five hundred events are the life of one run; the reply that is owed is drafted in the next one. */
  'assistant-continue-as-new': async (world) => {
    const { env, play } = world;
    const ref = await atTen(world, 'auto');
    await play.says(ref, 'We are looking for three bedrooms');
    await play.settled(ref);
    for (let note = 0; note < 500; note += 1)
      await env.deliver('NoteCreate', { contactId: ref.contactId, id: `note${note}` });
    await play.settled(ref);
    await env.time.skip(30_000);
    await play.settled(ref);
    return ref;
  },

  /** Deleted and there again while a text is under way, so that the same run goes on; then the lead writes. */
  'assistant-there-again': async (world) => {
    const { env, play } = world;
    await beginAtTen(world, 'auto');
    const text = world.hold('send.after-vendor');
    const ref = await play.contact();
    await play.created(ref);
    await text.reached;
    await play.applied(ref);
    await play.worked(await env.deliver('ContactDelete', ref.body));
    await play.worked(await play.created(ref, new Date(env.time.now().getTime() + 1_000)));
    text.goOn();
    await play.settled(ref);
    await world.writes(ref, 'Is it still for sale?');
    return ref;
  },
};

async function beginAtTen(world: AssistantEnv, replies: 'draft' | 'auto'): Promise<void> {
  await world.says();
  await world.choose({ modes: { replies } });
  await world.env.time.skipTo(NEW_YORK, '10:00');
}

async function atTen(world: AssistantEnv, replies: 'draft' | 'auto'): Promise<Ref> {
  await beginAtTen(world, replies);
  return world.play.newLead();
}
