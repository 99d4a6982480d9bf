import { created, newId, ok, own, present } from './context.ts';
import type { Context, Operations } from './context.ts';
import { noteEvent, taskEvent } from './events.ts';
import { badRequest } from './refusal.ts';
import { appOf } from './settings.ts';
import type { Row } from './store.ts';

/** Tasks of a contact. */
export const taskOperations: Operations = {
  'GET /contacts/{contactId}/tasks': (context) =>
    ok({ tasks: context.store.of('tasks', contactOf(context)).map(shownTask) }),

  'POST /contacts/{contactId}/tasks': (context) => {
    const contactId = contactOf(context);
    const dates = { dateAdded: context.now, dateUpdated: context.now };
    const task = { ...context.body, id: newId(), contactId, locationId: context.locationId, ...dates };
    context.store.put('tasks', task);
    context.emit('TaskCreate', taskEvent(task, appOf(context.store).sparseTasks));
    return created({ task: shownTask(task) });
  },

  'GET /contacts/{contactId}/tasks/{taskId}': (context) => ok({ task: shownTask(ownTask(context)) }),

  'PUT /contacts/{contactId}/tasks/{taskId}': (context) => change(context),

  'PUT /contacts/{contactId}/tasks/{taskId}/completed': (context) => change(context),

  'DELETE /contacts/{contactId}/tasks/{taskId}': (context) => {
    const task = ownTask(context);
    context.store.remove('tasks', task.id);
    context.emit('TaskDelete', taskEvent(task));
    return ok({ succeded: true });
  },
};

/** Notes of a contact. */
export const noteOperations: Operations = {
  'GET /contacts/{contactId}/notes': (context) =>
    ok({ notes: context.store.of('notes', contactOf(context)).map(shownNote).reverse() }),

  'POST /contacts/{contactId}/notes': (context) => {
    const contactId = contactOf(context);
    const note = { ...context.body, id: newId(), contactId, locationId: context.locationId, dateAdded: context.now };
    context.store.put('notes', note);
    context.emit('NoteCreate', noteEvent(note));
    return created({ note: shownNote(note) });
  },

  'GET /contacts/{contactId}/notes/{id}': (context) => ok({ note: shownNote(ownNote(context)) }),

  'PUT /contacts/{contactId}/notes/{id}': (context) => {
    const note = { ...ownNote(context), ...context.body };
    context.store.put('notes', note);
    context.emit('NoteUpdate', noteEvent(note));
    return ok({ note: shownNote(note) });
  },

  'DELETE /contacts/{contactId}/notes/{id}': (context) => {
    const note = ownNote(context);
    context.store.remove('notes', note.id);
    context.emit('NoteDelete', noteEvent(note));
    return ok({ succeded: true });
  },
};

function contactOf(context: Context): string {
  return own(context, 'contacts', context.params['contactId'], 'Contact').id;
}

function ownTask(context: Context): Row {
  const contactId = contactOf(context);
  const task = context.store.get('tasks', context.params['taskId'] ?? '');
  if (task?.['contactId'] !== contactId) throw badRequest('Task not found');
  return task;
}

function ownNote(context: Context): Row {
  const contactId = contactOf(context);
  const note = context.store.get('notes', context.params['id'] ?? '');
  if (note?.['contactId'] !== contactId) throw badRequest('Note not found');
  return note;
}

function change(context: Context): ReturnType<typeof ok> {
  const before = ownTask(context);
  const task: Row = { ...before, ...context.body, id: before.id, dateUpdated: context.now };
  context.store.put('tasks', task);
  if (task['completed'] === true && before['completed'] !== true) context.emit('TaskComplete', taskEvent(task));
  return ok({ task: shownTask(task) });
}

/** The fields of the documents' `TaskSchema`: no dates of its own are shown here. */
function shownTask({ id, title, body, assignedTo, dueDate, completed, contactId }: Row): Record<string, unknown> {
  return present({ id, title, body, assignedTo, dueDate, completed, contactId });
}

function shownNote({ id, body, userId, dateAdded, contactId, title, color, pinned }: Row): Record<string, unknown> {
  return present({ id, body, userId, dateAdded, contactId, title, color, pinned });
}
