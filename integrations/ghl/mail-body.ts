/**
 * Plain text as the HTML of an e-mail: one paragraph per blank line, line breaks kept, web addresses to be clicked, nothing of the text read
 * as markup.
 */
export function htmlOf(text: string): string {
  const paragraphs = text.trim().split(/\n\s*\n/);
  return paragraphs.map((part) => `<p>${linked(part).replace(/\r?\n/g, '<br>')}</p>`).join('');
}

/** Punctuation at the end of an address ends the sentence. */
function linked(text: string): string {
  return text
    .split(/(https?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)\]])/)
    .map((part, at) => (at % 2 === 0 ? escape(part) : `<a href="${escape(part)}">${escape(part)}</a>`))
    .join('');
}

/** The text of a stored body, which the vendor may hold as the HTML we sent or as plain text. */
export function bodyText(body: string): string {
  if (!/<(p|br|div|span|html|body|table)\b/i.test(body)) return body;
  return withoutMarkup(body)
    .replace(/&nbsp;/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&');
}

/** What no reader sees, where it is closed; what is left open hides nothing. */
const HIDDEN = ['script', 'style', 'head'];

/** Each tag becomes a space. In one pass, whatever the markup is like: anybody may have written it, and megabytes of it. */
function withoutMarkup(html: string): string {
  const lower = html.toLowerCase();
  const lastEnd = new Map(HIDDEN.map((name) => [name, lower.lastIndexOf(`</${name}>`)]));
  const kept: string[] = [];
  let hiding: string | undefined;
  let from = 0;
  for (const { 0: tag, index } of html.matchAll(/<[^<>]*>/g)) {
    const name = /^<\/?([a-z]+)/i.exec(tag)?.[1]?.toLowerCase() ?? '';
    if (hiding === undefined) {
      kept.push(html.slice(from, index), ' ');
      if (!tag.startsWith('</') && index < (lastEnd.get(name) ?? -1)) hiding = name;
    } else if (name === hiding && tag.startsWith('</')) hiding = undefined;
    from = index + tag.length;
  }
  return kept.join('') + html.slice(from);
}

/** Equal but for white space: vendors trim, re-wrap and re-encode it, and markup stands where none was. */
export function sameWords(a: string, b: string): boolean {
  return squeeze(a) === squeeze(b);
}

function squeeze(text: string): string {
  return text.normalize('NFC').replace(/\s+/g, '');
}

function escape(text: string): string {
  return text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&#39;');
}
