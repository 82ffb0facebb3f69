/** `/api/people`: everything of one person, to be kept elsewhere. (Issue 4; TRUST "Privacy".) */
import { type Request, type Response, Router } from 'express';
import { read } from '../../../protocol/codec.ts';
import { fail, ok } from '../../../protocol/errors.ts';
import { idPersona as idPersonaShape } from '../../../protocol/primitives.ts';
import { type Principal, supervisors } from '../../core/access.ts';
import type { Commit } from '../../core/commit.ts';
import type { Clock, Log } from '../../core/ports.ts';
import { writeArchive } from '../export/archive.ts';
import { type ArchiveParts, expectedBytes, personEntries, talksOf } from '../export/person-archive.ts';
import { harmless, refuse } from './answer.ts';
import type { Callers } from './callers.ts';

interface Parts extends ArchiveParts {
  callers: Callers;
  commit: Commit;
  clock: Clock;
  log: Log;
}

export function peopleRoutes(parts: Parts): Router {
  const { callers, commit, clock, store, log } = parts;

  async function exported(request: Request, response: Response, principal: Principal): Promise<void> {
    const name = read(idPersonaShape, request.params.idPersona);
    if (!name.ok) return refuse(request, response, name.error);
    const idPersona = name.value;
    const photos = store.photos.ofPersona(idPersona).filter(row => row.deletedAt === null).length;
    if (photos === 0 && store.sessions.ofPersona(idPersona).length === 0) {
      return refuse(request, response, fail('not_found', 'No hay nada de esa persona.').error);
    }
    // Half a person's data would look like all of it: without the chat there is no export.
    const found = await talksOf(idPersona, parts);
    const line = { kind: 'person_exported' as const, who: principal.userId, data: { idPersona, photos }, idPersona };
    // Logged before the first byte: who breaks off has got something as well.
    const noted = commit(() => ok({ reply: null, log: [line] }));
    if (!noted.ok) return refuse(request, response, noted.error);
    const now = clock.now();
    response.set({
      'Content-Type': 'application/zip',
      'Content-Disposition': `attachment; filename="mostrador-${new Date(now).toISOString().slice(0, 10)}.zip"`,
      'X-Expected-Bytes': String(expectedBytes(idPersona, parts, found)),
      ...harmless,
    });
    await writeArchive(personEntries(idPersona, found, now, parts), response).catch(err => {
      // A reader that went away in the middle is nobody's error.
      if (!response.closed) log.error({ err }, 'an export broke off');
    });
  }

  const router = Router();
  router.get('/api/people/:idPersona/export', callers.only(supervisors, exported));
  return router;
}
