/** What S1 needs of the rules, whichever transport it comes by. */
import { read } from '../../protocol/codec.ts';
import type { Result } from '../../protocol/errors.ts';
import { requests } from '../../protocol/requests.ts';
import type { Session } from '../../protocol/session.ts';
import type { Principal } from '../core/access.ts';
import { type Dispatch, replyOf } from '../core/dispatch.ts';
import type { After, Ids, Log, S1NameStore } from '../core/ports.ts';
import type { Encode } from './connections.ts';
import type { S1Connection, S1Parts } from './dialects/s1/s1.ts';

/** S1 has no users. It may do what a back office may; the dialect keeps it to the sessions that it made. */
const s1: Principal = { role: 'integration', userId: 's1' };

interface Needs {
  dispatch: Dispatch;
  ids: Ids;
  after: After;
  names: S1NameStore;
  log: Log;
}

export function s1Parts({ dispatch, ids, after, names, log }: Needs): S1Parts {
  /** A name that the disk does not take is good until the next start all the same. */
  function guarded(write: () => void): void {
    try {
      write();
    } catch (err) {
      log.warn({ err }, 'the name of an S1 session could not be kept');
    }
  }

  return {
    async ask(action, input): Promise<Result<Session>> {
      const request = { resource: 'sessions', payload: { ...input, action } };
      const result = replyOf(await dispatch({ principal: s1, connection: null }, request));
      if (!result.ok) return result;
      const reply = read(requests.sessions[action].reply, result.value);
      return reply.ok ? { ok: true, value: reply.value.session } : reply;
    },
    uuid: ids.uuid,
    names: {
      all: names.all,
      keep: (name, sessionId) => guarded(() => names.keep(name, sessionId)),
      drop: name => guarded(() => names.drop(name)),
    },
    after,
  };
}

/** What an S1 client says of an event depends on what it has said before: it writes for itself alone, and by its own hand. */
export function s1Encode(connection: S1Connection): Encode {
  return event => {
    if (event.type === 'session_updated') connection.hear(event.data.session.id);
    return null;
  };
}
