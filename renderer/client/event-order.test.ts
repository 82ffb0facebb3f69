import { expect, test } from 'vitest';
import { waitBefore } from './backoff.ts';
import { EventOrder } from './event-order.ts';

test('[SDK16] what was interrupted is not delivered twice when it is replayed', () => {
  const got: number[] = [];
  const order = new EventOrder(({ seq }) => got.push(seq));
  expect(order.begin(5)).toBe('fresh');
  order.take({ seq: 5 });
  order.take({ seq: 7 });
  order.interrupt();
  expect(order.begin(9)).toEqual({ after: 7 });
  order.take({ seq: 8 });
  order.interrupt();
  expect(order.begin(9)).toEqual({ after: 7 });
  for (const seq of [8, 9, 8]) order.take({ seq });
  order.resumed();
  expect(got).toEqual([7, 8, 9]);
  expect(order.begin(9)).toBe('fresh');
  expect(order.begin(2)).toBe('reset');
});

test('[SDK17] the wait doubles up to its bound, is spread by chance and never is zero', () => {
  const backoff = { first: 500, most: 15_000 };
  expect([0, 1, 2, 10, 1000].map(attempt => waitBefore(attempt, backoff, 1))).toEqual([
    500, 1000, 2000, 15_000, 15_000,
  ]);
  expect(waitBefore(4, backoff, 0.5)).toBe(4000);
  expect(waitBefore(4, backoff, 0)).toBe(250);
});
