/** Pages of the link in an e-mail: plain, without a script, without a word about whose link it is. */
export function askPage(): string {
  return page(
    'Stop these e-mails?',
    `<p>One click, and this team sends you no more e-mails like the one that brought you here.</p>${button('Stop the e-mails')}`,
  );
}

export function stoppedPage(): string {
  return page(
    'You will get no more of these e-mails',
    `<p>It holds from now on. An e-mail that was on its way already may still arrive.</p>
<p>If you did not mean it:</p>${button('Send me e-mails again', 'yes')}`,
  );
}

/** @param isOff  something else keeps e-mails from this person, which this page cannot lift */
export function againPage(isOff: boolean): string {
  const rest = isOff
    ? '<p>You will still get none, since they were stopped in another way as well. To have them again, write to the team.</p>'
    : `<p>It is as it was before you stopped them. Whenever you want to stop them:</p>${button('Stop the e-mails')}`;
  return page('You have taken it back', rest);
}

export function uselessPage(): string {
  return page(
    'This link does not work',
    '<p>It may be cut off or changed. Open it from the e-mail again, or answer the e-mail and write: stop.</p>',
  );
}

export function busyPage(): string {
  return page('Not just now', '<p>This could not be done just now. Please try again in a minute.</p>');
}

/** To where it stands: the address of the page is the link itself. */
function button(label: string, again?: 'yes'): string {
  const field = again === undefined ? '' : `<input type="hidden" name="again" value="${again}">`;
  return `<form method="post">${field}<button>${label}</button></form>`;
}

function page(title: string, body: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex"><title>${title}</title><style>
body{font:16px/1.5 system-ui,sans-serif;margin:3rem auto;max-width:32rem;padding:0 1rem;color-scheme:light dark}
button{font:inherit;padding:.6rem 1.2rem;cursor:pointer}</style><main><h1>${title}</h1>${body}</main></html>`;
}
