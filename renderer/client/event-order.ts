/**
 * Each event of the journal once and in order, across reconnections. While a resume is under way live events are held
 * back, because the replayed ones come before them.
 */
export interface Sequenced {
  seq: number;
}

export class EventOrder<E extends Sequenced> {
  #last: number | null = null;
  #head = 0;
  #held: E[] | null = null;
  readonly #deliver: (event: E) => void;

  constructor(deliver: (event: E) => void) {
    this.#deliver = deliver;
  }

  /**
   * A connection begins at `head`. Answers `fresh` (nothing to catch up with), `reset` (the journal is another one: fetch
   * anew) or the seq to resume after; in that case `resumed` must follow.
   */
  begin(head: number): 'fresh' | 'reset' | { after: number } {
    const last = this.#last;
    this.#head = head;
    this.#held = null;
    if (last === null || head <= last) {
      this.#last = head;
      return last !== null && head < last ? 'reset' : 'fresh';
    }
    this.#held = [];
    return { after: last };
  }

  take(event: E): void {
    if (this.#held) this.#held.push(event);
    else if (this.#last === null || event.seq > this.#last) {
      this.#last = event.seq;
      this.#deliver(event);
    }
  }

  /** The replay is over: what was held goes out, and from here on events pass as they come. */
  resumed(): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const event of held.sort((a, b) => a.seq - b.seq)) this.take(event);
    this.#last = Math.max(this.#last ?? 0, this.#head);
  }

  /** The connection is gone; what was held will be replayed on the next one. */
  interrupt(): void {
    this.#held = null;
  }
}
