import { fail, ok } from '../../../protocol/errors.ts';
import { requests } from '../../../protocol/requests.ts';
import { supervisors } from '../access.ts';
import { reads } from '../action.ts';
import type { Store } from '../ports.ts';
import { toActivity } from './activity.ts';

export function activityHandlers({ store }: { store: Store }) {
  return {
    list: reads(requests.activity.list, supervisors, (_context, { after, before, limit, kinds }) => {
      if (after !== undefined && before !== undefined)
        return fail('invalid_message', 'Se pide "after" o "before", no los dos.');
      const rows = store.activity.list({
        after: after === undefined ? undefined : Number(after),
        before: before === undefined ? undefined : Number(before),
        limit: limit ?? 100,
        kinds,
      });
      return ok({ reply: { activity: rows.map(toActivity) } });
    }),
  };
}
