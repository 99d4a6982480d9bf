import type { Card } from './card.ts';
import { cardSections, type Block } from './sections.ts';

const style = `
:root { color-scheme: light dark; --accent: #1d5fa8; --line: #8886; }
@media (prefers-color-scheme: dark) { :root { --accent: #7db4f0; } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; margin: 1rem 0; }
caption { text-align: left; font-weight: 600; padding: 0.3rem 0; }
th, td { text-align: left; vertical-align: top; padding: 0.25rem 0.9rem 0.25rem 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
figure { margin: 1rem 0; max-width: 35rem; }
`;

/** `card.html`: one page that needs nothing from elsewhere. */
export function cardHtml(card: Card): string {
  const title = `Model card: ${escaped(card.name)}`;
  const sections = cardSections(card).map(
    (section) =>
      `<section>\n<h2>${escaped(section.title)}</h2>\n${section.blocks.map(blockHtml).join('\n')}\n</section>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${sections.join('\n')}
</main>
</body>
</html>
`;
}

function blockHtml(block: Block): string {
  switch (block.kind) {
    case 'text':
      return `<p>${escaped(block.text)}</p>`;
    case 'list':
      return `<ul>\n${block.items.map((item) => `<li>${escaped(item)}</li>`).join('\n')}\n</ul>`;
    case 'picture':
      return `<figure>${block.svg}</figure>`;
    case 'table':
      return tableHtml(block);
  }
}

/** The first column names its row; a table of two nameless columns has no head. */
function tableHtml({ caption, head, rows }: Extract<Block, { kind: 'table' }>): string {
  const heads = head.some((name) => name !== '')
    ? `<thead><tr>${head.map((name) => `<th scope="col">${escaped(name)}</th>`).join('')}</tr></thead>\n`
    : '';
  const body = rows.map(([first = '', ...others]) => {
    return `<tr><th scope="row">${escaped(first)}</th>${others.map((cell) => `<td>${escaped(cell)}</td>`).join('')}</tr>`;
  });
  return `<table>\n<caption>${escaped(caption)}</caption>\n${heads}<tbody>\n${body.join('\n')}\n</tbody>\n</table>`;
}

/** Names of columns and levels come from the data, and may hold anything. */
function escaped(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replace(/[&<>"']/g, (character) => entities[character]!);
}
