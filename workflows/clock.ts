/**
 * Workflow time in milliseconds: the time of the task being worked, the same again on replay. The Temporal sandbox replaces `Date`,
 * so this is the one place where workflow code may ask it.
 */
export function workflowNow(): number {
  // eslint-disable-next-line no-restricted-properties -- inside the sandbox Date is the recorded clock
  return Date.now();
}
