import type { SendingPause, SendingPauses } from '../../domain/ports/sending-pauses.ts';
import { stored } from './pool.ts';
import type { Tenants } from './tenants.ts';
import { clean } from './values.ts';

/** More than anybody reads; the table keeps all. */
const MOST = 100;

const COLUMNS = 'channel, why, paused_at as since, lifted_at as "liftedAt", lifted_by as "liftedBy"';

/** Pauses of sending in Postgres; see `SendingPauses` for what each function promises. */
export function createSendingPauses(tenants: Tenants): SendingPauses {
  return {
    of: (locationId) =>
      stored(async () => {
        const { rows } = await tenants.at(locationId).query<SendingPause>({
          name: 'sending-pauses-of',
          text: `select ${COLUMNS} from sending_pauses where location_id = $1 order by pause_id desc limit ${MOST}`,
          values: [clean(locationId)],
        });
        return rows;
      }),
    standing: () =>
      stored(async () => {
        const { rows } = await tenants.house.query<SendingPause & { locationId: string }>({
          name: 'sending-pauses-standing',
          text: `select location_id as "locationId", ${COLUMNS} from sending_pauses where lifted_at is null
            order by paused_at, location_id, channel limit ${MOST}`,
        });
        return rows;
      }),
    lift: (locationId, by, channel) =>
      stored(async () => {
        const { rowCount } = await tenants.at(locationId).query({
          name: 'sending-pauses-lift',
          text: `update sending_pauses set lifted_at = clock_timestamp(), lifted_by = $2
            where location_id = $1 and lifted_at is null and ($3::text is null or channel = $3)`,
          values: [clean(locationId), clean(by), channel ?? null],
        });
        return rowCount ?? 0;
      }),
  };
}
