/** How soon it is ready: the contract's figures, so that this file has the machine to itself. */
import { afterEach, expect, test } from 'vitest';
import { programs } from './program.ts';

const { start, clean } = programs();
afterEach(clean);

test('[START9] after kill -9 the next start has the folder, and is ready within 3 s', async () => {
  const first = start([]);
  const before = await first.ready();
  first.child.kill('SIGKILL');
  await first.ended;
  const began = performance.now();
  const second = start([], { dataDir: first.dataDir });
  const after = await second.ready();
  expect(performance.now() - began).toBeLessThan(3000);
  expect(after.operatorToken).toBe(before.operatorToken);
  expect(after.pid).toBe(second.child.pid);
});

test('[START12] with nothing stale npm run start:headless is ready within 1.5 s and stops like the server itself', async () => {
  const began = performance.now();
  const server = start(['--headless'], { script: 'start.mjs' });
  await server.ready();
  expect(performance.now() - began).toBeLessThan(1500);
  server.child.kill('SIGTERM');
  expect(await server.ended).toMatchObject({ code: 0 });
});
