/** What S0 is not done with when the server stops: its listeners get it after the next start. */
import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type BuiltWorker, buildWorker } from '../../electron/images/built-worker.ts';
import { forkNode } from '../../electron/processes/fork-node.ts';
import type { ForkWorker } from '../../electron/processes/handle.ts';
import { jpeg, startServer } from '../server/running.ts';
import { connect } from './peer.ts';

let worker: BuiltWorker;
beforeAll(async () => {
  worker = await buildWorker();
});
afterAll(() => worker.remove());

/** The real image process, which says nothing before `open`. */
function gated(): { fork: ForkWorker; open(): void } {
  let open = () => {};
  const opened = new Promise<void>(resolve => {
    open = resolve;
  });
  const real = forkNode(worker.entry, pino({ level: 'silent' }));
  const fork: ForkWorker = () => {
    const handle = real();
    return {
      ...handle,
      onMessage: listener => handle.onMessage(message => void opened.then(() => listener(message))),
    };
  };
  return { fork, open: () => open() };
}

test('[S0R8] after a restart S0 listeners get the photos that were still due, and nothing that they have seen', async () => {
  const first = await startServer(gated().fork);
  const sender = await connect(first.url);
  const [assigned, unassigned] = [await first.phone({ idPersona: 'DNI-1' }), await first.phone({})];
  const ofNobody = randomUUID();
  await first.put(randomUUID(), await jpeg(), { token: assigned.token });
  await first.put(ofNobody, await jpeg(), { token: unassigned.token });
  const image = await sharp({ create: { width: 64, height: 64, channels: 3, background: 'red' } })
    .png()
    .toBuffer();
  sender.send({ idPersona: 'VISTA', image: image.toString('base64') });
  // Whole by its structure, and nothing that can be decoded.
  const broken = Buffer.from(image).fill(0xff, image.indexOf('IDAT') + 4, image.indexOf('IEND') - 8);
  sender.send({ idPersona: 'ROTA', image: broken.toString('base64') });
  await expect.poll(() => first.photos()).toHaveLength(4);
  await first.stop({ keep: true });

  const { fork, open } = gated();
  const second = await startServer(fork, { dataDir: first.dataDir });
  const listener = await connect(second.url);
  open();
  expect(JSON.parse(await listener.next())).toEqual({
    idPersona: 'DNI-1',
    image: expect.stringMatching(/^data:image\/jpeg;base64,/),
  });
  // The one that is no picture goes, as it would have without the restart.
  await vi.waitFor(async () => {
    const left = (await second.photos()).map(({ idPersona, stored_sha256 }) => [idPersona, stored_sha256 !== null]);
    expect(left.toSorted()).toEqual([
      [null, true],
      ['DNI-1', true],
      ['VISTA', true],
    ]);
  }, 10_000);
  await listener.settled();
  expect(listener.heard).toHaveLength(1);
  await second.stop({ keep: true });

  const third = await startServer(worker.entry, { dataDir: first.dataDir });
  const late = await connect(third.url);
  await third.client().send('sessions', 'assign', { session_id: unassigned.sessionId, idPersona: 'DNI-2' });
  expect(JSON.parse(await late.next())).toMatchObject({ idPersona: 'DNI-2' });
  await late.settled();
  expect(late.heard).toHaveLength(1);
  await third.stop();
});

test('[S0R13] photos that wait to be stored when the server is told to stop are stored before it ends', async () => {
  const first = await startServer(gated().fork);
  const [sender, listener] = [await connect(first.url), await connect(first.url)];
  const count = 40;
  const noise = { type: 'gaussian' as const, mean: 128, sigma: 60 };
  const create = { width: 800, height: 600, channels: 3 as const, background: '#888', noise };
  const image = (await sharp({ create }).jpeg().toBuffer()).toString('base64');
  for (let number = 0; number < count; number++) sender.send({ idPersona: `P-${number}`, image });
  for (let number = 0; number < count; number++) await listener.next();
  await first.stop({ keep: true });

  const second = await startServer(gated().fork, { dataDir: first.dataDir });
  expect(await second.photos()).toHaveLength(count);
  await second.stop();
});
