import { expect, test } from 'vitest';
import { fail, ok, type Result } from '../../../../protocol/errors.ts';
import { outline } from './outline.ts';
import { createS0, type S0Client } from './s0.ts';

/** Clients that note what is done to them, and a store that answers when the test says so. */
function stage() {
  const done: string[] = [];
  const waiting: ((result: Result<unknown>) => void)[] = [];
  let made = 0;
  const s0 = createS0<S0Client>({
    uuid: () => `photo ${made++}`,
    left: [],
    relay: () => void done.push('relay'),
    store: ({ id }) => {
      done.push(`store ${id}`);
      return new Promise(resolve => void waiting.push(resolve));
    },
    drop: id => void done.push(`drop ${id}`),
    picture: async () => fail('not_found', 'no picture in this test'),
  });
  const client = (name: string): S0Client => ({
    send: frame => void done.push(`${name}: ${String(frame).slice(0, 8)}`),
    pause: () => void done.push(`${name} pauses`),
    resume: () => void done.push(`${name} resumes`),
    mistaken() {},
  });
  function show(from: S0Client, bytes: number): void {
    const frame = Buffer.from(JSON.stringify({ idPersona: '1', image: Buffer.alloc(bytes).toString('base64') }));
    const found = outline(frame);
    if (!found.ok) throw new Error(found.error.message);
    s0.receive(found.value, frame, from);
  }
  /** The oldest photo of those being stored is stored, or refused. */
  async function settle(result: Result<unknown> = ok(null)): Promise<void> {
    waiting.shift()?.(result);
    await new Promise(resolve => setImmediate(resolve));
  }
  return { s0, done, client, show, settle };
}

test('[S0R6] past 64 MiB that wait to be stored nothing more is read from those who send, until half of it is done', async () => {
  const { done, client, show, settle } = stage();
  const [one, two] = [client('one'), client('two')];
  const MiB = 1024 * 1024;
  for (let count = 0; count < 32; count++) show(one, 2 * MiB);
  expect(done.filter(what => what === 'relay').length).toBe(32);
  expect(done).not.toContain('one pauses');
  show(one, 3);
  show(one, 3);
  show(two, 3);
  expect(done.filter(what => what.endsWith('pauses'))).toEqual(['one pauses', 'two pauses']);
  // All of it has been relayed, and no more than sixteen are being stored at once.
  expect(done.filter(what => what === 'relay').length).toBe(35);
  expect(done.filter(what => what.startsWith('store')).length).toBe(16);
  for (let count = 0; count < 16; count++) await settle();
  expect(done.filter(what => what.endsWith('resumes'))).toEqual([]);
  await settle();
  expect(done.filter(what => what.endsWith('resumes'))).toEqual(['one resumes', 'two resumes']);
  for (let count = 0; count < 18; count++) await settle();
  expect(done.filter(what => what.startsWith('store'))).toEqual(
    Array.from({ length: 35 }, (_, n) => `store photo ${n}`),
  );
});

test('[S0R4] the sender of a photo that is refused is told, and those that wait behind it go on', async () => {
  const { done, client, show, settle } = stage();
  const one = client('one');
  for (let count = 0; count < 17; count++) show(one, 30);
  await settle(fail('unavailable', 'El disco está lleno.'));
  expect(done).toContain('one: {"error"');
  expect(done).toContain('store photo 16');
});
