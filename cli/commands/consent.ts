import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ConsentChannel } from '../../domain/consent/ledger.ts';
import type { ConsentText } from '../../domain/consent/texts.ts';
import type { LeadLedger } from '../../domain/ports/consent.ts';
import { connect } from '../client.ts';
import { importFile } from '../consent-import.ts';
import { ledgerText } from '../consent-text.ts';
import { usage } from '../failure.ts';
import { leadPath } from '../lead-path.ts';
import type { Registry } from '../main.ts';
import { type TalkOptions, talks } from '../options.ts';
import { type Io, printJson, table } from '../output.ts';
import { openLocation, type LocationOptions } from '../the-location.ts';
import { addConsentRegistry } from './consent-registry.ts';

interface HandOptions extends TalkOptions {
  readonly channel: string;
  readonly reason: string;
  readonly at?: string;
}

export function addConsent(registry: Registry): void {
  const { program, io } = registry;
  const consent = program
    .command('consent')
    .description('who agreed to what, who took it back, and where it is written down');

  talks(consent.command('show').description('the ledger of a lead, and what it comes to now'))
    .argument('<lead>', 'LOCATION/CONTACT or CONTACT')
    .action(async (lead: string, options: TalkOptions) => {
      const client = connect(io, options);
      const found = await client.get<LeadLedger>(`${await leadPath(client, lead)}/consent`);
      if (options.json) printJson(io, found);
      else io.out(ledgerText(found));
    });

  const byHand = (name: string, description: string) =>
    talks(consent.command(name).description(description))
      .argument('<lead>', 'LOCATION/CONTACT or CONTACT')
      .requiredOption('--reason <words>', 'how you know, for whoever asks later')
      .option('--at <instant>', 'when it was; absent: now');

  byHand('grant', 'write down that the person agreed to a text')
    .requiredOption('--channel <channels>', 'sms, email, call; several with commas')
    .requiredOption('--text <version>', 'the words that were agreed to')
    .action((lead: string, options: HandOptions & { text: string }) =>
      write(io, lead, options, { state: 'granted', channels: channelsOf(options.channel), text: options.text }),
    );

  byHand('withdraw', 'write down that the person took it back; nothing goes out on these channels from then on')
    .option('--channel <channels>', 'sms, email, call; several with commas', 'sms,email,call')
    .action((lead: string, options: HandOptions) =>
      write(io, lead, options, { state: 'withdrawn', channels: channelsOf(options.channel) }),
    );

  byHand('fact', 'write down where a lead comes from, or business with the person')
    .argument('<fact>', 'transaction, inquiry, bought or first-party')
    .action((lead: string, fact: string, options: HandOptions) => write(io, lead, options, { fact }));

  ofLocation(consent.command('import').description('rows of a CSV or JSON file; shows what would be, unless --apply'))
    .argument('<file>', 'columns: what, contact, phone, email, channels, text, at, and others; see docs/consent.md')
    .option('--apply', 'write them down')
    .action((file: string, options: LocationOptions & { apply?: true }) => importFile(registry, file, options));

  const texts = consent.command('text').description('the words that people agree to');
  ofLocation(texts.command('list').description('every version')).action(async (options: LocationOptions) => {
    const { client, path } = await openLocation(io, options);
    const { items } = await client.get<{ items: ConsentText[] }>(`${path}/consent/texts`);
    if (options.json) return printJson(io, { items });
    io.out(
      table(items, [
        { title: 'VERSION', of: ({ version }) => version },
        { title: 'SINCE', of: ({ usedFrom }) => usedFrom },
        { title: 'CHANNELS', of: ({ channels }) => channels.join(', ') },
        { title: 'WRITTEN CONSENT', of: ({ written }) => (written ? 'yes' : 'no') },
        { title: 'SELLER', of: ({ seller }) => seller },
      ]),
    );
  });
  ofLocation(texts.command('add').description('add a version; it never changes'))
    .argument('<version>', 'e.g. web-form-2026')
    .requiredOption('--file <file>', 'the words, exactly as they are shown')
    .requiredOption('--channel <channels>', 'sms, email, call; several with commas')
    .requiredOption('--seller <name>', 'who may write or call by it')
    .requiredOption('--from <day>', 'shown since')
    .option('--written', 'they make prior express written consent, with all disclosures; see docs/consent.md')
    .action(async (version: string, options: LocationOptions & TextOptions) => {
      const { client, path } = await openLocation(io, options);
      const { seller, from: usedFrom, written = false } = options;
      const words = readFileSync(resolve(io.cwd, options.file), 'utf8').trim();
      const body = { version, words, channels: channelsOf(options.channel), written, seller, usedFrom };
      const added = await client.post<ConsentText>(`${path}/consent/texts`, body);
      if (options.json) printJson(io, added);
      else io.out(`${added.version} is kept\n`);
    });

  addConsentRegistry(consent, io);
}

interface TextOptions {
  readonly file: string;
  readonly channel: string;
  readonly seller: string;
  readonly from: string;
  readonly written?: true;
}

function ofLocation(command: ReturnType<typeof talks>) {
  return talks(command).option('--location <id>', 'default: the only one there is');
}

async function write(io: Io, lead: string, options: HandOptions, said: object): Promise<void> {
  const client = connect(io, options);
  const { reason, at } = options;
  const body = { ...said, reason, ...(at === undefined ? {} : { at }) };
  const done = await client.post<{ new: boolean }>(`${await leadPath(client, lead)}/consent`, body);
  if (options.json) printJson(io, done);
  else io.out(done.new ? 'written down\n' : 'was written down already\n');
}

/** What the channels may be is the server's to say. */
function channelsOf(text: string): ConsentChannel[] {
  const channels = text
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean);
  if (channels.length === 0) throw usage('--channel: expected sms, email or call');
  return channels as ConsentChannel[];
}
