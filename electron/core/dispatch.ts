/** A request on its way: resource, action, permission, handler, commit. Every protocol comes through here. */
import { fail, internal, ok, type Result } from '../../protocol/errors.ts';
import type { Action, Context } from './action.ts';
import { type Commit, storeTrouble } from './commit.ts';
import type { Outcome } from './outcome.ts';
import { type JournalStore, type Log, StoreUnavailable } from './ports.ts';

export interface Request {
  resource: string;
  /** The action's arguments stand beside `action`. */
  payload: { action: string } & Record<string, unknown>;
}

/** A promise only where the data is elsewhere (the chat); it never rejects. */
export type Dispatched = Result<Outcome<unknown>> | Promise<Result<Outcome<unknown>>>;

export type Dispatch = (context: Context, request: Request) => Dispatched;

export function createDispatch(
  resources: Record<string, Record<string, Action>>,
  { commit, log, journal }: { commit: Commit; log: Log; journal: Pick<JournalStore, 'lacks'> },
): Dispatch {
  const table = new Map(Object.entries(resources).map(([name, actions]) => [name, new Map(Object.entries(actions))]));

  return (context, { resource, payload }) => {
    const actions = table.get(resource);
    if (!actions) {
      return fail('unknown_resource', `No existe el recurso «${resource}».`, { resource, known: [...table.keys()] });
    }
    const action = actions.get(payload.action);
    if (!action) {
      const details = { resource, action: payload.action, known: [...actions.keys()] };
      return fail('unknown_action', `El recurso «${resource}» no tiene la acción «${payload.action}».`, details);
    }
    const { role } = context.principal;
    if (!action.who.includes(role)) {
      return fail('forbidden', 'Su acceso no permite esta acción.', { resource, action: payload.action, role });
    }
    const failed = (err: unknown) => {
      if (err instanceof StoreUnavailable) {
        log.error({ err, resource, action: payload.action }, 'the database does not answer');
        return storeTrouble(err);
      }
      log.error({ err, resource, action: payload.action }, 'a handler failed');
      return internal;
    };
    try {
      switch (action.kind) {
        case 'reads':
          return action.run(context, payload);
        case 'writes':
          return commit(() => action.run(context, payload));
        case 'elsewhere':
          return action.run(context, payload).then(told).catch(failed);
        default:
          return action satisfies never;
      }
    } catch (err) {
      return failed(err);
    }
  };

  /** It is stored by now: its events go to the journal, and out. */
  function told(result: Result<Outcome<unknown>>): Result<Outcome<unknown>> {
    if (!result.ok) return result;
    const { events = [], log: lines = [], unless, reply } = result.value;
    // Stored, and then the journal refused: whoever asks again is not to be the only one who knows.
    if (unless && !journal.lacks(unless)) return ok({ reply });
    return events.length + lines.length > 0 ? commit(() => result) : result;
  }
}

/** The reply alone, for callers that have no connection to replay to. */
export function replyOf<R>(result: Result<Outcome<R>>): Result<R> {
  return result.ok ? ok(result.value.reply) : result;
}
