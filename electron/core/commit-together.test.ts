import { expect, test } from 'vitest';
import { fail, ok } from '../../protocol/errors.ts';
import { openDesk } from '../../tests/desk-fixture.ts';
import type { Commit } from './commit.ts';
import { createCommitTogether } from './commit-together.ts';

const line = (who: string) => ({ kind: 'server_started' as const, who, data: {} });
const writing = (who: string) => () => ok({ reply: null, log: [line(who)] });

/** A real commit that is counted, and a moment that ends when the test says so. */
function stage() {
  const desk = openDesk();
  let commits = 0;
  let end = () => {};
  const counted: Commit = work => {
    commits += 1;
    return desk.commit(work);
  };
  const together = createCommitTogether(counted, flush => {
    end = flush;
  });
  const who = () => desk.store.activity.list({ limit: 10 }).map(row => row.who);
  return { desk, together, who, end: () => end(), commits: () => commits };
}

test('[COMMIT9] what comes within a moment is one commit, told after it and in order', async () => {
  const { desk, together, who, end, commits } = stage();
  const all = ['one', 'two', 'three'].map(name => together.commit(writing(name)));
  expect(commits()).toBe(0);
  end();
  expect(await Promise.all(all)).toMatchObject([{ ok: true }, { ok: true }, { ok: true }]);
  expect(commits()).toBe(1);
  expect(who()).toEqual(['one', 'two', 'three']);
  expect(desk.published.map(({ type }) => type)).toEqual(['activity', 'activity', 'activity']);
  const later = together.commit(writing('four'));
  together.flush();
  expect(await later).toMatchObject({ ok: true });
  expect(who()).toEqual(['one', 'two', 'three', 'four']);
});

test('[COMMIT9] one that is refused takes none of the others with it', async () => {
  const { together, who, end } = stage();
  const all = [writing('one'), () => fail('conflict', 'no'), writing('three')].map(together.commit);
  end();
  expect((await Promise.all(all)).map(({ ok: isIn }) => isIn)).toEqual([true, false, true]);
  expect(who()).toEqual(['one', 'three']);
});

test('[COMMIT9] an exception goes to whoever waits, and leaves nothing', async () => {
  const { together, who, end } = stage();
  const all = [
    together.commit(writing('one')),
    together.commit(() => {
      throw new Error('a bug');
    }),
  ];
  end();
  expect((await Promise.allSettled(all)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(who()).toEqual([]);
});
