import { type ConsentChannel, consentChannels } from '../../domain/consent/ledger.ts';
import type { ConsentText } from '../../domain/consent/texts.ts';
import { AppError } from '../../domain/errors.ts';
import type { Runner } from './pool.ts';
import { clean } from './values.ts';

const TEXT = `version, words, channels, written, seller, used_from::text as "usedFrom", added_at as "addedAt", added_by as "addedBy"`;

export async function texts(runner: Runner, locationId: string): Promise<ConsentText[]> {
  const { rows } = await runner.query<ConsentText>({
    name: 'consent-texts',
    text: `select ${TEXT} from consent_texts where location_id = $1 order by used_from desc, version`,
    values: [clean(locationId)],
  });
  return rows;
}

export async function addText(
  runner: Runner,
  locationId: string,
  text: Omit<ConsentText, 'addedAt'>,
): Promise<ConsentText> {
  const channels = consentChannels.filter((channel) => text.channels.includes(channel));
  await runner.query({
    name: 'consent-text-add',
    text: `insert into consent_texts (location_id, version, words, channels, written, seller, used_from, added_by)
      values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing`,
    values: [
      clean(locationId),
      ...[text.version, clean(text.words), channels, text.written, clean(text.seller), text.usedFrom, text.addedBy],
    ],
  });
  const held = (await texts(runner, locationId)).find(({ version }) => version === text.version);
  const same =
    held !== undefined &&
    held.words === clean(text.words) &&
    held.channels.join() === channels.join() &&
    held.written === text.written &&
    held.seller === clean(text.seller) &&
    held.usedFrom === text.usedFrom;
  if (same) return held;
  throw new AppError('CONSENT_TEXT_TAKEN', `expected the words that version ${text.version} has, or another version`);
}

/** @throws CONSENT_TEXT_UNKNOWN where it is not there or is not for one of the channels */
export async function textFor(
  runner: Runner,
  locationId: string,
  { text: version, channels }: { readonly text: string; readonly channels: readonly ConsentChannel[] },
): Promise<ConsentText> {
  const text = (await texts(runner, locationId)).find((one) => one.version === version);
  if (text !== undefined && channels.every((channel) => text.channels.includes(channel))) return text;
  throw new AppError('CONSENT_TEXT_UNKNOWN', `expected a text for ${channels.join(', ')}, got ${version}`);
}
