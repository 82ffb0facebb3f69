/** What can be asked of persons: who there is, and that everything of one goes. */
import { fail, ok } from '../../../protocol/errors.ts';
import type { PersonFound } from '../../../protocol/people.ts';
import { requests } from '../../../protocol/requests.ts';
import { supervisors } from '../access.ts';
import { elsewhere, reads } from '../action.ts';
import type { Commit } from '../commit.ts';
import type { SessionParts } from '../session/handlers.ts';
import { erasePerson, type RefOf } from './erase.ts';
import type { Erasures } from './erasures.ts';

export type PeopleParts = SessionParts & { commit: Commit; erasures: Erasures; refOf: RefOf };

const pageSize = 50;

export function peopleHandlers(parts: PeopleParts) {
  const { store, commit, erasures } = parts;
  return {
    list: reads(requests.people.list, supervisors, (_context, { query = '', before, limit = pageSize }) => {
      const from = before === undefined ? null : placeOf(before);
      if (from === undefined) return fail('invalid_message', '«before» no es el «next» de otra página.', { before });
      const found = store.people.list({ query, before: from, limit: limit + 1 });
      const people = found.slice(0, limit);
      const last = people.at(-1);
      return ok({ reply: { people, next: found.length > limit && last ? nextAfter(last) : null } });
    }),

    delete: elsewhere(requests.people.delete, supervisors, async ({ principal }, { idPersona }) => {
      const begun = commit(() => erasePerson(idPersona, principal.userId, parts));
      if (!begun.ok) return begun;
      return ok({ reply: { ...begun.value.reply, complete: await erasures.finish() } });
    }),
  };
}

/** Where a page ended: when its last person was active, and who it is. */
function nextAfter({ last_activity, idPersona }: PersonFound): string {
  return `${Date.parse(last_activity)} ${idPersona}`;
}

function placeOf(cursor: string): { last: number; idPersona: string } | undefined {
  const [, last, idPersona] = /^(\d{1,15}) (.{1,64})$/su.exec(cursor) ?? [];
  return last === undefined || idPersona === undefined ? undefined : { last: Number(last), idPersona };
}
