import type { LeadRef } from '../../domain/glossary.ts';
import type { Crm, CrmTask, SendOutcome } from '../../domain/ports/crm.ts';
import { outcomeOf } from './answers.ts';
import { ask, takeAway } from './ask.ts';
import type { GhlClient } from './client.ts';
import { bodyText, sameWords } from './mail-body.ts';
import { bySkip, eachPage } from './pages.ts';
import { itemsOf, noteItem, notesAnswer, taskFoundItem, taskItem, tasksAnswer, tasksFoundAnswer } from './schemas.ts';
import { idIn } from './sends.ts';

export async function createTask(
  client: GhlClient,
  ref: LeadRef,
  task: Parameters<Crm['createTask']>[1],
): Promise<SendOutcome> {
  const body = {
    title: task.title,
    body: task.body,
    dueDate: new Date(task.dueAt).toISOString(),
    completed: false,
    ...(task.assignedTo === null ? {} : { assignedTo: task.assignedTo }),
  };
  const reply = await client.call('create-task', ref.locationId, { path: { contactId: ref.contactId }, body });
  return outcomeOf(
    reply,
    (json) => idIn(json, 'task', 'id'),
    (json) => idIn(json, 'task', 'dateAdded'),
  );
}

export async function readTasks(client: GhlClient, ref: LeadRef): Promise<CrmTask[]> {
  const input = { path: { contactId: ref.contactId } };
  const { tasks } = await ask(client, 'get-all-tasks', tasksAnswer, ref.locationId, input);
  return itemsOf(taskItem, tasks).map(({ id, title, body }) => ({
    vendorId: id,
    title: title ?? '',
    body: bodyText(body ?? ''),
  }));
}

export async function findTask(
  client: GhlClient,
  ref: LeadRef,
  wanted: Parameters<Crm['findTask']>[1],
): Promise<string | undefined> {
  const tasks = await readTasks(client, ref);
  return tasks.find(({ title, body }) => sameWords(title, wanted.title) && sameWords(body, wanted.body))?.vendorId;
}

const FOUND_PER_PAGE = 25;
/** A task that was just made is among the first of its title; who searches without one does not read all that a team ever had to do. */
const MAX_PAGES = 10;

export async function contactOfTask(
  client: GhlClient,
  locationId: string,
  { taskId, title }: Parameters<Crm['contactOfTask']>[1],
): Promise<string | undefined> {
  const pages = eachPage(
    (skip: number | undefined) => {
      const query = title === undefined || title.trim() === '' ? {} : { query: title.trim() };
      const body = { limit: FOUND_PER_PAGE, skip: skip ?? 0, ...query };
      return ask(client, 'task-search', tasksFoundAnswer, locationId, { path: { locationId }, body });
    },
    ({ tasks }, skipped) => bySkip(skipped, tasks.length, FOUND_PER_PAGE),
    { whenStuck: 'end', most: MAX_PAGES },
  );
  for await (const { tasks } of pages) {
    const found = itemsOf(taskFoundItem, tasks).find((task) => (task.id ?? task._id) === taskId);
    if (found !== undefined) return found.contactId ?? undefined;
  }
  return undefined;
}

export async function deleteTask(client: GhlClient, ref: LeadRef, taskId: string): Promise<void> {
  await takeAway(client, 'delete-task', ref.locationId, { path: { contactId: ref.contactId, taskId } });
}

export async function createNote(
  client: GhlClient,
  ref: LeadRef,
  note: Parameters<Crm['createNote']>[1],
): Promise<SendOutcome> {
  const input = { path: { contactId: ref.contactId }, body: { body: note.body } };
  const reply = await client.call('create-note', ref.locationId, input);
  return outcomeOf(
    reply,
    (json) => idIn(json, 'note', 'id'),
    (json) => idIn(json, 'note', 'dateAdded'),
  );
}

export async function findNote(
  client: GhlClient,
  ref: LeadRef,
  wanted: Parameters<Crm['findNote']>[1],
): Promise<string | undefined> {
  const input = { path: { contactId: ref.contactId } };
  const { notes } = await ask(client, 'get-all-notes', notesAnswer, ref.locationId, input);
  return itemsOf(noteItem, notes).find(({ body }) => sameWords(bodyText(body ?? ''), wanted.body))?.id;
}

export async function deleteNote(client: GhlClient, ref: LeadRef, noteId: string): Promise<void> {
  await takeAway(client, 'delete-note', ref.locationId, { path: { contactId: ref.contactId, id: noteId } });
}
