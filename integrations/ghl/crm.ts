import type { Cache } from '../../domain/cache/cache.ts';
import type { Crm } from '../../domain/ports/crm.ts';
import { pipelines, readCatalog } from './catalog.ts';
import { createClient, type ClientOptions } from './client.ts';
import { assign, changeTags, readContact, readLocation, setDnd } from './contacts.ts';
import { createFieldBook, setFields } from './fields.ts';
import {
  createOpportunity,
  deleteOpportunity,
  readOpportunities,
  readOpportunity,
  updateOpportunity,
} from './opportunities.ts';
import { findMessage } from './read-back.ts';
import { messagesSince } from './recall.ts';
import { addToWorkflow, removeFromWorkflow, send } from './sends.ts';
import {
  contactOfTask,
  createNote,
  createTask,
  deleteNote,
  deleteTask,
  findNote,
  findTask,
  readTasks,
} from './tasks-notes.ts';

export interface GhlCrmOptions extends ClientOptions {
  readonly cache: Cache;
}

/** The CRM port over GHL's REST API v2. `close` ends its connections. */
export function createGhlCrm(options: GhlCrmOptions): Crm & { close(): Promise<void> } {
  const client = createClient(options);
  const { cache } = options;
  const book = createFieldBook(client, cache);
  return {
    contact: (ref, how) => readContact(client, ref, how),
    addTags: (ref, tags) => changeTags(client, 'add-tags', ref, tags),
    removeTags: (ref, tags) => changeTags(client, 'remove-tags', ref, tags),
    setFields: (ref, fields) => setFields(client, book, ref, fields),
    fieldIds: book.ids,
    assign: (ref, userId) => assign(client, ref, userId),
    setDnd: (ref, channels) => setDnd(client, ref, channels),
    send: (ref, message) => send(client, ref, message),
    findMessage: (ref, wanted) => findMessage(client, ref, wanted),
    messagesSince: (ref, since) => messagesSince(client, ref, since),
    createTask: (ref, task) => createTask(client, ref, task),
    findTask: (ref, wanted) => findTask(client, ref, wanted),
    tasks: (ref) => readTasks(client, ref),
    contactOfTask: (locationId, task) => contactOfTask(client, locationId, task),
    deleteTask: (ref, taskId) => deleteTask(client, ref, taskId),
    createNote: (ref, note) => createNote(client, ref, note),
    findNote: (ref, wanted) => findNote(client, ref, wanted),
    deleteNote: (ref, noteId) => deleteNote(client, ref, noteId),
    opportunities: (ref) => readOpportunities(client, ref),
    opportunity: (locationId, opportunityId) => readOpportunity(client, locationId, opportunityId),
    createOpportunity: (ref, wanted) => createOpportunity(client, ref, wanted),
    updateOpportunity: (locationId, id, change) => updateOpportunity(client, locationId, id, change),
    deleteOpportunity: (locationId, id) => deleteOpportunity(client, locationId, id),
    addToWorkflow: (ref, workflowId) => addToWorkflow(client, ref, workflowId),
    removeFromWorkflow: (ref, workflowId) => removeFromWorkflow(client, ref, workflowId),
    location: (locationId) => readLocation(client, locationId),
    pipelines: (locationId) => pipelines(client, cache, locationId),
    catalog: (locationId) => readCatalog(client, locationId),
    close: () => client.close(),
  };
}
