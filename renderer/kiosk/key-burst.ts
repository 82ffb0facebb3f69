/**
 * Tells a bar code reader from a person: a reader is a keyboard that types a whole code in the time that a finger needs for
 * one key, and ends with Enter.
 */

/** Milliseconds: readers leave 1 to 30 between two keys, the fastest typists hardly less than 80. */
const between = 50;
/** Milliseconds: a reader without a cable stops now and then in the middle of a code; who has just written takes longer to reach for one. */
const apart = 250;
/** Fewer than that could be two keys hit at once. */
const shortest = 4;

/** `alone`: the first key after a pause, a shortcut unless another follows at once. `burst`: one of many. */
export type Pressed = 'alone' | 'burst' | 'other' | { scanned: string };

export class KeyBurst {
  /** Since the last gap that no reader with a cable leaves. */
  #fast = '';
  /** Since the last pause. */
  #typed = '';
  #last = Number.NEGATIVE_INFINITY;
  #begins = true;

  /** `key` as in KeyboardEvent; `at` is when it was pressed, in milliseconds on any clock. */
  press(key: string, at: number): Pressed {
    // Readers hold it for capital letters.
    if (key === 'Shift') return 'other';
    const gap = at - this.#last;
    const fast = gap <= between ? this.#fast : '';
    const typed = gap <= apart ? this.#typed : '';
    const isSign = key.length === 1;
    this.#last = at;
    this.#fast = isSign ? fast + key : '';
    this.#typed = isSign ? typed + key : '';
    this.#begins = isSign && typed === '';
    if (key === 'Enter' && fast.length >= shortest) return { scanned: typed };
    if (!isSign) return 'other';
    return fast ? 'burst' : 'alone';
  }

  /** Whether a code may have begun with the last key. */
  get begins(): boolean {
    return this.#begins;
  }

  /** How long to wait before a single key is taken for a shortcut, in milliseconds. */
  static readonly wait = between + 10;
}
