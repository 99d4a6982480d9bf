import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { main } from '../../cli/main.ts';
import { parseSequence } from '../../domain/follow-up/document.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const pages = ['README.md', ...markdownIn('docs')];
const textOf = (page: string) => readFileSync(join(root, page), 'utf8');

function markdownIn(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

/** Folders at the top, without what is installed, built or kept by programs. */
function topFolders(): string[] {
  const ignored = readFileSync(join(root, '.gitignore'), 'utf8')
    .split('\n')
    .map((line) => line.replace(/\/$/, ''));
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && !ignored.includes(entry.name))
    .map((entry) => entry.name);
}

/** `[text](target)` and `![text](target)` that lead to a file of ours. */
function linksOf(page: string): string[] {
  return [...textOf(page).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/i.test(target) && !target.startsWith('#'));
}

/** What `--help` says after these words; undefined when there is no such command. */
async function helpOf(words: readonly string[]): Promise<string | undefined> {
  let said = '';
  const say = (text: string) => {
    said += text;
  };
  const io = { out: say, err: say, terminal: false, colour: false, env: {}, cwd: root };
  const exitCode = await main([...words, '--help'], io);
  return exitCode === 0 && said.startsWith(`Usage: ${['leadwright', ...words].join(' ')}`) ? said : undefined;
}

/** The verbs at the front of a command line: as long as the help of what stands before lists the next word as a command. */
async function verbsOf(words: readonly string[]): Promise<{ verbs: string[]; help: string }> {
  const verbs: string[] = [];
  let help = (await helpOf([])) ?? '';
  for (const word of words) {
    if (!/^[a-z-]+$/.test(word)) break;
    if (!new RegExp(`^  ${word}(?: |$)`, 'm').test(help.split('Commands:')[1] ?? '')) break;
    verbs.push(word);
    help = (await helpOf(verbs)) ?? '';
  }
  return { verbs, help };
}

async function problemsOf(line: string): Promise<string[]> {
  const words = line.split(/\s+/).filter((word) => word !== '');
  // `npx leadwright …` stands for any command.
  if (words.length === 0 || words[0] === '…') return [];
  const { verbs, help } = await verbsOf(words);
  const options = words.map((word) => word.split('=')[0] ?? '').filter((word) => word.startsWith('--'));
  const strangers = options.filter((option) => !new RegExp(`${option}(?![\\w-])`).test(help));
  const incomplete = verbs.length === 0 || help.includes('[command]');
  return [
    ...(incomplete ? [`${line}: no such command`] : []),
    ...strangers.map((option) => `${line}: no option ${option}`),
  ];
}

/** Commands as they are written: to the end of the code, or to a comment. */
function commandsAfter(start: RegExp): { page: string; line: string }[] {
  return pages.flatMap((page) =>
    [...textOf(page).matchAll(start)].map(([, line = '']) => ({ page, line: (line.split('#')[0] ?? '').trim() })),
  );
}

describe('the README', () => {
  it('maps exactly the folders that exist', () => {
    const map = textOf('README.md').split('## Map of the house')[1]?.split('\n## ')[0] ?? '';
    const mapped = [...map.matchAll(/^\| `([\w-]+)\/` \| \S/gm)].map(([, folder]) => folder);
    expect(mapped.toSorted()).toEqual(topFolders().toSorted());
  });
});

describe('README and docs', () => {
  it('link to nothing that is not there', () => {
    const broken = pages.flatMap((page) =>
      linksOf(page)
        .filter((target) => !existsSync(join(root, dirname(page), target.split('#')[0] ?? '')))
        .map((target) => `${page}: ${target}`),
    );
    expect(pages.flatMap(linksOf).length).toBeGreaterThan(40);
    expect(broken).toEqual([]);
  });

  it('name only commands and options that the command line knows', async () => {
    const commands = commandsAfter(/(?:npx leadwright|npm run leadwright --) ([^`\n]*)/g);
    const problems: string[] = [];
    for (const { page, line } of commands) {
      problems.push(...(await problemsOf(line)).map((problem) => `${page}: ${problem}`));
    }
    expect(commands.length).toBeGreaterThan(30);
    expect(problems).toEqual([]);
  });

  it('are read by a check that finds a verb or an option that does not exist', async () => {
    expect(await problemsOf('leads fly CONTACT')).toEqual(['leads fly CONTACT: no such command']);
    expect(await problemsOf('leads show CONTACT --loud')).toEqual(['leads show CONTACT --loud: no option --loud']);
    expect(await problemsOf('leads show CONTACT --timeline 3')).toEqual([]);
  });

  it('name only scripts that package.json has', () => {
    const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };
    const named = commandsAfter(/npm run ([\w:-]+)/g);
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter(({ line }) => scripts[line] === undefined)).toEqual([]);
  });

  it('name only files of ours that are there', () => {
    const paths =
      /`((?:activities|api|cli|domain|integrations|ops|platform|sandbox|test|workers|workflows)\/[\w./-]*)`/g;
    const missing = commandsAfter(paths).filter(({ line }) => !existsSync(join(root, line)));
    expect(missing).toEqual([]);
  });

  it('hold no path of one machine', () => {
    const own = /(?:^|[\s`("'])\/(?:tmp|work|home|root|Users|mnt)\/\S*/gm;
    expect(pages.flatMap((page) => [...textOf(page).matchAll(own)].map(([path]) => `${page}: ${path}`))).toEqual([]);
  });

  it('show examples that can be used', () => {
    expect(parseSequence(JSON.parse(textOf('docs/examples/quick-check.json')))).toMatchObject({
      ok: true,
      warnings: [],
    });
    for (const name of ['reply', 'stop']) {
      expect(JSON.parse(textOf(`docs/examples/${name}.json`))).toMatchObject({ type: 'InboundMessage' });
    }
  });
});
