/** What a data folder holds beside its database: pictures, files of the chat, and the key. Whether this program may have them shows here. */
import { accessSync, constants, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from './config.ts';
import { DamagedKey, secretKeyOf } from './data-folder.ts';
import type { StartFailure } from './failed-start.ts';
import { chatFiles } from './store/chat-files.ts';
import { photoFiles } from './store/photo-files.ts';

interface Shelves {
  secretKey: string;
  files: Awaited<ReturnType<typeof photoFiles>>;
  attachments: Awaited<ReturnType<typeof chatFiles>>;
}

/** Call it with the folder locked. */
export async function openShelves({
  dataDir,
  secretKey,
}: Pick<Config, 'dataDir' | 'secretKey'>): Promise<({ ok: true } & Shelves) | { ok: false; failure: StartFailure }> {
  try {
    const shelves = {
      secretKey: secretKey ?? secretKeyOf(dataDir),
      files: await photoFiles(dataDir),
      attachments: await chatFiles(dataDir),
    };
    for (const shelf of ['photos', 'files']) mustBeOurs(join(dataDir, shelf));
    return { ok: true, ...shelves };
  } catch (error) {
    if (error instanceof DamagedKey) return { ok: false, failure: { reason: 'secret_key', path: error.path } };
    // The system's own word has a code; anything else is a bug.
    if (!(error instanceof Error && 'code' in error)) throw error;
    return { ok: false, failure: { reason: 'data_folder', message: error.message } };
  }
}

/** One start as another user is enough to leave a folder in which no photo can be kept any more, one in so many. */
function mustBeOurs(shelf: string): void {
  const folders = readdirSync(shelf, { withFileTypes: true }).filter(entry => entry.isDirectory());
  for (const path of [shelf, ...folders.map(({ name }) => join(shelf, name))]) {
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
  }
}
