/** The pages as the built program sends them. What they show is looked at by the browsers of tests/browser. */
import { get } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { programs } from './program.ts';

const all = programs();
afterAll(() => all.clean());

/** As it comes over the wire. */
function ask(url: string, headers: Record<string, string>): Promise<{ encoding: string | undefined; body: Buffer }> {
  return new Promise((done, failed) => {
    get(url, { headers }, async response => {
      done({ encoding: response.headers['content-encoding'], body: Buffer.concat(await response.toArray()) });
    }).once('error', failed);
  });
}

test('[PAGE1] pages and what they load come compressed to who takes that, and as they are to others; data never does', async () => {
  const { port, operatorToken } = await all.start(['--port', '0', '--host', '127.0.0.1', '--no-open']).ready();
  const at = `http://127.0.0.1:${port}`;
  const gzip = { Accept: 'text/html', 'Accept-Encoding': 'gzip' };
  const assets: string[] = [];
  // The phone's is whole in itself.
  for (const path of ['/J', '/kiosk']) {
    const page = await ask(at + path, gzip);
    expect(page.encoding).toBe('gzip');
    const html = gunzipSync(page.body).toString();
    assets.push(...[...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, asset = '']) => asset));
  }
  expect(assets.length).toBeGreaterThan(1);
  for (const path of [...assets, '/sdk/mostrador-client.js']) {
    const small = await ask(at + path, gzip);
    const plain = await ask(at + path, {});
    expect([small.encoding, plain.encoding], path).toEqual(['gzip', undefined]);
    expect(gunzipSync(small.body).equals(plain.body), path).toBe(true);
    expect(small.body.length, path).toBeLessThan(plain.body.length / 2);
  }
  const data = await ask(`${at}/openapi.json`, { ...gzip, Authorization: `Bearer ${operatorToken}` });
  const metrics = await ask(`${at}/metrics`, { ...gzip, Authorization: `Bearer ${operatorToken}` });
  expect([data.encoding, metrics.encoding]).toEqual([undefined, undefined]);
  expect(metrics.body.length).toBeGreaterThan(1_024);
});
