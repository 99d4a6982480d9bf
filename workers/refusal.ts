/** gRPC: invalid argument, failed precondition, out of range. Asking again gets the same answer. */
const permanent = new Set([3, 9, 11]);

/**
 * Did Temporal refuse this one event, or could nobody be reached? Adapters wrap their client's errors, so the whole chain of causes
 * is looked at. What is not recognised counts as an outage: it delays, and parks nothing.
 */
export function isRefusal(error: unknown): boolean {
  for (let at = error, depth = 0; depth < 6 && typeof at === 'object' && at !== null; depth += 1) {
    if ('code' in at && typeof at.code === 'number') return permanent.has(at.code);
    // A fault of our own while the event was being put into a call: a type or range error, not a network's.
    if ('name' in at && (at.name === 'TypeError' || at.name === 'RangeError' || at.name === 'ValueError')) return true;
    at = 'cause' in at ? at.cause : undefined;
  }
  return false;
}
