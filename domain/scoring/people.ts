/** Says which contacts are one person: those that share a number or an address, and those that share one with them. */
export interface People {
  /** @param addresses  keyed hashes of number and address; none is known of a contact that stays alone */
  take(contactId: string, addresses: readonly string[]): void;
  /** The contact with the first id of all that are the same person: whatever the order in which they came. */
  of(contactId: string): string;
}

export function gatherPeople(): People {
  const parents = new Map<string, string>();
  const bearers = new Map<string, string>();

  function rootOf(contactId: string): string {
    let root = contactId;
    for (let next = parents.get(root); next !== undefined; next = parents.get(root)) root = next;
    // Who was on the way points there at once from now on.
    for (let at = contactId; at !== root;) {
      const next = parents.get(at)!;
      parents.set(at, root);
      at = next;
    }
    return root;
  }

  return {
    take(contactId, addresses) {
      for (const address of addresses) {
        const bearer = bearers.get(address);
        if (bearer === undefined) {
          bearers.set(address, contactId);
          continue;
        }
        const [one, other] = [rootOf(contactId), rootOf(bearer)];
        if (one < other) parents.set(other, one);
        else if (other < one) parents.set(one, other);
      }
    },
    of: rootOf,
  };
}
