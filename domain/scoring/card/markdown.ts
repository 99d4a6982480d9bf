import type { Card } from './card.ts';
import { cardSections, type Block } from './sections.ts';

/** `card.md`: the card for a terminal or a review. A picture is left to `card.html`; the table below it says the same. */
export function cardMarkdown(card: Card): string {
  const sections = cardSections(card).map(({ title, blocks }) => {
    const written = blocks.map(blockMarkdown).filter((block) => block !== '');
    return [`## ${escaped(title)}`, ...written].join('\n\n');
  });
  return `${[`# Model card: ${escaped(card.name)}`, ...sections].join('\n\n')}\n`;
}

function blockMarkdown(block: Block): string {
  switch (block.kind) {
    case 'text':
      return escaped(block.text);
    case 'list':
      return block.items.map((item) => `- ${escaped(item)}`).join('\n');
    case 'picture':
      return '';
    case 'table': {
      const row = (cells: readonly string[]): string => `| ${cells.map(escaped).join(' | ')} |`;
      const rule = `| ${block.head.map(() => '---').join(' | ')} |`;
      return [`**${escaped(block.caption)}**\n`, row(block.head), rule, ...block.rows.map(row)].join('\n');
    }
  }
}

/** Names of columns and levels come from the data: nothing in them may turn into markup or leave its cell. */
function escaped(text: string): string {
  return text.replace(/[\\`*_[\]<>|#&~]/g, '\\$&').replace(/\s+/g, ' ');
}
