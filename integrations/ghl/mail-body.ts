/** Plain text as the HTML of an e-mail: one paragraph per blank line, line breaks kept, nothing of the text read as markup. */
export function htmlOf(text: string): string {
  const paragraphs = text.trim().split(/\n\s*\n/);
  return paragraphs.map((part) => `<p>${escape(part).replace(/\r?\n/g, '<br>')}</p>`).join('');
}

/** The text of a stored body, which the vendor may hold as the HTML we sent or as plain text. */
export function bodyText(body: string): string {
  if (!/<(p|br|div|span|html|body|table)\b/i.test(body)) return body;
  const text = body
    .replace(/<(script|style|head)\b[^>]*>[\s\S]*?<\/\1>/gi, ' ')
    .replace(/<[^>]{0,2000}>/g, ' ')
    .replace(/&nbsp;/g, ' ');
  return text
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&');
}

/** Equal up to white space: vendors trim, re-wrap and re-encode it. */
export function sameWords(a: string, b: string): boolean {
  return squeeze(a) === squeeze(b);
}

function squeeze(text: string): string {
  return text.normalize('NFC').replace(/\s+/g, ' ').trim();
}

function escape(text: string): string {
  return text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&#39;');
}
