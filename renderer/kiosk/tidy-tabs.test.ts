import { expect, it } from 'vitest';
import type { Person } from '../client/desk-state.ts';
import { leftBehind, tidyTabs } from './tidy-tabs.ts';

const left = (key: string, more: Partial<Person> = {}): Person => ({
  key,
  idPersona: key,
  session: null,
  photos: [],
  uploads: [],
  unread: 0,
  load: { status: 'ready' },
  more: false,
  ...more,
});

it('[DESK404] of those who have left the newest have a tab, and whoever has something to be seen', () => {
  const day = Array.from({ length: 30 }, (_, n) => left(`P${n}`));
  expect(tidyTabs(day, () => false)).toEqual(day.slice(0, leftBehind));
  const news = day.map((one, n) => (n === 25 ? left(one.key, { unread: 1 }) : one));
  expect(tidyTabs(news, () => false).map(({ key }) => key)).toContain('P25');
  expect(tidyTabs(day, one => one.key === 'P29').map(({ key }) => key)).toContain('P29');
  expect(tidyTabs(day, one => one.key === 'P29')).toHaveLength(leftBehind + 1);
});
