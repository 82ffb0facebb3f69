/** What a phone loads the first time, compressed: the page itself and all that it asks for before anybody touches it. */
import { gzipSync } from 'node:zlib';
import { startServer } from './server-process.ts';
import type { Row } from './table.ts';

export async function pageWeight(): Promise<Row[]> {
  const server = await startServer();
  try {
    const [phone, kiosk] = [await weigh(server.url, '/J'), await weigh(server.url, '/kiosk')];
    return [
      { what: 'phone page, first load, gzip', value: phone / 1024, unit: 'KB', limit: 60 },
      { what: 'desk page, first load, gzip', value: kiosk / 1024, unit: 'KB', limit: null },
    ];
  } finally {
    await server.stop();
  }
}

/** The page, its scripts and styles, and what those import at once (`import … from`), without what comes later (`import()`). */
async function weigh(url: string, page: string): Promise<number> {
  const seen = new Set<string>();
  let bytes = 0;
  async function load(path: string): Promise<void> {
    if (seen.has(path)) return;
    seen.add(path);
    const response = await fetch(new URL(path, url), { headers: { Accept: 'text/html' } });
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
    const text = await response.text();
    bytes += gzipSync(text, { level: 9 }).length;
    const isPage = path === page;
    const pattern = isPage ? /(?:src|href)="(\/[^"]+)"/g : /(?:from|import)\s*"(\.[^"]+)"/g;
    for (const [, found = ''] of text.matchAll(pattern)) await load(new URL(found, new URL(path, url)).pathname);
  }
  await load(page);
  return bytes;
}
