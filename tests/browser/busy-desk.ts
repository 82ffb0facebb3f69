/** A data folder as a desk has it after a busy month, written before its server starts: thousands of photos, a long log. */
import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scene } from '../../electron/images/sample-photos.ts';
import { openSqlite } from '../../electron/store/sqlite.ts';

interface Busy {
  /** All of one person, received one a second up to now. */
  photos: number;
  idPersona: string;
  /** Log lines, of `idPersona` and of others in turn. */
  lines: number;
}

/** Answers the photos' ids, newest first. A few real pictures are behind all of them. */
export async function seedBusyDesk(dataDir: string, { photos, idPersona, lines }: Busy): Promise<string[]> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const pictures = await Promise.all([0, 1, 2, 3].map(turn => draw(dataDir, turn)));
  const store = openSqlite(join(dataDir, 'mostrador.db'));
  const ids: string[] = [];
  const now = Date.now();
  store.transaction(() => {
    for (let n = 0; n < photos; n += 1) {
      const id = randomUUID();
      ids.unshift(id);
      const folder = join(dataDir, 'photos', id.slice(0, 2));
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const picture = pictures[n % pictures.length];
      for (const kind of ['full', 'thumb'] as const)
        if (picture) linkSync(picture[kind], join(folder, `${id}.${kind}`));
      store.photos.insert({
        id,
        idPersona,
        sessionId: null,
        mime: 'image/jpeg',
        width: 1200,
        height: 900,
        bytes: 200_000,
        // Each its own: none repeats another.
        sha256: n.toString(16).padStart(64, '0'),
        storedSha256: 'b'.repeat(64),
        status: n % 7 === 0 ? 'rejected' : 'accepted',
        reason: n % 7 === 0 ? 'Borrosa' : null,
        shot: n % 5 === 0 ? 'DNI anverso' : null,
        receivedAt: now - (photos - n) * 1_000,
        deletedAt: null,
        relayed: false,
      });
    }
    for (let n = 0; n < lines; n += 1) {
      const who = n % 2 === 0 ? idPersona : `OTRA-${n % 1_000}`;
      store.activity.append({
        at: now - (lines - n) * 1_000,
        kind: n % 3 === 0 ? 'photo_accepted' : 'photo_received',
        who: 'operator',
        data: { idPersona: who },
        idPersona: who,
      });
    }
  });
  store.close();
  return ids;
}

async function draw(dataDir: string, turn: number): Promise<{ full: string; thumb: string }> {
  const files = { full: join(dataDir, `seed-${turn}.full`), thumb: join(dataDir, `seed-${turn}.thumb`) };
  const upright = scene(1200, 900).modulate({ hue: turn * 80 });
  const whole = await upright.jpeg().toBuffer();
  writeFileSync(files.full, whole);
  writeFileSync(
    files.thumb,
    await scene(480, 360)
      .modulate({ hue: turn * 80 })
      .jpeg()
      .toBuffer(),
  );
  return files;
}
