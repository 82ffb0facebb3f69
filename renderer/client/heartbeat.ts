/** Notices a socket that died without a word: after a ping, something must be heard. */
export interface Beat {
  /** Milliseconds between pings. */
  every: number;
  /** Milliseconds of silence after a ping that mean a dead socket. */
  silence: number;
}

export class Heartbeat {
  #next: ReturnType<typeof setInterval> | undefined;
  #deadline: ReturnType<typeof setTimeout> | undefined;
  readonly #beat: Beat;
  readonly #ping: () => void;
  readonly #dead: () => void;

  constructor(beat: Beat, ping: () => void, dead: () => void) {
    this.#beat = beat;
    this.#ping = ping;
    this.#dead = dead;
  }

  start(): void {
    this.stop();
    this.#next = setInterval(() => this.probe(this.#beat.silence), this.#beat.every);
  }

  /** Pings now and waits `silence` ms for any sign of life. An earlier deadline stands. */
  probe(silence: number): void {
    this.#ping();
    this.#deadline ??= setTimeout(this.#dead, silence);
  }

  /** Something was heard. */
  heard(): void {
    clearTimeout(this.#deadline);
    this.#deadline = undefined;
  }

  stop(): void {
    clearInterval(this.#next);
    this.heard();
  }
}
