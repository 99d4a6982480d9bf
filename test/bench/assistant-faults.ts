import {
  answersHarmlessly,
  type Attempts,
  attemptsOf,
  claudeOf,
  type Fate,
  fatesOf,
  installAssisted,
  someLeads,
  writeAtOnce,
} from '../support/assistant-burst.ts';
import { hostileWords, vendorFaults, vendorWell } from '../support/assistant-faults.ts';
import { startProduct, type Product } from '../support/product.ts';
import { createRandom } from '../support/random.ts';
import { readingCorpus } from '../support/reading-corpus.ts';
import { serversOf } from '../support/servers.ts';
import { until } from '../support/until.ts';
import type { AssistantPart } from './assistant-part.ts';

const LIMIT_MS = 180_000;
const AMPLIFICATION_BAR = 1.1;

interface Burst {
  readonly name: string;
  readonly fates: readonly Fate[];
  readonly attempts: Attempts;
  readonly seconds: number;
}

/**
 * Bursts of messages to the whole product while the vendor of its model is ill in every way we know, gone, or while the product is killed within
 * its calls. What a lead got is read from the CRM's stand-in.
 */
export async function assistantFaults({
  quick,
  say,
}: {
  quick: boolean;
  say: (line: string) => void;
}): Promise<AssistantPart> {
  const leads = quick ? 6 : 40;
  const product = await startProduct('bench-assistant');
  try {
    await answersHarmlessly(claudeOf(product));
    const bursts: Burst[] = [];
    const seen = (burst: Burst): void => {
      bursts.push(burst);
      say(
        `assistant: ${burst.name}: ${countOf(burst, 'open')} of ${burst.fates.length} messages open after ${burst.seconds} s`,
      );
    };
    for (const { name, order, closes } of vendorFaults) {
      if (closes === true) await restart(product);
      await order(claudeOf(product));
      seen(await burst(product, name, leads));
      await vendorWell(claudeOf(product));
    }
    await restart(product);
    await serversOf(product).claude.stop();
    seen(await burst(product, 'nobody listens', leads));
    await serversOf(product).claude.start();
    seen(
      await burst(
        product,
        'hostile words',
        hostileWords.length,
        hostileWords.map(({ words }) => words),
      ),
    );
    seen(await burst(product, 'killed within the calls', leads, undefined, () => killWithinCalls(product)));
    const off = await burst(
      product,
      'answers turned off',
      4,
      undefined,
      undefined,
      { modes: { replies: 'off' } },
      15_000,
    );
    return partOf(bursts, off);
  } finally {
    await product.stop();
  }
}

/** Leads of a location of their own, each of whom writes something that leads write. */
async function burst(
  product: Product,
  name: string,
  leads: number,
  words: readonly string[] = wordsFor(name, leads),
  meanwhile?: () => Promise<void>,
  settings: object = {},
  limitMs = LIMIT_MS,
): Promise<Burst> {
  const team = await installAssisted(product, settings);
  const contacts = await someLeads(team, leads);
  const startedAt = performance.now();
  await writeAtOnce(team, contacts, (at) => words[at]!);
  await meanwhile?.();
  const fates = await fatesOf(product, team, contacts, limitMs);
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  // Whoever would be answered twice has been by now.
  await team.settled(LIMIT_MS);
  const last = await fatesOf(product, team, contacts, 0);
  return { name, seconds, attempts: await attemptsOf(product, team), fates: [...(last ?? fates).values()] };
}

/** Messages of the labelled ones, other ones for each burst and the same in each run. */
function wordsFor(name: string, count: number): readonly string[] {
  const random = createRandom([...name].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7) >>> 0);
  const texts = readingCorpus()
    .filter(({ channel, asked, offered }) => channel === 'sms' && asked === undefined && offered === undefined)
    .map(({ text }) => text);
  return Array.from({ length: count }, () => random.pick(texts));
}

/** Kills the product once some of its calls hang at the vendor. */
async function killWithinCalls(product: Product): Promise<void> {
  const claude = claudeOf(product);
  await claude('POST', 'faults', { match: { method: 'POST', path: '/v1/messages' }, times: 1_000_000, hang: true });
  await until(async () => {
    const [row] = await product.sql<{ open: number }>(
      "select count(*)::int as open from model_calls where state = 'sent'",
    );
    return (row?.open ?? 0) > 0;
  }, 60_000).catch(() => undefined);
  await product.kill();
  await vendorWell(claude);
  await product.start();
}

async function restart(product: Product): Promise<void> {
  await product.kill();
  await product.start();
}

function partOf(bursts: readonly Burst[], off: Burst): AssistantPart {
  const fates = bursts.flatMap((one) => one.fates);
  const safe = share(fates.filter(({ kind }) => kind !== 'open').length, fates.length);
  const twice = fates.filter(({ texts }) => texts > 1).length;
  const sum = (of: 'calls' | 'attempts') => bursts.reduce((all, { attempts }) => all + attempts[of], 0);
  const amplification = sum('calls') === 0 ? 0 : Math.ceil((1000 * sum('attempts')) / sum('calls')) / 1000;
  const offSafe = share(off.fates.filter(({ kind }) => kind !== 'open').length, off.fates.length);
  return {
    metrics: {},
    targets: [
      { metric: 'faults: answered safely or a person', min: 1, value: safe, pass: safe === 1 },
      { metric: 'faults: answered twice', max: 0, value: twice, pass: twice === 0 },
      {
        ...{ metric: 'faults: attempts per call', max: AMPLIFICATION_BAR, value: amplification },
        pass: amplification <= AMPLIFICATION_BAR,
      },
    ],
    control: {
      'answers-off': {
        ...{ what: 'answers turned off', metric: 'share answered or with a person', normal: safe, value: offSafe },
        worse: offSafe < safe,
      },
    },
    tables: [
      {
        title: 'Bursts of messages while the vendor of the model is ill',
        head: [
          'vendor',
          'leads',
          'model',
          'approved',
          'waits',
          'person',
          'open',
          'twice',
          'calls',
          'attempts',
          'per call',
          's',
        ],
        rows: bursts.map(rowOf),
      },
    ],
    parts: {
      faults: Object.fromEntries(
        bursts.map(({ name, attempts }) => [name, { states: attempts.byState, failures: attempts.byFailure }]),
      ),
    },
  };
}

function rowOf(burst: Burst): (string | number)[] {
  const { name, fates, attempts, seconds } = burst;
  const answered = fates.filter(({ kind }) => kind === 'answered');
  const byModel = answered.filter(({ rungs }) => rungs.some((rung) => rung === 'draft' || rung === 'rewrite')).length;
  return [
    ...[name, fates.length, byModel, answered.length - byModel],
    ...[countOf(burst, 'planned'), countOf(burst, 'person'), countOf(burst, 'open')],
    fates.filter(({ texts }) => texts > 1).length,
    ...[attempts.calls, attempts.attempts, share(attempts.attempts, attempts.calls), seconds],
  ];
}

function countOf({ fates }: Burst, kind: Fate['kind']): number {
  return fates.filter((fate) => fate.kind === kind).length;
}

/** Rounded down, so that one of a thousand is seen. */
function share(part: number, of: number): number {
  return of === 0 ? 0 : Math.floor((1000 * part) / of) / 1000;
}
