import { describe, expect, it } from 'vitest';
import { ok } from '../../protocol/errors.ts';
import { thumbQueue } from './thumb-queue.ts';
import type { LoadBlob } from './use-blob-url.ts';

/** A server whose answers wait until the test gives them. */
function slowServer() {
  const asked: string[] = [];
  const answers: (() => void)[] = [];
  const load: LoadBlob = path =>
    new Promise(resolve => {
      asked.push(path);
      answers.push(() => resolve(ok(new Blob([path]))));
    });
  return { asked, answers, load };
}

const never = new AbortController().signal;

describe('thumbnails', () => {
  it('[DESK61] are fetched a few at a time, and what is given up while it waits is never asked for', async () => {
    const server = slowServer();
    const { load } = thumbQueue(server.load, { parallel: 2 });
    const gone = new AbortController();
    const [a, , c, d] = [load('a', never), load('b', never), load('c', gone.signal), load('d', never)];
    await expect.poll(() => server.asked).toEqual(['a', 'b']);
    gone.abort();
    await expect(c).resolves.toMatchObject({ ok: false });
    server.answers[0]?.();
    await a;
    await expect.poll(() => server.asked).toEqual(['a', 'b', 'd']);
    server.answers[2]?.();
    await expect(d).resolves.toMatchObject({ ok: true });
  });

  it('[DESK69] wait while the queue is held, but for what is here; afterwards those that are still wanted come', async () => {
    const server = slowServer();
    const { load, hold } = thumbQueue(server.load, { parallel: 2 });
    const here = load('a', never, '1');
    await expect.poll(() => server.asked).toEqual(['a']);
    server.answers[0]?.();
    await here;
    hold(true);
    await expect(load('a', never, '1')).resolves.toMatchObject({ ok: true });
    const gone = new AbortController();
    const passed = load('b', gone.signal);
    void load('c', never);
    void load('d', never);
    void load('e', never);
    gone.abort();
    await expect(passed).resolves.toMatchObject({ ok: false });
    expect(server.asked).toEqual(['a']);
    hold(false);
    await expect.poll(() => server.asked).toEqual(['a', 'c', 'd']);
  });

  it('[DESK61] are kept up to a bound, by version, the ones used last the longest', async () => {
    const server = slowServer();
    const { load } = thumbQueue(server.load, { kept: 2 });
    const get = async (path: string, version: string) => {
      const before = server.asked.length;
      const answer = load(path, never, version);
      await Promise.resolve();
      server.answers[server.answers.length - 1]?.();
      await answer;
      return server.asked.length > before;
    };
    expect(await get('a', '1')).toBe(true);
    expect(await get('b', '1')).toBe(true);
    expect(await get('a', '1')).toBe(false);
    expect(await get('a', '2')).toBe(true);
    expect(await get('a', '1')).toBe(false);
    expect(await get('b', '1')).toBe(true);
  });

  it('[DESK61] a picture that is still worked on is fetched again', async () => {
    const server = slowServer();
    const { load } = thumbQueue(server.load);
    for (const answer of [0, 1]) {
      const one = load('a', never, '');
      await Promise.resolve();
      server.answers[answer]?.();
      await one;
    }
    expect(server.asked).toEqual(['a', 'a']);
  });
});
