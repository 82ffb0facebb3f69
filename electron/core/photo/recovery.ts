/**
 * Photos whose files are there and whose rows are not: the database was damaged, lost, or put back from an older copy. Each comes
 * back as somebody's who is not known; the desk sees it and says whose it is. (TRUST, figures: "corrupt database".)
 */
import { ok, type Result } from '../../../protocol/errors.ts';
import type { Commit } from '../commit.ts';
import type { Log, PhotoFacts, PhotoFiles, Store } from '../ports.ts';
import type { Darkroom } from './darkroom.ts';
import { photoEvent } from './photo.ts';

interface Parts {
  store: Pick<Store, 'photos'>;
  commit: Commit;
  files: Pick<PhotoFiles, 'find'>;
  darkroom: Pick<Darkroom, 'add'>;
  inspect(bytes: Buffer): Result<Omit<PhotoFacts, 'bytes' | 'sha256'>>;
  log: Log;
}

/** Says how many came back. What is no picture, or cannot be read, stays as it lies. */
export async function recoverPhotos(ids: readonly string[], parts: Parts): Promise<number> {
  const { store, commit, files, darkroom, inspect, log } = parts;
  let count = 0;
  for (const id of ids) {
    const found = await files.find(id);
    const facts = found && inspect(found.bytes);
    if (!found || !facts?.ok || store.photos.has(id)) continue;
    const { bytes, sha256, isOriginal, at } = found;
    const done = commit(() => {
      const row = store.photos.insert({
        ...facts.value,
        id,
        idPersona: null,
        sessionId: null,
        bytes: bytes.length,
        sha256,
        storedSha256: isOriginal ? null : sha256,
        status: 'received',
        reason: null,
        shot: null,
        receivedAt: at,
        relayed: true,
        deletedAt: null,
      });
      // It came long ago: nobody is shown it as new, and no figure counts it for today.
      return ok({ reply: row, events: [photoEvent('photo_updated', row)] });
    });
    if (!done.ok) break;
    if (isOriginal) darkroom.add(done.value.reply);
    count += 1;
  }
  if (count === 0) return 0;
  log.warn({ count }, 'photos without a row came back, as nobody’s');
  commit(() => ok({ reply: null, log: [{ kind: 'photos_recovered', who: 'server', data: { photos: count } }] }));
  return count;
}
