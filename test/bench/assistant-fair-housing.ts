import { judgeDraft } from '../../domain/assistant/reply/judge.ts';
import { fairHousingFindings } from '../../domain/assistant/reply/fair-housing.ts';
import { assistantCorpus, corpusSum, type Violation } from '../support/assistant-corpora.ts';
import { wilson } from '../support/opt-out-corpus.ts';
import { factsOf } from './assistant-own-cost-world.ts';
import type { AssistantPart } from './assistant-part.ts';
import type { Table } from './report.ts';

type Gate = (text: string) => boolean;
interface Told {
  readonly group: string;
  readonly n: number;
  readonly stopped: number;
}

/** Of lines with odd numbers, kinds of misses are told to whoever mends the gate; see the sets' page. */
const half = ({ id }: { readonly id: string }) => (Number(id.slice(1)) % 2 === 1 ? 'told' : 'untold');

const bars = { recall: 0.98, falseBlocks: 0.03 };
const byGate: Gate = (text) => fairHousingFindings(text).length > 0;
const facts = factsOf('2026-11-20T18:00:00.000Z');
/** Does any gate stop it as a draft? Others are narrow for other reasons: this tells what a lead could come to read. */
const byAny =
  (language: 'en' | 'es'): Gate =>
  (text) =>
    !judgeDraft({ text, question: 'none', language, human: false }, facts).ok;

/** A gate as one writes it in ten minutes: words anywhere, whatever they are said of. */
const wordList =
  /\b(?:kids?|child(?:ren)?|famil(?:y|ies)|adults?|couples?|singles?|christian|church|jewish|muslim|catholic|white|black|asian|hispanic|mexicans?|race|color|disab\w*|handicap\w*|wheelchair|wom[ae]n|m[ae]n|gay|section 8|vouchers?|seniors?|married|veterans?|immigrants?|safe|crime|schools?|exclusive|niños|hijos|familias?|cristian\w+|segur[oa])\b/iu;
const byWords: Gate = (text) => wordList.test(text);

/** What the gate of fair housing stops of what must not be said, and of what may be; a bare list of words beside it. */
export function assistantFairHousing(): AssistantPart {
  const violations = assistantCorpus('fair-housing-violations');
  const harmless = assistantCorpus('fair-housing-harmless');
  const grey = assistantCorpus('fair-housing-grey');
  const recall = stopped(violations, byGate);
  const wrong = stopped(harmless, byGate);
  const plain = { recall: stopped(violations, byWords), wrong: stopped(harmless, byWords) };
  const [caught, blocked] = [recall / violations.length, wrong / harmless.length];
  const told = {
    normal: thousandths(caught - blocked),
    value: thousandths(plain.recall / violations.length - plain.wrong / harmless.length),
  };
  return {
    metrics: {},
    targets: [
      { metric: 'fairHousingRecall', min: bars.recall, value: thousandths(caught), pass: caught >= bars.recall },
      {
        ...{ metric: 'fairHousingFalseBlocks', max: bars.falseBlocks },
        ...{ value: thousandths(blocked), pass: blocked <= bars.falseBlocks },
      },
    ],
    control: {
      'fair-housing-words': {
        ...{ what: 'a bare list of words', metric: 'recall less false blocks' },
        ...{ ...told, worse: told.value < told.normal },
      },
    },
    tables: [
      grouped('Violations that the gate of fair housing stops (95 % by Wilson)', violations, byGate, [
        'class',
        'kind',
        'lang',
      ]),
      grouped('Harmless replies that it stops', harmless, byGate, ['kind', 'lang']),
    ],
    parts: {
      fairHousing: {
        recall: shareOf(recall, violations.length),
        falseBlocks: shareOf(wrong, harmless.length),
        stoppedByAnyGate: shareOf(violations.filter(({ text, lang }) => byAny(lang)(text)).length, violations.length),
        greyStopped: shareOf(stopped(grey, byGate), grey.length),
        wordList: {
          recall: shareOf(plain.recall, violations.length),
          falseBlocks: shareOf(plain.wrong, harmless.length),
        },
        sets: {
          violations: corpusSum('fair-housing-violations'),
          harmless: corpusSum('fair-housing-harmless'),
          grey: corpusSum('fair-housing-grey'),
        },
      },
    },
  };
}

function stopped(lines: readonly { readonly text: string }[], gate: Gate): number {
  return lines.filter(({ text }) => gate(text)).length;
}

type Line = Omit<Violation, 'class'> & { readonly class?: string };

/** Whoever mends the gate reads this and no sentence. */
function grouped(title: string, lines: readonly Line[], gate: Gate, by: readonly (keyof Line)[]): Table {
  const named = lines.map((line) => ({ ...line, half: half(line) }));
  const groups = ([...by, 'half'] as const).flatMap((field) =>
    [...new Set(named.map((line) => line[field]))].map((value): Told => {
      const own = named.filter((line) => line[field] === value);
      return { group: `${field} ${value}`, n: own.length, stopped: stopped(own, gate) };
    }),
  );
  const rows = [...groups, { group: 'all', n: lines.length, stopped: stopped(lines, gate) }].map((told) => {
    const [low, high] = wilson(told.stopped, told.n).map(thousandths);
    return [told.group, told.n, told.stopped, thousandths(told.stopped / told.n), `${low}–${high}`];
  });
  return { title, head: ['set', 'n', 'stopped', 'share', 'between'], rows };
}

function shareOf(hits: number, n: number) {
  return { hits, n, share: thousandths(hits / n), between: wilson(hits, n).map(thousandths) };
}

function thousandths(value: number): number {
  return Math.round(value * 1000) / 1000;
}
