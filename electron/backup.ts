/**
 * A copy of a data folder while its server goes on: one moment of the database, and of the pictures and files what that moment
 * knows. Copied file by file it would be several moments at once: rows without pictures, a database that is damaged.
 */
import { constants, copyFile, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { lives } from './data-folder.ts';
import { text } from './store/columns.ts';
import { openDriver } from './store/driver.ts';
import { databaseFile, type SqliteStore } from './store/sqlite.ts';
import { syncFolder } from './store/sync-folder.ts';

export interface BackedUp {
  photos: number;
  files: number;
}

/** Syncing is waiting; the desk wants the disk too. */
const atOnce = 8;

/** In this order none is missed: an original goes only after what was made of it is there. */
const ends = ['orig', 'full', 'thumb'];
/** A picture that was finished just after the moment of the database: then another moment. */
const tries = 20;

/**
 * Makes the folder `to`, which must not be there yet, all or nothing. What a person deletes later stays in it.
 * @throws what the disk says, and where the pictures change faster than they can be copied.
 */
export async function backUp(dataDir: string, to: string, store: SqliteStore): Promise<BackedUp> {
  await dropBegun(dirname(to));
  const made = join(dirname(to), begun(process.pid));
  await mkdir(made, { mode: 0o700 });
  try {
    const found = await moment(dataDir, made, store);
    await someAtOnce(found.photos, id => copyOf(id, join(dataDir, 'photos'), join(made, 'photos')));
    await someAtOnce(found.files, id => copyOf(id, join(dataDir, 'files'), join(made, 'files')));
    for (const name of ['secret.key', 'settings.json']) await copied(join(dataDir, name), join(made, name));
    await syncFolder(made);
    // Not over one that somebody has made meanwhile: a folder with something in it is not replaced.
    await rename(made, to);
    await syncFolder(dirname(to));
    return { photos: found.photos.length, files: found.files.length };
  } catch (error) {
    await rm(made, { recursive: true, force: true });
    throw error;
  }
}

/** Its name while it is being made; other computers may keep theirs on the same disk. */
function begun(pid: number): string {
  return `.mostrador-backup.${hostname()}.${pid}.incomplete`;
}

/** What was broken off holds people's pictures too, and nobody would look for it. */
async function dropBegun(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const pid = Number(name.split('.').at(-2));
    if (name === begun(pid) && !lives(pid)) await rm(join(folder, name), { recursive: true, force: true });
  }
}

/** The database, and at once the originals of those that it does not know as finished. */
async function moment(dataDir: string, made: string, store: SqliteStore) {
  const file = databaseFile(made);
  for (let attempt = 1; ; attempt++) {
    await rm(file, { force: true });
    store.copyTo(file);
    const { unfinished, ...found } = idsIn(file);
    let missed = 0;
    await someAtOnce(unfinished, async id => {
      if ((await copyOf(id, join(dataDir, 'photos'), join(made, 'photos'), ['orig'])) === 0) missed += 1;
    });
    if (missed === 0) {
      await sync(file);
      return found;
    }
    if (attempt === tries) throw new Error('the pictures change faster than they can be copied');
  }
}

function idsIn(file: string) {
  const driver = openDriver(file);
  try {
    const ids = (sql: string) =>
      driver
        .prepare(sql)
        .all()
        .map(({ id }) => text(id));
    const photos = 'SELECT id FROM photos WHERE deleted_at IS NULL';
    return {
      photos: ids(photos),
      unfinished: ids(`${photos} AND stored_sha256 IS NULL AND status <> 'quarantined'`),
      files: ids('SELECT id FROM files WHERE deleted_at IS NULL'),
    };
  } finally {
    driver.close();
  }
}

async function someAtOnce(ids: readonly string[], work: (id: string) => Promise<unknown>): Promise<void> {
  const left = ids.values();
  const worker = async () => {
    for (const id of left) await work(id);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

/** Says how many of its files there were. */
async function copyOf(id: string, from: string, to: string, which: readonly string[] = ends): Promise<number> {
  const folder = id.slice(0, 2);
  let count = 0;
  for (const end of which) {
    const name = join(folder, `${id}.${end}`);
    if (await copied(join(from, name), join(to, name))) count += 1;
  }
  return count;
}

/** `false` where there is none. Linked at no cost where the disk can do that without the two ever being one. */
async function copied(from: string, to: string): Promise<boolean> {
  await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  try {
    await copyFile(from, to, constants.COPYFILE_FICLONE);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
  await sync(to);
  return true;
}

async function sync(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.chmod(0o600);
    await file.sync();
  } finally {
    await file.close();
  }
}
