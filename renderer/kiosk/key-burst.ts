/**
 * Tells a bar code reader from a person: a reader is a keyboard that types a whole code in the time that a finger needs for
 * one key, and ends with Enter.
 */

/** Milliseconds: readers leave 1 to 30 between two keys, the fastest typists hardly less than 80. */
const between = 50;
/** Fewer than that could be two keys hit at once. */
const shortest = 4;

/** `alone`: the first key after a pause, a shortcut unless another follows at once. `burst`: one of many. */
export type Pressed = 'alone' | 'burst' | 'other' | { scanned: string };

export class KeyBurst {
  #typed = '';
  #last = Number.NEGATIVE_INFINITY;

  /** `key` as in KeyboardEvent; `at` is when it was pressed, in milliseconds on any clock. */
  press(key: string, at: number): Pressed {
    // Readers hold it for capital letters.
    if (key === 'Shift') return 'other';
    const fast = at - this.#last <= between;
    const typed = fast ? this.#typed : '';
    this.#last = at;
    this.#typed = key.length === 1 ? typed + key : '';
    if (key === 'Enter' && typed.length >= shortest) return { scanned: typed };
    if (key.length !== 1) return 'other';
    return typed ? 'burst' : 'alone';
  }

  /** How long to wait before a single key is taken for a shortcut, in milliseconds. */
  static readonly wait = between + 10;
}
