import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The Ed25519 key that this stand-in signs webhooks with: made on the first start, kept in `keys/` of the home folder.
 * It is never the vendor's: only a product told to trust `ghl-webhook.public.pem` takes these webhooks for real.
 */
export function signingKey(home: string): KeyObject {
  const folder = join(home, 'keys');
  const path = join(folder, 'ghl-webhook.private.pem');
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true });
    const pair = generateKeyPairSync('ed25519');
    writeFileSync(join(folder, 'ghl-webhook.public.pem'), pair.publicKey.export({ type: 'spki', format: 'pem' }));
    // The private half appears last and whole: a kill in between leaves no half-made pair behind.
    writeFileSync(`${path}.next`, pair.privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    renameSync(`${path}.next`, path);
  }
  return createPrivateKey(readFileSync(path));
}
