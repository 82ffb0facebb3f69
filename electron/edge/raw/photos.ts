/** What S0 needs of the rules: a photo stored, taken away again, or read. */
import { fail, ok, type Result } from '../../../protocol/errors.ts';
import type { Principal } from '../../core/access.ts';
import type { Commit } from '../../core/commit.ts';
import type { Dispatch } from '../../core/dispatch.ts';
import type { Intake } from '../../core/photo/intake.ts';
import type { Ids, PhotoFiles } from '../../core/ports.ts';

export interface RawPhotoParts {
  intake: Intake;
  commit: Commit;
  dispatch: Dispatch;
  files: Pick<PhotoFiles, 'open'>;
  ids: Ids;
}

/** Whoever sends photos without saying who it is. */
const nobody: Principal = { role: 'integration', userId: 's0' };

export function rawPhotos({ intake, commit, dispatch, files, ids }: RawPhotoParts) {
  /** `more`: for the log's line. */
  function note(id: string, idPersona: string | null, who: string, reason: string, more: object = {}): void {
    const data = { photo_id: id, session_id: null, idPersona, reason, ...more };
    commit(() => ok({ reply: null, log: [{ kind: 'photo_refused', who, data, idPersona }] }));
  }

  return {
    uuid: ids.uuid,

    async store(photo: { id: string; idPersona: string; picture: Buffer }, from: { principal: Principal | null }) {
      const who = from.principal ?? nobody;
      const result = await intake.keep(photo, who);
      if (!result.ok) note(photo.id, photo.idPersona, who.userId, result.error.message);
      return result;
    },

    /** Called while an event of this photo goes round: what comes of it follows after that event. */
    drop(id: string, reason: string): void {
      queueMicrotask(() => {
        const request = { resource: 'photos', payload: { action: 'delete', photo_id: id } };
        dispatch({ principal: nobody, connection: null }, request);
        note(id, null, nobody.userId, reason, { quarantined: true });
      });
    },

    /** Never rejects: it is fetched on the word of an event, and nobody waits for it. */
    async picture(id: string): Promise<Result<Buffer>> {
      const file = await files.open(id, 'full');
      if (!file.ok) return file;
      try {
        return ok(Buffer.concat(await file.value.stream.toArray()));
      } catch {
        return fail('unavailable', 'El disco del mostrador no responde bien.', { reason: 'disk' });
      }
    },
  };
}
