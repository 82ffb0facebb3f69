/** Calls a program's own function: what it throws is reported like every uncaught error, and does not stop the client. */
export function callSafely<A extends unknown[]>(callback: ((...args: A) => void) | null | undefined, ...args: A): void {
  if (!callback) return;
  try {
    callback(...args);
  } catch (error) {
    console.error(error);
  }
}

export class Listeners<A extends unknown[]> {
  readonly #all = new Set<(...args: A) => void>();

  /** Answers how to stop listening. */
  add(listener: (...args: A) => void): () => void {
    // A wrapper of its own, so that one function added twice is heard twice and removed once.
    const entry = (...args: A) => listener(...args);
    this.#all.add(entry);
    return () => {
      this.#all.delete(entry);
    };
  }

  emit(...args: A): void {
    for (const listener of [...this.#all]) callSafely(listener, ...args);
  }
}
