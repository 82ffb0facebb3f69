/**
 * The one way anything is written: the work, its events in the journal and its lines in the log go to the disk together,
 * and only then is anybody told.
 */
import { fail, type Result } from '../../protocol/errors.ts';
import { passing } from '../../protocol/events.ts';
import { toActivity } from './activity/activity.ts';
import { addFigures } from './dashboard/figures.ts';
import type { Outcome, OutgoingEvent, StoredEvent } from './outcome.ts';
import {
  type Bus,
  type Clock,
  type Ids,
  type Log,
  type Store,
  StoreGone,
  StoreTooNarrow,
  StoreUnavailable,
} from './ports.ts';
import { activityRoom } from './rooms/rooms.ts';

export type Commit = <R>(work: () => Result<Outcome<R>>) => Result<Outcome<R>>;

interface Parts {
  store: Store;
  bus: Bus;
  clock: Clock;
  ids: Ids;
  log: Log;
}

/** Carries a failure out of the transaction, so that it rolls back. */
class Refused extends Error {}

export function createCommit({ store, bus, clock, ids, log }: Parts): Commit {
  return work => {
    const stored: StoredEvent[] = [];
    let result: ReturnType<typeof work> | undefined;
    try {
      store.transaction(() => {
        result = work();
        if (!result.ok) throw new Refused();
        const at = clock.now();
        const lines = (result.value.log ?? []).map((line): OutgoingEvent => {
          const row = store.activity.append({ ...line, at, idPersona: line.idPersona ?? null });
          return {
            type: 'activity',
            data: { activity: toActivity(row) },
            rooms: [activityRoom],
            idPersona: row.idPersona,
          };
        });
        for (const event of [...(result.value.events ?? []), ...lines]) {
          const id = `evt-${ids.uuid()}`;
          const seq = isKept(event) ? store.journal.append({ ...event, id, at }) : null;
          stored.push({ ...event, id, seq });
        }
        addFigures(store.figures, result.value, isKept, at);
      });
    } catch (error) {
      if (error instanceof StoreUnavailable) {
        log.error({ err: error }, 'the database does not take writes');
        return storeTrouble(error);
      }
      if (!(error instanceof Refused)) throw error;
    }
    if (!result) throw new Error('a transaction that neither ran nor failed');
    if (result.ok) {
      bus.publish(stored);
      for (const sessionId of result.value.revoked ?? []) bus.revoke(sessionId);
    }
    return result;
  };
}

function isKept({ type, unkept }: OutgoingEvent): boolean {
  return !passing.has(type) && !unkept;
}

/** What is told of it, to the desk as to a phone. */
export function storeTrouble(error: StoreUnavailable) {
  if (error instanceof StoreTooNarrow) return storeTooNarrow;
  return error instanceof StoreGone ? storeGone : storeUnavailable;
}

/** Not `unavailable`: whoever tries that again would do so for ever, and hold up what was written after it. */
const storeTooNarrow = fail(
  'invalid_message',
  'La base de datos del chat no puede guardar ese texto: es demasiado largo para ella o tiene signos que no conoce, como un emoji.',
  { reason: 'store' },
);

const storeGone = fail(
  'unavailable',
  'La carpeta de datos del mostrador ya no está en su sitio y no se puede guardar nada: devuélvala o reinicie el mostrador.',
  { reason: 'data_folder' },
);

const storeUnavailable = fail('unavailable', 'No se puede guardar ahora mismo; inténtelo de nuevo en un momento.', {
  reason: 'store',
});
