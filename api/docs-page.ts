import { errors } from '../domain/errors.ts';
import { routes } from './openapi.ts';

/** The API to read: every route and every error code on one page of our own, without a script. */
export function docsHtml(): string {
  const rows = routes.map(
    (route) =>
      `<tr><td><code>${route.method.toUpperCase()}</code></td><td><code>${text(route.path)}</code></td>` +
      `<td>${text(route.summary)}</td><td>${route.auth}</td>` +
      `<td>${route.errors.map((code) => `<a href="#${code}">${code}</a>`).join(' ')}</td></tr>`,
  );
  const codes = Object.entries(errors).map(
    ([code, { status, title, hint }]) =>
      `<tr id="${code}"><td><code>${code}</code></td><td>${status}</td><td>${text(title)}</td><td>${text(hint)}</td></tr>`,
  );
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Leadwright API</title><style>
body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;color-scheme:light dark}
table{border-collapse:collapse;width:100%}td,th{text-align:left;vertical-align:top;padding:.3rem .6rem;border-top:1px solid #8884}
td:last-child{font-size:.85em}:target{background:#fc03}</style>
<h1>Leadwright API</h1><p>Machine-readable: <a href="/openapi.json">/openapi.json</a> (OpenAPI 3.1). Routes under <code>/api</code> take
<code>Authorization: Bearer</code>.</p>
<h2>Routes</h2><table><tr><th>Method<th>Path<th>Does<th>Needs<th>Errors</tr>${rows.join('')}</table>
<h2>Errors</h2><table><tr><th>Code<th>Status<th>Means<th>What to do</tr>${codes.join('')}</table></html>`;
}

function text(plain: string): string {
  return plain.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');
}
