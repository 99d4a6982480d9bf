import { errors, type ErrorCode } from '../domain/errors.ts';

/** Pages for people in a browser: plain, without a script, every word from outside escaped. */
export function installedPage(what: { readonly kind: 'location' | 'company'; readonly id: string }): string {
  const rest =
    what.kind === 'location'
      ? `<p>Location <code>${text(what.id)}</code> is connected. Its events are taken from now on, and what waited goes on.</p>`
      : `<p>Agency <code>${text(what.id)}</code> is connected. Its locations are being installed now, one after the other.</p>`;
  return page(
    'Installed',
    `${rest}<p>You may close this window. To see what is installed: <code>leadwright locations list</code></p>`,
  );
}

/** @param code  of the table of errors; people may quote it, with the request's id */
export function problemPage(code: ErrorCode, requestId: string): string {
  const { title, hint } = errors[code];
  return page(
    title,
    `<p>${text(hint)}</p>${again}<p class="small">${text(code)}, request <code>${text(requestId)}</code></p>`,
  );
}

/** Somebody began in the marketplace: nothing proves that this browser meant to. */
export function beginHerePage(): string {
  return page(
    'One more step',
    `<p>The app was chosen in the marketplace. So that nobody can connect an account in your place, an install begins here:</p>${again}
<p class="small">OAUTH_STATE</p>`,
  );
}

const again =
  '<p><a href="/oauth/ghl/start">Begin the install</a> · <a href="/oauth/ghl/start?for=agency">for a whole agency</a></p>';

function page(title: string, body: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${text(title)} · Leadwright</title><style>
body{font:16px/1.5 system-ui,sans-serif;margin:3rem auto;max-width:36rem;padding:0 1rem;color-scheme:light dark}
.small{font-size:.85em;opacity:.7}</style><main><h1>${text(title)}</h1>${body}</main></html>`;
}

function text(plain: string): string {
  return plain
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&#39;');
}
