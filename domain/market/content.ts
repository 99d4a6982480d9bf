import { canonicalFields } from '../webhooks/payload.ts';
import type { RawRecord } from './feed.ts';

/**
 * The hash of what a record says: equal for equal content, whatever the order of its fields. Annotations of the protocol
 * (`@odata.id`, `Media@odata.context`) say how it was sent and are left out.
 * @param sha256  injected, as this layer does no hashing
 */
export function contentHash(raw: RawRecord, sha256: (text: string) => string): string {
  const names = Object.keys(raw).filter((name) => !name.includes('@'));
  return sha256(canonicalFields(raw, names.sort()));
}
