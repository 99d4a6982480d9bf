import { newId, ok, own } from './context.ts';
import type { Context, Operations } from './context.ts';
import { badRequest } from './refusal.ts';

/** GHL's own workflows: read, and contacts put in and taken out. What a workflow then does is for `/_sandbox/workflow-send` to say. */
export const workflowOperations: Operations = {
  'GET /workflows/': (context) => ok({ workflows: context.store.of('workflows', context.locationId) }),

  // Whoever is in it already stays in it once.
  'POST /contacts/{contactId}/workflow/{workflowId}': (context) => {
    const { contactId, workflowId, found } = enrolment(context);
    const { eventStartTime } = context.body;
    if (found === undefined) {
      const row = { id: newId(), contactId, workflowId, locationId: context.locationId, addedAt: context.now };
      context.store.put('enrolments', { ...row, ...(eventStartTime !== undefined && { eventStartTime }) });
    }
    return ok({ succeded: true });
  },

  'DELETE /contacts/{contactId}/workflow/{workflowId}': (context) => {
    const { found } = enrolment(context);
    if (found) context.store.remove('enrolments', found.id);
    return ok({ succeded: true });
  },
};

function enrolment(context: Context): { contactId: string; workflowId: string; found: { id: string } | undefined } {
  const contactId = own(context, 'contacts', context.params['contactId'], 'Contact').id;
  const workflow = own(context, 'workflows', context.params['workflowId'], 'Workflow');
  if (workflow['status'] !== 'published') throw badRequest('Workflow is not published');
  const rows = context.store.of('enrolments', contactId);
  return { contactId, workflowId: workflow.id, found: rows.find((row) => row['workflowId'] === workflow.id) };
}
