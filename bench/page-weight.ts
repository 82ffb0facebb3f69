/** What a phone loads the first time, as the server sends it: the page itself and all that it asks for before anybody touches it. */
import { get } from 'node:http';
import { gunzipSync } from 'node:zlib';
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
    const body = await bodyOf(new URL(path, url));
    const text = gunzipSync(body).toString();
    bytes += body.length;
    const isPage = path === page;
    const pattern = isPage ? /(?:src|href)="(\/[^"]+)"/g : /(?:from|import)\s*"(\.[^"]+)"/g;
    for (const [, found = ''] of text.matchAll(pattern)) await load(new URL(found, new URL(path, url)).pathname);
  }
  await load(page);
  return bytes;
}

/** As it came over the wire. */
function bodyOf(url: URL): Promise<Buffer> {
  const headers = { Accept: 'text/html', 'Accept-Encoding': 'gzip' };
  return new Promise((done, failed) => {
    get(url, { headers }, async response => {
      const isGood = response.statusCode === 200 && response.headers['content-encoding'] === 'gzip';
      if (!isGood) return failed(new Error(`${url.pathname}: ${response.statusCode}, not compressed`));
      done(Buffer.concat(await response.toArray()));
    }).once('error', failed);
  });
}
