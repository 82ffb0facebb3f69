import { describe, expect, it } from 'vitest';
import { KeyBurst, type Pressed } from './key-burst.ts';

/** What the last key of it was taken for, with so many milliseconds between two. */
function typed(keys: readonly string[], gap: number): Pressed | undefined {
  const burst = new KeyBurst();
  return keys.map((key, index) => burst.press(key, 1_000 + index * gap)).at(-1);
}

const code = [...'P-1000', 'Enter'];

describe('a bar code reader', () => {
  it('[DESK67] is told from a person by its speed and its Enter', () => {
    expect(typed(code, 12)).toEqual({ scanned: 'P-1000' });
    expect(typed(['Shift', 'A', 'Shift', 'B', '1', '2', 'Enter'], 20)).toEqual({ scanned: 'AB12' });
    expect(typed(code, 90)).toBe('other');
    expect(typed([...'P-1000'], 12)).toBe('burst');
    expect(typed(['1', '2', 'Enter'], 5)).toBe('other');
    expect(typed([...'12', 'Tab', ...'34', 'Enter'], 5)).toBe('other');
  });

  it('[DESK67] a pause in the middle begins anew', () => {
    const burst = new KeyBurst();
    for (const [index, key] of [...'GARBAGE'].entries()) burst.press(key, index * 10);
    for (const [index, key] of [...'4711'].entries()) burst.press(key, 5_000 + index * 10);
    expect(burst.press('Enter', 5_050)).toEqual({ scanned: '4711' });
  });

  it('[DESK405] a code with a short stop in it is taken whole, and what somebody typed before is not', () => {
    const burst = new KeyBurst();
    let at = 0;
    const press = (keys: readonly string[], gap: number) =>
      keys
        .map(key => {
          at += gap;
          return burst.press(key, at);
        })
        .at(-1);
    press([...'12'], 130);
    at += 2_000;
    press(['K'], 0);
    expect(burst.begins).toBe(true);
    press(['-'], 180);
    expect(burst.begins).toBe(false);
    expect(press([...'1009', 'Enter'], 12)).toEqual({ scanned: 'K-1009' });
  });
});
