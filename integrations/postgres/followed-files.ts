import type { FileAsked, FileFailing, FollowedFile, FollowedFileStore } from '../../domain/ports/followed-files.ts';
import { ask, tell } from './ask.ts';
import type { Place } from './pool.ts';
import { clean, instant } from './values.ts';

/** How each followed file stands, in Postgres; see `FollowedFileStore`. @param house  of all locations */
export function createFollowedFileStore(house: Place): FollowedFileStore {
  return {
    list: () => ask<FileAsked>(house, { text: `${ASKED} order by source, file`, values: [] }),
    get: async (file) =>
      (await ask<FileAsked>(house, { text: `${ASKED} where source = $1 and file = $2`, values: named(file) }))[0],
    async well(file, at, { marks: { etag, lastModified }, addressHash }) {
      await tell(house, {
        text: `insert into market_followed_files (source, file, asked_at, etag, last_modified, address_hash) values ($1, $2, $3, $4, $5, $6)
          on conflict (source, file) do update set asked_at = excluded.asked_at, etag = excluded.etag,
            last_modified = excluded.last_modified, address_hash = excluded.address_hash, failing = null, failing_since = null, says = null`,
        values: [...named(file), instant(at), text(etag), text(lastModified), addressHash],
      });
    },
    fail: (file, at, failing) => fail(house, file, at, failing),
  };
}

const ASKED = `select source, file, asked_at as "askedAt", address_hash as "addressHash", jsonb_build_object('etag', etag, 'lastModified', last_modified) as marks,
  case when failing is not null then jsonb_build_object('code', failing, 'says', says,
    'since', to_char(failing_since at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) end as failing from market_followed_files`;

const named = ({ source, file }: FollowedFile): string[] => [source, clean(file)];
const text = (value: string | null): string | null => (value === null ? null : clean(value));

async function fail(
  house: Place,
  file: FollowedFile,
  at: string,
  { code, says }: Pick<FileFailing, 'code' | 'says'>,
): Promise<void> {
  await tell(house, {
    text: `insert into market_followed_files as f (source, file, asked_at, failing, failing_since, says) values ($1, $2, $3, $4, $3, $5)
      on conflict (source, file) do update set asked_at = excluded.asked_at, failing = excluded.failing, says = excluded.says,
        failing_since = coalesce(f.failing_since, excluded.failing_since)`,
    values: [...named(file), instant(at), code, clean(says)],
  });
}
