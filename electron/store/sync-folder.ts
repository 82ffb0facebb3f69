import * as realDisk from 'node:fs/promises';

interface OpenFolder {
  open(path: string, flags: string): Promise<realDisk.FileHandle>;
}

/**
 * Makes the names in a folder safe on the disk: a rename lives in the folder, not in the file that was synced before it.
 * Windows cannot open a folder for this, and its file systems keep a journal of names themselves.
 */
export async function syncFolder(path: string, disk: OpenFolder = realDisk): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await disk.open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
